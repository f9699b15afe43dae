"""The invariants of the dispute, by search of the whole table and by example."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cx.core.dispute import MOVES, Actor, Dispute, decide, evolve
from cx.core.refusals import GuardFailed, NotAllowed
from cx.core.words import ENDED_STATES, OPEN_STATES, Action, Role, State
from tests.heart.rehearsal import (
    AGENT,
    CUSTOMER,
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


def _reached(start: State, roles: set[Role]) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        state = todo.pop()
        for move in MOVES:
            if state in move.sources and move.roles & roles and move.target not in seen:
                seen.add(move.target)
                todo.append(move.target)
    return seen


def _refused(dispute: Dispute, action: Action, actor: Actor, day: float = 0, **facts: object) -> str:
    with pytest.raises(GuardFailed) as refusal:
        decide(dispute, attempt(action, actor, day, **facts))
    return refusal.value.guard


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_the_organisation_and_the_clock_never_end_a_dispute(state) -> None:
    assert not _reached(state, {Role.AGENT, Role.SUPERVISOR, Role.TIMER}) & ENDED_STATES


def test_only_customer_and_neutral_end_and_the_customer_alone_accepts() -> None:
    for move in MOVES:
        if move.target in ENDED_STATES:
            assert move.roles <= {Role.CUSTOMER, Role.NEUTRAL}
        if move.action in (Action.ACCEPT, Action.CONTEST, Action.WITHDRAW, Action.REDIRECT):
            assert move.roles == {Role.CUSTOMER}


def test_every_state_is_reached_and_none_is_a_trap() -> None:
    assert _reached(State.NONE, set(Role)) == set(State)
    for state in OPEN_STATES:
        assert _reached(state, {Role.CUSTOMER}) & ENDED_STATES
    for state in ENDED_STATES:
        assert State.INVESTIGATING in _reached(state, {Role.CUSTOMER})
    assert _reached(State.NONE, set(Role) - {Role.CUSTOMER}) == {State.NONE}


def test_the_customer_escalates_from_eight_of_ten_open_states() -> None:
    assert len(OPEN_STATES) == 10
    for state in OPEN_STATES - {State.IN_MEDIATION, State.MEDIATION_PROPOSED}:
        assert step(standing(state), Action.ESCALATE, CUSTOMER, 60).state is State.IN_MEDIATION
    sources = {source for move in MOVES if move.action is Action.ESCALATE for source in move.sources}
    assert len(sources) == 8


@pytest.mark.parametrize("name", ["", "Nadia", "Service clients", "L’équipe Alizane", "no-reply", "Customer Care",
                                  "Support Team", "Bot Nadia", "Mme Ferrand", "M. Ferrand", "nadia@alizane.fr"])  # fmt: skip
def test_a_closing_names_a_natural_person(name) -> None:
    performed = step(standing(State.ACCEPTED), Action.PROPOSE_PERFORMED, AGENT)
    nobody = replace(NEUTRAL, name=name)
    assert _refused(performed, Action.CLOSE, nobody, 40) == "named_person"
    if name:
        assert step(performed, Action.CLOSE, nobody, 40, pseudonym_registered=True).state is State.CLOSED


@pytest.mark.parametrize("name", ["Hélène Varga", "N. Ferrand", "Jean-Noël d’Aubigné", "Mme Claire Okafor", "李 明"])
def test_people_have_all_sorts_of_names(name) -> None:
    assert step(standing(State.RECEIVED), Action.ACKNOWLEDGE, replace(AGENT, name=name)).state is State.ACKNOWLEDGED


def test_a_closing_names_a_function() -> None:
    performed = step(standing(State.ACCEPTED), Action.PROPOSE_PERFORMED, AGENT)
    assert _refused(performed, Action.CLOSE, replace(NEUTRAL, function=" "), 40) == "function_named"


def test_silence_is_never_consent() -> None:
    assert {move.no for move in MOVES if Role.TIMER in move.roles} == {"12b"}
    expired = step(standing(State.OFFER_MADE), Action.EXPIRE_OFFER, TIMER, 310)
    assert (expired.state, expired.offer, expired.accepted_version) == (State.INVESTIGATING, None, None)
    assert _refused(standing(State.OFFER_MADE), Action.ACCEPT, CUSTOMER, 310) == "offer_in_force"
    assert "12b" not in {move.no for move in MOVES if move.target is State.ACCEPTED}


@pytest.mark.parametrize(("days", "day", "works"), [(None, 60, True), (None, 61, False), (10, 30, True), (10, 31, False),
                                                    (365, 365, True), (999, 366, False)])  # fmt: skip
def test_reopening_is_open_for_the_days_set(days, day, works) -> None:
    closed = standing(State.CLOSED)
    facts = {"new_facts": None, "reopen_days": days}
    if works:
        again = step(closed, Action.REOPEN, CUSTOMER, day, **facts)
        assert (again.state, again.reopened, again.ended_at) == (State.INVESTIGATING, 1, None)
        assert (again.outcome, set(again.points)) == (closed.outcome, {None})
    else:
        assert _refused(closed, Action.REOPEN, CUSTOMER, day, **facts) == "reopen_window"


def test_unpaid_redress_new_facts_and_irregular_closures_reopen_for_ever() -> None:
    unpaid = step(standing(State.ACCEPTED), Action.WITHDRAW, CUSTOMER)
    assert unpaid.redress_unpaid
    assert step(unpaid, Action.REOPEN, CUSTOMER, 3000, new_facts=None).redress_unpaid
    paid = standing(State.CLOSED)
    assert not paid.redress_unpaid
    for fact in ("redress_unpaid", "closure_irregular", "new_facts"):
        assert step(paid, Action.REOPEN, CUSTOMER, 3000, **{"new_facts": None, fact: True}).state.open


def test_no_answer_without_every_point_and_reasons() -> None:
    case = standing(State.INVESTIGATING)
    for action, actor in ((Action.OFFER, AGENT), (Action.FINAL, SUPERVISOR)):
        assert _refused(case, action, actor, points={1: "upheld"}) == "points_answered"
        assert _refused(case, action, actor, points="all") == "points_answered"
        assert _refused(case, action, actor, points={"1": "upheld", "2" * 5000: "upheld"}) == "points_answered"
        assert _refused(case, action, actor, reasons="  ") == "reasons_given"
        assert _refused(case, action, actor, reasons={1: "Because."}) == "reasons_given"
        assert _refused(case, action, actor, reasons={}) == "reasons_given"
        assert step(case, action, actor, reasons={2: "Because."}).points == ("upheld", "refused")
    # A second decision answers what it changes; the rest stands.
    again = step(standing(State.OFFER_MADE), Action.FINAL, SUPERVISOR, points={2: "partly"}, reasons="We looked again.")
    assert again.points == ("upheld", "partly")


def test_software_sends_nothing_that_nobody_approved() -> None:
    case = standing(State.INVESTIGATING)
    drafted = {"drafted_by_software": True, "text": "Madame, …"}
    for action, actor in ((Action.ASK, AGENT), (Action.OFFER, AGENT), (Action.FINAL, SUPERVISOR)):
        assert _refused(case, action, actor, **drafted) == "exact_text_approved"
        assert _refused(case, action, actor, **drafted, approved_text="Madame, …?") == "exact_text_approved"
        assert decide(case, attempt(action, actor, **drafted, approved_text="Madame, …"))


def test_nobody_decides_about_himself_and_another_looks_again() -> None:
    case = step(standing(State.RECEIVED), Action.NOTE, OTHER_AGENT, about=[AGENT.id, SUPERVISOR.id])
    assert _refused(case, Action.PROPOSE_REDIRECT, AGENT) == "not_about_oneself"
    started = step(case, Action.START, AGENT)
    assert _refused(started, Action.OFFER, AGENT) == "not_about_oneself"
    assert _refused(started, Action.FINAL, SUPERVISOR) == "not_about_oneself"
    assert _refused(started, Action.ASSIGN, OTHER_AGENT, owner=AGENT.id) == "assignee_fit"
    offered = step(started, Action.OFFER, OTHER_AGENT)
    contested = step(offered, Action.CONTEST, CUSTOMER)
    assert _refused(contested, Action.REVIEW, OTHER_AGENT) == "second_look"
    by_supervisor = step(standing(State.INVESTIGATING), Action.OFFER, SUPERVISOR)
    assert _refused(step(by_supervisor, Action.CONTEST, CUSTOMER), Action.FINAL, SUPERVISOR) == "second_look"
    # Whoever looks again also decides anew; then the second look is over.
    reviewed = step(step(standing(State.CONTESTED), Action.REVIEW, OTHER_AGENT), Action.NOTE, AGENT)
    assert _refused(reviewed, Action.OFFER, AGENT) == "second_look"
    decided = step(reviewed, Action.OFFER, OTHER_AGENT)
    assert decide(step(decided, Action.IMPROVE, AGENT), attempt(Action.OFFER, AGENT))


def test_the_day_of_escalation_never_depends_on_the_organisation() -> None:
    case = step(standing(State.NONE), Action.SEND, CUSTOMER, escalation_opens_on=date(2026, 5, 2))
    acts = (
        (Action.ASSIGN, AGENT), (Action.START, AGENT), (Action.ASK, AGENT), (Action.ANSWER, CUSTOMER),
        (Action.OFFER, AGENT), (Action.IMPROVE, SUPERVISOR), (Action.OFFER, AGENT),
    )  # fmt: skip
    for action, actor in acts:
        case = step(case, action, actor, escalation_opens_on=date(2030, 1, 1))
        assert case.escalation_opens_on == date(2026, 5, 2)
    assert _refused(case, Action.ESCALATE, CUSTOMER, 60) == "escalation_open"
    assert step(case, Action.ESCALATE, CUSTOMER, 61).state is State.IN_MEDIATION
    assert _refused(Dispute(State.RECEIVED), Action.ESCALATE, CUSTOMER, 61) == "escalation_open"


def test_a_way_onward_that_opened_is_closed_by_nobody() -> None:
    offered = step(step(standing(State.RECEIVED), Action.START, AGENT), Action.OFFER, AGENT)
    assert _refused(offered, Action.ESCALATE, CUSTOMER) == "escalation_open"
    case = step(offered, Action.CONTEST, CUSTOMER)
    for action, actor in ((Action.REVIEW, OTHER_AGENT), (Action.ASK, OTHER_AGENT), (Action.ANSWER, CUSTOMER)):
        case = step(case, action, actor)
        assert step(case, Action.ESCALATE, CUSTOMER).state is State.IN_MEDIATION


def test_three_rounds_of_questions_and_no_more() -> None:
    case = standing(State.INVESTIGATING)
    for _ in range(3):
        case = step(step(case, Action.ASK, AGENT), Action.ANSWER, CUSTOMER)
    assert _refused(case, Action.ASK, AGENT) == "questions_left"


def test_proceeding_needs_both_reminders() -> None:
    asked = standing(State.AWAITING_CUSTOMER)
    assert _refused(remind(asked, 7), Action.PROCEED, AGENT, 20) == "waited_for_answer"


def test_a_lapse_needs_every_deadline_behind() -> None:
    final = remind(standing(State.FINAL_POSITION), 5, 10)
    assert _refused(final, Action.LAPSE, NEUTRAL, 50, last_recourse_deadline=None) == "recourses_passed"
    assert _refused(final, Action.LAPSE, NEUTRAL, 50, last_recourse_deadline=date(2027, 1, 1)) == "recourses_passed"
    assert _refused(standing(State.FINAL_POSITION), Action.LAPSE, NEUTRAL, 50) == "reminded_in_vain"


def test_both_parties_accept_an_opinion_or_one_refuses() -> None:
    opinion = standing(State.MEDIATION_PROPOSED)
    for first, second in ((CUSTOMER, SUPERVISOR), (SUPERVISOR, CUSTOMER)):
        half = step(opinion, Action.ACCEPT_OPINION, first)
        assert half.state is State.MEDIATION_PROPOSED
        agreed = step(half, Action.ACCEPT_OPINION, second)
        assert (agreed.state, agreed.accepted_version, agreed.offer) == (State.ACCEPTED, 1, opinion.opinion)
        refused = step(half, Action.REFUSE_OPINION, second)
        assert (refused.state, refused.opinion, refused.opinion_accepted_by) == (
            State.FINAL_POSITION,
            None,
            frozenset(),
        )
    assert step(opinion, Action.REFUSE_OPINION, CUSTOMER, reason=None).had_final


def test_an_opinion_without_an_offer_is_performed_too() -> None:
    case = step(standing(State.IN_MEDIATION), Action.RECORD_OPINION, CUSTOMER, kind=None)
    case = step(step(case, Action.ACCEPT_OPINION, CUSTOMER), Action.ACCEPT_OPINION, SUPERVISOR)
    assert (case.performance_due, case.accepted_version) == (START.date() + timedelta(days=14), None)
    assert step(case, Action.PERFORMED, CUSTOMER).outcome == "service_performed"


def test_an_objection_undoes_a_claimed_performance() -> None:
    claimed = step(standing(State.ACCEPTED), Action.PROPOSE_PERFORMED, AGENT)
    assert step(claimed, Action.NOT_PERFORMED, CUSTOMER, 1).state is State.INVESTIGATING
    assert _refused(step(claimed, Action.SAY_SOLVED, CUSTOMER, 2), Action.CLOSE, NEUTRAL, 40) == "proven_and_unopposed"
    agreed = step(claimed, Action.SAY_SOLVED, CUSTOMER, 2, solved="yes")
    assert step(agreed, Action.CLOSE, NEUTRAL, 40).outcome == "refund"
    unproven = step(standing(State.ACCEPTED), Action.PROPOSE_PERFORMED, AGENT, proof=None)
    assert _refused(unproven, Action.CLOSE, NEUTRAL, 40) == "proven_and_unopposed"


def test_the_neutral_cannot_close_a_last_word() -> None:
    assert step(standing(State.FINAL_POSITION), Action.CLOSE, CUSTOMER).outcome == "rejected_with_reasons"
    for said in ("apology", "refund"):
        assert step(standing(State.FINAL_POSITION), Action.CLOSE, CUSTOMER, outcome=said).outcome == said
    assert _refused(standing(State.FINAL_POSITION), Action.CLOSE, CUSTOMER, outcome="Mme G.") == "outcome_known"
    with pytest.raises(NotAllowed):
        decide(standing(State.ACCEPTED), attempt(Action.CLOSE, AGENT))


def test_a_redirection_takes_two_acts() -> None:
    assert _refused(standing(State.RECEIVED), Action.REDIRECT, CUSTOMER) == "redirect_proposed"
    assert standing(State.REDIRECTED).redirect_target == "7"
    begun = step(step(standing(State.RECEIVED), Action.PROPOSE_REDIRECT, AGENT), Action.START, AGENT)
    assert begun.redirect_target is None


def test_each_version_of_an_event_counts_once() -> None:
    case = standing(State.OFFER_MADE)
    assert case.version == 4
    assert evolve(case, decide(case, attempt(Action.NOTE, AGENT))).version == 5
