"""The reader may fail unnoticed at the counter: the story is filed, marked to be read, and read when it works again."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.incident import Reading
from cx.disputes import clockwork, reader_switch
from cx.disputes.storing import table
from cx.themes.export import ARRAYS_FILE, DESCRIPTION_FILE, FITTED
from cx.themes.reader import Reader, load
from models import Account, Case, CaseTheme, ReadingRow

if TYPE_CHECKING:
    from tests.world import World

RUDE = "The clerk at the counter laughed at me and hung up on me, she was so rude and arrogant."
PATIENCE = 5.0
CASES = table(Case)
SHARED = load()


class Raising:
    """A reader that always fails."""

    def read(self, text: str, language: str) -> Reading:
        raise RuntimeError(text)


class Stuck:
    """A reader that does not come to an end before it is told to."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def read(self, text: str, language: str) -> Reading:
        self.released.wait(30.0)
        return SHARED.read(text, language)


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    made = Stuck()
    yield made
    made.released.set()


def _use(world: "World", reader: Callable[[], Any]) -> None:
    world.app.extensions["workbench"] = replace(world.app.extensions["workbench"], reader=reader)


def _damaged(folder: Path, name: str, content: bytes) -> Reader:
    folder.mkdir()
    for file in (ARRAYS_FILE, DESCRIPTION_FILE):
        (folder / file).write_bytes((FITTED / file).read_bytes())
    (folder / name).write_bytes(content)
    return load(folder)


def _send(world: "World", story: str = RUDE, wish: str = "answer") -> tuple[str, float]:
    """Tell a story through the pages; returns the heading of the receipt and how many seconds the last step took."""
    browser = world.browser()
    browser.post("/tell", {"story": story, "whom": "Poste Arvane"})
    browser.post("/tell/2", {"wish": wish, "consent": "y"})
    page = browser.get("/tell/4")
    began = time.monotonic()
    receipt = browser.post("/tell/4", page.fields(having="email"))
    return receipt.heading, time.monotonic() - began


def _last_case(world: "World") -> tuple[str, int]:
    """The reading state of the newest case, and how many readings it has."""
    with world.database.reading() as session:
        number, state = session.execute(
            select(CASES.c.id, CASES.c.reading_state).order_by(CASES.c.id.desc())
        ).first() or (0, "")
        return state, len(session.scalars(select(ReadingRow).where(ReadingRow.case_id == number)).all())


def _later(world: "World", minutes: int = 2) -> int:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    return clockwork.tick(world.database, world.app.extensions["workbench"], at).read


def test_whatever_is_wrong_with_the_reader_the_story_is_filed_and_read_later_once(
    small_world: "World", tmp_path: Path, stuck: Stuck
) -> None:
    def unloadable() -> Reader:
        raise OSError

    missing = load(tmp_path / "nowhere")
    corrupt = _damaged(tmp_path / "corrupt", ARRAYS_FILE, b"\x00\xff" * 50)
    swapped = _damaged(tmp_path / "swapped", ARRAYS_FILE, b"another reader")
    broken: dict[str, Callable[[], Any]] = {
        "missing": lambda: missing,
        "corrupt": lambda: corrupt,
        "swapped": lambda: swapped,
        "raising": Raising,
        "unloadable": unloadable,
        "stuck": lambda: stuck,
    }
    small_world.app.config["READING_MS"] = 100
    for wrong, reader in broken.items():
        _use(small_world, reader)
        heading, seconds = _send(small_world, f"{RUDE} It was the day of {wrong}.")
        assert heading == "Sent. Nadia Ferrand reads it.", wrong
        assert seconds < PATIENCE, wrong
        assert _last_case(small_world) == ("to_read", 0), wrong
        if wrong != "stuck":
            assert _later(small_world) == 0, wrong
    stuck.released.set()
    _use(small_world, lambda: SHARED)
    assert _later(small_world, minutes=0) == 0  # just told: its own reading may still come
    assert _later(small_world) == len(broken)
    assert _later(small_world) == 0
    assert _last_case(small_world) == ("read", 1)
    with small_world.database.reading() as session:
        assert set(session.scalars(select(CaseTheme.status))) == {"maybe"}
        assert {"contempt"} <= set(session.scalars(select(CaseTheme.theme)))


def test_many_readings_that_never_end_make_nobody_wait(small_world: "World", stuck: Stuck) -> None:
    small_world.app.config["READING_MS"] = 50
    _use(small_world, lambda: stuck)
    took = [_send(small_world, f"{RUDE} Number {number}.", "tell")[1] for number in range(6)]
    assert max(took) < PATIENCE
    assert sum(thread.name == "reading" for thread in threading.enumerate()) <= 4


def test_what_the_switch_left_unread_is_read_when_it_is_on_again(world: "World") -> None:
    _use(world, lambda: SHARED)
    with world.database.writing() as session:
        admin = session.scalars(select(Account.id)).first() or 0
        reader_switch.turn(session, False, "a test", admin, datetime.now(UTC))
    _send(world)
    assert _last_case(world) == ("to_read", 0)
    assert _later(world) == 0
    with world.database.writing() as session:
        reader_switch.turn(session, True, "a test", admin, datetime.now(UTC))
    assert _later(world) == 1
    assert _last_case(world) == ("read", 1)


def test_a_story_that_the_reader_did_not_understand_is_not_read_again(small_world: "World") -> None:
    _use(small_world, lambda: SHARED)
    _send(small_world, "Die Bank hat mein Konto gesperrt und niemand kann mir sagen, warum das so ist.")
    assert _last_case(small_world) == ("to_read", 1)
    assert _later(small_world) == 0


def test_no_text_holds_the_counter_up(small_world: "World") -> None:
    _use(small_world, lambda: SHARED)
    stories = (
        "Nobody answers the phone. " * 36_000, "@." * 10_000, "fois " * 4_000, "," * 20_000, "a" * 20_000,
        "\u200b\u202e😀" * 6_000,
    )  # fmt: skip
    filed = 0
    for number, story in enumerate(stories):
        began = time.monotonic()
        page = small_world.browser().raw("POST", "/tell", data={"story": story, "whom": "Poste Arvane"})
        assert page.status_code in {303, 413, 422}, number
        if page.status_code == 303:
            filed += 1
            assert _send(small_world, story, "tell")[0] == "Arrived. Nadia Ferrand reads you."
        assert time.monotonic() - began < 4 * PATIENCE, number
    with small_world.database.reading() as session:
        assert len(session.scalars(select(CASES.c.id)).all()) == filed >= len(stories) - 1
