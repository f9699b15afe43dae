"""How many cases wait in each tab of the desk: short walks along indexes that stop at a cap, whatever the archive holds."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, select
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.disputes.around import Around, around
from cx.disputes.queue import Tab, Today, is_alone, is_overdue, kinds
from cx.disputes.sight import As, cases
from models import Case
from models.base import Moment

# More than these nobody counts: the page says "1,000+".
MOST = 1000
# Only time changes from one count to the next: the rest of the statement is made once for each person.
_TODAY = Today(bindparam("day", type_=Date), bindparam("rested_since", type_=Moment))
_ALONE_SINCE = bindparam("alone_since", type_=Moment)


def counts(
    session: Session, visitor: Visitor, now: datetime, alone_since: datetime, who: Around | None = None
) -> dict[str, int]:
    """How many cases wait in each tab but `ALL`, are `overdue`, or were sent before `alone_since` and are still `alone`.

    Each is counted up to `MOST` + 1, in one statement for all. They agree with the lists of `cx.disputes.queue`. `who`
    stands around the list, when the caller knows it already.
    """
    who = who or around(session, visitor, now)
    names, statement = _statement(visitor, who.gone, who.away)
    today = Today.at(now)
    found = session.execute(
        statement, {"day": today.day, "rested_since": today.rested_since, "alone_since": alone_since}
    ).one()
    totals = dict.fromkeys(names, 0)
    for name, number in zip(names, found, strict=True):
        totals[name] = min(totals[name] + int(number), MOST + 1)
    return totals


@lru_cache(maxsize=512)
def _statement(visitor: Visitor, left: tuple[int, ...], away: tuple[int, ...]) -> tuple[tuple[str, ...], Select[Any]]:
    """The statement that counts, and the tab that each of its columns counts for."""
    asked = {tab.value: kinds(tab, visitor, _TODAY, left, away=away) for tab in Tab if tab is not Tab.ALL}
    asked |= {"overdue": (is_overdue(_TODAY),), "alone": (is_alone(_ALONE_SINCE),)}

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        some = cases(visitor, As.STAFF, Case.id).where(condition).limit(MOST + 1).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    parts = [(name, many(condition)) for name, conditions in asked.items() for condition in conditions]
    columns: list[Any] = [part.label(f"n{place}") for place, (_name, part) in enumerate(parts)]
    return tuple(name for name, _part in parts), select(*columns).execution_options(sighted=True)
