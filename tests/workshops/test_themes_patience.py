"""Nobody waits for a reading longer than said; no text keeps the reader busy; nothing is unpickled."""

import hashlib
import io
import json
import pickle
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from cx.core.incident import Reading
from cx.themes.export import ARRAYS_FILE, DESCRIPTION_FILE, FITTED
from cx.themes.patience import HANDS, TooLate, read_within
from cx.themes.reader import load

READER = load()
# Two seconds on any machine is a wide berth: the worst of these takes about a quarter of one.
BUSY_SECONDS = 2.0


class Slow:
    """A reader that waits for a word."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def read(self, text: str, language: str) -> Reading:
        self.go_on.wait(20.0)
        return Reading("slow", {}, (), True, language)


def test_a_reading_in_time_is_given_back() -> None:
    text = "Nobody answers the telephone and I cannot reach a human being."
    assert read_within(20.0, lambda: READER, text, "en") == READER.read(text, "en")


def test_what_the_reader_raises_is_raised() -> None:
    def none() -> Slow:
        raise ZeroDivisionError

    for _ in range(2 * HANDS):  # a hand that failed is free again
        with pytest.raises(ZeroDivisionError):
            read_within(5.0, none, "", "")


def test_a_slow_reading_is_left_behind_and_holds_one_hand_until_it_ends() -> None:
    slow = Slow()
    began = time.monotonic()
    for _ in range(HANDS + 2):
        with pytest.raises(TooLate):
            read_within(0.02, lambda: slow, "", "")
    assert time.monotonic() - began < 5.0
    slow.go_on.set()
    for thread in threading.enumerate():
        if thread.name == "reading":
            thread.join(5.0)
    assert read_within(5.0, lambda: slow, "", "en").version == "slow"


@pytest.mark.parametrize(
    "text",
    [
        "@." * 10_000, "a@b." * 5_000, "a." * 10_000, "," * 20_000, "3 fois " * 3_000, "on hold 40 minutes " * 1_100,
        "never answered " * 1_400, "pas de reponse " * 1_400, "a" * 20_000, "a1" * 10_000, "\u200b" * 20_000,
        "\u202eab " * 5_000, "😀" * 20_000, "don't " * 4_000, "http://" * 3_000, "1.2:3," * 4_000, "e\u0301" * 10_000,
        "\ufdfa" * 20_000, "appli marche pas " * 1_300, "\x00" * 20_000, "nobody answers. " * 70_000,
    ],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_no_text_keeps_the_reader_busy(text: str) -> None:
    began = time.process_time()
    for language in ("fr", "en"):
        READER.read(text, language)
    assert time.process_time() - began < BUSY_SECONDS


class Trap:
    """What runs code when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.mark,)  # type: ignore[return-value]


def test_an_object_among_the_arrays_is_refused_and_never_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with np.load(FITTED / ARRAYS_FILE, allow_pickle=False) as arrays:
        kept = dict(arrays)
    trap = np.empty(1, dtype=object)
    trap[0] = Trap(mark)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, **{**kept, "idf": trap})
    for content in (buffer.getvalue(), pickle.dumps(Trap(mark))):
        description = json.loads((FITTED / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        description["sha256"] = hashlib.sha256(content).hexdigest()
        (tmp_path / ARRAYS_FILE).write_bytes(content)
        (tmp_path / DESCRIPTION_FILE).write_text(json.dumps(description), encoding="utf-8")
        reader = load(tmp_path)
        assert reader.problem
        assert reader.read("Nobody ever answers the telephone here.", "en").abstained
        assert not mark.exists()
