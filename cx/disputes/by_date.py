"""The desk by dates: a list with the nearest date first, and what the organisation owes in the next seven days."""

from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.disputes.around import Around, around
from cx.disputes.desk_rows import COLUMNS, CaseRow, row_of
from cx.disputes.queue import (
    PAGE,
    Filters,
    Tab,
    Today,
    is_owed,
    kinds,
    narrowed,
)
from cx.disputes.sight import As, cases
from models import Account, Case

WEEK = 7
Key = tuple[date, str, int]
# Where a case without a date stands: after all that have one.
NO_DATE = date(9999, 12, 31)
RIGHT = "right"


def page(
    session: Session, visitor: Visitor, filters: Filters, now: datetime, who: Around | None = None
) -> tuple[tuple[CaseRow, ...], Key | None]:
    """One page of a list, the nearest date first, with the key of the next page; `who` stands around the list.

    The whole archive is listed as far as it lies on the desk and has a date; a tab ends with what has none. A right
    that opened long ago is no date to come: in a tab it stands at today, after what is overdue.
    """
    today = now.date()
    query = cases(visitor, As.STAFF, *COLUMNS).outerjoin(Account, Account.id == Case.owner_id)
    due: ColumnElement[Any] = Case.next_due_on.expression
    if filters.tab is Tab.ALL:
        query = query.where(Case.lane.is_not(None), Case.next_due_on.is_not(None))
    else:
        opened = and_(Case.next_due_kind == RIGHT, Case.next_due_on < today)
        whole = Case.next_due_on.type
        due = case((opened, literal(today, whole)), else_=func.coalesce(Case.next_due_on, literal(NO_DATE, whole)))
    query = narrowed(query, filters, now)
    if filters.after is not None:
        query = query.where(_beyond(due, filters.after))
    query = query.order_by(due, Case.next_due_kind, Case.id).limit(PAGE + 1)
    who = who or around(session, visitor, now)
    walks = kinds(filters.tab, visitor, Today.at(now), who.gone, away=who.away)
    keyed = sorted(
        ((_key(row, filters.tab, today), row) for walk in walks for row in session.execute(query.where(walk))),
        key=itemgetter(0),
    )
    rows = tuple(row_of(row, now) for _place, row in keyed[:PAGE])
    return rows, keyed[PAGE - 1][0] if len(keyed) > PAGE else None


def _key(row: Any, tab: Tab, today: date) -> Key:
    on = row.next_due_on or NO_DATE
    opened = tab is not Tab.ALL and row.next_due_kind == RIGHT and on < today
    return today if opened else on, row.next_due_kind, row.id


def _beyond(due: ColumnElement[Any], after: Key) -> ColumnElement[bool]:
    """Rows after a key; the first condition lets an engine begin at that day of an index."""
    day, kind, number = after
    same_kind = and_(Case.next_due_kind == kind, Case.id > number)
    same_day = and_(due == day, or_(Case.next_due_kind > kind, same_kind))
    return and_(due >= day, or_(due > day, same_day))


def owed_by_day(session: Session, visitor: Visitor, today: date) -> dict[date, int]:
    """How many cases the organisation owes an answer or a promise on each of the next seven days, today the first."""
    last = today + timedelta(days=WEEK - 1)
    query = cases(visitor, As.STAFF, Case.next_due_on, func.count()).where(is_owed(today, last))
    return {day: many for day, many in session.execute(query.group_by(Case.next_due_on)) if day is not None}
