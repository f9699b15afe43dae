"""What the tests of reading again share: stories, the command, and what it left in the database."""

import time
from collections.abc import Callable

from click.testing import Result
from sqlalchemy import select

from cx.disputes import audit
from cx.disputes.filing import Filed
from cx.disputes.recount import recount
from models import CaseTheme, ReadingRow
from tests.world import World

STORIES = [
    "The clerk laughed at me and hung up on me, so rude.",
    "Nobody ever answers the telephone and I cannot reach a human being.",
    "My parcel came on Monday as planned, thank you.",
    "I waited forty minutes on hold, then the line was cut.",
]


def reread(world: World, *words: str) -> Result:
    return world.app.test_cli_runner().invoke(args=["themes", "reread", *words])


def filed(world: World, stories: list[str]) -> list[Filed]:
    return [world.tell(text=text, key=f"story-{number}") for number, text in enumerate(stories)]


def tell(world: World, stories: list[str]) -> list[int]:
    return [one.case_id for one in filed(world, stories)]


def readings_of(world: World) -> list[tuple[int, str]]:
    with world.database.reading() as session:
        query = select(ReadingRow.case_id, ReadingRow.version).order_by(ReadingRow.id)
        return [(row.case_id, row.version) for row in session.execute(query)]


def themes_of(world: World, case_id: int) -> dict[str, str]:
    with world.database.reading() as session:
        query = select(CaseTheme.theme, CaseTheme.status).where(CaseTheme.case_id == case_id)
        return {row.theme: row.status for row in session.execute(query)}


def holds(world: World) -> None:
    """Journals, states and figures are whole."""
    with world.database.snapshot() as session:
        assert list(audit.verify(session)) == []
        assert recount(session) == []


def wait(ready: Callable[[], bool], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.05)
