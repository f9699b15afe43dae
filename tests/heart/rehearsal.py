"""People, sound facts and prepared disputes for the tests of the dispute."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

from cx.core.dispute import Act, Actor, Dispute, Event, decide, evolve, fold, happened, told
from cx.core.words import Action, Role, State

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUSTOMER = Actor(Role.CUSTOMER, "customer")
AGENT = Actor(Role.AGENT, "account:1", "Nadia Ferrand", "Agent", limit_minor=10_000, limit_currency="EUR")
OTHER_AGENT = Actor(Role.AGENT, "account:2", "Idris Benhamou", "Agent", limit_minor=10_000)
SUPERVISOR = Actor(Role.SUPERVISOR, "account:3", "Claire Okafor", "Supervisor")
NEUTRAL = Actor(Role.NEUTRAL, "account:4", "Hélène Varga", "Mediator")
MANAGER = Actor(Role.MANAGER, "account:5", "Paul Serre", "Manager")
ADMIN = Actor(Role.ADMIN, "account:6", "Ada Lind", "Admin")
TIMER = Actor(Role.TIMER, "timer")
EVERYBODY = (CUSTOMER, AGENT, OTHER_AGENT, SUPERVISOR, NEUTRAL, MANAGER, ADMIN, TIMER)

_REFUND: Mapping[str, object] = {
    "kind": "refund",
    "amount_minor": 895,
    "currency": "EUR",
    "pay_by": date(2027, 6, 1),
    "expires_on": date(2027, 1, 1),
}

# For each action, the facts that every one of its guards on facts accepts.
SOUND: Mapping[Action, Mapping[str, object]] = {
    Action.SEND: {"text": "Personne.", "wish": "money", "consent": True, "points": 2},
    Action.ACKNOWLEDGE: {"answer_by": date(2026, 5, 2)},
    Action.START: {"answer_by": date(2026, 5, 2)},
    Action.PROPOSE_REDIRECT: {"target": 7, "reason": "Not our machine."},
    Action.REDIRECT: {"target": 7},
    Action.ASK: {"question": "Which parcel?"},
    Action.OFFER: {"points": {1: "upheld", 2: "refused"}, "reasons": "Because.", **_REFUND},
    Action.ACCEPT: {"version": 1},
    Action.IMPROVE: {"reason": "We were wrong."},
    Action.FINAL: {
        "points": {1: "upheld", 2: "refused"},
        "reasons": {"2": "Because."},
        "next_body": "fr_post_ombudsman",
        "next_body_deadline": date(2027, 3, 1),
        "next_body_free": True,
    },
    Action.RECORD_OPINION: {"document": "file:1", **_REFUND},
    Action.MEDIATION_ENDED: {"document": "file:1", "reason": "inadmissible"},
    Action.REFUSE_OPINION: {"reason": "We disagree."},
    Action.PROPOSE_PERFORMED: {"proof": "file:2"},
    Action.CLOSE: {"satisfied": False},
    Action.WITHDRAW: {"confirmed": True},
    Action.LAPSE: {"last_recourse_deadline": date(2026, 3, 1)},
    Action.REOPEN: {"new_facts": "A letter turned up.", "in_customers_favour": True},
    Action.ASSIGN: {"owner": "account:2"},
    Action.SHELVE: {"back_on": date(2028, 1, 1)},
    Action.RULE_THEMES: {"confirmed": ["contempt"], "refused": [], "added": ["no_choice"]},
    Action.SAY_SOLVED: {"solved": "partly"},
    Action.SAY_OF_READING: {"wrong": ["contempt"], "missing": True},
    Action.RULE_READING: {"text": "You are right.", "said": 3, "changed": True},
    Action.WRITE: {"text": "Bonjour."},
    Action.ADD_POINT: {"text": "The second letter never came either."},
}


def attempt(action: Action, actor: Actor, day: float = 0, **facts: object) -> Act:
    """Make an act with sound facts, `day` days after the start; a fact given as None is left out."""
    known = {**SOUND.get(action, {}), **facts}
    return Act(action, actor, START + timedelta(days=day), {k: v for k, v in known.items() if v is not None})


def step(dispute: Dispute, action: Action, actor: Actor, day: float = 0, **facts: object) -> Dispute:
    """Do it: decide and evolve."""
    return evolve(dispute, decide(dispute, attempt(action, actor, day, **facts)))


def remind(dispute: Dispute, *days: float) -> Dispute:
    """Let the timer remind the customer on these days."""
    for day in days:
        dispute = evolve(dispute, happened("reminded", TIMER, START + timedelta(days=day)))
    return dispute


_WAYS: Mapping[State, tuple[tuple[Action, Actor], ...]] = {
    State.NONE: (),
    State.RECEIVED: ((Action.SEND, CUSTOMER),),
    State.ACKNOWLEDGED: ((Action.SEND, CUSTOMER), (Action.ACKNOWLEDGE, AGENT)),
    State.INVESTIGATING: ((Action.SEND, CUSTOMER), (Action.START, AGENT)),
    State.AWAITING_CUSTOMER: ((Action.SEND, CUSTOMER), (Action.START, AGENT), (Action.ASK, AGENT)),
    State.OFFER_MADE: ((Action.SEND, CUSTOMER), (Action.START, AGENT), (Action.OFFER, AGENT)),
    State.REDIRECTED: (
        (Action.SEND, CUSTOMER), (Action.PROPOSE_REDIRECT, AGENT), (Action.REDIRECT, CUSTOMER),
    ),
    State.WITHDRAWN: ((Action.SEND, CUSTOMER), (Action.WITHDRAW, CUSTOMER)),
}  # fmt: skip
_LONGER: Mapping[State, tuple[State, Action, Actor]] = {
    State.ACCEPTED: (State.OFFER_MADE, Action.ACCEPT, CUSTOMER),
    State.CONTESTED: (State.OFFER_MADE, Action.CONTEST, CUSTOMER),
    State.FINAL_POSITION: (State.INVESTIGATING, Action.FINAL, SUPERVISOR),
    State.IN_MEDIATION: (State.FINAL_POSITION, Action.ESCALATE, CUSTOMER),
    State.MEDIATION_PROPOSED: (State.IN_MEDIATION, Action.RECORD_OPINION, NEUTRAL),
    State.CLOSED: (State.ACCEPTED, Action.PERFORMED, CUSTOMER),
}


@cache
def journal(state: State) -> tuple[Event, ...]:
    """Return the journal of a dispute that came to `state` on the first day by its shortest sound way."""
    if state is State.LAPSED:
        reminders = [happened("reminded", TIMER, START + timedelta(days=day)) for day in (1, 2)]
        events = (*journal(State.FINAL_POSITION), *reminders)
        return (*events, decide(fold(events), attempt(Action.LAPSE, NEUTRAL, 40)))
    if state in _LONGER:
        before, action, actor = _LONGER[state]
        return (*journal(before), decide(standing(before), attempt(action, actor)))
    events = (told(CUSTOMER, START, origin="web"),)
    for action, actor in _WAYS[state]:
        events = (*events, decide(fold(events), attempt(action, actor)))
    return events


@cache
def standing(state: State) -> Dispute:
    """Return the dispute of `journal(state)`."""
    return fold(journal(state))
