"""The journal folded back to a `Dispute`: `evolve` adds one event, `fold` all of them.

Kinds that are not listed here (`told`, `themes_read`, `link_opened` …) count as a line and change nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from cx.core.acts import Dispute, Event, answers_of, day_of, ids_of, number_of, offer_of
from cx.core.journal import KINDS, MOVING
from cx.core.words import ENDED_STATES, STAFF_ROLES, Outcome, PointAnswer, Role, Solved, State, values_of

# Where an offer says nothing, it is to be performed within fourteen days of its acceptance (the house's choice).
PERFORMANCE_DELAY = timedelta(days=14)

# What an answer that came by letter may say, and which of it leaves the customer with a reason to go on.
NOTED_ANSWERS = ("granted", "partly", "refused")
REFUSING = frozenset({"partly", "refused"})
BY_LETTER: Mapping[str, Outcome] = {"granted": Outcome.SERVICE_PERFORMED, "partly": Outcome.GOODWILL_GESTURE}

# Acts of staff by which the customer hears something.
NEWS = frozenset(
    {"acknowledged", "asked", "offered", "improved", "final_position_given", "performed_proposed", "written",
     "redirect_proposed", "reopened", "extended"}
)  # fmt: skip

_Changes = dict[str, Any]  # fields of `Dispute` by name; the tests hold them to it
_NAMES = tuple(field.name for field in fields(Dispute))


def _sent(_: Dispute, event: Event) -> _Changes:
    raw = event.data.get("sent_at")
    points = number_of(event.data.get("points")) or 1
    sent_at = datetime.fromisoformat(raw) if isinstance(raw, str) else event.at
    return {
        "sent_at": sent_at,
        "owed_since": sent_at,
        "escalation_opens_on": day_of(event.data.get("escalation_opens_on")),
        "points": (None,) * max(points, 1),
    }


def _taken(dispute: Dispute, event: Event) -> _Changes:
    owner = str(event.data["owner"])
    since = dispute.owner_since if owner == dispute.owner else event.at
    return {"owner": owner, "owner_since": since, "shelved_until": None}


def _decided(dispute: Dispute, event: Event) -> _Changes:
    answers = answers_of(event.data.get("points"))
    points: tuple[PointAnswer | None, ...] = tuple(
        answers.get(no, answer) for no, answer in enumerate(dispute.points, start=1)
    )
    offer = offer_of(event.data, event.actor, dispute.offers + 1)
    return {
        "points": points,
        "offer": offer,
        "offers": dispute.offers + (offer is not None),
        "first_decider": dispute.first_decider or event.actor,
        "deciders": dispute.deciders | {event.actor},
        "looked_at_again": False,
        "owed_since": None,
        "quiet_since": event.at,
        "reminders": 0,
        "reminded_at": None,
    }


def _asked(dispute: Dispute, event: Event) -> _Changes:
    return {
        "questions": dispute.questions + 1,
        "asked_at": event.at,
        "quiet_since": event.at,
        "reminders": 0,
        "reminded_at": None,
    }


def _agreed(dispute: Dispute, event: Event) -> _Changes:
    offer = dispute.offer
    due = offer.pay_by if offer is not None and offer.pay_by is not None else event.at.date() + PERFORMANCE_DELAY
    return {
        "accepted_version": None if offer is None else offer.version,
        "accepted_at": event.at,
        "performance_due": due,
        "redress_unpaid": offer is not None and offer.kind.carries_money,
    }


def _opinion_recorded(dispute: Dispute, event: Event) -> _Changes:
    opinion = offer_of(event.data, event.actor, dispute.offers + 1)
    return {"opinion": opinion, "offers": dispute.offers + (opinion is not None), "opinion_accepted_by": frozenset()}


def _opinion_accepted(dispute: Dispute, event: Event) -> _Changes:
    parties = dispute.opinion_accepted_by | {event.role}
    if event.data["to"] != State.ACCEPTED:
        return {"opinion_accepted_by": parties}
    agreed = _agreed(replace(dispute, offer=dispute.opinion), event)
    return {"opinion_accepted_by": parties, "offer": dispute.opinion, "opinion": None, **agreed}


def _performed_proposed(_: Dispute, event: Event) -> _Changes:
    return {
        "performed_proposed_at": event.at,
        "proof_recorded": event.data.get("proof") is True,
        "quiet_since": event.at,
    }


def _said_solved(_: Dispute, event: Event) -> _Changes:
    # "No" and "partly" object to a performance that the organisation claims: it must claim it anew.
    if event.data.get("solved") == Solved.YES:
        return {}
    return {"performed_proposed_at": None, "proof_recorded": False}


def _reopened(dispute: Dispute, event: Event) -> _Changes:
    unpaid = dispute.redress_unpaid or event.data.get("redress_unpaid") is True
    return {
        "owed_since": event.at,
        "points": (None,) * len(dispute.points),
        "first_decider": None,
        "deciders": frozenset(),
        "looked_at_again": False,
        "had_final": False,
        "redress_unpaid": unpaid,
        "questions": 0,
        "ended_at": None,
        "reopened": dispute.reopened + 1,
    }


def _done(dispute: Dispute, _: Event) -> _Changes:
    done = Outcome.SERVICE_PERFORMED if dispute.offer is None else dispute.offer.outcome
    return {"outcome": done, "redress_unpaid": False}


def _closed(dispute: Dispute, event: Event) -> _Changes:
    if dispute.state is State.ACCEPTED:
        return _done(dispute, event)
    if dispute.state is State.RECEIVED:  # ended by the customer after an answer by letter
        return {"outcome": BY_LETTER.get(dispute.by_letter, Outcome.REJECTED_WITH_REASONS)}
    said = event.data.get("outcome")
    known = isinstance(said, str) and said in values_of(Outcome)
    return {"outcome": Outcome(str(said)) if known else Outcome.REJECTED_WITH_REASONS}


def _answer_noted(dispute: Dispute, event: Event) -> _Changes:
    # The customer wrote down what an organisation that does not read us answered: a refusal opens the next way at once.
    on, says = day_of(event.data.get("on")), event.data.get("says")
    if event.role is not Role.CUSTOMER or on is None or says not in NOTED_ANSWERS:
        return {}
    opened = _opens_from(dispute, on) if says in REFUSING else {}
    return {"owed_since": None, "by_letter": str(says), **opened}


def _opens_from(dispute: Dispute, on: date) -> _Changes:
    opens = dispute.escalation_opens_on
    return {"escalation_opens_on": on if opens is None else min(opens, on)}


def _facts_told(dispute: Dispute, event: Event) -> _Changes:
    # What the customer adds may open the next way earlier; nobody else moves that day (invariant 17).
    on = day_of(event.data.get("escalation_opens_on"))
    return _opens_from(dispute, on) if event.role is Role.CUSTOMER and on is not None else {}


def _opinion_answer_noted(dispute: Dispute, event: Event) -> _Changes:
    # An organisation that does not read us accepts the opinion by letter: its customer wrote it down.
    yes = event.role is Role.CUSTOMER and event.data.get("says") == "accepted"
    return {"opinion_accepted_by": dispute.opinion_accepted_by | {Role.SUPERVISOR}} if yes else {}


_FOLDS: Mapping[str, Callable[[Dispute, Event], _Changes]] = {
    "sent": _sent,
    "acknowledged": _taken,
    "started": _taken,
    "assigned": _taken,
    "redirect_proposed": lambda _, event: {"redirect_target": str(event.data.get("target"))},
    "redirect_declined": lambda *_: {"redirect_target": None},
    "reads_now": lambda _, event: {"redirect_target": str(event.data.get("target"))},
    "redirected": lambda *_: {"outcome": Outcome.OUT_OF_SCOPE},
    "answer_noted": _answer_noted,
    "facts_told": _facts_told,
    "opinion_answer_noted": _opinion_answer_noted,
    "asked": _asked,
    "offered": _decided,
    "final_position_given": _decided,
    "accepted": _agreed,
    "contested": lambda _, event: {"offer": None, "owed_since": event.at, "disagreed": True},
    "offer_expired": lambda _, event: {"owed_since": event.at},
    "escalated": lambda _, event: {"owed_since": None, "body": str(event.data.get("next_body") or "")},
    "reviewed": lambda *_: {"looked_at_again": True},
    "opinion_recorded": _opinion_recorded,
    "opinion_accepted": _opinion_accepted,
    "opinion_refused": lambda *_: {"opinion": None, "opinion_accepted_by": frozenset()},
    "performed_proposed": _performed_proposed,
    "performed": _done,
    "closed": _closed,
    "withdrawn": lambda *_: {"outcome": Outcome.WITHDRAWN},
    "lapsed": lambda *_: {"outcome": Outcome.LAPSED},
    "reopened": _reopened,
    "said_solved": _said_solved,
    "themes_ruled": lambda dispute, event: {"named_by": dispute.named_by | {event.actor}},
    "point_added": lambda dispute, _: {"points": (*dispute.points, None)},
    "shelved": lambda _, event: {"shelved_until": day_of(event.data.get("back_on"))},
    "reminded": lambda dispute, event: {"reminders": dispute.reminders + 1, "reminded_at": event.at},
}

_NO_OFFER: _Changes = {
    "offer": None,
    "accepted_version": None,
    "accepted_at": None,
    "performance_due": None,
    "performed_proposed_at": None,
    "proof_recorded": False,
}


def _arrived(event: Event) -> _Changes:
    """Say what a state means by itself, whichever row led to it."""
    state = State(str(event.data["to"]))
    changes: _Changes = {"state": state}
    if state is State.INVESTIGATING:
        changes |= _NO_OFFER | {"asked_at": None, "quiet_since": None, "opinion": None}
    if state is State.FINAL_POSITION:
        changes["had_final"] = True
    if state not in (State.RECEIVED, State.REDIRECTED):
        changes["redirect_target"] = None
    if state in ENDED_STATES:
        changes |= {"ended_at": event.at, "quiet_since": None, "shelved_until": None}
    return changes


# What is said of a reading is beside the matter: it wakes nothing, and it is no answer to what the customer asked.
BESIDE_THE_MATTER = frozenset({"reading_opined", "reading_ruled"})
_ACTS = frozenset(KINDS.values()) - BESIDE_THE_MATTER  # nor is opening a page a word
_WAITING = frozenset({State.AWAITING_CUSTOMER, State.OFFER_MADE, State.FINAL_POSITION, State.ACCEPTED})


def _spoken(dispute: Dispute, event: Event) -> _Changes:
    """Note who spoke last: a word of the customer ends the waiting and the shelf, a letter of staff begins it anew."""
    if event.role is Role.CUSTOMER and event.kind in _ACTS:
        return {"quiet_since": None, "shelved_until": None}
    if event.role not in STAFF_ROLES or event.kind not in NEWS:
        return {}
    waiting = event.kind == "written" and dispute.state in _WAITING
    return {"news_at": event.at} | ({"quiet_since": event.at} if waiting else {})


def evolve(dispute: Dispute, event: Event) -> Dispute:
    """Add one event to the standing of a dispute. Raises KeyError or ValueError for a moving event without target."""
    changes: _Changes = {"version": dispute.version + 1, "about": dispute.about | ids_of(event.data.get("about"))}
    changes |= _spoken(dispute, event)
    if event.kind in _FOLDS:
        changes |= _FOLDS[event.kind](dispute, event)
    if event.kind in MOVING:
        changes |= _arrived(event)
    return _changed(dispute, changes)


def _changed(dispute: Dispute, changes: _Changes) -> Dispute:
    """Do what `dataclasses.replace` does in half the time: it is done for every line of every journal."""
    fresh = object.__new__(Dispute)
    for name in _NAMES:
        object.__setattr__(fresh, name, changes[name] if name in changes else getattr(dispute, name))
    return fresh


def fold(events: Iterable[Event]) -> Dispute:
    """Fold a journal, oldest first, to where the dispute stands."""
    dispute = Dispute()
    for event in events:
        dispute = evolve(dispute, event)
    return dispute
