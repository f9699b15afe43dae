"""A move is one act: journal, state, rows beside it and letters agree, and two at once have one winner."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from cx.core.refusals import Conflict, GuardFailed, NotVisible, WrongState
from cx.core.words import Action, MessageKind, State, Theme, Value
from cx.disputes import casefile, figures, moves
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from cx.disputes.storing import load, table
from models import Case, EventRow, Letter, ThemeRuling

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from cx.disputes.seen import CaseFile
    from tests.world import World

NOW = datetime.now(UTC)
OFFER = {
    "kind": "refund",
    "amount_minor": 895,
    "currency": "EUR",
    "pay_by": (NOW + timedelta(days=10)).date(),
    "points": {"1": "upheld"},
    "reasons": "The counter should have helped.",
}
HELLO = Text("Good morning, I am looking into it.", MessageKind.ACKNOWLEDGEMENT)


def _do(world: "World", who: str, filed: "Filed", action: Action, **facts: Any) -> None:
    customer = who == "customer"
    visitor = world.holder(filed) if customer else world.visitor(who)
    hand = moves.Hand(visitor, As.CUSTOMER if customer else As.STAFF, filed.reference, datetime.now(UTC))
    text = Text("A text that goes with it.", MessageKind.REPLY) if not customer else None
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, action, facts, text)


def _take(world: "World", filed: "Filed", who: str = "agent@poste", expected: int | None = None) -> None:
    hand = moves.Hand(world.visitor(who), As.STAFF, filed.reference, datetime.now(UTC), expected)
    with world.database.writing() as session:
        moves.take(session, world.app.extensions["workbench"], hand, HELLO)


def _seen(world: "World", filed: "Filed") -> "CaseFile":
    with world.database.reading() as session:
        visitor = world.visitor("agent@poste")
        return casefile.open_case(session, visitor, As.STAFF, filed.reference, datetime.now(UTC))


def test_from_sending_to_the_customers_end(world: "World") -> None:
    filed = world.tell()
    _take(world, filed)
    assert _seen(world, filed).state is State.ACKNOWLEDGED
    _do(world, "agent@poste", filed, Action.ASK, question="Which machine?")
    _do(world, "customer", filed, Action.ANSWER)
    _do(world, "agent@poste", filed, Action.OFFER, **OFFER)
    offered = _seen(world, filed)
    assert offered.state is State.OFFER_MADE
    assert offered.offer and offered.offer.amount_minor == 895
    assert all(clock.done_on for clock in offered.clocks if clock.purpose == "answer")
    assert [point.answer for point in offered.points] == ["upheld"]
    _do(world, "customer", filed, Action.ACCEPT, version=1)
    assert _seen(world, filed).due_kind == "promise"
    _do(world, "customer", filed, Action.PERFORMED)
    ended = _seen(world, filed)
    assert (ended.state, ended.outcome) == (State.CLOSED, "refund")
    with world.database.reading() as session:
        stored = load(session, filed.case_id)
    assert stored.case["state"] == stored.dispute.state == State.CLOSED
    assert stored.case["version"] == stored.dispute.version


def test_an_apology_that_is_accepted_is_performed_by_the_same_tap(world: "World") -> None:
    filed = world.tell()
    _do(world, "agent@poste", filed, Action.OFFER, kind="apology", points={"1": "upheld"}, reasons="You are right.")
    _do(world, "customer", filed, Action.ACCEPT, version=1)
    assert _seen(world, filed).state is State.CLOSED


def test_what_was_contested_is_looked_at_by_somebody_else(world: "World") -> None:
    filed = world.tell()
    _do(world, "agent@poste", filed, Action.OFFER, **OFFER)
    _do(world, "customer", filed, Action.CONTEST)
    with pytest.raises(GuardFailed) as refused:
        _do(world, "agent@poste", filed, Action.REVIEW)
    assert refused.value.guard == "second_look"
    _do(world, "agent2@poste", filed, Action.REVIEW)
    assert _seen(world, filed).state is State.INVESTIGATING


def test_nobody_of_the_organisation_can_end_it(world: "World") -> None:
    filed = world.tell()
    _do(world, "agent@poste", filed, Action.OFFER, kind="apology", points={"1": "upheld"}, reasons="You are right.")
    for action in (Action.CLOSE, Action.WITHDRAW, Action.PERFORMED, Action.LAPSE, Action.ACCEPT):
        for who in ("agent@poste", "supervisor@poste"):
            with pytest.raises(Exception, match=r".*") as refused:
                _do(world, who, filed, action, version=1, satisfied=True, confirmed=True)
            assert type(refused.value).__name__ in {"NotAllowed", "WrongState"}
    assert _seen(world, filed).state is State.OFFER_MADE


def test_two_who_take_at_once_have_one_winner(world: "World") -> None:
    filed = world.tell()
    seen = _seen(world, filed).version
    outcomes: list[str] = []
    gate = threading.Barrier(4)

    def try_it(who: str) -> None:
        gate.wait()
        try:
            _take(world, filed, who, seen)
            outcomes.append("won")
        except (Conflict, WrongState) as refusal:
            outcomes.append(type(refusal).__name__)

    people = ["agent@poste", "agent2@poste", "supervisor@poste", "agent@poste"]
    _together([lambda who=who: try_it(who) for who in people])
    assert sorted(outcomes) == ["Conflict", "Conflict", "Conflict", "won"]
    with world.database.reading() as session:
        acks = session.scalar(select(func.count()).where(EventRow.kind == "acknowledged"))
    assert acks == 1


def _together(tries: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_foreign_case_cannot_be_moved_and_does_not_exist(world: "World") -> None:
    filed = world.tell("poste")
    with pytest.raises(NotVisible):
        _do(world, "agent@banque", filed, Action.ASK, question="?")


def test_letters_are_written_in_the_same_transaction(world: "World") -> None:
    filed = world.tell()
    with pytest.raises(GuardFailed):
        _do(world, "agent@poste", filed, Action.OFFER, **{**OFFER, "currency": "ZZZ"})
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).where(Letter.account_id.is_(None))) == 1
    _take(world, filed)
    with world.database.reading() as session:
        own = select(Letter.kind, Letter.data).where(Letter.account_id.is_(None))
        letters = session.execute(own.order_by(Letter.id)).all()
    assert [one.kind for one in letters] == ["received", "acknowledged"]
    assert "Good morning" not in str(letters)


def test_rulings_are_added_and_never_overwritten(world: "World") -> None:
    filed = world.tell()
    for themes in ({Theme.CONTEMPT}, {Theme.BURDEN_SHIFTED, Theme.CONTEMPT}, {Theme.BURDEN_SHIFTED}):
        hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, datetime.now(UTC))
        with world.database.writing() as session:
            moves.rule_themes(session, world.app.extensions["workbench"], hand, frozenset(themes), "r1")
    with world.database.reading() as session:
        rulings = [(one.theme, one.verdict) for one in session.scalars(select(ThemeRuling).order_by(ThemeRuling.id))]
        told = figures.read(session, [world.organisations["poste"]], ["theme", "ruled"])
    assert rulings == [
        ("contempt", "added"), ("contempt", "confirmed"), ("burden_shifted", "added"),
        ("burden_shifted", "confirmed"), ("contempt", "rejected"),
    ]  # fmt: skip
    assert _seen(world, filed).themes == {Theme.BURDEN_SHIFTED: "confirmed"}
    assert {key: many for (_, key), many in told["theme"].items() if many} == {"burden_shifted": 1}
    assert sum(told["ruled"].values()) == 1


def test_saying_whether_it_is_solved_moves_nothing_and_the_latest_word_counts(world: "World") -> None:
    filed = world.tell()
    before = _seen(world, filed).state
    for solved in ("no", "partly", "yes"):
        hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        with world.database.writing() as session:
            moves.say_solved(session, world.app.extensions["workbench"], hand, solved)
    with world.database.reading() as session:
        told = figures.read(session, [world.organisations["poste"]], ["solved"])["solved"]
    assert {key: many for (_, key), many in told.items() if many} == {"yes": 1}
    assert _seen(world, filed).state is before


def test_values_outside_one_to_five_are_refused(small_world: "World") -> None:
    filed = small_world.tell()
    for number in (0, 6, -1):
        hand = moves.Hand(small_world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        with small_world.database.writing() as session, pytest.raises(GuardFailed):
            moves.say_values(session, small_world.app.extensions["workbench"], hand, {Value.PRICE: number})


def test_a_case_that_moved_behind_the_ledgers_back_is_not_overwritten(small_world: "World") -> None:
    filed = small_world.tell()
    columns = table(Case)
    hand = moves.Hand(small_world.visitor("agent@poste"), As.STAFF, filed.reference, datetime.now(UTC))
    with small_world.database.writing() as session:
        ledger, actor = moves.take_up(session, hand)
        session.execute(update(columns).where(columns.c.id == filed.case_id).values(version=columns.c.version + 1))
        moves.act(ledger, Action.ASSIGN, actor, NOW, {"owner": actor.id})
        with pytest.raises(Conflict):
            moves.put_down(session, small_world.app.extensions["workbench"], ledger, hand)
