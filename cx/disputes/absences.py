"""Somebody is away for a while: who stands in is entered once, and each customer with a running dispute hears of it once.

The owner stays the owner. The telling goes in small transactions, once for each absence and case, on any number of
machines: the case is locked, and its journal says whether it was done. Whoever has several cases with the person who is
away gets one letter for all of them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session, aliased

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.refusals import Conflict, GuardFailed, NotVisible
from cx.core.visitor import Visitor
from cx.core.words import OPEN_STATES, Role
from cx.disputes import correspondence
from cx.disputes.correspondence import Address, Crew
from cx.disputes.ledger import Ledger, actor_id
from cx.disputes.presence import colleague
from cx.disputes.sight import As, cases
from cx.disputes.storing import load, save
from cx.disputes.team import is_at_work
from cx.disputes.workbench import Workbench
from models import Absence, Account, Case, EventRow, Letter, Organisation
from models.engine import Database

TIMER = Actor(Role.TIMER, "timer")
KIND = "substitute_named"
LONGEST = timedelta(days=400)
# The local day of a place is at most this far from the day in UTC.
FARTHEST_ZONE = timedelta(days=1)
MOST = 100


@dataclass(frozen=True, slots=True)
class Planned:
    """An absence as a team reads it; `told`: the customers know."""

    id: int
    account_id: int
    name: str
    substitute: str
    first: date
    last: date
    told: bool


def planned(session: Session, organisation_id: int, today: date) -> tuple[Planned, ...]:
    """The absences that are not over, of a team, the next one first."""
    away, instead = aliased(Account), aliased(Account)
    query = (
        select(Absence, away.name, instead.name)
        .join(away, away.id == Absence.account_id)
        .join(instead, instead.id == Absence.substitute_id)
        .where(Absence.organisation_id == organisation_id, Absence.last >= today)
        .order_by(Absence.first, Absence.id)
        .limit(MOST)
    )
    return tuple(
        Planned(one.id, one.account_id, name, other, one.first, one.last, one.told_at is not None)
        for one, name, other in session.execute(query)
    )


def plan(
    session: Session, organisation_id: int, account_id: int, substitute_id: int, days: tuple[date, date], at: datetime
) -> Absence:
    """Enter an absence from the first to the last of the local `days`.

    Raises GuardFailed: `days_in_order` and `not_over` and `not_too_long` (beside `last`), `not_twice_away` (beside
    `first`), `somebody_else` and `substitute_there` (beside `substitute`).
    """
    first, last = days
    if last < first:
        raise GuardFailed("days_in_order", "last")
    if last < local_today(session, organisation_id, at):
        raise GuardFailed("not_over", "last")
    if last - first > LONGEST:
        raise GuardFailed("not_too_long", "last")
    if substitute_id == account_id:
        raise GuardFailed("somebody_else", "substitute")
    if not (is_at_work(session, account_id, organisation_id) and is_at_work(session, substitute_id, organisation_id)):
        raise GuardFailed("substitute_there", "substitute")
    if _away(session, Absence.account_id == account_id, first, last):
        raise GuardFailed("not_twice_away", "first")
    if _away(session, Absence.account_id == substitute_id, first, last):
        raise GuardFailed("substitute_there", "substitute")
    made = Absence(
        account_id=account_id, organisation_id=organisation_id, substitute_id=substitute_id, first=first, last=last,
        created_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _away(session: Session, who: ColumnElement[bool], first: date, last: date) -> bool:
    query = select(Absence.id).where(who, Absence.first <= last, Absence.last >= first)
    return session.scalar(query.limit(1)) is not None


def local_today(session: Session, organisation_id: int, at: datetime) -> date:
    """The day where an organisation is."""
    zone = session.scalar(select(Organisation.zone).where(Organisation.id == organisation_id)) or "UTC"
    return at.astimezone(ZoneInfo(zone)).date()


def end(session: Session, organisation_id: int, number: int, at: datetime, account_id: int | None = None) -> None:
    """The person is back, or does not go: what has not begun is taken out, what runs ends yesterday. Raises NotVisible."""
    found = session.get(Absence, number) if number < 2**63 else None
    if found is None or found.organisation_id != organisation_id or account_id not in (None, found.account_id):
        raise NotVisible
    yesterday = local_today(session, organisation_id, at) - timedelta(days=1)
    if found.first > yesterday:
        session.execute(delete(Absence).where(Absence.id == number))
    else:
        found.last = min(found.last, yesterday)


def tell_absences(database: Database, bench: Workbench, at: datetime) -> int:
    """Tell the customers of whoever is away since today; how many were told. Doing it twice tells nobody twice."""
    with database.reading() as session:
        due = _begun(session, at)
    told = 0
    for number in due:
        with database.reading() as session:
            waiting = _cases_of(session, number)
        told += sum(_tell(database, bench, number, case_id, at) for case_id in waiting)
        with database.writing() as session:
            found = session.get(Absence, number)
            if found is not None:
                found.told_at = found.told_at or at
    return told


def _begun(session: Session, at: datetime) -> list[int]:
    """The absences of which nobody was told yet and that have begun where they are, and are not over."""
    far = (at + FARTHEST_ZONE).date()
    query = (
        select(Absence.id, Absence.first, Absence.last, Organisation.zone)
        .join(Organisation, Organisation.id == Absence.organisation_id)
        .where(Absence.told_at.is_(None), Absence.first <= far, Absence.last >= (at - FARTHEST_ZONE).date())
        .order_by(Absence.id)
    )
    rows = session.execute(query).all()
    return [one.id for one in rows if one.first <= at.astimezone(ZoneInfo(one.zone)).date() <= one.last]


def _cases_of(session: Session, number: int) -> list[int]:
    """The running disputes of the person who is away, seen with that person's own eyes."""
    found = session.get(Absence, number)
    if found is None:
        return []
    visitor = Visitor(account_id=found.account_id, organisation_id=found.organisation_id, roles=frozenset({Role.AGENT}))
    query = cases(visitor, As.STAFF, Case.id).where(
        Case.owner_id == found.account_id, Case.state.in_(OPEN_STATES), Case.origin != "import"
    )
    return list(session.scalars(query.order_by(Case.id)))


def _tell(database: Database, bench: Workbench, number: int, case_id: int, at: datetime) -> bool:
    """Tell one customer, unless it was done already, or the case or the plan changed meanwhile."""
    try:
        with database.writing() as session:
            ledger = load(session, case_id)
            # Two clocks that tell of one absence wait for each other, so that nobody gets the letter twice.
            found = session.get(Absence, number, with_for_update=True)
            if found is None or ledger.case["owner_id"] != found.account_id or _told(session, case_id, number):
                return False
            instead = colleague(session, found.substitute_id, found.organisation_id)
            if instead is None:
                return False
            data = {"absence": number, "substitute": actor_id(instead.account_id), "until": found.last}
            ledger.record(happened(KIND, TIMER, at, **data), None, TIMER)
            crew = correspondence.crew_of(session, found.organisation_id)
            address = correspondence.addresses_of(session, [case_id]).get(case_id, Address())
            _write(session, ledger, crew, address, number, at, substitute=instead.name, until=found.last.isoformat())
            save(session, bench, [ledger])
    except (Conflict, NotVisible):
        return False
    return True


def _write(
    session: Session, ledger: Ledger, crew: Crew, address: Address, number: int, at: datetime, **said: Any
) -> None:
    """The letter, mailed once to an address for the whole absence; of further cases it is read on their pages."""
    once = f"substitute:{number}:{sha256(address.email.lower().encode()).hexdigest()}" if address.email else None
    if once is not None and session.scalar(select(Letter.id).where(Letter.once == once)) is not None:
        address, once = Address(), None
    notice = correspondence.to_customer(ledger, crew, address, "substitute", at, **said)
    ledger.notices[-1] = replace(notice, once=once)


def _told(session: Session, case_id: int, number: int) -> bool:
    rows = session.scalars(select(EventRow.data).where(EventRow.case_id == case_id, EventRow.kind == KIND))
    return any(data.get("absence") == number for data in rows)
