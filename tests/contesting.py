"""What tests of contested readings share: a story that was read, its customer who contradicts, and the rows of that."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from cx.core.incident import Reading, Reason
from cx.core.words import Theme
from cx.disputes.storing import table
from models import Membership, ReadingOpinion

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Browser, Page
    from tests.world import World

STORY = "Thirty-five minutes in front of the machine, and nobody came. They laughed at me."
SEEN = Reading(
    "test",
    {Theme.NO_HUMAN_REACHABLE: 0.9, Theme.CONTEMPT: 0.6},
    (Theme.NO_HUMAN_REACHABLE, Theme.CONTEMPT),
    False,
    "en",
    (Theme.NO_HUMAN_REACHABLE,),
    {Theme.NO_HUMAN_REACHABLE: Reason(0, 60, ((49, 55, 0.6),)), Theme.CONTEMPT: Reason(62, 80, ((67, 74, 0.9),))},
)


def read(world: "World", **given: Any) -> "Filed":
    """A story that the reader saw two themes in."""
    return world.tell(text=STORY, reading=SEEN, **given)


def say(browser: "Browser", filed: "Filed", status: int = 200, **said: str) -> "Page":
    names = {name: f"reads_{name}" for name in ("contempt", "no_human_reachable")}
    names |= {"missing": "reading_missing", "why": "reading_why"}
    return browser.post(
        f"/case/{filed.reference}/reading", {names[name]: value for name, value in said.items()}, status
    )


def opinions(world: "World") -> list[ReadingOpinion]:
    with world.database.reading() as session:
        return list(session.scalars(select(ReadingOpinion).order_by(ReadingOpinion.id)))


def leave(world: "World", *who: str) -> None:
    """These people do not work here any more."""
    columns = table(Membership)
    own = columns.c.account_id.in_([world.people[one] for one in who])
    with world.database.writing() as session:
        session.execute(update(columns).where(own).values(until=datetime.now(UTC)))
