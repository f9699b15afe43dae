"""Standing guards: conditions judged from the dispute, the actor and the time alone, so a page can ask them first.

A guard takes the dispute and the act; None lets the act pass, a text names the form's field, an empty text belongs
to no field. The function's name is the name that a refusal carries. Rows and invariants: `docs/dispute.md`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from cx.core.acts import Act, Dispute
from cx.core.words import State

Guard: TypeAlias = Callable[[Dispute, Act], str | None]

MAX_QUESTIONS = 3
MOST_POINTS = 50
REMINDERS_NEEDED = 2
WAIT_FOR_ANSWER = timedelta(days=14)
WAIT_AFTER_LAST_REMINDER = timedelta(days=30)
WAIT_FOR_OBJECTION = timedelta(days=30)
# Where no clock of the law opens an escalation, the house does: nobody waits for ever on a silent organisation.
ESCALATION_AFTER = timedelta(days=60)


def needs(passed: object, field: str) -> str | None:
    """Make the answer of a guard: None when `passed` is truthy, else the field."""
    return None if passed else field


def not_about_oneself(dispute: Dispute, act: Act) -> str | None:
    """A person never decides on a complaint about himself (invariant 11)."""
    return needs(act.actor.id not in dispute.about, "")


def second_look(dispute: Dispute, act: Act) -> str | None:
    """What was contested is looked at, and decided anew, by somebody who has not decided on it before (row 13)."""
    contested = dispute.state is State.CONTESTED or dispute.looked_at_again
    return needs(not contested or act.actor.id not in dispute.deciders, "")


def questions_left(dispute: Dispute, _: Act) -> str | None:
    """At most three rounds of questions."""
    return needs(dispute.questions < MAX_QUESTIONS, "question")


def waited_for_answer(dispute: Dispute, act: Act) -> str | None:
    """Two reminders went out and fourteen days passed since the question."""
    waited = dispute.asked_at is not None and act.at - dispute.asked_at >= WAIT_FOR_ANSWER
    return needs(waited and dispute.reminders >= REMINDERS_NEEDED, "")


def room_for_point(dispute: Dispute, _: Act) -> str | None:
    """A demand has at most fifty points."""
    return needs(len(dispute.points) < MOST_POINTS, "text")


def offer_in_force(dispute: Dispute, act: Act) -> str | None:
    """There is an offer, and its last day has not passed."""
    return needs(dispute.offer is not None and dispute.offer.in_force(act.today), "version")


def offer_expired(dispute: Dispute, act: Act) -> str | None:
    """The last day of the offer has passed."""
    return needs(dispute.offer is not None and not dispute.offer.in_force(act.today), "")


def redirect_proposed(dispute: Dispute, _: Act) -> str | None:
    """Staff proposed a redirection."""
    return needs(dispute.redirect_target, "target")


def escalation_open(dispute: Dispute, act: Act) -> str | None:
    """After a last word or a contest at once; before, once the day given by the clocks has come (invariant 17).

    Whoever contested an answer keeps the way: a second look that begins does not close it again.
    """
    if dispute.state is State.FINAL_POSITION or dispute.disagreed:
        return None
    opens_on = dispute.escalation_opens_on
    if opens_on is None and dispute.sent_at is not None:
        # The day of the place, where it is known: everything else that names this day counts from it.
        opens_on = (act.day("sent_on") or dispute.sent_at.date()) + ESCALATION_AFTER
    return needs(opens_on is not None and act.today >= opens_on, "")


def answered_by_letter(dispute: Dispute, _: Act) -> str | None:
    """The organisation does not read us and answered by letter: its customer may say that it is over."""
    return needs(dispute.by_letter, "")


def had_final(dispute: Dispute, _: Act) -> str | None:
    """A last word existed before the mediation."""
    return needs(dispute.had_final, "")


def had_no_final(dispute: Dispute, _: Act) -> str | None:
    """No last word existed before the mediation."""
    return needs(not dispute.had_final, "")


def other_party_accepted(dispute: Dispute, act: Act) -> str | None:
    """The other party has accepted the opinion: this is the second acceptance."""
    return needs(dispute.opinion_accepted_by - {act.actor.role}, "")


def not_yet_accepted(dispute: Dispute, act: Act) -> str | None:
    """This party has not accepted the opinion yet."""
    return needs(act.actor.role not in dispute.opinion_accepted_by, "")


def performance_due(dispute: Dispute, act: Act) -> str | None:
    """The day of performance has passed, or the organisation says that it performed."""
    due = dispute.performance_due
    return needs(dispute.performed_proposed_at or (due is not None and act.today > due), "")


def proven_and_unopposed(dispute: Dispute, act: Act) -> str | None:
    """Proof was recorded, the customer was told, and thirty days passed without an objection."""
    told_at = dispute.performed_proposed_at
    waited = told_at is not None and act.at - told_at >= WAIT_FOR_OBJECTION
    return needs(waited and dispute.proof_recorded, "")


def reminded_in_vain(dispute: Dispute, act: Act) -> str | None:
    """Two reminders went out, the last at least thirty days ago."""
    last = dispute.reminded_at
    waited = last is not None and act.at - last >= WAIT_AFTER_LAST_REMINDER
    return needs(waited and dispute.reminders >= REMINDERS_NEEDED, "")


# Every guard of this module; `cx.core.dispute.allowed` judges these and leaves the others to the form.
STANDING: frozenset[Guard] = frozenset(
    {
        not_about_oneself,
        second_look,
        questions_left,
        waited_for_answer,
        room_for_point,
        offer_in_force,
        offer_expired,
        redirect_proposed,
        escalation_open,
        answered_by_letter,
        had_final,
        had_no_final,
        other_party_accepted,
        not_yet_accepted,
        performance_due,
        proven_and_unopposed,
        reminded_in_vain,
    }
)
