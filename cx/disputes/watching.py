"""The watch over open disputes: says on its day what time alone brings, once, on any number of machines.

A case names the next day on which somebody has to look at it (`watch_on`), so a sweep reads what is due and nothing
else. Cases are looked at a few at a time, each batch in one small transaction that holds its rows: two watchers share
the work and never say the same thing twice. After days of standstill the latest is said, not everything; after a clock
that ran ahead was put right, everything is looked at anew, so that nothing is missed.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.limits import KeptBy
from cx.core.reminders import Planned, To, due, next_look, plan
from cx.core.words import OPEN_STATES, Origin, Role
from cx.disputes.correspondence import PRINT, Address, Crew, addresses_of, crew_of, team_once, to_customer, to_team
from cx.disputes.ledger import Ledger
from cx.disputes.loading import load_due
from cx.disputes.storing import post, save, table
from cx.disputes.watchdays import standing_of
from cx.disputes.workbench import Workbench
from models import Beat, Case, Letter
from models.engine import Database

TIMER = Actor(Role.TIMER, "timer")
# So many cases share a transaction: some fifty milliseconds, for which nobody else writes on SQLite.
BATCH = 100
# The local day of a place is at most this far from the day in UTC.
FARTHEST_ZONE = timedelta(days=1)
# The name under which the watch writes down how far it came, and from how far behind on the clock was put back. The
# clocks of two machines may differ by less; who runs ahead by less than a day passes over no day.
WATCH, PUT_BACK = "watch", timedelta(hours=12)
_zone = cache(ZoneInfo)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sweep:
    """What a sweep did: cases looked at, letters said, cases that could not be looked at."""

    looked: int = 0
    said: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Round:
    """What a sweep knows for its whole length: the moment, the tools, the people of each organisation."""

    bench: Workbench
    at: datetime
    crews: dict[int, Crew] = field(default_factory=dict)

    def crew(self, session: Session, organisation_id: int) -> Crew:
        if organisation_id not in self.crews:
            self.crews[organisation_id] = crew_of(session, organisation_id)
        return self.crews[organisation_id]


def sweep(database: Database, bench: Workbench, at: datetime, stopped: Callable[[], bool] = lambda: False) -> Sweep:
    """Look at every case whose day has come where it counts. Doing it twice changes nothing."""
    done, round_ = Sweep(), _Round(bench, at)
    _mind_the_clock(database, at)
    with database.reading() as session:
        waiting = cases_to_look_at(session, at)
    for batch in _batches(waiting):
        if stopped():
            break
        _carefully(database, round_, batch, done)
    return done


def _mind_the_clock(database: Database, at: datetime) -> None:
    """Write down, once a day, how far the watch came; where it had come much further, let every case be looked at."""
    with database.reading() as session:
        last = session.scalar(select(Beat.at).where(Beat.name == WATCH))
    put_back = last is not None and last - at > PUT_BACK
    if last is not None and not put_back and last.date() >= at.date():
        return
    # Two watchers may begin at once: then the other one wrote it down.
    with suppress(IntegrityError), database.writing() as session:
        if put_back:
            case = table(Case)
            running = (case.c.state.in_([state.value for state in OPEN_STATES]), case.c.origin != Origin.IMPORT.value)
            session.execute(update(case).where(*running).values(watch_on=(at - FARTHEST_ZONE).date()))
        session.merge(Beat(name=WATCH, at=at))


def cases_to_look_at(session: Session, at: datetime) -> list[int]:
    """The cases whose day has come where they are, those that wait longest first."""
    case = table(Case)
    latest = (at + FARTHEST_ZONE).date()
    query = select(case.c.id, case.c.zone, case.c.watch_on).where(case.c.watch_on <= latest)
    rows = session.execute(query.order_by(case.c.watch_on, case.c.id)).all()
    today = {zone: at.astimezone(_zone(zone)).date() for zone in {one.zone for one in rows}}
    return [one.id for one in rows if one.watch_on <= today[one.zone]]


def _batches(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield list(numbers[start : start + BATCH])


def _carefully(database: Database, round_: _Round, numbers: list[int], done: Sweep) -> None:
    """Look at a batch; when something is wrong with one case, at each alone, so that the others do not wait for it."""
    try:
        with database.writing() as session:
            looked, said = _look(session, round_, numbers)
    except Exception:
        if len(numbers) > 1:
            for number in numbers:
                _carefully(database, round_, [number], done)
            return
        _log.exception("the case with the number %s could not be watched; it is tried again tomorrow", numbers[0])
        done.failed += 1
        _put_off(database, numbers[0], round_.at)
        return
    done.looked += looked
    done.said += said


def _put_off(database: Database, number: int, at: datetime) -> None:
    case, tomorrow = table(Case), (at + timedelta(days=1)).date()
    with database.writing() as session:
        session.execute(update(case).where(case.c.id == number).values(watch_on=tomorrow))


@dataclass(slots=True)
class _Looked:
    """A case in hand: its day, its letters to come, and those that fall due."""

    ledger: Ledger
    crew: Crew
    today: date
    planned: tuple[Planned, ...]
    due: tuple[Planned, ...]


def _look(session: Session, round_: _Round, numbers: list[int]) -> tuple[int, int]:
    latest = (round_.at + FARTHEST_ZONE).date()
    ledgers = load_due(session, numbers, latest, lambda number: round_.crew(session, number).target_days)
    found = [_looked(session, round_, ledger) for ledger in ledgers]
    said = _said_before(session, found)
    addresses = addresses_of(session, [one.ledger.case["id"] for one in found if one.due])
    letters = 0
    for one in found:
        _say(one, addresses.get(one.ledger.case["id"], Address()), said, round_.at)
        letters += len(one.ledger.notices)
    noted = [one.ledger for one in found if one.ledger.events]
    quiet = [one.ledger for one in found if not one.ledger.events]
    save(session, round_.bench, noted)
    post(session, round_.bench, quiet)
    _write_days(session, [(one.ledger.case["id"], _following(one)) for one in found])
    return len(found), letters


def _looked(session: Session, round_: _Round, ledger: Ledger) -> _Looked:
    crew = round_.crew(session, ledger.case["organisation_id"])
    today = ledger.local_day(round_.at)
    planned = plan(standing_of(ledger, reads=crew.reads), today)
    return _Looked(ledger, crew, today, planned, due(planned, today))


def _names(one: _Looked, letter: Planned) -> list[str]:
    """What the letters are called that may be written once only."""
    case = one.ledger.case
    if letter.to is To.CUSTOMER:
        return [f"{case['reference']}:{letter.kind}:{letter.day.isoformat()}"]
    members = one.crew.members(letter.to, case["owner_id"])
    return [team_once(case["reference"], letter.kind, letter.day, member.id) for member in members]


def _said_before(session: Session, found: Sequence[_Looked]) -> frozenset[str]:
    names = [name for one in found for letter in one.due for name in _names(one, letter)]
    if not names:
        return frozenset()
    return frozenset(session.scalars(select(Letter.once).where(Letter.once.in_(names))))


def _say(one: _Looked, address: Address, said: frozenset[str], at: datetime) -> None:
    """Lay what is due in the ledger; a customer's reminder goes into the journal too, as soon as it can be read."""
    ledger = one.ledger
    for letter in sorted(one.due, key=lambda planned: planned.day, reverse=True):
        fresh = [name for name in _names(one, letter) if name not in said]
        laid = {notice.once for notice in ledger.notices}
        if not fresh or all(name in laid for name in fresh):
            continue
        facts = _facts(letter, one)
        if letter.to is To.CUSTOMER:
            notice = to_customer(ledger, one.crew, address, letter.kind, at, day=letter.day, **facts)
            # What still has to be printed and posted counts from the day on which it was posted.
            if letter.counts and notice.status != PRINT:
                ledger.record(happened("reminded", TIMER, at, letter=letter.kind), None)
        elif not ledger.case["demo"]:
            to_team(ledger, one.crew, letter.to, letter.kind, at, day=letter.day, **facts)
    ledger.notices[:] = [one for one in ledger.notices if one.once not in said]


def _bodies(letter: Planned, one: _Looked) -> list[str]:
    """The bodies to which the limits lead that this letter is about: several may open on one day, in one letter."""
    if letter.kind not in {"overdue", "right_opens"}:
        return []
    regimes = clock.load()
    alike = [other for other in one.due if (other.kind, other.to, other.day) == (letter.kind, letter.to, letter.day)]
    led = (regimes[other.rule].on_expiry for other in alike if other.rule in regimes)
    return list(dict.fromkeys(body.value for body in led if body is not None))


def _facts(letter: Planned, one: _Looked) -> Mapping[str, Any]:
    """What a letter names: the day it is about, and the next bodies where limits of that day lead to some."""
    facts: dict[str, Any] = {"due": letter.ends_on.isoformat()} if letter.ends_on is not None else {}
    regime = clock.load().get(letter.rule)
    bodies = _bodies(letter, one)
    if bodies:
        facts |= {"next_body": bodies[0], "also": bodies[1:], "next_on": ""}
    elif letter.kind == "overdue" and not _way_open(one):
        facts["next_body"] = ""
    elif letter.kind == "right_ends" and (regime is None or regime.kept_by is not KeptBy.ESCALATED):
        # A limit to go to court or to claim: no body of ours keeps it.
        facts["next_body"] = ""
    return facts


def _way_open(one: _Looked) -> bool:
    opens = one.ledger.dispute.escalation_opens_on
    return opens is not None and opens <= one.today


def _following(one: _Looked) -> date | None:
    planned = one.planned
    if one.ledger.dispute.reminders:
        planned = plan(standing_of(one.ledger, reads=one.crew.reads), one.today)
    return next_look(planned, one.today, looked=True)


def _write_days(session: Session, days: Sequence[tuple[int, date | None]]) -> None:
    case = table(Case)
    if days:
        statement = update(case).where(case.c.id == bindparam("number")).values(watch_on=bindparam("day"))
        session.connection().execute(statement, [{"number": number, "day": day} for number, day in days])
