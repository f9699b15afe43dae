"""The shelf of readers: one is in use, an earlier one can be taken back, and a stranger's is refused."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cx.core.words import Theme
from cx.themes import shelf as shelves
from cx.themes.export import FITTED, Fitted
from cx.themes.serving import Serving
from cx.themes.shelf import SHIPPED, NotOnTheShelf, Shelf, shipped


def _fitted(version: str) -> Fitted:
    """The smallest reader: four words, and nothing ever reaches its limits."""
    words = (["a", "b"], ["abc"], ["wait"])
    return Fitted(
        version=version,
        vocabularies=words,
        idf=np.ones(4, dtype=np.float32),
        coefficients=np.full((4, len(Theme)), len(version), dtype=np.float32),
        intercepts=np.zeros(len(Theme), dtype=np.float32),
        combiner=np.zeros((len(Theme), 5)),
        maybe=dict.fromkeys(Theme, 0.9),
        sure=dict.fromkeys(Theme, 0.95),
        figures={"examples": 1},
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def _put(shelf: Shelf, version: str, at: str = "2026-11-29T10:00:00+00:00") -> None:
    shelf.put(_fitted(version), {"at": at})


def test_an_empty_shelf_serves_what_was_shipped(shelf: Shelf) -> None:
    found = shelf.load()
    assert found.reader is shipped()
    assert (found.folder, found.problem) == (FITTED, "")
    assert shelf.kept() == []
    assert not shelf.folder.exists()


def test_a_version_is_laid_down_used_and_taken_back(shelf: Shelf) -> None:
    _put(shelf, "r2-first", "2026-11-28T10:00:00+00:00")
    assert shelf.load().reader is shipped()  # laying down is not using
    shelf.use("r2-first")
    _put(shelf, "r2-second")
    shelf.use("r2-second")
    assert shelf.load().reader.version == "r2-second"
    assert shelf.load().folder == shelf.folder / "r2-second"
    assert [(one.version, one.trusted, one.current) for one in shelf.kept()] == [
        ("r2-first", True, False), ("r2-second", True, True),
    ]  # fmt: skip
    shelf.use("r2-first")
    assert shelf.load().reader.version == "r2-first"
    shelf.use(SHIPPED)
    assert shelf.load().reader is shipped()


def test_the_same_version_again_stays_and_its_figures_are_new(shelf: Shelf) -> None:
    _put(shelf, "r2-first", "2026-11-28T10:00:00+00:00")
    _put(shelf, "r2-first")
    (one,) = shelf.kept()
    assert one.figures == {"at": "2026-11-29T10:00:00+00:00"}
    assert one.trusted


@pytest.mark.parametrize("name", ["r9-nowhere", "../fitted", "", ".lock", "A", "/etc"])
def test_a_version_that_is_not_there_is_refused(shelf: Shelf, name: str) -> None:
    _put(shelf, "r2-first")
    shelf.use("r2-first")
    with pytest.raises(NotOnTheShelf, match="themes versions"):
        shelf.use(name)
    assert shelf.current() == "r2-first"


# ---- trust -------------------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "readers").write_text("no folder", encoding="utf-8")
    with pytest.raises(NotOnTheShelf, match="cannot be changed"):
        Shelf(tmp_path).use(SHIPPED)


@pytest.fixture
def stranger(shelf: Shelf, tmp_path: Path) -> tuple[str, str]:
    """A reader that somebody copied in, and the SHA-256 of its description."""
    elsewhere = Shelf(tmp_path / "elsewhere")
    elsewhere.put(_fitted("r2-strange"), {})
    shelf.folder.mkdir()
    shutil.copytree(elsewhere.folder / "r2-strange", shelf.folder / "r2-strange")
    (digest,) = elsewhere.trusted()
    return "r2-strange", digest


def test_a_reader_that_somebody_copied_in_is_refused_in_a_sentence(shelf: Shelf, stranger: tuple[str, str]) -> None:
    version, digest = stranger
    with pytest.raises(NotOnTheShelf, match="not trusted") as refusal:
        shelf.use(version)
    assert digest in str(refusal.value)
    assert [one.trusted for one in shelf.kept()] == [False]


def test_pointing_at_it_by_hand_does_not_help(shelf: Shelf, stranger: tuple[str, str]) -> None:
    (shelf.folder / "current.json").write_text(json.dumps({"version": stranger[0]}), encoding="utf-8")
    found = shelf.load()
    assert found.reader is shipped()
    assert "not trusted" in found.problem


def test_it_is_used_once_its_digest_was_named(shelf: Shelf, stranger: tuple[str, str]) -> None:
    version, digest = stranger
    with pytest.raises(NotOnTheShelf, match="nothing changed"):
        shelf.use(version, "0" * 64)
    assert shelf.trusted() == frozenset()
    shelf.use(version, digest.upper())
    assert shelf.load().reader.version == version


@pytest.mark.parametrize("file", ["reader.npz", "reader.json"])
def test_a_trusted_file_that_was_changed_afterwards_is_refused(shelf: Shelf, file: str) -> None:
    _put(shelf, "r2-first")
    shelf.use("r2-first")
    place = shelf.folder / "r2-first" / file
    place.write_bytes(place.read_bytes() + b" ")
    found = shelf.load()
    assert found.reader is shipped()
    assert "r2-first" in found.problem
    with pytest.raises(NotOnTheShelf):
        shelf.use("r2-first")


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 200_000, '{"version": 3}', '{"version": "../.."}'])
def test_a_damaged_pointer_gives_the_shipped_reader_and_a_sentence(shelf: Shelf, content: str) -> None:
    _put(shelf, "r2-first")
    (shelf.folder / "current.json").write_text(content, encoding="utf-8")
    found = shelf.load()
    assert found.reader is shipped()
    assert "current.json" in found.problem
    shelf.use("r2-first")
    assert shelf.load().problem == ""


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 200_000])
def test_a_damaged_list_of_trust_trusts_nobody(shelf: Shelf, content: str) -> None:
    _put(shelf, "r2-first")
    shelf.use("r2-first")
    (shelf.folder / "trusted.json").write_text(content, encoding="utf-8")
    assert "not trusted" in shelf.load().problem


@pytest.mark.parametrize(
    "wrong",
    [
        {"combiner": np.zeros((2, 2))},
        {"intercepts": np.zeros(3, dtype=np.float32)},
        {"intercepts": np.full(len(Theme), np.nan, dtype=np.float32)},
        {"sure": {}},
    ],
    ids=["few weights", "few offsets", "no numbers", "no limits"],
)
def test_a_reader_that_would_fail_at_every_story_is_refused_though_trusted(shelf: Shelf, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotOnTheShelf, match="cannot be used"):
        shelf.put(replace(_fitted("r2-broken"), **wrong), {})
    with pytest.raises(NotOnTheShelf, match="cannot be used"):
        shelf.use("r2-broken")


def test_a_folder_holds_the_version_that_it_names(shelf: Shelf) -> None:
    _put(shelf, "r2-first")
    (shelf.folder / "r2-first").rename(shelf.folder / "r2-other")
    with pytest.raises(NotOnTheShelf, match="another version"):
        shelf.use("r2-other")


# ---- stopped in between ------------------------------------------------------------------------------------------


class _Stopped(BaseException):
    """As if the machine had lost its power: nothing of the program goes on."""


STEPS = range(12)


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Stop at the n-th time something is brought to the disk; a hundred means never."""
    left = [100]
    real = shelves._to_disk

    def to_disk(path: Path) -> None:
        if left[0] == 0:
            raise _Stopped
        left[0] -= 1
        real(path)

    monkeypatch.setattr(shelves, "_to_disk", to_disk)
    yield left
    left[0] = 100


@pytest.mark.parametrize("step", STEPS)
def test_whenever_it_is_stopped_a_whole_reader_is_in_use(shelf: Shelf, stop_at: list[int], step: int) -> None:
    _put(shelf, "r2-first")
    shelf.use("r2-first")
    stop_at[0] = step
    try:
        _put(shelf, "r2-second")
        shelf.use("r2-second")
    except _Stopped:
        pass
    found = shelf.load()
    assert found.problem == ""
    assert found.reader.version in {"r2-first", "r2-second"}
    stop_at[0] = 100
    _put(shelf, "r2-second")
    shelf.use("r2-second")
    assert shelf.load().reader.version == "r2-second"


def test_what_was_left_behind_is_swept_away_after_a_day(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    left = shelf.folder / ".new-r2-stopped-1"
    left.mkdir(parents=True)
    _put(shelf, "r2-first")
    assert left.exists()
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    _put(shelf, "r2-second")
    assert not left.exists()


# ---- programs that run -------------------------------------------------------------------------------------------


def test_a_running_program_follows_within_seconds(shelf: Shelf, tmp_path: Path) -> None:
    now = [0.0]
    serving = Serving(tmp_path, every=5.0, clock=lambda: now[0])
    assert serving.reader() is shipped()
    _put(shelf, "r2-first")
    shelf.use("r2-first")
    now[0] = 4.9
    assert serving.reader() is shipped()
    now[0] = 5.1
    assert serving.reader().version == "r2-first"
    same = serving.reader()
    now[0] = 20.0
    assert serving.reader() is same
    shelf.use(SHIPPED)
    now[0] = 40.0
    assert serving.reader() is shipped()


def test_threads_that_ask_at_once_all_get_a_reader(shelf: Shelf, tmp_path: Path) -> None:
    _put(shelf, "r2-first")
    serving = Serving(tmp_path, every=0.0)
    found: list[str] = []

    def ask() -> None:
        found.extend(serving.reader().read("I waited for an hour and nobody came.", "en").version for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    shelf.use("r2-first")
    for one in threads:
        one.join()
    assert len(found) == 120
    assert set(found) <= {"r2-first", shipped().version}
    assert serving.reader().version == "r2-first"
