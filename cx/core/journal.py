"""The journal of a dispute: the kinds of its events, and what an act leaves in it (`entry`).

An event of a moving kind says where it led (`data["to"]`), so an old journal folds the same after the table of moves
has changed. Folding is `cx.core.folding`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from cx.core.acts import JSON, Act, Dispute, Event, answers_of, day_of, ids_of, number_of, offer_of
from cx.core.money import CURRENCIES
from cx.core.words import Action, State

KINDS: Mapping[Action, str] = {
    Action.SEND: "sent",
    Action.ACKNOWLEDGE: "acknowledged",
    Action.PROPOSE_REDIRECT: "redirect_proposed",
    Action.REDIRECT: "redirected",
    Action.START: "started",
    Action.ASK: "asked",
    Action.ANSWER: "answered",
    Action.PROCEED: "proceeded",
    Action.OFFER: "offered",
    Action.ACCEPT: "accepted",
    Action.CONTEST: "contested",
    Action.IMPROVE: "improved",
    Action.EXPIRE_OFFER: "offer_expired",
    Action.REVIEW: "reviewed",
    Action.FINAL: "final_position_given",
    Action.ESCALATE: "escalated",
    Action.RECORD_OPINION: "opinion_recorded",
    Action.MEDIATION_ENDED: "mediation_ended",
    Action.ACCEPT_OPINION: "opinion_accepted",
    Action.REFUSE_OPINION: "opinion_refused",
    Action.PROPOSE_PERFORMED: "performed_proposed",
    Action.PERFORMED: "performed",
    Action.NOT_PERFORMED: "not_performed",
    Action.CLOSE: "closed",
    Action.WITHDRAW: "withdrawn",
    Action.LAPSE: "lapsed",
    Action.REOPEN: "reopened",
    Action.ASSIGN: "assigned",
    Action.NOTE: "noted",
    Action.WRITE: "written",
    Action.LOG_CALL: "call_logged",
    Action.SHELVE: "shelved",
    Action.RULE_THEMES: "themes_ruled",
    Action.SAY_SOLVED: "said_solved",
    Action.ADD_POINT: "point_added",
    Action.SAY_OF_READING: "reading_opined",
    Action.RULE_READING: "reading_ruled",
}
MOVING: frozenset[str] = frozenset(list(KINDS.values())[: list(KINDS).index(Action.ASSIGN)])

_OFFER = ("kind", "amount_minor", "currency", "pay_by", "expires_on")
# The facts that go into the journal: values of closed lists, ids, days and numbers. Texts and names never do.
_KEPT: Mapping[Action, tuple[str, ...]] = {
    Action.SEND: ("wish", "points", "sent_at", "escalation_opens_on", "about"),
    Action.ACKNOWLEDGE: ("answer_by",),
    Action.PROPOSE_REDIRECT: ("target",),
    Action.REDIRECT: ("target",),
    Action.START: ("answer_by",),
    Action.OFFER: ("points",),
    Action.ACCEPT: ("version", "voucher_chosen"),
    Action.CONTEST: ("asked_minor", "asked_currency"),
    Action.FINAL: ("points", "next_body", "next_body_deadline", "next_body_free"),
    Action.ESCALATE: ("next_body",),
    Action.MEDIATION_ENDED: ("reason",),
    Action.CLOSE: ("satisfied", "outcome"),
    Action.LAPSE: ("last_recourse_deadline",),
    Action.REOPEN: ("closure_irregular", "redress_unpaid", "in_customers_favour"),
    Action.ASSIGN: ("owner", "about"),
    Action.WRITE: ("about",),
    Action.NOTE: ("about",),
    Action.SHELVE: ("back_on",),
    Action.RULE_THEMES: ("confirmed", "refused", "added", "source"),
    Action.SAY_SOLVED: ("solved",),
    Action.SAY_OF_READING: ("right", "wrong", "missing"),
    Action.RULE_READING: ("said", "changed"),
}


def _points(value: object) -> object:
    return answers_of(value) if isinstance(value, Mapping) else number_of(value)


# How a kept fact is read, where no guard has made sure that it is a value of a closed list, a number or a day.
_READ: Mapping[str, Callable[[object], object]] = {
    "points": _points,
    "about": ids_of,
    "right": ids_of,
    "wrong": ids_of,
    "missing": bool,
    "source": str,
    "said": number_of,
    "changed": bool,
    "answer_by": day_of,
    "escalation_opens_on": day_of,
    "target": str,
    "owner": lambda value: str(value).strip(),
    "closure_irregular": bool,
    "redress_unpaid": bool,
    "in_customers_favour": bool,
    "voucher_chosen": bool,
    "asked_minor": number_of,
    "asked_currency": lambda value: value if value in CURRENCIES else None,
}


def to_json(value: object) -> JSON:
    """Turn a fact into a plain JSON value: days and moments as ISO texts, closed lists as their values.

    Raises TypeError for anything that has no such form.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, Sequence):
        return [to_json(item) for item in value]
    raise TypeError(f"no place in the journal for {type(value).__name__}")


def entry(dispute: Dispute, act: Act, to: State | None, no: str) -> Event:
    """Write the event that `act` leaves; `to` and `no` are the target and the row, None and "" if it moves nothing."""
    data: dict[str, JSON] = {} if to is None else {"to": to.value, "row": no}
    for key in _KEPT.get(act.action, ()):
        value = act.facts.get(key)
        if value is not None:
            data[key] = to_json(_READ[key](value) if key in _READ else value)
    if act.action in (Action.OFFER, Action.FINAL, Action.RECORD_OPINION):
        offer = offer_of(act.facts, act.actor.id, dispute.offers + 1)
        if offer is not None:
            data |= {key: to_json(getattr(offer, key)) for key in ("version", *_OFFER)}
    if act.action in (Action.ACKNOWLEDGE, Action.START):
        data["owner"] = act.text("owner") or dispute.owner or act.actor.id
    if no == "5":
        data["with_acknowledgement"] = True
    if act.action is Action.REOPEN:
        data["new_facts"] = bool(act.facts.get("new_facts"))
    if act.action is Action.ADD_POINT:
        data["number"] = len(dispute.points) + 1
    if act.action is Action.PROPOSE_PERFORMED:
        data["proof"] = bool(act.facts.get("proof"))
    return Event(KINDS[act.action], act.actor.role, act.actor.id, act.at, data)
