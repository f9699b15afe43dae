"""The desk's list as its page shows it: what was asked for, the rows, the tabs, the facets, the next page."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from cx.core.counting import open_days_before
from cx.core.visitor import Visitor
from cx.core.words import ENDED_STATES, THEME_BY_ID, Role, State
from cx.desk import forecast
from cx.desk.lines import Worder
from cx.desk.sentences import EMPTY, TABS
from cx.disputes import by_date, neutrals, queue
from cx.disputes.around import Around, around
from cx.disputes.calendars import days_off
from cx.disputes.desk_rows import CaseRow
from cx.disputes.queue import Filters, Tab
from cx.disputes.tallies import MOST, counts
from cx.web import labels
from cx.web.forms import clean_line
from cx.web.sentence import _, ngettext
from models import Organisation

_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
MAX_WORDS = 200
# Some forty addresses stand on a page: looking each one up in the map of routes would be half of its work.
LIST = "/desk"
AGENTS = (Role.AGENT, Role.SUPERVISOR)


def number(text: str | None) -> int | None:
    """A row number as it stands in an address; None for anything else."""
    return int(text) if text and _NUMBER.fullmatch(text) else None


def asked(given: Mapping[str, str], visitor: Visitor) -> Filters:
    """What an address asks for; unknown values narrow nothing."""
    first = Tab.MINE if visitor.has(*AGENTS) else Tab.ALL
    tab, state, theme = given.get("tab", ""), given.get("state", ""), given.get("theme", "")
    chosen = Tab(tab) if tab in set(Tab) and visitor.has(*AGENTS) else first
    return Filters(
        tab=chosen,
        words=clean_line(given.get("q", "")[:MAX_WORDS]),
        state=State(state) if state in set(State) else None,
        theme=theme if theme in THEME_BY_ID else "",
        owner_id=number(given.get("owner")),
        overdue=given.get("overdue") == "1",
        alone_since=alone_since(datetime.now(UTC)) if given.get("alone") == "1" else None,
        before=number(given.get("before")),
        **forecast.asked(given, here(datetime.now(UTC)).date(), chosen),
    )


def _place() -> Organisation | None:
    return next((one.organisation for one in current_user.memberships if one.until is None and one.organisation), None)


def here(now: datetime) -> datetime:
    """The moment on the clock of the visitor's organisation: its day is the one on which its dates fall due."""
    place = _place()
    return now if place is None else now.astimezone(ZoneInfo(place.zone))


def alone_since(now: datetime) -> datetime:
    """A dispute sent before this moment should have found a person: two working days of the organisation are over."""
    place, local = _place(), here(now)
    calendar = place.calendar if place is not None else "none"
    return datetime.combine(open_days_before(local.date(), 2, calendar, days_off), time(), local.tzinfo)


def address(filters: Filters, **changed: Any) -> str:
    """The address of a list with these filters, some of them changed; the page starts anew unless `before` is given."""
    kept: dict[str, Any] = {
        "tab": filters.tab.value,
        "q": filters.words,
        "state": filters.state.value if filters.state else "",
        "theme": filters.theme,
        "owner": filters.owner_id,
        "overdue": "1" if filters.overdue else "",
        "alone": "1" if filters.alone_since else "",
    }
    kept |= forecast.kept(filters) | changed
    asked_for = urlencode({name: value for name, value in kept.items() if value})
    return f"{LIST}?{asked_for}"


def context(session: Session, visitor: Visitor, filters: Filters, now: datetime) -> dict[str, Any]:
    """Everything that the page of the list shows."""
    now = here(now)
    agent = visitor.has(*AGENTS)
    who = around(session, visitor, now)
    tallies = counts(session, visitor, now, alone_since(now), who) if agent else {}
    rows, older = _page(session, visitor, filters, now, who)
    many, cut = queue.found(session, visitor, filters, now) if filters.words else (0, False)
    worder, empty = Worder(filters, visitor.account_id), EMPTY[filters.tab]
    return {
        "title": _title(filters, tallies, agent),
        "tabs": _tabs(filters, tallies) if agent else [],
        "lines": [worder.line(row) for row in rows],
        "filters": filters,
        "around": who,
        "found": _found(many, cut) if filters.words else "",
        "narrowed": bool(
            filters.state or filters.theme or filters.owner_id or filters.overdue or filters.alone_since or filters.due
        ),
        "alone": _alone(filters, tallies),
        "for_neutral": _for_neutral(session, visitor, now) if visitor.has(Role.NEUTRAL) else "",
        "facets": _facets(session, visitor, filters, tallies, now.date(), who),
        "older": older,
        "newest": address(filters) if filters.before or filters.after else "",
        "plain": address(Filters(tab=filters.tab)),
        "hidden": {"tab": filters.tab.value},
        "by_due": filters.by_due,
        "empty_title": _empty_title(filters, tallies) if agent else _("No case is entrusted to you"),
        "empty_text": empty[1] if agent else _("A case appears here as soon as you are named for it."),
        "onward": _onward(filters, tallies) if agent else None,
    }


def _for_neutral(session: Session, visitor: Visitor, now: datetime) -> str:
    """How many cases wait for a neutral, in a sentence; empty when none does."""
    waiting = len(neutrals.waiting(session, visitor, now))
    if waiting > neutrals.MOST:
        return _("More than %(num)d cases wait for a neutral person", num=neutrals.MOST)
    said = ngettext("%(num)d case waits for a neutral person", "%(num)d cases wait for a neutral person", waiting)
    return said if waiting else ""


def _empty_title(filters: Filters, tallies: Mapping[str, int]) -> str:
    """What an empty list is called; where others of the team wait, nobody is told that nobody does."""
    others = tallies[Tab.TAKE] + tallies[Tab.SECOND]
    return _("None of them is yours yet") if filters.tab is Tab.MINE and others else str(EMPTY[filters.tab][0])


def _page(
    session: Session, visitor: Visitor, filters: Filters, now: datetime, who: Around
) -> tuple[tuple[CaseRow, ...], str]:
    """The rows of a page, and the address of the next one."""
    if filters.by_due and not filters.words:
        rows, key = by_date.page(session, visitor, filters, now, who)
        return rows, address(filters, after=forecast.spelled(key)) if key else ""
    shown = queue.page(session, visitor, filters, now, who)
    return shown.rows, address(filters, before=shown.next_before) if shown.next_before else ""


def _title(filters: Filters, tallies: Mapping[str, int], agent: bool) -> str:
    if filters.words:
        return _("Search: %(words)s", words=filters.words)
    if not agent:
        return _("Cases entrusted to you")
    waiting = tallies[Tab.MINE] + tallies[Tab.TAKE] + tallies[Tab.SECOND]
    if waiting > MOST:
        return _("More than 1,000 people await a word from you")
    if not waiting:
        return _("Nobody awaits a word from you")
    return ngettext("%(num)d person awaits a word from you", "%(num)d people await a word from you", waiting)


def _alone(filters: Filters, tallies: Mapping[str, int]) -> dict[str, str] | None:
    """The alert that people wait for somebody to take their case at all, and where they are."""
    many = tallies.get("alone", 0)
    if not many or filters.alone_since or filters.words:
        return None
    sentence = ngettext(
        "%(num)d person has waited more than two working days for somebody to take their case.",
        "%(num)d people have waited more than two working days for somebody to take their case.",
        many,
    )
    return {"sentence": sentence, "url": f"{LIST}?tab={Tab.TAKE.value}&alone=1"}


def _tabs(filters: Filters, tallies: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url_for("desk.cases", tab=tab.value),
            "current": tab is filters.tab and not filters.words,
            "count": _count(tallies.get(tab.value)),
            "key": str(place),
        }
        for place, (tab, label) in enumerate(TABS.items(), start=1)
    ]


def _onward(filters: Filters, tallies: Mapping[str, int]) -> dict[str, str] | None:
    """From an empty list to the nearest one with somebody in it."""
    for tab in (Tab.TAKE, Tab.MINE, Tab.SECOND, Tab.CUSTOMER):
        if tab is not filters.tab and tallies.get(tab.value):
            label = f"{TABS[tab]} ({_count(tallies[tab.value])})"
            return {"label": label, "url": url_for("desk.cases", tab=tab.value)}
    return None


def _count(many: int | None) -> str | int | None:
    """A count as it is shown: above a thousand nobody needs it exactly."""
    return _("1,000+") if many is not None and many > MOST else many


def _found(many: int, cut: bool) -> str:
    if cut:
        return _("1,000+ texts match: these are the newest. One more word narrows it.")
    return ngettext("%(num)d case found", "%(num)d cases found", many)


def _facets(
    session: Session, visitor: Visitor, filters: Filters, tallies: Mapping[str, int], today: date, who: Around
) -> list[dict[str, Any]]:
    """Groups of links; a chosen one leads back. States and owners look into all cases, for tabs are states too."""
    wide = {"tab": Tab.ALL.value}
    late = {"label": _("Overdue"), "url": address(filters, overdue="" if filters.overdue else "1"),
            "count": _count(tallies.get("overdue")), "current": filters.overdue}  # fmt: skip
    alone = {"label": _("Nobody for two working days"), "count": _count(tallies.get("alone")),
             "url": address(filters, alone="" if filters.alone_since else "1", tab=Tab.TAKE.value),
             "current": filters.alone_since is not None}  # fmt: skip
    groups = [{"title": _("Date"), "rows": [late, alone] if tallies else [late], "open": True}]
    groups += forecast.facet(session, visitor, filters, today, address)
    if visitor.organisation_id is not None:
        rows = [
            {
                "label": one.name,
                "url": address(filters, owner="" if one.account_id == filters.owner_id else one.account_id, **wide),
                "current": one.account_id == filters.owner_id,
            }
            for one in who.colleagues
        ]
        groups.append({"title": _("Person in charge"), "rows": rows, "open": filters.owner_id is not None})
    states = [state for state in State if state not in ENDED_STATES] + [s for s in State if s in ENDED_STATES]
    rows = [
        {
            "label": labels.STATES_FOR_STAFF[state],
            "url": address(filters, state="" if state is filters.state else state.value, **wide),
            "current": state is filters.state,
        }
        for state in states
    ]
    groups.append({"title": _("State"), "rows": rows, "open": filters.state is not None})
    rows = [
        {
            "label": label,
            "url": address(filters, theme="" if theme == filters.theme else theme),
            "current": theme == filters.theme,
        }
        for theme, label in labels.THEMES.items()
    ]
    groups.append({"title": _("Theme told"), "rows": rows, "open": bool(filters.theme)})
    return groups


def next_reference(session: Session, visitor: Visitor, tab: Tab, case_id: int, now: datetime) -> str | None:
    """The case after this one in a tab, else the first one there; None when the tab is empty."""
    for before in (case_id, None):
        rows = queue.page(session, visitor, Filters(tab=tab, before=before), now).rows
        for row in rows:
            if row.id != case_id:
                return row.reference
    return None
