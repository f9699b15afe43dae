"""How many cases wait in each tab of the desk, counted along indexes, so that a large archive costs nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from cx.core.visitor import Visitor
from cx.core.words import OPEN_STATES, State
from cx.disputes.queue import MINE_STATES, WITH_CUSTOMER, Tab, is_resting, is_shelved
from cx.disputes.sight import As, cases
from models import Case


def counts(session: Session, visitor: Visitor, now: datetime) -> dict[str, int]:
    """How many cases wait in each tab but `ALL`, and how many are `overdue`; six short statements.

    They agree with the lists of `cx.disputes.queue`: what rests is never counted as lying with the customer.
    """

    def many(*conditions: ColumnElement[bool] | InstrumentedAttribute[bool]) -> int:
        return session.scalar(cases(visitor, As.STAFF, func.count(Case.id)).where(*conditions)) or 0

    open_now = cases(visitor, As.STAFF, Case.state, func.count(Case.id)).where(Case.state.in_(OPEN_STATES))
    by_state = {State(state): int(number) for state, number in session.execute(open_now.group_by(Case.state))}
    me = Case.owner_id == visitor.account_id
    busy = and_(me, Case.state.in_(MINE_STATES))
    quiet = Case.quiet_since.is_not(None)
    my_story = and_(me, Case.state == State.NONE, Case.customer_waits)
    done = and_(Case.state == State.ACCEPTED, quiet)
    mine = many(or_(busy, my_story), not_(done), not_(is_shelved(now)))
    put_aside = many(busy, is_shelved(now), not_(is_resting(now)))
    untaken = many(Case.state == State.NONE, Case.customer_waits, Case.owner_id.is_(None))
    resting = many(is_resting(now))
    proposed = many(Case.state == State.ACCEPTED, quiet)
    late = many(Case.next_due_on < now.date(), Case.next_due_kind.in_(("law", "promise")), Case.state.in_(OPEN_STATES))
    return {
        Tab.MINE: mine,
        Tab.TAKE: by_state.get(State.RECEIVED, 0) + untaken,
        Tab.SECOND: by_state.get(State.CONTESTED, 0),
        Tab.CUSTOMER: sum(by_state.get(state, 0) for state in WITH_CUSTOMER) + proposed - resting,
        Tab.RESTING: resting + put_aside,
        "overdue": late,
    }
