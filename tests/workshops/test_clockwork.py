"""What time alone does: offers expire, dates move on, old things are forgotten, and nothing ends by silence."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update

from cx.core.words import Action, MessageKind, Sector
from cx.disputes import audit, clockwork, figures, moves
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, ClockRun, Draft, FigureDelta, LoginAttempt, OfferVersion, StaffSession

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

NOW = datetime.now(UTC)


def _tick(world: "World", at: datetime) -> clockwork.Round:
    return clockwork.tick(world.database, world.app.extensions["workbench"], at)


def _case(world: "World", filed: "Filed") -> Any:
    with world.database.reading() as session:
        return session.execute(select(table(Case)).where(table(Case).c.id == filed.case_id)).mappings().one()


def _offered(world: "World", expires_on: date | None) -> "Filed":
    filed = world.tell(at=NOW)
    hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, NOW)
    facts = {
        "kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": (NOW + timedelta(days=40)).date(),
        "points": {"1": "upheld"}, "reasons": "You are right.", "text": "Here.", "expires_on": expires_on,
    }  # fmt: skip
    bench = world.app.extensions["workbench"]
    with world.database.writing() as session:
        moves.take(session, bench, hand, Text("Good morning.", MessageKind.ACKNOWLEDGEMENT))
    with world.database.writing() as session:
        moves.do(session, bench, hand, Action.OFFER, facts, Text("Here.", MessageKind.OFFER))
    return filed


def test_an_offer_expires_after_its_last_day_and_the_case_comes_back(world: "World") -> None:
    last = (NOW + timedelta(days=15)).date()
    filed, endless = _offered(world, last), _offered(world, None)
    noon = datetime(last.year, last.month, last.day, 12, tzinfo=UTC)
    assert _tick(world, noon).expired == 0
    assert _case(world, filed)["state"] == "offer_made"
    assert _tick(world, noon + timedelta(days=1)).expired == 1
    assert _case(world, filed)["state"] == "investigating"
    assert _case(world, endless)["state"] == "offer_made"
    with world.database.reading() as session:
        statuses = session.scalars(select(OfferVersion.status).order_by(OfferVersion.id))
        assert list(statuses) == ["expired", "open"]
        assert list(audit.verify(session)) == []
    assert _tick(world, noon + timedelta(days=2)) == clockwork.Round(0, 0, 0, 0)


def test_who_disagrees_waits_until_a_date_again(world: "World") -> None:
    filed, day = _offered(world, None), NOW + timedelta(days=1)
    with world.database.writing() as session:
        # Without a right to come, nothing but the organisation's own aim can give the date.
        runs = table(ClockRun)
        session.execute(update(runs).where(runs.c.case_id == filed.case_id).values(done_on=NOW.date()))
    hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, day)
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, Action.CONTEST)
    case, zone = _case(world, filed), ZoneInfo("Europe/Paris")
    assert (case["state"], case["next_due_kind"]) == ("contested", "target")
    assert case["next_due_on"] > day.astimezone(zone).date()
    with world.database.reading() as session:
        assert list(audit.verify(session)) == []


def test_the_last_day_of_an_offer_is_that_of_the_place(small_world: "World") -> None:
    last = (NOW + timedelta(days=15)).date()
    filed = _offered(small_world, last)
    with small_world.database.writing() as session:
        session.execute(update(table(Case)).values(zone="Pacific/Honolulu"))
    # One in the morning in UTC of the next day: in Honolulu it is still the last day.
    after = datetime(last.year, last.month, last.day, 1, tzinfo=UTC) + timedelta(days=1)
    assert _tick(small_world, after).expired == 0
    assert _tick(small_world, after + timedelta(hours=12)).expired == 1
    assert _case(small_world, filed)["state"] == "investigating"


def test_a_right_that_opened_gives_way_to_the_next_one(world: "World") -> None:
    """A postal dispute in France: the mediator after two months; a second right is added by hand."""
    filed = world.tell(at=NOW, sector=Sector.POSTAL)
    first = (NOW + timedelta(days=10)).date()
    later = (NOW + timedelta(days=40)).date()
    with world.database.writing() as session:
        run = table(ClockRun)
        rights = {"purpose": "right_opens", "duty_holder": "customer", "done_on": None, "started_on": NOW.date()}
        session.execute(run.delete().where(run.c.case_id == filed.case_id))
        for regime, due in (("FR-AIR-MTV2M", first), ("FR-PO-MED", later)):
            values = {**rights, "case_id": filed.case_id, "regime_id": regime, "regime_version": "1", "due_on": due}
            session.execute(insert(run).values(values))
        values = {"next_due_on": first, "next_due_kind": "right", "next_due_rule": "FR-AIR-MTV2M"}
        session.execute(update(table(Case)).values(values))
    assert _tick(world, NOW).moved == 0
    assert _tick(world, NOW + timedelta(days=12)).moved == 1
    case = _case(world, filed)
    assert (case["next_due_on"], case["next_due_kind"], case["next_due_rule"]) == (later, "right", "FR-PO-MED")
    version = case["version"]
    # Once the last right has opened, it is what is shown, for as long as it takes.
    assert _tick(world, NOW + timedelta(days=13)).moved == 0
    assert _tick(world, NOW + timedelta(days=90)).moved == 0
    assert _case(world, filed)["version"] == version


def test_what_was_kept_for_a_while_is_forgotten_and_what_is_fresh_is_not(world: "World") -> None:
    moments = {"old": NOW - timedelta(days=31), "fresh": NOW - timedelta(hours=2)}
    with world.database.writing() as session:
        for name, at in moments.items():
            session.add(Draft(secret_hash=name, data={}, created_at=at, updated_at=at))
            session.add(LoginAttempt(subject=name, at=at))
            ends = at + timedelta(hours=12)
            session.add(StaffSession(secret_hash=name, account_id=None, data={}, created_at=at, expires_at=ends))
    assert _tick(world, NOW).forgotten == 3
    assert _tick(world, NOW).forgotten == 0
    with world.database.reading() as session:
        assert session.scalars(select(Draft.secret_hash)).all() == ["fresh"]
        assert session.scalars(select(LoginAttempt.subject)).all() == ["fresh"]
        assert session.scalars(select(StaffSession.secret_hash)).all() == ["fresh"]


def test_figures_are_folded_and_read_the_same(world: "World") -> None:
    for _ in range(3):
        world.tell()
    organisation = world.organisations["poste"]
    with world.database.reading() as session:
        before = figures.read(session, [organisation], ["told", "sent"])
    assert _tick(world, NOW).folded > 0
    with world.database.reading() as session:
        assert session.scalar(select(func.count(FigureDelta.id))) == 0
        assert figures.read(session, [organisation], ["told", "sent"]) == before


def test_silence_ends_nothing(world: "World") -> None:
    filed = _offered(world, None)
    for years in (1, 5, 20):
        _tick(world, NOW + timedelta(days=365 * years))
    assert _case(world, filed)["state"] == "offer_made"


@pytest.mark.parametrize("command", [["clock", "--once"], ["rollups", "verify"]])
def test_one_round_from_the_command_line(world: "World", command: list[str]) -> None:
    world.tell()
    done = world.app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 0, done.output
