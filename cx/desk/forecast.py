"""The list by dates: what runs out this week, day by day, and the nearest date first; all of it kept in the address.

Where the next word is the team's, the nearest date comes first unless somebody asks for the newest; elsewhere the
dates are not the team's, and the newest comes first.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.disputes.by_date import WEEK, Key, owed_by_day
from cx.disputes.queue import Filters, Tab
from cx.web.formats import weekday
from cx.web.sentence import _

THIS_WEEK = "week"
BY_DATE = frozenset({Tab.MINE, Tab.TAKE, Tab.SECOND})
Address = Callable[..., str]


def asked(given: Mapping[str, str], today: date, tab: Tab) -> dict[str, Any]:
    """What an address asks for by dates in a tab; unknown values ask for nothing. A search is newest first."""
    sort = given.get("sort", "")
    newest = sort == "new" or bool(given.get("before") or given.get("q"))
    return {
        "due": _due(given.get("due", ""), today),
        "by_due": sort == "due" or (tab in BY_DATE and not newest),
        "after": _after(given.get("after", "")),
    }


def kept(filters: Filters) -> dict[str, str]:
    """The same as it stands in an address."""
    due = filters.due
    one_day = due is not None and due[0] == due[1]
    said = "" if due is None else due[0].isoformat() if one_day else THIS_WEEK
    usual = filters.by_due == (filters.tab in BY_DATE)
    return {"due": said, "sort": "" if usual else "due" if filters.by_due else "new"}


def _due(said: str, today: date) -> tuple[date, date] | None:
    if said == THIS_WEEK:
        return today, today + timedelta(days=WEEK - 1)
    on = _day(said)
    return None if on is None else (on, on)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if len(said) == len("2026-01-01") else None
    except ValueError:
        return None


def spelled(key: Key) -> str:
    """A key of a page as it stands in an address."""
    return f"{key[0].isoformat()}~{key[1]}~{key[2]}"


def _after(said: str) -> Key | None:
    day, _sep, rest = said.partition("~")
    kind, _sep, number = rest.partition("~")
    on = _day(day)
    sound = number.isascii() and number.isdecimal() and len(number) < 18 and len(kind) <= 8 and kind.isascii()
    return (on, kind, int(number)) if on is not None and sound else None


def facet(session: Session, visitor: Visitor, filters: Filters, today: date, address: Address) -> list[dict[str, Any]]:
    """The groups of links: the next seven days with what is owed on each, and the order of the list."""
    many = owed_by_day(session, visitor, today)
    wide = {"tab": Tab.ALL.value, "sort": "due"}
    week = _due(THIS_WEEK, today)
    rows = [_row(_("All seven days"), sum(many.values()), THIS_WEEK, filters.due == week, address, wide)]
    for day, count in sorted(many.items()):
        rows.append(_row(weekday(day), count, day.isoformat(), filters.due == (day, day), address, wide))
    order = [
        {"label": _("Newest first"), "url": address(filters, sort="new"), "current": not filters.by_due},
        {"label": _("Nearest date first"), "url": address(filters, sort="due"), "current": filters.by_due},
    ]
    return [
        {"title": _("Runs out this week"), "rows": rows, "open": filters.due is not None},
        {"title": _("Order"), "rows": order, "open": filters.by_due != (filters.tab in BY_DATE)},
    ]


def _row(label: str, count: int, due: str, current: bool, address: Address, wide: Mapping[str, str]) -> dict[str, Any]:
    url = address(Filters(), due="" if current else due, **wide)
    return {"label": label, "count": count, "url": url, "current": current}
