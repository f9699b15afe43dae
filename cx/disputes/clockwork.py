"""What time alone does, once a minute: figures are folded, offers expire, dates that passed give way to the next one,
what falls due is said (`cx.disputes.watching`), and what was only kept for a while is forgotten. Doing it twice
changes nothing, on any number of machines.

Silence ends no dispute: an expired offer brings the case back to the organisation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.acts import Actor
from cx.core.refusals import Conflict, GuardFailed, NotVisible, WrongState
from cx.core.words import Action, Role, State
from cx.disputes import absences, charter, contests, figures, lateness, unread, watching
from cx.disputes.acting import act
from cx.disputes.effects import show_date
from cx.disputes.storing import load, save, table
from cx.disputes.workbench import Workbench
from models import Case, ClockRun, Draft, LoginAttempt, OfferVersion, StaffSession
from models.engine import Database

TIMER = Actor(Role.TIMER, "timer")
DRAFTS_LIVE = timedelta(days=30)
ATTEMPTS_LIVE = timedelta(days=1)
# The local day of a place is at most this far from the day in UTC.
FARTHEST_ZONE = timedelta(days=1)
DATE_COLUMNS = ("next_due_on", "next_due_kind", "next_due_rule")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    folded: int
    expired: int
    moved: int
    forgotten: int
    said: int = 0
    read: int = 0


def tick(database: Database, bench: Workbench, at: datetime) -> Round:
    """One round at the moment `at`, in small transactions, so that nobody waits long for any of them."""
    with database.writing() as session:
        folded = figures.fold(session)
    with database.reading() as session:
        expiring, passed = offers_to_expire(session, at), dates_to_move(session, at)
    expired = sum(_expire(database, bench, case_id, at) for case_id in expiring)
    moved = sum(_move_date(database, bench, case_id, at) for case_id in passed)
    charter.sweep(database, bench, at)
    absences.tell_absences(database, bench, at)
    lateness.tell_late(database, bench, at)
    contests.tell_late(database, bench, at)
    read = unread.sweep(database, bench, at)
    watched = watching.sweep(database, bench, at)
    with database.writing() as session:
        forgotten = forget(session, at)
    return Round(folded, expired, moved, forgotten, watched.said, read)


def offers_to_expire(session: Session, at: datetime) -> list[int]:
    """Cases whose open offer may have passed its last day; the rule itself judges with the local day."""
    case, offer = table(Case), table(OfferVersion)
    query = (
        select(offer.c.case_id)
        .join(case, case.c.id == offer.c.case_id)
        .where(
            offer.c.status == "open",
            offer.c.expires_on < (at + FARTHEST_ZONE).date(),
            case.c.state == State.OFFER_MADE.value,
        )
    )
    return list(session.scalars(query.distinct()))


def dates_to_move(session: Session, at: datetime) -> list[int]:
    """Cases that show a right that opened already while a later one is still to open."""
    case, run = table(Case), table(ClockRun)
    rights = [
        one.id for one in clock.load().values() if one.lawful and one.purpose is clock.Purpose.RIGHT_OPENS
    ]  # fmt: skip
    query = (
        select(case.c.id)
        .join(run, run.c.case_id == case.c.id)
        .where(
            case.c.next_due_kind == clock.ShownKind.RIGHT.value,
            case.c.next_due_on < (at + FARTHEST_ZONE).date(),
            run.c.regime_id.in_(rights),
            run.c.done_on.is_(None),
            run.c.due_on > case.c.next_due_on,
        )
    )
    return list(session.scalars(query.distinct()))


def _expire(database: Database, bench: Workbench, case_id: int, at: datetime) -> bool:
    """Expire the offer of one case, unless somebody was faster or its last day is not over where it counts."""
    try:
        with database.writing() as session:
            ledger = load(session, case_id)
            act(ledger, Action.EXPIRE_OFFER, TIMER, at)
            save(session, bench, [ledger])
    except (GuardFailed, WrongState, Conflict, NotVisible):
        return False
    return True


def _move_date(database: Database, bench: Workbench, case_id: int, at: datetime) -> bool:
    with database.writing() as session:
        ledger = load(session, case_id)
        before = [ledger.case[name] for name in DATE_COLUMNS]
        show_date(ledger, at)
        changed = [ledger.case[name] for name in DATE_COLUMNS] != before
        if changed:
            save(session, bench, [ledger])
    return changed


def forget(session: Session, at: datetime) -> int:
    """Delete drafts that nobody touched for thirty days, sessions that ended and old failed sign-ins."""
    gone = (
        delete(Draft).where(Draft.updated_at < at - DRAFTS_LIVE),
        delete(StaffSession).where(StaffSession.expires_at < at),
        delete(LoginAttempt).where(LoginAttempt.at < at - ATTEMPTS_LIVE),
    )
    return sum(int(getattr(session.execute(one), "rowcount", 0)) for one in gone)
