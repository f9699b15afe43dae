"""The desk's lists: tabs, facets, search and paging by key, all through `sight`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import NamedFromClause

from cx.core.dispute import REST_AFTER
from cx.core.visitor import Visitor
from cx.core.words import OPEN_STATES, State
from cx.disputes.analysis import organisation_marker, question
from cx.disputes.sight import As, cases
from models import Account, Case, CaseTheme
from models.search import match_query, newest_matches

PAGE = 50
SEARCH_CAP = 1000
DISTRESS = 5


class Tab(StrEnum):
    """The tabs of the desk, in their order."""

    MINE = "mine"
    TAKE = "take"
    SECOND = "second"
    CUSTOMER = "customer"
    RESTING = "resting"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; empty values narrow nothing."""

    tab: Tab = Tab.MINE
    words: str = ""
    state: State | None = None
    theme: str = ""
    owner_id: int | None = None
    overdue: bool = False
    before: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the desk. `place` is where it happened, `due_kind` what kind of date `due_on` is."""

    id: int
    reference: str
    person: str
    first_words: str
    place: str
    state: State
    owner: str
    due_on: date | None
    due_kind: str
    overdue: bool
    told_at: datetime
    new_message: bool
    distress: bool
    mediation: bool
    imported: bool
    resting: bool
    language: str
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a list: its rows, and the key of the next page."""

    rows: tuple[CaseRow, ...]
    next_before: int | None


MINE_STATES = (State.ACKNOWLEDGED, State.INVESTIGATING, State.ACCEPTED)
QUIET_STATES = (State.OFFER_MADE, State.FINAL_POSITION, State.ACCEPTED)
WITH_CUSTOMER = (
    State.AWAITING_CUSTOMER,
    State.OFFER_MADE,
    State.FINAL_POSITION,
    State.IN_MEDIATION,
    State.MEDIATION_PROPOSED,
)


def is_resting(now: datetime) -> ColumnElement[bool]:
    """14 days without a word of the customer while it is theirs; never while a duty of law is due."""
    duty_due = and_(Case.next_due_kind == "law", Case.next_due_on <= now.date())
    return and_(
        Case.state.in_(QUIET_STATES),
        Case.quiet_since.is_not(None),
        Case.quiet_since <= now - REST_AFTER,
        not_(duty_due),
    )


def is_shelved(now: datetime) -> ColumnElement[bool]:
    """Put aside by its owner until a later day."""
    return and_(Case.bring_back_on.is_not(None), Case.bring_back_on > now.date())


def _running() -> ColumnElement[bool]:
    """An open dispute, said as the partial index `ix_complaint_case_running` says it."""
    return and_(Case.sent_at.is_not(None), Case.ended_at.is_(None))


def _tab(tab: Tab, visitor: Visitor, now: datetime) -> ColumnElement[bool]:
    """What lies in a tab. Each condition names its states first, so that it is found along an index of open cases."""
    me = Case.owner_id == visitor.account_id
    if tab is Tab.MINE:
        done = and_(Case.state == State.ACCEPTED, Case.quiet_since.is_not(None))
        told = or_(Case.state != State.NONE, Case.customer_waits)
        return and_(me, Case.state.in_((*MINE_STATES, State.NONE)), told, not_(done), not_(is_shelved(now)))
    if tab is Tab.TAKE:
        sent = cases(visitor, As.STAFF, Case.id).where(Case.state == State.RECEIVED)
        waiting = and_(Case.state == State.NONE, Case.customer_waits, Case.owner_id.is_(None))
        return Case.id.in_(union_all(sent, cases(visitor, As.STAFF, Case.id).where(waiting)))
    if tab is Tab.SECOND:
        return Case.state == State.CONTESTED
    if tab is Tab.CUSTOMER:
        theirs = or_(Case.state != State.ACCEPTED, Case.quiet_since.is_not(None))
        return and_(_running(), Case.state.in_((*WITH_CUSTOMER, State.ACCEPTED)), theirs, not_(is_resting(now)))
    if tab is Tab.RESTING:
        aside = and_(me, Case.state.in_(MINE_STATES), is_shelved(now))
        return and_(_running(), Case.state.in_({*QUIET_STATES, *MINE_STATES}), or_(is_resting(now), aside))
    return true()


def _order(filters: Filters) -> ColumnElement[int]:
    """The key of the pages. Where few of many cases are looked for, `id + 0` keeps the engine from walking them all."""
    few = filters.tab is not Tab.ALL or filters.words or filters.overdue or filters.owner_id is not None
    return Case.id + 0 if few else Case.id.expression


def _narrowed(query: Select[Any], filters: Filters, now: datetime) -> Select[Any]:
    if filters.state is not None:
        query = query.where(Case.state == filters.state)
    if filters.owner_id is not None:
        query = query.where(Case.owner_id == filters.owner_id)
    if filters.overdue:
        query = query.where(
            Case.state.in_(OPEN_STATES), Case.next_due_kind.in_(("law", "promise")), Case.next_due_on < now.date()
        )
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
    letters = "".join(char for char in words.upper() if char.isalnum())
    return f"DL-{letters[2:6]}-{letters[6:]}" if letters.startswith("DL") and len(letters) == 10 else None


_COLUMNS = (
    Case.id, Case.reference, Case.customer_name, Case.first_words, Case.place, Case.state, Account.name,
    Case.next_due_on, Case.next_due_kind, Case.told_at, Case.customer_waits, Case.severity_told, Case.origin,
    Case.quiet_since, Case.bring_back_on, Case.language, Case.owner_id,
)  # fmt: skip


def page(session: Session, visitor: Visitor, filters: Filters, now: datetime) -> QueuePage:
    """One page of a list, newest first, with the key of the next page. A search looks into every tab."""
    query = cases(visitor, As.STAFF, *_COLUMNS).outerjoin(Account, Account.id == Case.owner_id)
    reference = _reference_asked(filters.words)
    if reference:
        query = query.where(Case.reference == reference)
    elif filters.words:
        hits = _hits(session, visitor, filters.words)
        if hits is None:
            return QueuePage((), None)
        query = query.where(Case.id.in_(select(hits.c.case_id)))
    else:
        query = query.where(_tab(filters.tab, visitor, now))
    query = _narrowed(query, filters, now)
    key = _order(filters)
    if filters.before is not None:
        query = query.where(key < filters.before)
    found_rows = session.execute(query.order_by(key.desc()).limit(PAGE + 1)).all()
    rows = tuple(_row(row, now) for row in found_rows[:PAGE])
    return QueuePage(rows, rows[-1].id if len(found_rows) > PAGE else None)


def found(session: Session, visitor: Visitor, filters: Filters, now: datetime) -> tuple[int, bool]:
    """How many cases a search finds, and whether it was cut at the newest `SEARCH_CAP` texts."""
    reference = _reference_asked(filters.words)
    if reference:
        query = cases(visitor, As.STAFF, func.count(Case.id)).where(Case.reference == reference)
        return session.scalar(_narrowed(query, filters, now)) or 0, False
    hits = _hits(session, visitor, filters.words)
    if hits is None:
        return 0, False
    texts = session.scalar(select(func.count()).select_from(hits)) or 0
    query = cases(visitor, As.STAFF, func.count(Case.id)).where(Case.id.in_(select(hits.c.case_id)))
    return session.scalar(_narrowed(query, filters, now)) or 0, texts >= SEARCH_CAP


def _row(row: Any, now: datetime) -> CaseRow:
    state = State(row.state)
    today = now.date()
    duty = row.next_due_kind in {"law", "promise"}
    return CaseRow(
        id=row.id,
        reference=row.reference,
        person=row.customer_name,
        first_words=row.first_words,
        place=row.place,
        state=state,
        owner=row.name or "",
        due_on=row.next_due_on,
        due_kind=row.next_due_kind,
        overdue=bool(duty and row.next_due_on and row.next_due_on < today and state.open),
        told_at=row.told_at,
        new_message=row.customer_waits and state is not State.RECEIVED,
        distress=(row.severity_told or 0) >= DISTRESS,
        mediation=state in (State.IN_MEDIATION, State.MEDIATION_PROPOSED),
        imported=row.origin == "import",
        resting=row.quiet_since is not None and row.quiet_since <= now - REST_AFTER and state in QUIET_STATES,
        language=row.language,
        owner_id=row.owner_id,
    )
