"""The promises of a charter on one case: made when they begin, settled by the journal or by time.

`settle` is called wherever a case is written (`cx.disputes.storing.save`), so no act can pass a promise by; while an
organisation has published nothing this costs one look at an index. A promise that breaks brings its remedy at once,
held back for one working day so that somebody may raise it or say why it is not given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.core import presence
from cx.core.acts import Actor, Event
from cx.core.charter import DECIDE_WITHIN, RULE_BY_ID, Asked, Place, PledgeStatus, RemedyStatus, Rule, Standing, judge
from cx.core.dispute import happened
from cx.core.words import Role
from cx.disputes.calendars import days_off
from cx.disputes.ledger import Ledger
from models import Contact, EventRow, HumanRequest, Pledge, Promise, Remedy, Staffing

TIMER = Actor(Role.TIMER, "timer")
YEAR = timedelta(days=365)
# What uses up the number of remedies that one person may have a year: not what was blocked or refused.
COUNTING = (
    RemedyStatus.HELD, RemedyStatus.OFFERED, RemedyStatus.COUNTERED, RemedyStatus.ACCEPTED, RemedyStatus.GIVEN,
)  # fmt: skip


@dataclass(slots=True)
class Pending:
    """A row that waits for the number of its case or of its pledge."""

    ledger: Ledger
    pledge: Pledge
    remedy: Remedy | None = None


def place_of(ledger: Ledger) -> Place:
    """Where the days of a case are counted."""
    return Place(ZoneInfo(ledger.case["zone"]), ledger.case["calendar"] or "none", days_off)


def settle(session: Session, ledgers: Iterable[Ledger], at: datetime | None = None) -> list[Pending]:
    """Judge the promises on these cases at `at` (else at the last event of each), and note in the journal what broke.

    Called before the ledgers are written; `write` stores what is returned once the cases have their numbers.
    """
    moved = [one for one in ledgers if one.dispute.sent_at is not None and (at is not None or one.events)]
    houses = {one.case["organisation_id"] for one in moved}
    if not houses:
        return []
    query = select(Promise).where(Promise.organisation_id.in_(houses), Promise.published_at.is_not(None))
    promises = list(session.scalars(query.order_by(Promise.id)))
    if not promises:
        return []
    pending: list[Pending] = []
    for ledger in moved:
        own = [one for one in promises if one.organisation_id == ledger.case["organisation_id"]]
        pending += _settle_one(session, ledger, own, at or ledger.events[-1]["at"]) if own else []
    return pending


def write(session: Session, pending: Sequence[Pending]) -> None:
    """Store new pledges and remedies; the cases have their numbers now."""
    if not pending:
        return
    for one in pending:
        one.pledge.case_id = one.ledger.case["id"]
        session.add(one.pledge)
    session.flush()
    for one in pending:
        if one.remedy is not None:
            one.remedy.case_id, one.remedy.pledge_id = one.pledge.case_id, one.pledge.id
            session.add(one.remedy)
    session.flush()


def binds(promise: Promise, sent_at: datetime) -> bool:
    """Whether a promise stood when the dispute was sent: none binds backwards, none is taken back from a case."""
    started = promise.published_at is not None and promise.published_at <= sent_at
    return started and (promise.retired_at is None or sent_at < promise.retired_at)


def _settle_one(session: Session, ledger: Ledger, promises: Sequence[Promise], at: datetime) -> list[Pending]:
    sent_at = ledger.dispute.sent_at
    assert sent_at is not None
    kept: dict[int, Pledge] = {}
    if not ledger.fresh:
        rows = session.scalars(select(Pledge).where(Pledge.case_id == ledger.case["id"]))
        kept = {row.promise_id: row for row in rows}
    wanted = [
        one
        for one in promises
        if (kept[one.id].status == PledgeStatus.RUNNING if one.id in kept else binds(one, sent_at))
    ]
    if not wanted:
        return []
    journal = journal_of(session, ledger)
    place = place_of(ledger)
    pending: list[Pending] = []
    for promise in wanted:
        asked = requests_for(session, ledger, promise.amount) if promise.rule == Rule.CALLED_BACK else ()
        standing = judge(RULE_BY_ID[promise.rule], promise.amount, journal, place, at, asked)
        pledge = kept.get(promise.id)
        if standing is None or (pledge is None and standing.status is PledgeStatus.VOID):
            continue
        if pledge is None:
            pledge = Pledge(promise_id=promise.id, organisation_id=promise.organisation_id)
        apply(pledge, standing)
        remedy = break_promise(session, ledger, promise, place, at) if pledge.status == PledgeStatus.BROKEN else None
        pending.append(Pending(ledger, pledge, remedy))
    return pending


def apply(pledge: Pledge, standing: Standing) -> None:
    """Write on a pledge where its promise stands."""
    pledge.status, pledge.due_at, pledge.settled_at = standing.status.value, standing.due_at, standing.settled_at


def journal_of(session: Session, ledger: Ledger) -> list[Event]:
    """The events of a case, the stored ones and those about to be."""
    events: list[Event] = []
    if not ledger.fresh:
        query = select(EventRow.kind, EventRow.role, EventRow.actor, EventRow.at, EventRow.data)
        rows = session.execute(query.where(EventRow.case_id == ledger.case["id"]).order_by(EventRow.seq))
        events = [Event(kind, Role(role), actor, moment, data) for kind, role, actor, moment, data in rows]
    fresh = ledger.events
    return events + [
        Event(one["kind"], Role(one["role"]), one["actor"], one["at"], one["data"])
        for one in fresh
        if one["seq"] > len(events)
    ]


def requests_for(session: Session, ledger: Ledger, hours: int) -> list[Asked]:
    """The requests to talk to a person on a case that were not taken back, each due after so many staffed hours.

    Whoever chose a moment is met at that moment; where nobody said when people are there, the request's own clock counts.
    """
    if ledger.fresh:
        return []
    case = ledger.case
    rows = session.scalars(select(Staffing).where(Staffing.organisation_id == case["organisation_id"]))
    there = [presence.Hours(presence.Way(one.way), one.weekdays, one.opens, one.closes, hours * 60) for one in rows]
    where = presence.Where(case["zone"], case["calendar"] or "none", days_off)
    query = select(HumanRequest).where(HumanRequest.case_id == case["id"], HumanRequest.status != "taken_back")
    found: list[Asked] = []
    for one in session.scalars(query.order_by(HumanRequest.id)):
        own = [hour for hour in there if hour.way == one.way]
        due_at = presence.due_at(own, one.asked_at, where) if own and one.slot_at is None else None
        found.append(Asked(one.asked_at, due_at or one.due_at, one.met_at))
    return found


def break_promise(session: Session, ledger: Ledger, promise: Promise, place: Place, at: datetime) -> Remedy | None:
    """Note that a promise broke, and make the remedy that it brings; none beyond the number a person may have a year."""
    case_id = None if ledger.fresh else ledger.case["id"]
    known = str((ledger.contact or {}).get("email") or "").lower() if case_id is None else email_of(session, case_id)
    capped = used(session, promise.id, promise.organisation_id, case_id, known, at) >= promise.cap
    facts: dict[str, object] = {"promise": promise.id, "rule": promise.rule}
    ledger.record(happened("promise_broken", TIMER, at, **facts, capped=capped), None, TIMER)
    if capped:
        return None
    facts |= {"remedy": promise.kind, "amount_minor": promise.amount_minor, "currency": promise.currency}
    ledger.record(happened("remedy_held", TIMER, at, **facts), None, TIMER)
    return Remedy(
        organisation_id=promise.organisation_id, kind=promise.kind, words=promise.words,
        amount_minor=promise.amount_minor, currency=promise.currency,
        status=RemedyStatus.HELD.value, decide_by=place.after_working_days(at, DECIDE_WITHIN), created_at=at,
    )  # fmt: skip


def used(session: Session, promise_id: int, organisation_id: int, case_id: int | None, email: str, at: datetime) -> int:
    """How many remedies of this promise a person had within a year: by their e-mail address, else on this case."""
    query = (
        select(func.count(Remedy.id))
        .join(Pledge, Pledge.id == Remedy.pledge_id)
        .where(
            Remedy.organisation_id == organisation_id,
            Pledge.promise_id == promise_id,
            Remedy.created_at > at - YEAR,
            Remedy.status.in_([one.value for one in COUNTING]),
        )
    )
    if email:
        query = query.join(Contact, Contact.case_id == Remedy.case_id).where(func.lower(Contact.email) == email)
    else:
        query = query.where(Remedy.case_id == case_id)
    return session.scalar(query) or 0


def email_of(session: Session, case_id: int) -> str:
    """The address by which the person of a case is known elsewhere, folded; empty when they left none."""
    contact = session.get(Contact, case_id)
    return contact.email.lower() if contact is not None and contact.email else ""
