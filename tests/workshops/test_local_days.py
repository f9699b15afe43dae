"""What may be done on a day is judged by the day of the place, on the page and when it is done: not by the day in UTC."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from cx.core.standing_guards import ESCALATION_AFTER
from cx.core.words import Action, MessageKind, Sector, Wish
from cx.disputes import moves
from cx.disputes.casefile import open_case
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from models import Organisation

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

# Evening in New York and the small hours in Paris: the day in UTC is another one.
NEW_YORK = ("America/New_York", "US", datetime(2026, 3, 3, 1, 30, tzinfo=UTC))
PARIS = ("Europe/Paris", "FR", datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
PLACES = pytest.mark.parametrize("place", [NEW_YORK, PARIS], ids=["New York", "Paris"])


def _tell(world: "World", place: tuple[str, str, datetime]) -> tuple["Filed", date]:
    """A demand in a sector for which no law of the place opens a way; and the local day on which it was sent."""
    zone, country, at = place
    values = {"sector": Sector.OTHER.value, "zone": zone, "country": country, "jurisdiction": "", "calendar": country}
    with world.database.writing() as session:
        session.execute(update(Organisation).values(values))
    filed = world.tell(at=at, sector=Sector.OTHER, wish=Wish.MONEY)
    return filed, at.astimezone(ZoneInfo(zone)).date()


def _actions(world: "World", filed: "Filed", at: datetime) -> tuple[Action, ...]:
    with world.database.reading() as session:
        return open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, at).actions


def _do(world: "World", filed: "Filed", action: Action, at: datetime, **facts: Any) -> None:
    hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, at)
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, action, facts)


def _at(place: tuple[str, str, datetime], on: date, hour: int, minute: int = 0) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=ZoneInfo(place[0])).astimezone(UTC)


@PLACES
def test_the_way_that_the_house_opens_is_open_all_day_long(
    small_world: "World", place: tuple[str, str, datetime]
) -> None:
    filed, sent_on = _tell(small_world, place)
    first = sent_on + ESCALATION_AFTER
    assert Action.ESCALATE not in _actions(small_world, filed, _at(place, first - timedelta(days=1), 23, 30))
    for hour in (0, 12, 23):
        assert Action.ESCALATE in _actions(small_world, filed, _at(place, first, hour, 30))
    _do(small_world, filed, Action.ESCALATE, _at(place, first, 0, 30), next_body="court")


@PLACES
def test_an_offer_is_in_force_until_its_last_evening_and_not_longer(
    small_world: "World", place: tuple[str, str, datetime]
) -> None:
    filed, sent_on = _tell(small_world, place)
    last = sent_on + timedelta(days=10)
    staff = moves.Hand(small_world.visitor("supervisor@poste"), As.STAFF, filed.reference, place[2])
    offer = {
        "kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": last, "expires_on": last,
        "points": {"1": "upheld"}, "reasons": "You are right.", "text": "Here.",
    }  # fmt: skip
    with small_world.database.writing() as session:
        bench = small_world.app.extensions["workbench"]
        moves.do(session, bench, staff, Action.OFFER, offer, Text("Here.", MessageKind.OFFER))
    assert Action.ACCEPT not in _actions(small_world, filed, _at(place, last + timedelta(days=1), 0, 30))
    for hour in (0, 12, 23):
        assert Action.ACCEPT in _actions(small_world, filed, _at(place, last, hour, 30))
    _do(small_world, filed, Action.ACCEPT, _at(place, last, 23, 30), version=1)
