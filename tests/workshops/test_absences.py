"""Nobody is handed over in silence, and whoever is away leaves somebody in their place."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.acts import Actor
from cx.core.incident import Contact
from cx.core.presence import Way
from cx.core.refusals import GuardFailed
from cx.core.words import MessageKind, Role
from cx.disputes import absences, asking, audit, leaving, moves, presence, queue
from cx.disputes.casefile import open_case
from cx.disputes.ledger import Text, actor_id
from cx.disputes.sight import As
from models import Absence, EventRow, Letter, Message

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

# A Tuesday, 10:42 in Paris.
AT = datetime(2026, 3, 3, 9, 42, tzinfo=UTC)


def _customer(world: "World", filed: "Filed", at: datetime = AT) -> moves.Hand:
    return moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, at)


def _hand(world: "World", filed: "Filed", who: str = "agent@poste", at: datetime = AT) -> moves.Hand:
    return moves.Hand(world.visitor(who), As.STAFF, filed.reference, at)


def _bench(world: "World") -> Any:
    return world.app.extensions["workbench"]


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


def test_handing_over_in_silence_is_impossible(world: "World") -> None:
    filed = world.tell(at=AT)
    _take(world, filed)
    to = actor_id(world.people["agent2@poste"])
    with pytest.raises(GuardFailed, match="told_to_customer"), world.database.writing() as session:
        moves.hand_over(session, _bench(world), _hand(world, filed), to)
    with world.database.writing() as session:
        text = Text("Karim Lemoine reads you from now on.", MessageKind.ACKNOWLEDGEMENT, language="en")
        moves.hand_over(session, _bench(world), _hand(world, filed), to, text, "She prefers the telephone.")
    with world.database.reading() as session:
        said = open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, AT).said
        assert said[-1].text == "Karim Lemoine reads you from now on."
        letter = session.scalars(select(Letter).where(Letter.kind == "handed_over")).one()
        assert letter.data["person"] == "Karim Lemoine"
        note = session.scalars(select(Message).where(Message.kind == "note")).one()
        assert (note.text, note.audience) == ("She prefers the telephone.", "internal")


def test_a_hand_over_answers_nobody_who_waits(world: "World") -> None:
    filed = world.tell(at=AT)
    _take(world, filed)
    with world.database.writing() as session:
        moves.write(session, _bench(world), _customer(world, filed), Text("Hello?", MessageKind.ADDITION))
    with world.database.writing() as session:
        text = Text("Karim goes on.", MessageKind.ACKNOWLEDGEMENT, language="en")
        moves.hand_over(session, _bench(world), _hand(world, filed), actor_id(world.people["agent2@poste"]), text)
    with world.database.reading() as session:
        case = open_case(session, world.visitor("agent2@poste"), As.STAFF, filed.reference, AT)
    assert case.customer_waits and case.owner_id == world.people["agent2@poste"]


def test_whoever_leaves_is_named_to_every_customer_with_their_successor(world: "World") -> None:
    filed = world.tell(at=AT)
    _take(world, filed)
    actor = Actor(Role.SUPERVISOR, actor_id(world.people["supervisor@poste"]), "Claire Okafor", "Supervisor")
    leaver = world.people["agent@poste"], world.organisations["poste"]
    with world.database.writing() as session:
        to = world.people["agent2@poste"]
        assert leaving.hand_over_all(session, _bench(world), leaver, to, actor, AT, lambda code: f"{code}: Karim.") == 1
    with world.database.reading() as session:
        said = open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, AT).said
        assert said[-1].text == "en: Karim."
        assert session.scalars(select(Letter).where(Letter.kind == "handed_over")).one().case_id == filed.case_id


FIRST, LAST = date(2026, 3, 4), date(2026, 3, 10)


def _away(
    world: "World", days: tuple[date, date] = (FIRST, LAST), who: str = "agent@poste", by: str = "agent2@poste"
) -> Absence:
    with world.database.writing() as session:
        place = world.organisations["poste"]
        return absences.plan(session, place, world.people[who], world.people[by], days, AT)


def test_an_absence_is_told_once_to_each_customer_from_its_first_day_on(world: "World") -> None:
    filed, other = world.tell(at=AT), world.tell(at=AT, text="Another one.")
    for one in (filed, other):
        _take(world, one)
    ended = world.tell(at=AT, text="A third one, for nobody yet.")
    _away(world)
    assert absences.tell_absences(world.database, _bench(world), AT) == 0  # not yet
    morning = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
    assert absences.tell_absences(world.database, _bench(world), morning) == 2
    assert absences.tell_absences(world.database, _bench(world), morning + timedelta(hours=1)) == 0
    with world.database.reading() as session:
        letters = list(session.scalars(select(Letter).where(Letter.kind == "substitute")))
        assert {one.case_id for one in letters} == {filed.case_id, other.case_id}
        assert {(one.data["substitute"], one.data["until"]) for one in letters} == {("Karim Lemoine", "2026-03-10")}
        assert list(audit.verify(session)) == []
    assert "substitute_named" not in _kinds(world, ended)


def test_whoever_has_several_cases_with_the_person_gets_one_letter_and_reads_it_on_every_page(world: "World") -> None:
    one, other = world.tell(at=AT), world.tell(at=AT, text="Another one.")
    stranger = world.tell(at=AT, text="Somebody else's.", contact=Contact(name="Marc", email="marc@example.org"))
    for filed in (one, other, stranger):
        _take(world, filed)
    _away(world)
    assert absences.tell_absences(world.database, _bench(world), datetime(2026, 3, 4, 6, tzinfo=UTC)) == 3
    with world.database.reading() as session:
        letters = list(session.scalars(select(Letter).where(Letter.kind == "substitute").order_by(Letter.id)))
    assert [(letter.address, letter.status) for letter in letters] == [
        ("madeleine@example.org", "waiting"), ("", "site"), ("marc@example.org", "waiting"),
    ]  # fmt: skip
    for filed in (one, other, stranger):
        assert _kinds(world, filed)[-1] == "substitute_named"


def test_a_telling_that_was_cut_short_goes_on_and_tells_nobody_twice(world: "World") -> None:
    for text in ("One.", "Two."):
        _take(world, world.tell(at=AT, text=text))
    made = _away(world)
    morning = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
    with world.database.reading() as session:
        first, second = absences._cases_of(session, made.id)
    assert absences._tell(world.database, _bench(world), made.id, first, morning)
    assert not absences._tell(world.database, _bench(world), made.id, first, morning)
    assert absences.tell_absences(world.database, _bench(world), morning) == 1
    assert second > first


def test_meanwhile_the_substitute_finds_the_cases_and_the_customer_reads_who(world: "World") -> None:
    filed = world.tell(at=AT)
    _take(world, filed)
    _away(world)
    during, after = datetime(2026, 3, 5, 9, tzinfo=UTC), datetime(2026, 3, 11, 9, tzinfo=UTC)
    karim = world.visitor("agent2@poste")
    with world.database.reading() as session:
        rows = queue.page(session, karim, queue.Filters(), during).rows
        assert [row.reference for row in rows] == [filed.reference]
        assert queue.page(session, karim, queue.Filters(), after).rows == ()
        case = open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, during)
        reader = presence.reader_of(case, during)
        assert reader is not None and reader.away is not None and reader.away.substitute is not None
        assert (reader.name, reader.away.substitute.name, reader.away.last) == ("Nadia Ferrand", "Karim Lemoine", LAST)
        back = presence.reader_of(open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, after), after)
        assert back is not None and back.away is None


@pytest.mark.parametrize(("day", "who"), [(5, "agent2@poste"), (11, "agent@poste")])
def test_whoever_reads_meanwhile_hears_who_asks_for_a_person(small_world: "World", day: int, who: str) -> None:
    filed = small_world.tell(at=AT)
    _take(small_world, filed)
    _away(small_world)
    hand = _customer(small_world, filed, datetime(2026, 3, day, 9, tzinfo=UTC))
    with small_world.database.writing() as session:
        asking.ask(session, _bench(small_world), hand, Way.WRITTEN)
    with small_world.database.reading() as session:
        asked = session.scalars(select(Letter.account_id).where(Letter.kind == "human_asked")).all()
    assert asked == [small_world.people[who]]


@pytest.mark.parametrize(
    ("days", "by", "guard"),
    [
        ((LAST, FIRST), "agent2@poste", "days_in_order"),
        ((date(2026, 2, 1), date(2026, 2, 2)), "agent2@poste", "not_over"),
        ((FIRST, date(2028, 1, 1)), "agent2@poste", "not_too_long"),
        ((FIRST, LAST), "agent@poste", "somebody_else"),
        ((FIRST, LAST), "agent@banque", "substitute_there"),
        ((FIRST, LAST), "manager@poste", "substitute_there"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    small_world: "World", days: tuple[date, date], by: str, guard: str
) -> None:
    with pytest.raises(GuardFailed, match=guard):
        _away(small_world, days, by=by)


def test_nobody_stands_in_while_away_and_whoever_comes_back_early_is_back(small_world: "World") -> None:
    made = _away(small_world)
    with pytest.raises(GuardFailed, match="substitute_there"):
        _away(small_world, who="supervisor@poste", by="agent@poste")
    with pytest.raises(GuardFailed, match="not_twice_away"):
        _away(small_world)
    with small_world.database.writing() as session:
        absences.end(session, small_world.organisations["poste"], made.id, datetime(2026, 3, 6, 9, tzinfo=UTC))
    with small_world.database.reading() as session:
        assert session.get_one(Absence, made.id).last == date(2026, 3, 5)
