"""Charters in tests: a promise is published, broken by letting days pass, and its rows are read back."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cx.core.charter import Rule
from cx.core.words import MessageKind, OfferKind
from cx.disputes import charter, moves
from cx.disputes.charter import Draft
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from models import EventRow, Organisation, Pledge, Remedy

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

NOW = datetime(2026, 4, 27, 9, tzinfo=UTC)  # a Monday
ONE_DAY = timedelta(days=1)


def draft(rule: Rule, amount: int, minor: int | None = 1000, cap: int = 3) -> Draft:
    kind = OfferKind.GOODWILL_GESTURE if minor else OfferKind.APOLOGY
    return Draft(rule, amount, kind, minor, "EUR" if minor else None, "", cap)


def publish(world: "World", *drafts: Draft, at: datetime = NOW - ONE_DAY) -> None:
    with world.database.writing() as session:
        house = session.get_one(Organisation, world.organisations["poste"])
        for one in drafts:
            charter.write(session, house.id, one, at)
        session.flush()
        charter.publish(session, house, at.date(), at)


def sweep(world: "World", at: datetime) -> charter.Swept:
    return charter.sweep(world.database, world.app.extensions["workbench"], at)


def rows(world: "World", model: Any, *which: Any) -> list[Any]:
    with world.database.reading() as session:
        return list(session.scalars(select(model).where(*which).order_by(model.id)))


def statuses(world: "World") -> list[str]:
    return [one.status for one in rows(world, Pledge)]


def kinds(world: "World", filed: "Filed") -> list[str]:
    with world.database.reading() as session:
        query = select(EventRow.kind).where(EventRow.case_id == filed.case_id).order_by(EventRow.seq)
        return list(session.scalars(query))


def hand(world: "World", filed: "Filed", at: datetime) -> moves.Hand:
    return moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, at)


def take(world: "World", filed: "Filed", at: datetime) -> None:
    with world.database.writing() as session:
        text = Text("I look after it.", MessageKind.ACKNOWLEDGEMENT)
        moves.take(session, world.app.extensions["workbench"], hand(world, filed, at), text)


def broken(world: "World", **given: Any) -> "Filed":
    """A dispute that nobody took within two working days, after the sweep that found it."""
    filed = world.tell(at=NOW, **given)
    sweep(world, NOW + 3 * ONE_DAY)
    return filed


def remedy(world: "World") -> Remedy:
    return rows(world, Remedy)[-1]
