"""The watch over open disputes: on its day, once, by any number of watchers, and useful after a standstill."""

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select, update

from cx.core.incident import Contact as Reached
from cx.core.words import Action, MessageKind
from cx.disputes import audit, clockwork, moves, watching
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from cx.disputes.storing import load, table
from models import AccessLink, Beat, Case, ClockRun, Contact, EventRow, Letter, Organisation

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

# A Monday, so that working days are easily counted; all that is asked for lies after it.
TOLD = datetime(2026, 3, 2, 10, tzinfo=UTC)


def sweep(world: "World", at: datetime) -> watching.Sweep:
    return watching.sweep(world.database, world.app.extensions["workbench"], at)


def letters(world: "World", *, to_team: bool = False, **where: Any) -> list[Any]:
    query = select(Letter).where(Letter.account_id.is_not(None) if to_team else Letter.account_id.is_(None))
    with world.database.reading() as session:
        return list(session.scalars(query.filter_by(**where).order_by(Letter.id)))


def kinds(world: "World", *, to_team: bool = False) -> list[str]:
    return [one.kind for one in letters(world, to_team=to_team) if one.kind not in {"received", "new_dispute"}]


def case_of(world: "World", filed: "Filed") -> Any:
    with world.database.reading() as session:
        return session.execute(select(table(Case)).where(table(Case).c.id == filed.case_id)).mappings().one()


def answer_due(world: "World", filed: "Filed") -> Any:
    with world.database.reading() as session:
        query = select(func.min(ClockRun.due_on)).where(ClockRun.case_id == filed.case_id, ClockRun.purpose == "answer")
        return session.scalar(query)


def act(world: "World", filed: "Filed", action: Action, at: datetime, text: str = "Hello.", **facts: Any) -> None:
    hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, at)
    kind = MessageKind.QUESTION if action is Action.ASK else MessageKind.OFFER
    with world.database.writing() as session:
        bench = world.app.extensions["workbench"]
        moves.do(session, bench, hand, action, {"text": text, **facts}, Text(text, kind))


def taken(world: "World", at: datetime = TOLD, **given: Any) -> "Filed":
    filed = world.tell(at=at, **given)
    hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, at)
    with world.database.writing() as session:
        moves.take(session, world.app.extensions["workbench"], hand, Text("Good day.", MessageKind.ACKNOWLEDGEMENT))
    return filed


def test_a_case_is_looked_at_on_its_day_and_not_before(world: "World") -> None:
    filed = taken(world)
    sweep(world, TOLD)
    day = case_of(world, filed)["watch_on"]
    assert day > TOLD.date()
    assert sweep(world, datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=1)).looked == 0
    assert sweep(world, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)).looked == 1
    assert case_of(world, filed)["watch_on"] > day


def test_a_question_is_recalled_twice_and_then_the_team_may_go_on(world: "World") -> None:
    filed = taken(world)
    act(world, filed, Action.ASK, TOLD, "Which day was it?", question="Which day was it?")
    for days in range(1, 40):
        sweep(world, TOLD + timedelta(days=days))
    assert [one for one in kinds(world) if one == "question_reminder"] == ["question_reminder"] * 2
    with world.database.reading() as session:
        query = select(EventRow.at).where(EventRow.case_id == filed.case_id, EventRow.kind == "reminded")
        assert [(at - TOLD).days for at in session.scalars(query.order_by(EventRow.seq))] == [7, 14]
        assert list(audit.verify(session)) == []
    act(world, filed, Action.PROCEED, TOLD + timedelta(days=15))
    assert case_of(world, filed)["state"] == "investigating"


def test_who_stopped_reminders_gets_none_by_mail_but_hears_of_rights(world: "World") -> None:
    filed = taken(world)
    act(world, filed, Action.ASK, TOLD, "Which day was it?", question="Which day was it?")
    with world.database.writing() as session:
        session.execute(update(Contact).values(reminders_off_at=TOLD))
    for days in range(1, 80):
        sweep(world, TOLD + timedelta(days=days))
    statuses = {(one.kind, one.status) for one in letters(world)}
    assert ("question_reminder", "site") in statuses
    assert ("question_reminder", "waiting") not in statuses
    assert ("overdue", "waiting") in statuses
    assert case_of(world, filed)["state"] == "awaiting_customer"


def test_a_late_answer_is_told_to_both_sides_once_and_says_where_one_may_turn(world: "World") -> None:
    filed = taken(world)
    due = answer_due(world, filed)
    noon = datetime(due.year, due.month, due.day, 12, tzinfo=UTC)
    sweep(world, noon)
    assert "overdue" not in kinds(world)
    for days in (1, 1, 2, 3):
        sweep(world, noon + timedelta(days=days))
    assert kinds(world).count("overdue") == 1
    late = letters(world, to_team=True, kind="overdue_team")
    hearing = {world.people[who] for who in ("agent@poste", "supervisor@poste", "manager@poste")}
    assert {one.account_id for one in late} == hearing
    assert len(late) == 3
    told = letters(world, kind="overdue")[0].data
    assert told["due"] == due.isoformat()
    assert told["state"] == "acknowledged"
    assert told["person"] == "Nadia Ferrand"


def test_after_days_of_standstill_what_is_still_useful_is_said_once(world: "World") -> None:
    filed = taken(world)
    due = answer_due(world, filed)
    after = datetime(due.year, due.month, due.day, 12, tzinfo=UTC) + timedelta(days=20)
    for _ in range(3):
        sweep(world, after)
    team = kinds(world, to_team=True)
    assert {"clock_half", "clock_most", "due_soon"}.isdisjoint(team)
    assert team.count("overdue_team") == 3
    assert kinds(world).count("overdue") == 1


def test_two_watchers_at_once_say_it_once(world: "World") -> None:
    for number in range(12):
        taken(world, text=f"Story {number}: the machine kept my money and the counter sent me away.")
    at = TOLD + timedelta(days=200)
    gate, done = threading.Barrier(2), []

    def watch() -> None:
        gate.wait()
        done.append(sweep(world, at))

    threads = [threading.Thread(target=watch) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one.failed for one in done) == 0
    assert kinds(world).count("overdue") == 12
    assert sweep(world, at).said == 0


def test_a_paper_letter_is_kept_and_counts_from_the_day_it_was_posted(world: "World") -> None:
    filed = taken(world, contact=Reached(name="Madeleine Garnier", postal="3 rue des Lilas, 35000 Arvane"))
    act(world, filed, Action.ASK, TOLD, "Which day was it?", question="Which day was it?")
    sweep(world, TOLD + timedelta(days=8))
    kept = {one.kind for one in letters(world, status="kept")}
    assert {"received", "acknowledged", "asked", "question_reminder"} <= kept
    with world.database.reading() as session:
        counted = select(func.count()).where(EventRow.case_id == filed.case_id, EventRow.kind == "reminded")
        assert session.scalar(counted) == 0
        assert session.scalar(select(func.count(AccessLink.id)).where(AccessLink.case_id == filed.case_id)) == 1


def test_people_of_an_organisation_that_does_not_read_us_hear_nothing(world: "World") -> None:
    filed = world.tell("nobody", at=TOLD)
    hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, TOLD)
    facts = {"text": "x", "wish": "money", "consent": True, "sent_at": TOLD}
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, Action.SEND, facts)
    sweep(world, TOLD + timedelta(days=120))
    assert letters(world, to_team=True) == []
    assert {"overdue", "right_opens"} & set(kinds(world))


def test_nobody_is_written_to_about_an_invented_case(world: "World") -> None:
    taken(world)
    with world.database.writing() as session:
        session.execute(update(table(Case)).values(demo=True))
    before = len(letters(world, to_team=True))
    sweep(world, TOLD + timedelta(days=200))
    assert {one.status for one in letters(world) if one.kind == "overdue"} == {"site"}
    assert len(letters(world, to_team=True)) == before


def test_one_case_that_cannot_be_watched_does_not_keep_the_others(world: "World") -> None:
    bad, good = taken(world), taken(world, text="Another story about the same machine in the hall.")
    with world.database.writing() as session:
        session.execute(update(table(Case)).where(table(Case).c.id == bad.case_id).values(calendar="XX"))
        session.execute(update(table(Case)).values(watch_on=TOLD.date()))
    done = sweep(world, TOLD + timedelta(days=200))
    assert (done.failed, done.looked) == (1, 1)
    assert case_of(world, good)["watch_on"] != TOLD.date()
    assert sweep(world, TOLD + timedelta(days=200)).failed == 0


def test_the_day_is_that_of_the_place(small_world: "World") -> None:
    with small_world.database.writing() as session:
        session.execute(update(Organisation).values(zone="Pacific/Honolulu", calendar="none"))
    filed = taken(small_world)
    due = answer_due(small_world, filed)
    after = datetime(due.year, due.month, due.day, 5, tzinfo=UTC) + timedelta(days=1)
    sweep(small_world, after)
    assert "overdue" not in kinds(small_world)
    sweep(small_world, after + timedelta(hours=6))
    assert "overdue" in kinds(small_world)


def test_ended_and_told_only_cases_are_never_looked_at(small_world: "World") -> None:
    filed = taken(small_world)
    with small_world.database.writing() as session:
        hand = moves.Hand(small_world.holder(filed), As.CUSTOMER, filed.reference, TOLD)
        moves.do(session, small_world.app.extensions["workbench"], hand, Action.WITHDRAW, {"confirmed": True})
    assert case_of(small_world, filed)["watch_on"] is None
    assert [one.kind for one in letters(small_world, to_team=True)][-1] == "ended_team"
    assert letters(small_world)[-1].kind == "withdrawn"
    assert letters(small_world)[-1].data["until"] == (TOLD + timedelta(days=60)).date().isoformat()


def test_a_round_of_the_clock_watches_too(small_world: "World") -> None:
    filed = taken(small_world)
    at = TOLD + timedelta(days=200)
    done = clockwork.tick(small_world.database, small_world.app.extensions["workbench"], at)
    assert done.said > 0
    assert clockwork.tick(small_world.database, small_world.app.extensions["workbench"], at).said == 0
    with small_world.database.reading() as session:
        assert load(session, filed.case_id).dispute.state.value == "acknowledged"


@pytest.mark.parametrize("days", [1, 3, 5])
def test_nobody_for_more_than_two_working_days_alerts_the_supervisor(small_world: "World", days: int) -> None:
    small_world.tell(at=TOLD)
    sweep(small_world, TOLD + timedelta(days=days))
    alerted = {one.account_id for one in letters(small_world, to_team=True, kind="alone")}
    assert alerted == ({small_world.people["supervisor@poste"]} if days >= 3 else set())


def names(world: "World") -> list[str]:
    with world.database.reading() as session:
        return [one for one in session.scalars(select(Letter.once).where(Letter.once.is_not(None))) if one]


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"])
def test_a_clock_that_jumps_repeats_nothing_and_misses_nothing(small_world: "World", zone: str) -> None:
    """Two cases alike; one is watched day by day, the other by a clock that runs ahead and is put back again."""
    with small_world.database.writing() as session:
        session.execute(update(Organisation).values(zone=zone, calendar="none"))
    steady = taken(small_world)
    for days in range(130):
        sweep(small_world, TOLD + timedelta(days=days))
    expected = {one.removeprefix(steady.reference) for one in names(small_world)}
    with small_world.database.writing() as session:
        session.execute(update(table(Case)).values(watch_on=None))
        session.execute(delete(Beat))
    jumping = taken(small_world)
    leaps = (timedelta(seconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=365))
    for days in range(130):
        now = TOLD + timedelta(days=days)
        sweep(small_world, now)
        if days % 9 == 4:
            leap = leaps[days // 9 % len(leaps)]
            sweep(small_world, now + leap)
            sweep(small_world, now - leap)
            sweep(small_world, now)
    said = [one.removeprefix(jumping.reference) for one in names(small_world) if jumping.reference in one]
    assert len(said) == len(set(said))
    assert expected <= set(said)
    # What was said beyond it belongs to the days to which the clock had run ahead.
    last = (TOLD + timedelta(days=129)).date().isoformat()
    assert all(one.split(":")[2] > last or "quiet_month" in one for one in set(said) - expected)
    assert {one["state"] for one in (case_of(small_world, steady), case_of(small_world, jumping))} == {"acknowledged"}
