"""Where an organisation stands today: what is open, late, resting. Counted live, because no rollup knows today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, not_
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.core.words import OPEN_STATES, State
from cx.disputes.queue import Today, is_resting
from cx.disputes.sight import As, cases
from models import Case


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of cases now: disputes that run (`open`, without the `resting` ones), those past a date that was owed
    by law or promised (`overdue`), and stories without a demand that nobody answered yet (`stories`).
    """

    open: int = 0
    overdue: int = 0
    resting: int = 0
    stories: int = 0


def standing(session: Session, visitor: Visitor, organisations: Sequence[int] | None, now: datetime) -> Standing:
    """Where the organisations stand (None: all that the visitor may count), in one statement over the open cases."""
    runs = Case.state.in_(OPEN_STATES)
    late = and_(runs, Case.next_due_kind.in_(("law", "promise")), Case.next_due_on < now.date())
    waiting = and_(Case.state == State.NONE, Case.customer_waits)
    query = cases(
        visitor,
        As.FIGURES,
        _sum(and_(runs, not_(is_resting(Today.at(now)))), "open"),
        _sum(late, "overdue"),
        _sum(and_(runs, is_resting(Today.at(now))), "resting"),
        _sum(waiting, "stories"),
    ).where(Case.lane.is_not(None))
    if organisations is not None:
        query = query.where(Case.organisation_id.in_(organisations))
    row = session.execute(query).mappings().one()
    return Standing(**{name: int(value or 0) for name, value in row.items()})


def _sum(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)
