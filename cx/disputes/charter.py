"""The charter of an organisation as it is written: drafts, publishing, retiring; and what time does to it (`sweep`).

A published promise is never edited: a new one replaces it, and cases keep the promises that stood when they were sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cx.core.charter import PledgeStatus, RemedyStatus, Rule
from cx.core.refusals import Conflict, NotVisible, WrongState
from cx.core.visitor import Visitor
from cx.core.words import OfferKind, Role
from cx.disputes import pledges, remedies
from cx.disputes.pledges import TIMER
from cx.disputes.storing import load, save
from cx.disputes.workbench import Workbench
from models import Organisation, Pledge, Promise, Remedy
from models.engine import Database

WRITERS = (Role.MANAGER, Role.SUPERVISOR)
# What a charter may bring: money, a service, a signed apology. A voucher needs the customer's own choice.
REMEDIES = (
    OfferKind.CONTRACTUAL_COMPENSATION, OfferKind.GOODWILL_GESTURE, OfferKind.SERVICE_PERFORMED, OfferKind.APOLOGY,
)  # fmt: skip
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A promise as it is written: a rule with its limit and the remedy, `amount_minor` in minor units."""

    rule: Rule
    amount: int
    kind: OfferKind
    amount_minor: int | None
    currency: str | None
    words: str
    cap: int


def house_of(session: Session, slug: str) -> Organisation:
    """The organisation with this slug, if it reads us. Raises NotVisible."""
    query = select(Organisation).where(Organisation.slug == slug[:80], Organisation.claimed)
    found = session.scalars(query).first()
    if found is None:
        raise NotVisible
    return found


def slug_of(session: Session, organisation_id: int) -> str:
    """The name of an organisation in addresses."""
    return session.scalar(select(Organisation.slug).where(Organisation.id == organisation_id)) or ""


def house_number(session: Session, organisation_id: int) -> Organisation:
    """The organisation with this number. Raises NotVisible."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotVisible
    return found


def own_house(session: Session, visitor: Visitor, slug: str) -> Organisation:
    """The visitor's own organisation, whose charter they may write. Raises NotVisible."""
    found = house_of(session, slug)
    if not visitor.has(*WRITERS) or visitor.organisation_id != found.id:
        raise NotVisible
    return found


def promises(session: Session, organisation_id: int) -> list[Promise]:
    """Every promise of an organisation, the oldest first: drafts, standing and retired ones."""
    query = select(Promise).where(Promise.organisation_id == organisation_id).order_by(Promise.id)
    return list(session.scalars(query))


def standing(promise: Promise, at: datetime) -> bool:
    """Whether the promise holds for what is sent at `at`."""
    return pledges.binds(promise, at)


def is_published(session: Session, organisation_id: int, at: datetime) -> bool:
    """Whether the organisation has a charter that holds now."""
    query = select(Promise.id).where(
        Promise.organisation_id == organisation_id,
        Promise.published_at <= at,
        or_(Promise.retired_at.is_(None), Promise.retired_at > at),
    )
    return session.execute(query.limit(1)).first() is not None


def draft_of(session: Session, organisation_id: int, promise_id: int) -> Promise:
    """A promise that is not published yet. Raises NotVisible for any other."""
    found = session.get(Promise, promise_id)
    if found is None or found.organisation_id != organisation_id or found.published_at is not None:
        raise NotVisible
    return found


def write(session: Session, organisation_id: int, draft: Draft, at: datetime, promise_id: int | None = None) -> None:
    """Write a draft, or change the one with this number. Raises NotVisible when that one is not a draft."""
    row = draft_of(session, organisation_id, promise_id) if promise_id is not None else Promise(
        organisation_id=organisation_id, created_at=at
    )  # fmt: skip
    row.rule, row.amount, row.kind = draft.rule.value, draft.amount, draft.kind.value
    row.amount_minor, row.currency = draft.amount_minor, draft.currency
    row.words, row.cap = draft.words, draft.cap
    session.add(row)


def drop(session: Session, organisation_id: int, promise_id: int) -> None:
    """Throw a draft away. Raises NotVisible when it is not one."""
    session.delete(draft_of(session, organisation_id, promise_id))


def publish(session: Session, house: Organisation, on: date, at: datetime) -> int:
    """Publish every draft from the local day `on`, today at the earliest; return how many.

    A promise that a new one replaces (the same rule) holds until then. Cases already sent keep what stood for them.
    """
    starts = max(at, datetime.combine(on, time(), ZoneInfo(house.zone)).astimezone(at.tzinfo))
    rows = promises(session, house.id)
    drafts = [one for one in rows if one.published_at is None]
    newest = {one.rule: one for one in drafts}
    for one in rows:
        if one.published_at is not None and one.rule in newest and (one.retired_at is None or one.retired_at > starts):
            one.retired_at = max(starts, one.published_at)
    for one in drafts:
        one.published_at = starts
        if newest[one.rule] is not one:
            one.retired_at = starts
    return len(newest)


def retire(session: Session, organisation_id: int, promise_id: int, at: datetime) -> None:
    """Take a promise out of the charter: what was sent before keeps it. Raises NotVisible."""
    found = session.get(Promise, promise_id)
    if found is None or found.organisation_id != organisation_id or found.published_at is None:
        raise NotVisible
    if found.retired_at is None or found.retired_at > at:
        found.retired_at = max(at, found.published_at)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: promises whose day had passed, and remedies that were offered by themselves."""

    settled: int
    offered: int


def sweep(database: Database, bench: Workbench, at: datetime) -> Swept:
    """What time alone does to charters: promises break, and remedies that nobody decided about are offered.

    Each case in its own transaction, found by an index; doing it twice, or in two places at once, changes nothing.
    """
    settled, offered = 0, 0
    while cases := _overdue(database, at):
        done = sum(_try(database, partial(_settle, bench, one, at)) for one in cases)
        settled += done
        if not done or len(cases) < AT_ONCE:
            break
    with database.reading() as session:
        query = select(Remedy.id).where(Remedy.status == RemedyStatus.HELD.value, Remedy.decide_by < at)
        ripe = list(session.scalars(query.order_by(Remedy.id)))
    for number in ripe:
        offered += _try(database, partial(_offer, bench, number, at))
    return Swept(settled, offered)


def _overdue(database: Database, at: datetime) -> list[int]:
    with database.reading() as session:
        query = select(Pledge.case_id).where(Pledge.status == PledgeStatus.RUNNING.value, Pledge.due_at < at)
        return list(session.scalars(query.distinct().limit(AT_ONCE)))


def _try(database: Database, do: Callable[[Session], bool]) -> bool:
    """Do one small thing in its own transaction, unless somebody was faster."""
    try:
        with database.writing() as session:
            return do(session)
    except (Conflict, NotVisible, WrongState):
        return False


def _settle(bench: Workbench, case_id: int, at: datetime, session: Session) -> bool:
    ledger = load(session, case_id)
    pending = pledges.settle(session, [ledger], at)
    if not pending:
        return False
    if ledger.events:
        save(session, bench, [ledger])
    pledges.write(session, pending)
    return True


def _offer(bench: Workbench, number: int, at: datetime, session: Session) -> bool:
    held = remedies.by_time(session, number, TIMER)
    if held.remedy.status != RemedyStatus.HELD or held.remedy.decide_by >= at:
        return False
    remedies.offer(session, bench, held, at)
    return True
