"""How many cases wait in each tab of the desk: short walks along indexes that stop at a cap, whatever the archive holds."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.disputes.queue import Tab, is_alone, is_overdue, kinds
from cx.disputes.sight import As, cases
from models import Case

# More than these nobody counts: the page says "1,000+".
MOST = 1000


def counts(session: Session, visitor: Visitor, now: datetime, alone_since: datetime) -> dict[str, int]:
    """How many cases wait in each tab but `ALL`, are `overdue`, or were sent before `alone_since` and are still `alone`.

    Each is counted up to `MOST` + 1, in one statement for all. They agree with the lists of `cx.disputes.queue`.
    """
    asked: dict[str, Iterable[ColumnElement[bool]]] = {
        tab.value: kinds(session, tab, visitor, now) for tab in Tab if tab is not Tab.ALL
    }
    asked |= {"overdue": (is_overdue(now),), "alone": (is_alone(alone_since),)}

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        some = cases(visitor, As.STAFF, Case.id).where(condition).limit(MOST + 1).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    parts = [(name, many(condition)) for name, conditions in asked.items() for condition in conditions]
    found = session.execute(
        select(*(part.label(f"n{place}") for place, (_name, part) in enumerate(parts))).execution_options(sighted=True)
    ).one()
    totals = dict.fromkeys(asked, 0)
    for (name, _part), number in zip(parts, found, strict=True):
        totals[name] = min(totals[name] + int(number), MOST + 1)
    return totals
