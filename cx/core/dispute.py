"""The rules of a dispute: `decide` turns an act into an event or refuses; `evolve` and `fold` say where it stands.

Pure: time comes with the act, and nothing is stored. The workshop stores the event that `decide` returns and the
texts beside it. The table is `cx.core.moves_table`, the conditions are the two modules of guards.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache

from cx.core.acts import JSON, Act, Actor, Dispute, Event, Offer
from cx.core.folding import evolve, fold
from cx.core.journal import KINDS, entry, to_json
from cx.core.moves_table import MOVES, RECORDED, Move, Record
from cx.core.refusals import GuardFailed, NotAllowed, WrongState
from cx.core.standing_guards import STANDING, Guard
from cx.core.words import Action, Role, State

__all__ = [
    "JSON", "KINDS", "MOVES", "RECORDED", "Act", "Actor", "Dispute", "Event", "Move", "Offer", "Record",
    "allowed", "decide", "evolve", "fold", "follows", "happened", "path", "resting", "told",
]  # fmt: skip

_ROWS: tuple[Move | Record, ...] = (*MOVES, *RECORDED)

REST_AFTER = timedelta(days=14)

# From where an action cannot be done at once, the move that the workshop makes in between.
_BRIDGES: Mapping[State, Action] = {
    State.RECEIVED: Action.START,
    State.ACKNOWLEDGED: Action.START,
    State.CONTESTED: Action.REVIEW,
    State.AWAITING_CUSTOMER: Action.PROCEED,
    State.OFFER_MADE: Action.IMPROVE,
}
_BRIDGED = frozenset({Action.ASK, Action.OFFER, Action.FINAL})


@cache
def _rows(action: Action, role: Role) -> tuple[Move | Record, ...]:
    return tuple(row for row in _ROWS if row.action is action and role in row.roles)


def _fits(row: Move | Record, state: State) -> bool:
    return state in (row.sources if isinstance(row, Move) else row.states)


def _failure(guards: Iterable[Guard], dispute: Dispute, act: Act) -> GuardFailed | None:
    for guard in guards:
        field = guard(dispute, act)
        if field is not None:
            return GuardFailed(guard.__name__, field or None)
    return None


def decide(dispute: Dispute, act: Act) -> Event:
    """Return the event that `act` makes of `dispute`.

    Raises NotAllowed when the role never does this action, WrongState when it does but not from here, GuardFailed
    (the guard's name, the form's field or None) when a condition is not met, ValueError when `act.at` has no zone.
    """
    if act.at.tzinfo is None:
        raise ValueError("an act needs an aware moment")
    rows = _rows(act.action, act.actor.role)
    if not rows:
        raise NotAllowed(act.action.value, act.actor.role.value)
    refusal: GuardFailed | WrongState = WrongState(act.action.value, dispute.state.value)
    for row in rows:
        if not _fits(row, dispute.state):
            continue
        failed = _failure(row.guards, dispute, act)
        if failed is None:
            return entry(dispute, act, row.target, row.no) if isinstance(row, Move) else entry(dispute, act, None, "")
        refusal = failed
    raise refusal


def allowed(
    dispute: Dispute, actor: Actor, at: datetime, local: Mapping[str, object] | None = None
) -> tuple[Action, ...]:
    """Return what `actor` may do now, in the order of the table, each action once.

    Role, state, and the guards on the dispute, the person and the time are judged; what a form must hold is not.
    `local`: the facts that are days of the place, as they come with an act (`today`, `sent_on`); else days in UTC.
    """
    found: dict[Action, None] = {}
    for row in _ROWS:
        if actor.role in row.roles and _fits(row, dispute.state):
            guards = [guard for guard in row.guards if guard in STANDING]
            if _failure(guards, dispute, Act(row.action, actor, at, local or {})) is None:
                found[row.action] = None
    return tuple(found)


def path(dispute: Dispute, action: Action, role: Role, at: datetime | None = None) -> tuple[Action, ...]:
    """Return the acts that lead to `action`, itself last; the ones before it are done in the same transaction.

    From `received`: (START, ASK). `OFFER` on a standing offer goes over IMPROVE. PROCEED is taken only with `at` and
    after the waiting that it asks for. The guards of the acts are judged by `decide`, one after the other.
    Raises NotAllowed when the role never does this action, WrongState when no such way exists.
    """
    rows = _rows(action, role)
    if not rows:
        raise NotAllowed(action.value, role.value)
    if any(_fits(row, dispute.state) for row in rows):
        return (action,)
    bridge = _BRIDGES.get(dispute.state)
    if bridge is None or action not in _BRIDGED or (bridge is Action.IMPROVE and action is not Action.OFFER):
        raise WrongState(action.value, dispute.state.value)
    if bridge is Action.PROCEED and (at is None or bridge not in allowed(dispute, Actor(role, ""), at)):
        raise WrongState(action.value, dispute.state.value)
    return (bridge, action)


def follows(event: Event, dispute: Dispute) -> tuple[Action, ...]:
    """Return the acts that `event` brings with it at once, by the same actor; `dispute` stands after the event.

    A customer who accepts an offer with nothing left to perform ends the dispute by the same tap.
    """
    accepted = event.kind in (KINDS[Action.ACCEPT], KINDS[Action.ACCEPT_OPINION]) and event.role is Role.CUSTOMER
    if accepted and dispute.state is State.ACCEPTED and dispute.offer is not None and not dispute.offer.to_perform:
        return (Action.PERFORMED,)
    return ()


def resting(dispute: Dispute, at: datetime, duty_due: date | None) -> bool:
    """Tell whether the case rests: the customer has had the word for 14 days and no duty of the organisation is due.

    `duty_due` is the local day of the earliest duty that the organisation still has, None without any.
    """
    waits = dispute.state in (State.OFFER_MADE, State.FINAL_POSITION) or (
        dispute.state is State.ACCEPTED and dispute.performed_proposed_at is not None
    )
    if not waits or dispute.quiet_since is None or (duty_due is not None and duty_due <= at.date()):
        return False
    return at - dispute.quiet_since >= REST_AFTER


def told(actor: Actor, at: datetime, **data: object) -> Event:
    """Return the first event of every case: an incident is told. `data` holds no personal text."""
    return happened("told", actor, at, **data)


def happened(kind: str, actor: Actor, at: datetime, **data: object) -> Event:
    """Return an event that no rule guards, such as `reminded` (the timer wrote to the customer) or `themes_read`.

    Raises ValueError for a kind that belongs to an action: those come from `decide` only.
    """
    if kind in KINDS.values():
        raise ValueError(f"{kind} is decided, not noted")
    return Event(kind, actor.role, actor.id, at, {key: to_json(value) for key, value in data.items()})
