"""The desk's lists: tabs, facets, search and paging by key, all through `sight`."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, not_, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import NamedFromClause

from cx.core.dispute import REST_AFTER
from cx.core.visitor import Visitor
from cx.core.words import State
from cx.disputes.analysis import organisation_marker, question
from cx.disputes.around import Around, around
from cx.disputes.desk_rows import COLUMNS, DUTIES, CaseRow, row_of
from cx.disputes.lanes import Lane
from cx.disputes.sight import As, cases
from models import Account, Case, CaseTheme
from models.search import match_query, newest_matches

# A reference as people copy it: within a sentence, without its dashes, or its eight letters alone.
_REFERENCE = re.compile(
    r"\bDL[\s-]?([0-9A-Z]{4})[\s-]?([0-9A-Z]{4})\b|^(?=.*[0-9])([0-9A-Z]{4})-([0-9A-Z]{4})$", re.ASCII
)
PAGE = 50
SEARCH_CAP = 1000


class Tab(StrEnum):
    """The tabs of the desk, in their order."""

    MINE = "mine"
    TAKE = "take"
    SECOND = "second"
    CUSTOMER = "customer"
    RESTING = "resting"
    ALL = "all"


class Today(NamedTuple):
    """What the lists ask of time: the day, and since when a quiet case rests. Values, or parameters of a kept statement."""

    day: Any
    rested_since: Any

    @classmethod
    def at(cls, now: datetime) -> "Today":
        """What is so at a moment."""
        return cls(now.date(), now - REST_AFTER)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; empty values narrow nothing. `alone_since`: sent before then, and nobody took it yet.

    `due`: what the organisation owes on a day from the first to the second. `by_due` asks for the nearest date first
    (`cx.disputes.by_date`), from `after` on.
    """

    tab: Tab = Tab.MINE
    words: str = ""
    state: State | None = None
    theme: str = ""
    owner_id: int | None = None
    overdue: bool = False
    alone_since: datetime | None = None
    due: tuple[date, date] | None = None
    by_due: bool = False
    after: tuple[date, str, int] | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a list: its rows, and the key of the next page."""

    rows: tuple[CaseRow, ...]
    next_before: int | None


def is_resting(today: Today, walked: bool = False) -> ColumnElement[bool]:
    """14 days without a word of the customer while it is theirs; never while a duty of law is due.

    `walked`: the cases are walked in their order, so the engine must not fetch and sort all that are quiet.
    """
    since = func.coalesce(Case.quiet_since, Case.quiet_since) if walked else Case.quiet_since
    quiet = and_(Case.quiet_since.is_not(None), since <= today.rested_since)
    return and_(Case.lane == Lane.OFFERED, quiet, not_(_law_is_due(today)))


def _law_is_due(today: Today) -> ColumnElement[bool]:
    return and_(Case.next_due_kind == "law", Case.next_due_on <= today.day)


def is_shelved(today: Today) -> ColumnElement[bool]:
    """Put aside by its owner until a later day; what the organisation owes comes back on its own day."""
    owed = and_(Case.next_due_kind.in_(DUTIES), Case.next_due_on <= today.day)
    return and_(Case.bring_back_on.is_not(None), Case.bring_back_on > today.day, not_(owed))


def is_alone(since: Any) -> ColumnElement[bool]:
    """A dispute that was sent before `since` and that nobody took."""
    return and_(Case.state == State.RECEIVED, Case.sent_at < since)


def is_overdue(today: Today) -> ColumnElement[bool]:
    """A day passed on which the organisation owed something; what lies in no lane owes nothing."""
    return and_(Case.lane.is_not(None), Case.next_due_on < today.day, Case.next_due_kind.in_(DUTIES))


def is_owed(first: date, last: date) -> ColumnElement[bool]:
    """The organisation owes something by law, or promised it, on a day from the first to the last."""
    return and_(Case.lane.is_not(None), Case.next_due_on.between(first, last), Case.next_due_kind.in_(DUTIES))


def kinds(
    tab: Tab,
    visitor: Visitor,
    today: Today,
    left: tuple[int, ...] = (),
    walked: bool = False,
    away: tuple[int, ...] = (),
) -> tuple[ColumnElement[bool], ...]:
    """What lies in a tab, in kinds of which each is one walk along an index of the desk; no case is of two kinds.

    `away`: whose cases the visitor reads meanwhile.
    """
    my_own = and_(Case.owner_id == visitor.account_id, Case.lane == Lane.MINE)
    if tab is Tab.MINE:
        others = and_(Case.owner_id.in_(away), Case.lane == Lane.MINE)
        return tuple(and_(some, not_(is_shelved(today))) for some in ((my_own, others) if away else (my_own,)))
    if tab is Tab.TAKE:
        orphans = (and_(Case.owner_id.in_(left), Case.lane == Lane.MINE),) if left else ()
        return (Case.lane == Lane.TAKE, *orphans)
    if tab is Tab.SECOND:
        return (Case.lane == Lane.SECOND,)
    if tab is Tab.CUSTOMER:
        return (Case.lane == Lane.ASKED, *_offered(today, walked))
    if tab is Tab.RESTING:
        return (is_resting(today, walked), and_(my_own, is_shelved(today)))
    return (true(),)


def _offered(today: Today, walked: bool) -> tuple[ColumnElement[bool], ...]:
    offered = Case.lane == Lane.OFFERED
    if walked:
        return (and_(offered, not_(is_resting(today, walked))),)
    # The same without walking past all that rest: three stretches of an index, of which the last is short.
    rested = Case.quiet_since <= today.rested_since
    return (
        and_(offered, Case.quiet_since.is_(None)),
        and_(offered, Case.quiet_since > today.rested_since),
        and_(offered, rested, _law_is_due(today)),
    )


def _order(filters: Filters) -> ColumnElement[int]:
    """The key of the pages. Where few of a whole archive are looked for, `id + 0` keeps the engine from walking it."""
    few = filters.tab is Tab.ALL and (filters.words or filters.overdue or filters.due or filters.owner_id is not None)
    return Case.id + 0 if few else Case.id.expression


def narrowed(query: Select[Any], filters: Filters, now: datetime) -> Select[Any]:
    """A select of cases, with what was chosen beside the tab."""
    if filters.state is not None:
        query = query.where(Case.state == filters.state)
    if filters.owner_id is not None:
        query = query.where(Case.owner_id == filters.owner_id)
    if filters.overdue:
        query = query.where(is_overdue(Today.at(now)))
    if filters.alone_since is not None:
        query = query.where(is_alone(filters.alone_since))
    if filters.due is not None:
        query = query.where(is_owed(*filters.due))
    if filters.theme:
        told = select(CaseTheme.case_id).where(CaseTheme.theme == filters.theme, CaseTheme.case_id == Case.id)
        query = query.where(told.exists())
    return query


def _hits(session: Session, visitor: Visitor, words: str) -> NamedFromClause | None:
    groups = question(words)
    if not groups:
        return None
    if visitor.organisation_id is not None:
        groups.insert(0, (organisation_marker(visitor.organisation_id),))
    return newest_matches(match_query(session.get_bind().dialect.name, groups), SEARCH_CAP)


def _reference_asked(words: str) -> str | None:
    found = _REFERENCE.search(words.upper().strip())
    return "DL-{}-{}".format(*filter(None, found.groups())) if found else None


def page(session: Session, visitor: Visitor, filters: Filters, now: datetime, who: Around | None = None) -> QueuePage:
    """One page of a list, newest first, with the key of the next page. A search looks into every tab.

    `who` stands around the list, when the caller knows it already.
    """
    query = cases(visitor, As.STAFF, *COLUMNS).outerjoin(Account, Account.id == Case.owner_id)
    walks: tuple[ColumnElement[bool], ...] = (true(),)
    reference = _reference_asked(filters.words)
    if reference:
        walks = (Case.reference == reference,)
    elif filters.words:
        hits = _hits(session, visitor, filters.words)
        if hits is None:
            return QueuePage((), None)
        walks = (Case.id.in_(select(hits.c.case_id)),)
    else:
        who = who or around(session, visitor, now)
        walks = kinds(filters.tab, visitor, Today.at(now), who.gone, walked=True, away=who.away)
    query = narrowed(query, filters, now)
    key = _order(filters)
    if filters.before is not None:
        query = query.where(key < filters.before)
    query = query.order_by(key.desc()).limit(PAGE + 1)
    found_rows = [row for walk in walks for row in session.execute(query.where(walk))]
    found_rows.sort(key=lambda row: row.id, reverse=True)
    rows = tuple(row_of(row, now) for row in found_rows[:PAGE])
    return QueuePage(rows, rows[-1].id if len(found_rows) > PAGE else None)


def found(session: Session, visitor: Visitor, filters: Filters, now: datetime) -> tuple[int, bool]:
    """How many cases a search finds, and whether it was cut at the newest `SEARCH_CAP` texts."""
    reference = _reference_asked(filters.words)
    if reference:
        query = cases(visitor, As.STAFF, func.count(Case.id)).where(Case.reference == reference)
        return session.scalar(narrowed(query, filters, now)) or 0, False
    hits = _hits(session, visitor, filters.words)
    if hits is None:
        return 0, False
    texts = session.scalar(select(func.count()).select_from(hits)) or 0
    query = cases(visitor, As.STAFF, func.count(Case.id)).where(Case.id.in_(select(hits.c.case_id)))
    return session.scalar(narrowed(query, filters, now)) or 0, texts >= SEARCH_CAP
