"""What pages ask of the rules: the acts on offer, the way to an act, what follows it, what rests."""

from datetime import date, timedelta

import pytest

from cx.core.dispute import Act, allowed, decide, evolve, follows, happened, path, resting
from cx.core.refusals import GuardFailed, NotAllowed, WrongState
from cx.core.words import Action, Role, State
from tests.heart.rehearsal import (
    ADMIN,
    AGENT,
    CUSTOMER,
    EVERYBODY,
    NEUTRAL,
    OTHER_AGENT,
    START,
    SUPERVISOR,
    TIMER,
    attempt,
    remind,
    standing,
    step,
)

A = Action


@pytest.mark.parametrize(
    ("state", "action", "role", "way"),
    [
        (State.RECEIVED, A.ASK, Role.AGENT, (A.START, A.ASK)),
        (State.RECEIVED, A.FINAL, Role.SUPERVISOR, (A.START, A.FINAL)),
        (State.ACKNOWLEDGED, A.OFFER, Role.AGENT, (A.START, A.OFFER)),
        (State.CONTESTED, A.OFFER, Role.AGENT, (A.REVIEW, A.OFFER)),
        (State.CONTESTED, A.FINAL, Role.SUPERVISOR, (A.FINAL,)),
        (State.OFFER_MADE, A.OFFER, Role.AGENT, (A.IMPROVE, A.OFFER)),
        (State.INVESTIGATING, A.ASK, Role.AGENT, (A.ASK,)),
        (State.CLOSED, A.WRITE, Role.AGENT, (A.WRITE,)),
        (State.NONE, A.SEND, Role.CUSTOMER, (A.SEND,)),
    ],
)
def test_the_way_to_an_act(state, action, role, way) -> None:
    assert path(standing(state), action, role) == way


@pytest.mark.parametrize("way", [(State.RECEIVED, A.ASK), (State.ACKNOWLEDGED, A.OFFER), (State.OFFER_MADE, A.OFFER)])
def test_the_way_can_be_walked(way) -> None:
    state, action = way
    case = standing(state)
    for between in path(case, action, AGENT.role):
        case = step(case, between, AGENT)
    assert case.state in (State.AWAITING_CUSTOMER, State.OFFER_MADE)


def test_an_unanswered_question_is_passed_over_only_after_the_waiting() -> None:
    asked = remind(standing(State.AWAITING_CUSTOMER), 5, 10)
    late = START + timedelta(days=14)
    assert path(asked, A.OFFER, Role.AGENT, late) == (A.PROCEED, A.OFFER)
    for at in (None, START):
        with pytest.raises(WrongState):
            path(asked, A.OFFER, Role.AGENT, at)


@pytest.mark.parametrize(
    ("state", "action", "role", "refusal"),
    [
        (State.OFFER_MADE, A.ASK, Role.AGENT, WrongState),
        (State.NONE, A.OFFER, Role.AGENT, WrongState),
        (State.RECEIVED, A.PROPOSE_PERFORMED, Role.AGENT, WrongState),
        (State.CLOSED, A.OFFER, Role.SUPERVISOR, WrongState),
        (State.RECEIVED, A.FINAL, Role.AGENT, NotAllowed),
        (State.RECEIVED, A.OFFER, Role.CUSTOMER, NotAllowed),
    ],
)
def test_there_is_not_always_a_way(state, action, role, refusal) -> None:
    with pytest.raises(refusal):
        path(standing(state), action, role)


@pytest.mark.parametrize("kind", ["apology", "explanation", "refund", "data_corrected"])
def test_accepting_an_offer_with_nothing_left_to_do_ends_the_dispute(kind) -> None:
    money = {} if kind == "refund" else {"amount_minor": None}
    offered = step(standing(State.INVESTIGATING), A.OFFER, AGENT, kind=kind, **money)
    event = decide(offered, attempt(A.ACCEPT, CUSTOMER))
    accepted = evolve(offered, event)
    if kind in ("refund", "data_corrected"):
        assert follows(event, accepted) == ()
    else:
        assert follows(event, accepted) == (A.PERFORMED,)
        assert step(accepted, A.PERFORMED, CUSTOMER).state is State.CLOSED


def test_nothing_follows_the_acts_of_staff() -> None:
    case = step(standing(State.IN_MEDIATION), A.RECORD_OPINION, NEUTRAL, kind="apology", amount_minor=None)
    event = decide(case, attempt(A.ACCEPT_OPINION, CUSTOMER))
    half = evolve(case, event)
    assert follows(event, half) == ()
    event = decide(half, attempt(A.ACCEPT_OPINION, SUPERVISOR))
    assert follows(event, evolve(half, event)) == ()


def test_what_is_on_offer() -> None:
    assert allowed(standing(State.NONE), CUSTOMER, START) == (
        A.SEND, A.WRITE, A.RULE_THEMES, A.SAY_SOLVED, A.SAY_OF_READING,
    )  # fmt: skip
    assert allowed(standing(State.NONE), AGENT, START) == (
        A.ASSIGN, A.NOTE, A.WRITE, A.LOG_CALL, A.SHELVE, A.RULE_THEMES, A.RULE_READING,
    )  # fmt: skip
    offer = standing(State.OFFER_MADE)
    assert {A.ACCEPT, A.CONTEST, A.WITHDRAW} <= set(allowed(offer, CUSTOMER, START))
    assert A.ESCALATE not in allowed(offer, CUSTOMER, START)
    late = START + timedelta(days=400)
    assert A.ACCEPT not in allowed(offer, CUSTOMER, late)
    assert A.ESCALATE in allowed(offer, CUSTOMER, late)
    assert allowed(offer, TIMER, START) == ()
    assert allowed(offer, TIMER, late) == (A.EXPIRE_OFFER,)
    contested = standing(State.CONTESTED)
    assert A.REVIEW in allowed(contested, OTHER_AGENT, START)
    assert A.REVIEW not in allowed(contested, AGENT, START)
    assert A.ACCEPT not in allowed(standing(State.FINAL_POSITION), CUSTOMER, START)
    assert allowed(contested, ADMIN, START) == ()


def test_what_is_not_on_offer_is_refused_even_with_sound_facts() -> None:
    for state in State:
        for actor in EVERYBODY:
            offered = allowed(standing(state), actor, START)
            assert len(set(offered)) == len(offered)
            for action in set(Action) - set(offered):
                with pytest.raises((NotAllowed, WrongState, GuardFailed)):
                    decide(standing(state), attempt(action, actor))


@pytest.mark.parametrize("state", [State.OFFER_MADE, State.FINAL_POSITION])
def test_an_answer_rests_after_fourteen_silent_days(state) -> None:
    case, at = standing(state), START + timedelta(days=14)
    assert resting(case, at, None)
    assert resting(case, at, at.date() + timedelta(days=1))
    assert not resting(case, at - timedelta(seconds=1), None)
    assert not resting(case, at, at.date())
    spoken = step(case, A.WRITE, CUSTOMER, 3)
    assert not resting(spoken, at, None)
    answered = step(spoken, A.WRITE, AGENT, 4)
    assert not resting(answered, at, None)
    assert resting(answered, at + timedelta(days=4), None)
    opened = evolve(case, happened("link_opened", CUSTOMER, START + timedelta(days=3)))
    assert resting(remind(opened, 7), at, None)


def test_only_a_claimed_performance_rests() -> None:
    accepted, late = standing(State.ACCEPTED), START + timedelta(days=20)
    assert not resting(step(accepted, A.WRITE, AGENT), late, None)
    assert resting(step(accepted, A.PROPOSE_PERFORMED, AGENT), late, None)
    assert not resting(standing(State.AWAITING_CUSTOMER), late, None)
    assert not resting(step(standing(State.RECEIVED), A.WRITE, AGENT), late, None)


def test_a_shelved_case_comes_back_with_a_word_of_the_customer() -> None:
    shelved = step(standing(State.INVESTIGATING), A.SHELVE, AGENT)
    assert shelved.shelved_until == date(2028, 1, 1)
    assert step(shelved, A.NOTE, AGENT).shelved_until == date(2028, 1, 1)
    assert step(shelved, A.WRITE, CUSTOMER).shelved_until is None


def test_the_local_day_may_come_with_the_act() -> None:
    offer = standing(State.OFFER_MADE)
    late = START.replace(year=2027, month=1, day=2, hour=1)
    act = Act(A.ACCEPT, CUSTOMER, late, {"version": 1, "today": date(2027, 1, 1)})
    assert evolve(offer, decide(offer, act)).state is State.ACCEPTED
