"""The table of moves of a dispute, row by row, and the acts that move nothing. Source: `docs/dispute.md`.

Rows of one action from one state are tried in order; what tells them apart stands last among their guards.
"""

from dataclasses import dataclass

from cx.core import form_guards as form
from cx.core import standing_guards as standing
from cx.core.standing_guards import Guard
from cx.core.words import ENDED_STATES, OPEN_STATES, Action, Role, State

C, A, S, N, T = Role.CUSTOMER, Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL, Role.TIMER
IN_MEDIATION = frozenset({State.IN_MEDIATION, State.MEDIATION_PROPOSED})
# A point that is added here is still answered: the next answer of the organisation must answer every point.
ANSWER_TO_COME = OPEN_STATES - IN_MEDIATION - {State.ACCEPTED, State.FINAL_POSITION}
DECIDABLE = frozenset({State.CONTESTED, State.INVESTIGATING, State.OFFER_MADE})


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `action` by one of `roles` leads from any of `sources` to `target` when every guard lets it pass."""

    no: str
    sources: frozenset[State]
    target: State
    action: Action
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """An act that is written in the journal and leaves the state as it is."""

    action: Action
    roles: frozenset[Role]
    states: frozenset[State]
    guards: tuple[Guard, ...] = ()


def _row(
    no: str, sources: State | frozenset[State], target: State, action: Action, roles: set[Role], *guards: Guard
) -> Move:
    return Move(no, frozenset({sources} if isinstance(sources, State) else sources), target, action,
                frozenset(roles), guards)  # fmt: skip


_signed = (form.named_person, form.exact_text_approved)
_acknowledging = (*_signed, form.owner_set, form.answer_date_given)
_deciding = (standing.not_about_oneself, *_signed, form.points_answered, form.reasons_given)
_accepting = (standing.offer_in_force, form.version_named, form.voucher_chosen)

# fmt: off
MOVES: tuple[Move, ...] = (
    _row("1", State.NONE, State.RECEIVED, Action.SEND, {C},
         form.text_given, form.remedy_sought, form.consent_given, form.sent_not_in_future, form.points_counted),
    _row("2", State.RECEIVED, State.ACKNOWLEDGED, Action.ACKNOWLEDGE, {A, S}, *_acknowledging),
    _row("3a", State.RECEIVED, State.RECEIVED, Action.PROPOSE_REDIRECT, {A, S, N},
         standing.not_about_oneself, form.named_person, form.target_named, form.reason_given),
    _row("3", State.RECEIVED, State.REDIRECTED, Action.REDIRECT, {C},
         standing.redirect_proposed, form.target_agreed),
    _row("4", State.ACKNOWLEDGED, State.INVESTIGATING, Action.START, {A, S}, form.owner_set),
    _row("5", State.RECEIVED, State.INVESTIGATING, Action.START, {A, S}, *_acknowledging),
    _row("6", State.INVESTIGATING, State.AWAITING_CUSTOMER, Action.ASK, {A, S},
         *_signed, standing.questions_left, form.question_needed),
    _row("7", State.AWAITING_CUSTOMER, State.INVESTIGATING, Action.ANSWER, {C}),
    _row("8", State.AWAITING_CUSTOMER, State.INVESTIGATING, Action.PROCEED, {A, S}, standing.waited_for_answer),
    _row("9", State.INVESTIGATING, State.OFFER_MADE, Action.OFFER, {A, S},
         standing.second_look, *_deciding, form.offer_kind_known, form.offer_sound, form.within_limit),
    _row("10", State.OFFER_MADE, State.ACCEPTED, Action.ACCEPT, {C}, *_accepting),
    _row("11", State.OFFER_MADE, State.CONTESTED, Action.CONTEST, {C}),
    _row("12", State.OFFER_MADE, State.INVESTIGATING, Action.IMPROVE, {A, S},
         standing.not_about_oneself, form.named_person, form.reason_or_new_offer),
    _row("12b", State.OFFER_MADE, State.INVESTIGATING, Action.EXPIRE_OFFER, {T}, standing.offer_expired),
    _row("13", State.CONTESTED, State.INVESTIGATING, Action.REVIEW, {A, S},
         standing.second_look, standing.not_about_oneself),
    _row("14", DECIDABLE, State.FINAL_POSITION, Action.FINAL, {S},
         standing.second_look, *_deciding, form.next_body_named, form.next_deadline_named, form.next_cost_named,
         form.offer_sound, form.within_limit),
    _row("15", State.FINAL_POSITION, State.ACCEPTED, Action.ACCEPT, {C}, *_accepting),
    _row("16", OPEN_STATES - IN_MEDIATION, State.IN_MEDIATION, Action.ESCALATE, {C, N},
         standing.escalation_open, form.named_person, form.next_body_known),
    _row("17", State.IN_MEDIATION, State.MEDIATION_PROPOSED, Action.RECORD_OPINION, {C, N},
         form.named_person, form.opinion_attached, form.offer_sound),
    _row("17b", State.IN_MEDIATION, State.FINAL_POSITION, Action.MEDIATION_ENDED, {C, N},
         form.named_person, form.document_attached, form.ending_known, standing.had_final),
    _row("17c", State.IN_MEDIATION, State.INVESTIGATING, Action.MEDIATION_ENDED, {C, N},
         form.named_person, form.document_attached, form.ending_known, standing.had_no_final),
    _row("18", State.MEDIATION_PROPOSED, State.ACCEPTED, Action.ACCEPT_OPINION, {C, S},
         standing.not_about_oneself, form.named_person, standing.other_party_accepted),
    _row("18a", State.MEDIATION_PROPOSED, State.MEDIATION_PROPOSED, Action.ACCEPT_OPINION, {C, S},
         standing.not_about_oneself, form.named_person, standing.not_yet_accepted),
    _row("19", State.MEDIATION_PROPOSED, State.FINAL_POSITION, Action.REFUSE_OPINION, {C, S},
         standing.not_about_oneself, form.named_person, form.reason_from_organisation),
    _row("20a", State.ACCEPTED, State.ACCEPTED, Action.PROPOSE_PERFORMED, {A, S}, form.named_person),
    _row("20", State.ACCEPTED, State.CLOSED, Action.PERFORMED, {C}),
    _row("20b", State.ACCEPTED, State.CLOSED, Action.CLOSE, {N},
         standing.not_about_oneself, form.named_person, form.function_named, standing.proven_and_unopposed),
    _row("21", State.ACCEPTED, State.INVESTIGATING, Action.NOT_PERFORMED, {C}, standing.performance_due),
    _row("22", State.FINAL_POSITION, State.CLOSED, Action.CLOSE, {C},
         form.satisfied_or_not, form.outcome_known),
    _row("22a", State.RECEIVED, State.CLOSED, Action.CLOSE, {C},
         standing.answered_by_letter, form.satisfied_or_not, form.outcome_known),
    _row("23", OPEN_STATES, State.WITHDRAWN, Action.WITHDRAW, {C}, form.confirmed_twice),
    _row("24", frozenset({State.FINAL_POSITION, State.AWAITING_CUSTOMER}), State.LAPSED, Action.LAPSE, {N},
         standing.not_about_oneself, form.named_person, form.function_named, standing.reminded_in_vain,
         form.recourses_passed),
    _row("25", ENDED_STATES, State.INVESTIGATING, Action.REOPEN, {C}, form.reopen_window),
    _row("25n", ENDED_STATES, State.INVESTIGATING, Action.REOPEN, {N}, form.named_person, form.new_evidence),
    _row("25s", ENDED_STATES, State.INVESTIGATING, Action.REOPEN, {S},
         form.named_person, form.in_customers_favour, form.reopen_window),
)

_EVERYWHERE = frozenset(State)
_RUNNING = OPEN_STATES | {State.NONE}

# An incident (`State.NONE`) may be answered, noted and given to somebody; nothing here starts a clock.
RECORDED: tuple[Record, ...] = (
    Record(Action.ASSIGN, frozenset({A, S}), _EVERYWHERE, (form.assignee_fit,)),
    Record(Action.NOTE, frozenset({A, S, N}), _EVERYWHERE),
    Record(Action.WRITE, frozenset({C}), _EVERYWHERE),
    Record(Action.WRITE, frozenset({A, S, N}), _EVERYWHERE, _signed),
    Record(Action.LOG_CALL, frozenset({A, S, N}), _EVERYWHERE, (form.named_person,)),
    Record(Action.SHELVE, frozenset({A, S}), _RUNNING, (form.back_later,)),
    Record(Action.RULE_THEMES, frozenset({C, A, S, N}), _EVERYWHERE, (form.themes_known,)),
    Record(Action.SAY_SOLVED, frozenset({C}), _EVERYWHERE, (form.solved_answered,)),
    Record(
        Action.ADD_POINT, frozenset({C, A, S}), ANSWER_TO_COME,
        (form.named_person, form.text_given, standing.room_for_point),
    ),
    Record(Action.SAY_OF_READING, frozenset({C}), _EVERYWHERE, (form.reading_judged,)),
    Record(Action.RULE_READING, frozenset({A, S, N}), _EVERYWHERE, (*_signed, form.text_given)),
)
# fmt: on
