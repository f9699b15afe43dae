"""Charters in the workshop: pledges follow the journal and the clock, and broken ones hold a remedy."""

import threading
from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from cx.core.charter import Rule
from cx.core.incident import Contact
from cx.core.refusals import WrongState
from cx.core.words import Wish
from cx.disputes import audit, charter, promised, remedies
from models import EventRow, Letter, Pledge, Promise, Remedy
from tests.promises import NOW, ONE_DAY, draft, kinds, publish, remedy, rows, statuses, sweep, take

if TYPE_CHECKING:
    from tests.world import World


def test_without_a_charter_nothing_is_promised(world: "World") -> None:
    world.tell(at=NOW)
    assert rows(world, Pledge) == []
    assert sweep(world, NOW + 90 * ONE_DAY) == charter.Swept(0, 0)


def test_a_draft_promises_nothing_and_no_promise_binds_backwards(world: "World") -> None:
    with world.database.writing() as session:
        charter.write(session, world.organisations["poste"], draft(Rule.ANSWERED, 10), NOW)
    world.tell(at=NOW)
    assert rows(world, Pledge) == []
    publish(world, at=NOW + ONE_DAY)
    world.tell(at=NOW + ONE_DAY / 2)
    assert rows(world, Pledge) == []
    world.tell(at=NOW + 2 * ONE_DAY)
    assert statuses(world) == ["running"]


def test_pledges_are_made_with_the_dispute_and_kept_by_the_act_that_keeps_them(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2), draft(Rule.ANSWERED, 10), draft(Rule.SECOND_LOOK, 3))
    filed = world.tell(at=NOW)
    assert statuses(world) == ["running", "running"]  # a second look is promised once an answer is refused
    take(world, filed, NOW + ONE_DAY)
    assert statuses(world) == ["kept", "running"]
    assert "promise_broken" not in kinds(world, filed)


def test_a_story_without_a_demand_is_promised_nothing(world: "World") -> None:
    publish(world, draft(Rule.ANSWERED, 10))
    world.tell(wish=Wish.TELL, at=NOW)
    assert rows(world, Pledge) == []


def test_a_promise_breaks_by_itself_and_its_remedy_is_held_for_a_working_day(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = world.tell(at=NOW)
    assert sweep(world, NOW + 2 * ONE_DAY) == charter.Swept(0, 0)
    assert sweep(world, NOW + 3 * ONE_DAY) == charter.Swept(1, 0)
    assert statuses(world) == ["broken"]
    found = remedy(world)
    assert (found.status, found.amount_minor, found.currency) == ("held", 1000, "EUR")
    # Thursday 30 April; Friday is Labour Day, so the working day after is Monday 4 May.
    assert found.decide_by.astimezone(UTC).date().isoformat() == "2026-05-04"
    assert kinds(world, filed)[-2:] == ["promise_broken", "remedy_held"]
    assert sweep(world, NOW + 3 * ONE_DAY) == charter.Swept(0, 0)
    assert sweep(world, NOW + 9 * ONE_DAY) == charter.Swept(0, 1)
    assert remedy(world).status == "offered"
    assert [one.kind for one in rows(world, Letter)][-1] == "remedy_offered"
    with world.database.reading() as session:
        assert list(audit.verify(session)) == []


def test_an_act_that_comes_too_late_breaks_the_promise_before_any_sweep(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = world.tell(at=NOW)
    take(world, filed, NOW + 5 * ONE_DAY)
    assert statuses(world) == ["broken"]
    assert kinds(world, filed)[-2:] == ["promise_broken", "remedy_held"]
    assert sweep(world, NOW + 5 * ONE_DAY) == charter.Swept(0, 0)


def test_the_customer_may_do_without_a_promise_and_take_that_back_while_it_runs(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = world.tell(at=NOW)
    bench, customer, promise = world.app.extensions["workbench"], world.holder(filed), rows(world, Promise)[0].id
    with world.database.writing() as session:
        remedies.waive(session, bench, customer, filed.reference, promise, NOW + ONE_DAY)
    assert statuses(world) == ["waived"]
    with world.database.writing() as session:
        remedies.unwaive(session, bench, customer, filed.reference, promise, NOW + ONE_DAY)
    assert statuses(world) == ["running"]
    with world.database.writing() as session:
        remedies.waive(session, bench, customer, filed.reference, promise, NOW + ONE_DAY)
    sweep(world, NOW + 5 * ONE_DAY)
    assert (statuses(world), rows(world, Remedy)) == (["waived"], [])
    with world.database.writing() as session, pytest.raises(WrongState):
        remedies.unwaive(session, bench, customer, filed.reference, promise, NOW + 5 * ONE_DAY)


def test_two_clocks_at_once_never_double(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    for _ in range(6):
        world.tell(at=NOW, contact=Contact())
    done: list[charter.Swept] = []
    for at in (NOW + 3 * ONE_DAY, NOW + 9 * ONE_DAY):
        threads = [threading.Thread(target=lambda at=at: done.append(sweep(world, at))) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sum(one.settled for one in done) == 6
    assert sum(one.offered for one in done) == 6
    with world.database.reading() as session:
        for kind in ("promise_broken", "remedy_held", "remedy_offered"):
            query = select(func.count()).select_from(EventRow).where(EventRow.kind == kind)
            assert session.scalar(query) == 6
        assert list(audit.verify(session)) == []


def test_a_new_promise_replaces_the_old_one_and_sent_cases_keep_theirs(world: "World") -> None:
    publish(world, draft(Rule.ANSWERED, 10))
    filed = world.tell(at=NOW)
    publish(world, draft(Rule.ANSWERED, 20), at=NOW + ONE_DAY)
    with world.database.reading() as session:
        seen = promised.charter_of(session, world.organisations["poste"], NOW + 2 * ONE_DAY)
        assert [one.amount for one in seen.holds] == [20]
        assert [one.amount for one in seen.retired] == [10]
        assert [one.amount for one in promised.on_case(session, filed.case_id, NOW)] == [10]
    world.tell(at=NOW + 2 * ONE_DAY)
    assert [one.promise_id for one in rows(world, Pledge)] == [one.id for one in rows(world, Promise)]


def test_the_figures_of_ninety_days(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    kept = [world.tell(at=NOW, contact=Contact()) for _ in range(3)]
    broken_ones = [world.tell(at=NOW, contact=Contact()) for _ in range(2)]
    for one in kept:
        take(world, one, NOW + ONE_DAY)
    sweep(world, NOW + 3 * ONE_DAY)
    held = rows(world, Remedy)
    assert len(held) == len(broken_ones)
    with world.database.writing() as session:
        manager = world.visitor("manager@poste")
        bench = world.app.extensions["workbench"]
        remedies.block(session, bench, remedies.of_staff(session, manager, held[0].id), "Strike.", NOW + 3 * ONE_DAY)
    sweep(world, NOW + 9 * ONE_DAY)
    with world.database.reading() as session:
        seen = promised.charter_of(session, world.organisations["poste"], NOW + 10 * ONE_DAY)
        line, measures = seen.holds[0], seen.measures
        assert (line.kept, line.n) == (3, 5)
        assert (measures.kept, measures.n, measures.blocked, measures.decided) == (3, 5, 1, 2)
        assert measures.days is not None
        assert 6 < measures.days < 7
        later = promised.charter_of(session, world.organisations["poste"], NOW + 200 * ONE_DAY)
        assert (later.holds[0].n, later.measures.n) == (0, 0)
