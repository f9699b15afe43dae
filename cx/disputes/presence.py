"""Who reads a case, who stands in for whom, and in which ways a person of the organisation can be reached now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.presence import MEETINGS, Hours, Way, Where, Window, by_way, due_at, opening, slots
from cx.core.words import Origin, State
from cx.disputes.calendars import days_off
from cx.disputes.seen import CaseFile, Person
from cx.disputes.team import at_work
from models import Account, HumanRequest, Organisation, Staffing


@dataclass(frozen=True, slots=True)
class Away:
    """The last local day on which a person is away, and who reads meanwhile (None: nobody was named, or they left)."""

    last: date
    substitute: Person | None


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who reads a case. `reads_until` is the next date; `in_charge` false for the person on duty."""

    name: str
    function: str
    working_days: str
    pseudonymous: bool
    in_charge: bool
    reads_until: date | None
    away: Away | None


@dataclass(frozen=True, slots=True)
class Reachable:
    """One way that is staffed. `now`: somebody is there; `window` the present or next stretch.

    `due_at` is by when a written answer comes that is asked for now; `slots` are the free moments to meet.
    """

    way: Way
    hours: tuple[Hours, ...]
    window: Window
    now: bool
    due_at: datetime | None = None
    slots: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person of an organisation can be reached. `own_target`: without staffed hours, whoever reads the case
    answers in writing within the organisation's own aim, which ends then; None where nobody would.
    """

    organisation_id: int
    name: str
    slug: str
    zone: str
    ways: Mapping[Way, Reachable]
    own_target: datetime | None = None

    @property
    def offers(self) -> tuple[Way, ...]:
        """The ways that may be asked for now."""
        found = tuple(way for way, one in self.ways.items() if one.due_at is not None or one.slots)
        return found if self.own_target is None else (Way.WRITTEN, *found)


def staffing(session: Session, organisation_id: int) -> tuple[Hours, ...]:
    """The staffed hours of an organisation, as they were entered."""
    query = select(Staffing).where(Staffing.organisation_id == organisation_id).order_by(Staffing.id).limit(100)
    return tuple(hours_of(one) for one in session.scalars(query))


def hours_of(row: Staffing) -> Hours:
    """A stored row as the heart reads it."""
    return Hours(Way(row.way), row.weekdays, row.opens, row.closes, row.within_minutes, row.place, row.phone)


def where_of(organisation: Organisation) -> Where:
    """The clock and the days off of an organisation."""
    return Where(organisation.zone, organisation.calendar, days_off)


def reach(session: Session, organisation_id: int, at: datetime) -> Reach | None:
    """How a person can be reached now; None where the organisation does not read us. What nobody staffs is not there."""
    place = session.get(Organisation, organisation_id)
    if place is None or not place.claimed:
        return None
    somebody = session.scalar(at_work(organisation_id).limit(1)) is not None
    hours = by_way(staffing(session, organisation_id)) if somebody else {}
    taken = _taken(session, organisation_id, at) if MEETINGS & set(hours) else ()
    where, ways = where_of(place), {}
    for way, rows in hours.items():
        window = opening(rows, at, where)
        if window is None:
            continue
        due = due_at(rows, at, where) if way is Way.WRITTEN else None
        free = slots(rows, at, where, [moment for kind, moment in taken if kind == way]) if way in MEETINGS else ()
        ways[way] = Reachable(way, rows, window, window[0] <= at, due, free)
    own = None
    if Way.WRITTEN not in ways and _duty_is_here(session, place):
        own = at + timedelta(days=place.target_days or 10)
    return Reach(place.id, place.name, place.slug, place.zone, ways, own)


def _duty_is_here(session: Session, place: Organisation) -> bool:
    here = at_work(place.id).where(Account.id == place.duty_account_id).limit(1)
    return place.duty_account_id is not None and session.scalar(here) is not None


def _taken(session: Session, organisation_id: int, at: datetime) -> Sequence[tuple[str, datetime]]:
    query = select(HumanRequest.way, HumanRequest.slot_at).where(
        HumanRequest.organisation_id == organisation_id,
        HumanRequest.status == "waiting",
        HumanRequest.due_at > at,
        HumanRequest.slot_at.is_not(None),
    )
    return [(way, moment) for way, moment in session.execute(query) if moment is not None]


def answers_people(case: CaseFile) -> bool:
    """Whether somebody of the organisation can be asked for about this case."""
    return case.claimed and case.state is not State.REDIRECTED and case.origin != Origin.IMPORT


def reader_of(case: CaseFile, at: datetime) -> Reader | None:
    """The named person of a case: whoever has it in hand, else the person on duty; None where nobody is named."""
    if case.person is None or not answers_people(case):
        return None
    who = case.person.account_id
    account = next(one for one in case.beside["readers"] if one.id == who)
    today = at.astimezone(ZoneInfo(case.zone)).date()
    until = case.due_on if case.due_on is not None and case.due_on >= today and case.ended_at is None else None
    away = _away_on(case, who, today) if case.ended_at is None else None
    return Reader(
        account.name,
        account.function,
        account.working_days,
        account.pseudonymous,
        case.owner_id is not None,
        until,
        away,
    )


def _away_on(case: CaseFile, account_id: int, today: date) -> Away | None:
    """Whether a person is away on a local day, and who stands in; the absence that lasts longest counts."""
    found = [one for one in case.beside["away"] if one.account_id == account_id and one.first <= today <= one.last]
    row = max(found, key=lambda one: (one.last, one.id), default=None)
    if row is None:
        return None
    there = Person(row.substitute_id, row.name, row.function) if row.substitute_id is not None else None
    return Away(row.last, there)


def colleague(session: Session, account_id: int, organisation_id: int) -> Person | None:
    """Somebody who answers for the organisation now; None for everybody else."""
    here = at_work(organisation_id).where(Account.id == account_id).with_only_columns(Account.name, Account.function)
    row = session.execute(here.limit(1)).first()
    return None if row is None else Person(account_id, row.name, row.function)
