"""Where a case lies on a desk, kept beside its state so that every tab is one short walk along an index.

A lane follows from the dispute and from who waits; what also depends on today (a rest, a shelf) is judged by the
lists. Ended cases, archives and stories that nobody waits about lie in no lane at all.
"""

from enum import StrEnum

from cx.core.words import State


class Lane(StrEnum):
    """The lanes. `OFFERED` lies with the customer and may come to rest, `ASKED` lies there and never rests."""

    TAKE = "take"
    MINE = "mine"
    SECOND = "second"
    ASKED = "asked"
    OFFERED = "offered"


_BY_STATE = {
    State.RECEIVED: Lane.TAKE,
    State.ACKNOWLEDGED: Lane.MINE,
    State.INVESTIGATING: Lane.MINE,
    State.CONTESTED: Lane.SECOND,
    State.AWAITING_CUSTOMER: Lane.ASKED,
    State.IN_MEDIATION: Lane.ASKED,
    State.MEDIATION_PROPOSED: Lane.ASKED,
    State.OFFER_MADE: Lane.OFFERED,
    State.FINAL_POSITION: Lane.OFFERED,
}


def lane_of(state: State, owned: bool, customer_waits: bool, quiet: bool) -> Lane | None:
    """The lane of a case, if any. `quiet` says that the next word is the customer's; an agreement is then said to be done."""
    if state is State.NONE:
        return (Lane.MINE if owned else Lane.TAKE) if customer_waits else None
    if state is State.ACCEPTED:
        return Lane.OFFERED if quiet else Lane.MINE
    return _BY_STATE.get(state)
