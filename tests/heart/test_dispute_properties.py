"""Whatever people try in whatever order, a dispute stays one that makes sense."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cx.core.dispute import MOVES, Actor, Dispute, Event, allowed, decide, evolve, fold, happened
from cx.core.refusals import GuardFailed, NotAllowed, Refusal, WrongState
from cx.core.words import ENDED_STATES, Action, Role, State
from tests.heart.rehearsal import (
    AGENT,
    CUSTOMER,
    EVERYBODY,
    NEUTRAL,
    OTHER_AGENT,
    SOUND,
    START,
    SUPERVISOR,
    TIMER,
    attempt,
    journal,
    standing,
)

_junk = some.one_of(
    some.none(), some.booleans(), some.integers(), some.text(max_size=5), some.lists(some.text(), max_size=1)
)
_keys = sorted({key for facts in SOUND.values() for key in facts} | {"today", "signatory", "owner", "about", "outcome"})
_tries = some.tuples(
    some.integers(0, 400),
    some.sampled_from((CUSTOMER, AGENT, OTHER_AGENT, SUPERVISOR, NEUTRAL, TIMER)),
    some.sampled_from((0.5, 3.0, 20.0)),
    some.one_of(some.just({}), some.just({}), some.dictionaries(some.sampled_from(_keys), _junk, max_size=2)),
)
_EVERY = [standing(state) for state in State]
_MEDIATED = frozenset({State.IN_MEDIATION, State.MEDIATION_PROPOSED})


def _sense(dispute: Dispute) -> None:
    begun = dispute.state is not State.NONE
    assert begun == (dispute.sent_at is not None)
    assert begun == bool(dispute.points)
    assert (dispute.state in ENDED_STATES) == (dispute.ended_at is not None)
    assert dispute.state not in ENDED_STATES or dispute.outcome is not None
    assert dispute.questions <= 3
    if dispute.state is State.OFFER_MADE:
        assert dispute.offer is not None
    if dispute.state in (State.OFFER_MADE, State.FINAL_POSITION) and not dispute.opinion_accepted_by:
        assert dispute.first_decider is not None or dispute.had_final
    if dispute.state in (State.INVESTIGATING, State.CONTESTED):
        assert dispute.offer is None
        assert dispute.accepted_version is None
    if dispute.state is State.ACCEPTED:
        assert dispute.accepted_at is not None
        assert dispute.performance_due is not None
    if dispute.state is State.AWAITING_CUSTOMER:
        assert dispute.asked_at is not None
    assert dispute.opinion is None or not dispute.state.open or dispute.state in _MEDIATED


def _consented(event: Event, before: Dispute) -> None:
    if event.data.get("to") == State.ACCEPTED and event.data["row"] != "20a":
        assert event.role is Role.CUSTOMER or Role.CUSTOMER in before.opinion_accepted_by
    if event.data.get("to") in ENDED_STATES:
        assert event.role in (Role.CUSTOMER, Role.NEUTRAL)


def _chosen(dispute: Dispute, actor: Actor, at: datetime, number: int) -> Action:
    """Choose mostly what is on offer, so that stories get far; now and then anything."""
    offered = [move.action for move in MOVES if move.action in allowed(dispute, actor, at)]
    if offered and number < 350:
        return offered[number % len(offered)]
    return list(Action)[number % len(Action)]


@settings(max_examples=30, deadline=None)
@given(some.sampled_from(State), some.lists(_tries, min_size=5, max_size=30))
def test_a_random_story_stays_in_its_senses(start, tries) -> None:
    events = list(journal(start))
    dispute, day = fold(events), 40.0
    for number, actor, later, facts in tries:
        day += later
        act = attempt(_chosen(dispute, actor, START + timedelta(days=day), number), actor, day, **facts)
        try:
            event = decide(dispute, act)
        except Refusal:
            event = happened("reminded", TIMER, act.at)
        else:
            _consented(event, dispute)
        dispute = evolve(dispute, event)
        events.append(event)
        _sense(dispute)
        assert dispute.version == len(events)
    assert fold(events) == dispute


@settings(max_examples=30, deadline=None)
@given(some.sampled_from(Action), some.dictionaries(some.sampled_from(_keys), _junk, max_size=4), some.data())
def test_no_fact_breaks_a_rule(action, facts, data) -> None:
    dispute = data.draw(some.sampled_from(_EVERY))
    actor = data.draw(some.sampled_from(EVERYBODY))
    with suppress(NotAllowed, WrongState, GuardFailed):
        evolve(dispute, decide(dispute, attempt(action, actor, 1, **facts)))


def test_a_moving_event_without_a_target_is_no_event() -> None:
    with pytest.raises(KeyError):
        fold([Event("withdrawn", Role.CUSTOMER, "customer", START)])
