"""A person can be asked for, nobody is refused, and only a word of a person ends the clock."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.presence import Way
from cx.core.refusals import GuardFailed
from cx.core.words import MessageKind
from cx.disputes import asking, audit, lateness, moves, presence
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from models import Contact, EventRow, HumanRequest, Letter, Organisation, Staffing

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

# A Tuesday, 10:42 in Paris.
AT = datetime(2026, 3, 3, 9, 42, tzinfo=UTC)
NOON = datetime(2026, 3, 3, 11, 42, tzinfo=UTC)


def _staff_hours(world: "World", way: str = "written", **given: Any) -> None:
    values: dict[str, Any] = {"weekdays": "12345", "opens": 540, "closes": 1020, "within_minutes": 120}
    with world.database.writing() as session:
        session.add(Staffing(organisation_id=world.organisations["poste"], way=way, **{**values, **given}))


def _customer(world: "World", filed: "Filed", at: datetime = AT) -> moves.Hand:
    return moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, at)


def _hand(world: "World", filed: "Filed", who: str = "agent@poste", at: datetime = AT) -> moves.Hand:
    return moves.Hand(world.visitor(who), As.STAFF, filed.reference, at)


def _ask(world: "World", filed: "Filed", way: Way = Way.WRITTEN, **given: Any) -> None:
    with world.database.writing() as session:
        asking.ask(session, _bench(world), _customer(world, filed), way, **given)


def _bench(world: "World") -> Any:
    return world.app.extensions["workbench"]


def _requests(world: "World") -> list[HumanRequest]:
    with world.database.reading() as session:
        return list(session.scalars(select(HumanRequest).order_by(HumanRequest.id)))


def _take(world: "World", filed: "Filed", who: str = "agent@poste", at: datetime = AT) -> None:
    with world.database.writing() as session:
        moves.take(
            session, _bench(world), _hand(world, filed, who, at), Text("Good morning.", MessageKind.ACKNOWLEDGEMENT)
        )


def _kinds(world: "World", filed: "Filed") -> list[str]:
    with world.database.reading() as session:
        return list(
            session.scalars(select(EventRow.kind).where(EventRow.case_id == filed.case_id).order_by(EventRow.seq))
        )


def test_the_clock_of_a_request_is_the_one_that_was_shown(world: "World") -> None:
    _staff_hours(world)
    filed = world.tell(at=AT - timedelta(days=1))
    _ask(world, filed, text=Text("Please.", MessageKind.ADDITION, language="en"))
    (one,) = _requests(world)
    assert (one.due_at, one.status) == (NOON, "waiting")
    with world.database.reading() as session:
        (waiting,) = asking.waiting(session, world.visitor("agent@poste"))
        assert waiting.reference == filed.reference
        assert asking.waiting(session, world.visitor("agent@banque")) == ()
        assert list(audit.verify(session)) == []


def test_a_person_is_asked_for_once_at_a_time_and_may_be_taken_back(world: "World") -> None:
    _staff_hours(world)
    filed = world.tell(at=AT - timedelta(days=1))
    _ask(world, filed)
    with pytest.raises(GuardFailed, match="not_twice"):
        _ask(world, filed)
    with world.database.writing() as session:
        assert asking.take_back(session, _bench(world), _customer(world, filed))
    _ask(world, filed)
    assert [one.status for one in _requests(world)] == ["taken_back", "waiting"]


def test_without_staffed_hours_the_duty_person_answers_within_the_own_aim_and_nothing_else_is_offered(
    world: "World",
) -> None:
    filed = world.tell(at=AT - timedelta(days=1))
    with world.database.reading() as session:
        found = presence.reach(session, world.organisations["poste"], AT)
        assert found is not None and found.offers == (Way.WRITTEN,)
    with pytest.raises(GuardFailed, match="way_staffed"):
        _ask(world, filed, Way.CALLBACK, slot=NOON, phone="06 12 34 56 78")
    _ask(world, filed)
    assert _requests(world)[0].due_at == AT + timedelta(days=10)


def test_where_nobody_is_on_duty_nothing_is_promised(world: "World") -> None:
    filed = world.tell(at=AT - timedelta(days=1))
    with world.database.writing() as session:
        session.get_one(Organisation, world.organisations["poste"]).duty_account_id = None
    with pytest.raises(GuardFailed, match="way_staffed"):
        _ask(world, filed)


def test_a_call_back_has_its_own_half_hour(world: "World") -> None:
    _staff_hours(world, "callback", opens=840, closes=900)
    first, second = world.tell(at=AT - timedelta(days=1)), world.tell(at=AT - timedelta(days=1), text="Another one.")
    with world.database.reading() as session:
        found = presence.reach(session, world.organisations["poste"], AT)
        assert found is not None
        slot = found.ways[Way.CALLBACK].slots[0]
    assert slot == datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
    with pytest.raises(GuardFailed, match="phone_given"):
        _ask(world, first, Way.CALLBACK, slot=slot)
    _ask(world, first, Way.CALLBACK, slot=slot, phone="06 12 34 56 78")
    with pytest.raises(GuardFailed, match="slot_free"):
        _ask(world, second, Way.CALLBACK, slot=slot, phone="06 12 34 56 79")
    with world.database.reading() as session:
        assert session.get_one(Contact, first.case_id).phone == "06 12 34 56 78"
        kinds = session.execute(select(Letter.kind, Letter.account_id).where(Letter.case_id == first.case_id)).all()
    assert ("call_back_agreed", None) in [tuple(one) for one in kinds]
    assert ("human_asked", world.people["agent@poste"]) in [tuple(one) for one in kinds]


def test_only_a_word_of_a_person_ends_the_clock(world: "World") -> None:
    _staff_hours(world)
    filed = world.tell(at=AT - timedelta(days=1))
    _ask(world, filed)
    _take(world, filed, at=AT + timedelta(minutes=5))
    assert _requests(world)[0].status == "waiting"  # a ready acknowledgement answers nobody
    with world.database.writing() as session:
        moves.note(session, _bench(world), _hand(world, filed), "Among us.")
    assert _requests(world)[0].status == "waiting"
    later = AT + timedelta(minutes=50)
    with world.database.writing() as session:
        moves.write(
            session, _bench(world), _hand(world, filed, at=later), Text("Here is my answer.", MessageKind.REPLY)
        )
    (one,) = _requests(world)
    assert (one.status, one.met_at, one.met_by) == ("met", later, world.people["agent@poste"])
    assert _kinds(world, filed)[-2:] == ["written", "human_met"]


def test_a_noted_call_ends_the_clock_of_a_call_and_an_answer_of_another_kind_too(world: "World") -> None:
    _staff_hours(world, "callback", opens=840, closes=900)
    called, wrote = world.tell(at=AT - timedelta(days=1)), world.tell(at=AT - timedelta(days=1), text="Another one.")
    slots = [datetime(2026, 3, 3, 13, 0, tzinfo=UTC), datetime(2026, 3, 3, 13, 30, tzinfo=UTC)]
    for filed, slot in zip((called, wrote), slots, strict=True):
        _ask(world, filed, Way.CALLBACK, slot=slot, phone="06 12 34 56 78")
    first, second = _requests(world)
    with world.database.writing() as session:
        moves.note(session, _bench(world), _hand(world, called), "We spoke.", call=True)
    with world.database.writing() as session:
        text = Text("I could not reach you.", MessageKind.REPLY)
        asking.answer(session, _bench(world), _hand(world, wrote), second.id, text, called=False)
    assert [one.status for one in _requests(world)] == ["met", "met"]
    assert first.id != second.id
    with world.database.reading() as session:
        assert list(audit.verify(session)) == []


def test_when_the_promised_hour_passed_the_reader_and_the_supervisors_hear_it_once(world: "World") -> None:
    _staff_hours(world)
    filed, answered = world.tell(at=AT - timedelta(days=1)), world.tell(at=AT - timedelta(days=1), text="Another one.")
    for one in (filed, answered):
        _take(world, one)
        _ask(world, one)
    with world.database.writing() as session:
        moves.write(session, _bench(world), _hand(world, answered, at=NOON), Text("My answer.", MessageKind.REPLY))
    assert lateness.tell_late(world.database, _bench(world), NOON - timedelta(minutes=1)) == 0
    assert lateness.tell_late(world.database, _bench(world), NOON) == 1
    assert lateness.tell_late(world.database, _bench(world), NOON + timedelta(minutes=1)) == 0
    with world.database.reading() as session:
        late = session.execute(select(Letter.case_id, Letter.account_id).where(Letter.kind == "human_late")).all()
    people = {world.people["agent@poste"], world.people["supervisor@poste"]}
    assert {tuple(one) for one in late} == {(filed.case_id, who) for who in people}
    # Asked again after an answer, a second clock that runs out is said again.
    later = NOON + timedelta(hours=1)
    with world.database.writing() as session:
        moves.write(session, _bench(world), _hand(world, filed, at=later), Text("My answer.", MessageKind.REPLY))
        asking.ask(session, _bench(world), _customer(world, filed, later), Way.WRITTEN)
    assert lateness.tell_late(world.database, _bench(world), later + timedelta(hours=2)) == 1
