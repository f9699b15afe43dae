"""Every row of the table does what it says, and refuses what it must."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from cx.core.dispute import MOVES, RECORDED, Actor, Dispute, decide, evolve, happened
from cx.core.journal import KINDS, MOVING
from cx.core.refusals import GuardFailed, NotAllowed, WrongState
from cx.core.words import Action, Role, State
from tests.heart.rehearsal import (
    ADMIN,
    AGENT,
    CUSTOMER,
    EVERYBODY,
    MANAGER,
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


@dataclass
class Trial:
    """A row tried: from `start` by `actor` on `day` it works; with `bad` facts the guard `guard` refuses `field`."""

    start: Dispute
    actor: Actor
    bad: dict[str, object]
    guard: str
    field: str | None
    day: float = 0
    facts: dict[str, object] = field(default_factory=dict)
    refused_from: Dispute | None = None
    refused_actor: Actor | None = None
    refused_day: float | None = None


def _proposed() -> Dispute:
    return step(standing(State.RECEIVED), Action.PROPOSE_REDIRECT, NEUTRAL)


def _final_with_offer() -> Dispute:
    offer = {"kind": "apology"}
    return step(standing(State.INVESTIGATING), Action.FINAL, SUPERVISOR, **offer)


def _mediation_without_final() -> Dispute:
    return step(standing(State.CONTESTED), Action.ESCALATE, CUSTOMER)


def _half_accepted() -> Dispute:
    return step(standing(State.MEDIATION_PROPOSED), Action.ACCEPT_OPINION, SUPERVISOR)


def _performed() -> Dispute:
    return step(standing(State.ACCEPTED), Action.PROPOSE_PERFORMED, AGENT)


def _by_letter() -> Dispute:
    noted = happened("answer_noted", CUSTOMER, START, on=START.date(), says="granted")
    return evolve(standing(State.RECEIVED), noted)


S = State
TRIALS: dict[str, Callable[[], Trial]] = {
    "1": lambda: Trial(standing(S.NONE), CUSTOMER, {"wish": "tell"}, "remedy_sought", "wish"),
    "2": lambda: Trial(standing(S.RECEIVED), AGENT, {"answer_by": None}, "answer_date_given", "answer_by"),
    "3a": lambda: Trial(standing(S.RECEIVED), NEUTRAL, {"target": None}, "target_named", "target"),
    "3": lambda: Trial(_proposed(), CUSTOMER, {"target": 8}, "target_agreed", "target"),
    "4": lambda: Trial(standing(S.ACKNOWLEDGED), AGENT, {"owner": ""}, "owner_set", "owner"),
    "5": lambda: Trial(standing(S.RECEIVED), AGENT, {"answer_by": "soon"}, "answer_date_given", "answer_by"),
    "6": lambda: Trial(standing(S.INVESTIGATING), AGENT, {"already_answered": True}, "question_needed", "question"),
    "7": lambda: Trial(standing(S.AWAITING_CUSTOMER), CUSTOMER, {}, "", None),
    "8": lambda: Trial(
        remind(standing(S.AWAITING_CUSTOMER), 5, 10), AGENT, {}, "waited_for_answer", None, 14, refused_day=13
    ),
    "9": lambda: Trial(standing(S.INVESTIGATING), AGENT, {"points": {"1": "upheld"}}, "points_answered", "points"),
    "10": lambda: Trial(standing(S.OFFER_MADE), CUSTOMER, {"version": 2}, "version_named", "version"),
    "11": lambda: Trial(standing(S.OFFER_MADE), CUSTOMER, {}, "", None),
    "12": lambda: Trial(standing(S.OFFER_MADE), AGENT, {"reason": " "}, "reason_or_new_offer", "reason"),
    "12b": lambda: Trial(standing(S.OFFER_MADE), TIMER, {}, "offer_expired", None, 310, refused_day=305),
    "13": lambda: Trial(standing(S.CONTESTED), OTHER_AGENT, {}, "second_look", None, refused_actor=AGENT),
    "14": lambda: Trial(standing(S.INVESTIGATING), SUPERVISOR, {"next_body": "pub"}, "next_body_named", "next_body"),
    "15": lambda: Trial(
        _final_with_offer(), CUSTOMER, {}, "offer_in_force", "version", refused_from=standing(S.FINAL_POSITION)
    ),
    "16": lambda: Trial(
        standing(S.FINAL_POSITION), CUSTOMER, {}, "escalation_open", None, refused_from=standing(S.RECEIVED)
    ),
    "17": lambda: Trial(standing(S.IN_MEDIATION), NEUTRAL, {"document": None}, "opinion_attached", "document"),
    "17b": lambda: Trial(standing(S.IN_MEDIATION), CUSTOMER, {"document": None}, "document_attached", "document"),
    "17c": lambda: Trial(_mediation_without_final(), NEUTRAL, {"reason": "tired"}, "ending_known", "reason"),
    "18": lambda: Trial(_half_accepted(), CUSTOMER, {}, "not_yet_accepted", None, refused_actor=SUPERVISOR),
    "18a": lambda: Trial(
        standing(S.MEDIATION_PROPOSED), SUPERVISOR, {"signatory": "The team"}, "named_person", "signatory"
    ),
    "19": lambda: Trial(
        standing(S.MEDIATION_PROPOSED), SUPERVISOR, {"reason": None}, "reason_from_organisation", "reason"
    ),
    "20a": lambda: Trial(standing(S.ACCEPTED), AGENT, {"signatory": "Service clients"}, "named_person", "signatory"),
    "20": lambda: Trial(standing(S.ACCEPTED), CUSTOMER, {}, "", None),
    "20b": lambda: Trial(_performed(), NEUTRAL, {}, "proven_and_unopposed", None, 30, refused_day=29),
    "21": lambda: Trial(standing(S.ACCEPTED), CUSTOMER, {}, "performance_due", None, 500, refused_day=30),
    "22": lambda: Trial(standing(S.FINAL_POSITION), CUSTOMER, {"satisfied": None}, "satisfied_or_not", "satisfied"),
    "22a": lambda: Trial(_by_letter(), CUSTOMER, {"satisfied": None}, "satisfied_or_not", "satisfied"),
    "23": lambda: Trial(standing(S.IN_MEDIATION), CUSTOMER, {"confirmed": "no"}, "confirmed_twice", "confirmed"),
    "24": lambda: Trial(
        remind(standing(S.AWAITING_CUSTOMER), 5, 10), NEUTRAL, {}, "reminded_in_vain", None, 40, refused_day=39
    ),
    "25": lambda: Trial(
        standing(S.CLOSED), CUSTOMER, {}, "reopen_window", "new_facts", 60, {"new_facts": None}, refused_day=61
    ),
    "25n": lambda: Trial(standing(S.LAPSED), NEUTRAL, {"new_facts": None}, "new_evidence", "new_facts", 900),
    "25s": lambda: Trial(
        standing(S.WITHDRAWN), SUPERVISOR, {"in_customers_favour": None}, "in_customers_favour", "in_customers_favour"
    ),
}


def test_every_row_is_tried() -> None:
    assert set(TRIALS) == {move.no for move in MOVES}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.no)
def test_a_row_leads_where_it_says(move) -> None:
    trial = TRIALS[move.no]()
    event = decide(trial.start, attempt(move.action, trial.actor, trial.day, **trial.facts))
    after = evolve(trial.start, event)
    assert (event.data["row"], event.kind, event.role) == (move.no, KINDS[move.action], trial.actor.role)
    assert after.state is move.target
    assert after.version == trial.start.version + 1


@pytest.mark.parametrize("move", [m for m in MOVES if TRIALS[m.no]().guard], ids=lambda move: move.no)
def test_a_row_refuses_by_its_guard(move) -> None:
    trial = TRIALS[move.no]()
    day = trial.day if trial.refused_day is None else trial.refused_day
    act = attempt(move.action, trial.refused_actor or trial.actor, day, **{**trial.facts, **trial.bad})
    with pytest.raises(GuardFailed) as refusal:
        decide(trial.refused_from or trial.start, act)
    assert (refusal.value.guard, refusal.value.field) == (trial.guard, trial.field)


def test_an_act_is_refused_to_other_roles_and_from_other_states() -> None:
    for action in {move.action for move in MOVES}:
        rows = [move for move in MOVES if move.action is action]
        for actor in EVERYBODY:
            sources = {source for row in rows if actor.role in row.roles for source in row.sources}
            for state in set(State) - sources:
                with pytest.raises(WrongState if sources else NotAllowed):
                    decide(standing(state), attempt(action, actor))


def test_a_record_moves_nothing() -> None:
    for record in RECORDED:
        for state in record.states:
            for actor in (person for person in EVERYBODY if person.role in record.roles):
                event = decide(standing(state), attempt(record.action, actor))
                assert event.kind not in MOVING
                assert evolve(standing(state), event).state is state


def test_a_record_has_its_guards() -> None:
    open_case = standing(State.INVESTIGATING)
    for action, actor, facts, guard in (
        (Action.ASSIGN, AGENT, {"owner": " "}, "assignee_fit"),
        (Action.SHELVE, AGENT, {"back_on": "2020-01-01"}, "back_later"),
        (Action.RULE_THEMES, AGENT, {"added": ["boredom"]}, "themes_known"),
        (Action.SAY_SOLVED, CUSTOMER, {"solved": ["yes"]}, "solved_answered"),
        (Action.SAY_OF_READING, CUSTOMER, {"wrong": [], "missing": False}, "reading_judged"),
        (Action.SAY_OF_READING, CUSTOMER, {"right": ["contempt"]}, "reading_judged"),
        (Action.SAY_OF_READING, CUSTOMER, {"wrong": ["boredom"]}, "reading_judged"),
        (Action.RULE_READING, NEUTRAL, {"text": " "}, "text_given"),
        (Action.WRITE, AGENT, {"signatory": "No-reply"}, "named_person"),
        (Action.WRITE, AGENT, {"drafted_by_software": True, "approved_text": "Bonjour"}, "exact_text_approved"),
    ):
        with pytest.raises(GuardFailed) as refusal:
            decide(open_case, attempt(action, actor, **facts))
        assert refusal.value.guard == guard
    with pytest.raises(WrongState):
        decide(standing(State.CLOSED), attempt(Action.SHELVE, AGENT))


def test_managers_and_admins_do_nothing_to_a_dispute() -> None:
    for actor in (MANAGER, ADMIN):
        for action in Action:
            with pytest.raises(NotAllowed):
                decide(standing(State.INVESTIGATING), attempt(action, actor))


def test_every_action_has_a_kind_of_its_own() -> None:
    assert set(KINDS) == set(Action)
    assert len(set(KINDS.values())) == len(Action)
    assert {KINDS[move.action] for move in MOVES} == MOVING
    assert Role.TIMER not in {role for record in RECORDED for role in record.roles}
