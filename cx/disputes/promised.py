"""The charter as it is read: the public page with its figures, the promises on one case, the remedies of a house."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from cx.core.charter import NEVER, RULE_BY_ID, PledgeStatus, RemedyStatus, Rule
from cx.core.visitor import Visitor
from cx.core.words import OfferKind
from cx.disputes.charter_seen import Charter, Given, Line, Measures, Owed, PledgeSeen, Remedies, RemedySeen
from cx.disputes.pledges import binds, email_of, used
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As, cases
from models import Case, Pledge, Promise, Remedy

LOOK_BACK = timedelta(days=90)
SETTLED = (PledgeStatus.KEPT.value, PledgeStatus.BROKEN.value)
OPEN = frozenset({RemedyStatus.HELD, RemedyStatus.COUNTERED, RemedyStatus.ACCEPTED, RemedyStatus.OFFERED})
MOST = 60
Row = tuple[Remedy, Pledge, Promise]


def _given(row: Promise | Remedy) -> Given:
    return Given(OfferKind(row.kind), row.amount_minor, row.currency, row.words)


def _seen(row: Remedy) -> RemedySeen:
    return RemedySeen(
        row.id, RemedyStatus(row.status), _given(row), row.decide_by, row.reason, row.counter, row.offered_at, row.give_by,
        row.given_at, row.proof,
    )  # fmt: skip


def charter_of(session: Session, organisation_id: int, at: datetime) -> Charter:
    """The charter of an organisation at `at`, with the figures of the ninety days before."""
    query = select(Promise).where(Promise.organisation_id == organisation_id).order_by(Promise.id)
    rows = list(session.scalars(query))
    counts = _counts(session, organisation_id, at) if rows else {}
    lines = [(row, _line(row, counts)) for row in rows]
    order = list(Rule)
    return Charter(
        holds=tuple(sorted((line for row, line in lines if binds(row, at)), key=lambda one: order.index(one.rule))),
        to_come=tuple(line for row, line in lines if row.published_at and row.published_at > at and not _over(row, at)),
        retired=tuple(line for row, line in lines if row.published_at and _over(row, at)),
        drafts=tuple(line for row, line in lines if row.published_at is None),
        measures=_measures(session, organisation_id, counts, at),
    )


def _over(row: Promise, at: datetime) -> bool:
    """Whether a published promise holds no more, or was replaced before its day came."""
    ended = row.retired_at
    return ended is not None and (ended <= at or (row.published_at is not None and ended <= row.published_at))


def _line(row: Promise, counts: Mapping[tuple[int, str], int]) -> Line:
    kept = counts.get((row.id, PledgeStatus.KEPT.value), 0)
    broken = counts.get((row.id, PledgeStatus.BROKEN.value), 0)
    return Line(
        row.id, RULE_BY_ID[row.rule], row.amount, _given(row), row.cap, row.published_at, row.retired_at, kept,
        kept + broken,
    )  # fmt: skip


def _counts(session: Session, organisation_id: int, at: datetime) -> dict[tuple[int, str], int]:
    query = (
        select(Pledge.promise_id, Pledge.status, func.count())
        .where(
            Pledge.organisation_id == organisation_id,
            Pledge.settled_at > at - LOOK_BACK,
            Pledge.settled_at <= at,
            Pledge.status.in_(SETTLED),
        )
        .group_by(Pledge.promise_id, Pledge.status)
    )
    return {(promise_id, status): many for promise_id, status, many in session.execute(query)}


def _measures(session: Session, organisation_id: int, counts: Mapping[tuple[int, str], int], at: datetime) -> Measures:
    kept = sum(many for (_, status), many in counts.items() if status == PledgeStatus.KEPT)
    n = sum(counts.values())
    if not n:
        return Measures(0, 0, None, 0, 0, 0)
    query = (
        select(Remedy.status, Remedy.offered_at, Pledge.settled_at)
        .join(Pledge, Pledge.id == Remedy.pledge_id)
        .where(Remedy.organisation_id == organisation_id, Remedy.created_at > at - LOOK_BACK)
    )
    rows = session.execute(query).all()
    waits = [(offered - broke) / timedelta(days=1) for _, offered, broke in rows if offered and broke]
    decided = [status for status, *_ in rows if status != RemedyStatus.HELD]
    return Measures(
        kept, n, median(waits) if waits else None, len(waits), decided.count(RemedyStatus.BLOCKED.value), len(decided)
    )


def sums(
    session: Session, organisations: Sequence[int] | None, first: datetime, until: datetime
) -> list[tuple[str, tuple[int, int], tuple[int, int], tuple[int, int]]]:
    """Remedies in money that were offered from `first` to before `until`, currency by currency.

    For each (how many, minor units): offered, accepted, given. `organisations` None: those of all.
    """
    taken, given = (
        case((Remedy.status.in_([one.value for one in states]), 1), else_=0)
        for states in ((RemedyStatus.ACCEPTED, RemedyStatus.GIVEN), (RemedyStatus.GIVEN,))
    )
    amount = Remedy.amount_minor
    query = (
        select(
            Remedy.currency, func.count(), func.sum(amount), func.sum(taken), func.sum(taken * amount),
            func.sum(given), func.sum(given * amount),
        )
        .where(amount.is_not(None), Remedy.offered_at >= first, Remedy.offered_at < until)
        .group_by(Remedy.currency)
        .order_by(Remedy.currency)
    )  # fmt: skip
    if organisations is not None:
        query = query.where(Remedy.organisation_id.in_(organisations))
    return [
        (code, (many, int(minor)), (int(some), int(agreed)), (int(few), int(paid)))
        for code, many, minor, some, agreed, few, paid in session.execute(query)
    ]


def on_case(session: Session, case_id: int, at: datetime) -> tuple[PledgeSeen, ...]:
    """The promises on a case that the reader was shown already, in the order of the charter."""
    query = (
        select(Pledge, Promise, Remedy)
        .join(Promise, Promise.id == Pledge.promise_id)
        .outerjoin(Remedy, Remedy.pledge_id == Pledge.id)
        .where(Pledge.case_id == case_id, Pledge.status != PledgeStatus.VOID.value)
    )
    found, order = [], list(Rule)
    for pledge, promise, remedy in session.execute(query):
        broken, email = pledge.status == PledgeStatus.BROKEN, email_of(session, case_id)
        many = used(session, promise.id, promise.organisation_id, case_id, email, at) if broken else 0
        found.append(_pledge(pledge, promise, remedy, many, at))
    return tuple(sorted(found, key=lambda one: order.index(one.rule)))


def on_file(case: CaseFile, at: datetime) -> tuple[PledgeSeen, ...]:
    """The same of a case that was opened for its reader."""
    promises = {one.id: one for one in case.beside["promises"]}
    remedies = {one.pledge_id: one for one in case.beside["remedies"]}
    many = {one.promise_id: one.many for one in case.beside["used"]}
    order = list(Rule)
    found = [
        _pledge(one, promises[one.promise_id], remedies.get(one.id), many.get(one.promise_id, 0), at)
        for one in sorted(case.beside["pledges"], key=lambda one: one.id)
    ]
    return tuple(sorted(found, key=lambda one: order.index(one.rule)))


def _pledge(pledge: Pledge, promise: Promise, remedy: Remedy | None, many: int, at: datetime) -> PledgeSeen:
    status = PledgeStatus(pledge.status)
    return PledgeSeen(
        promise_id=promise.id,
        rule=RULE_BY_ID[promise.rule],
        amount=promise.amount,
        status=status,
        due_at=None if pledge.due_at >= NEVER else pledge.due_at,
        settled_at=pledge.settled_at,
        remedy=_seen(remedy) if remedy is not None else None,
        undoable=status is PledgeStatus.WAIVED and pledge.due_at > at,
        used=many,
        cap=promise.cap,
    )


def remedies_of(session: Session, visitor: Visitor, at: datetime) -> Remedies:
    """The remedies of the visitor's organisation by what they ask for, the most urgent first."""
    query = (
        select(Remedy, Pledge, Promise)
        .join(Pledge, Pledge.id == Remedy.pledge_id)
        .join(Promise, Promise.id == Pledge.promise_id)
        .where(Remedy.organisation_id == visitor.organisation_id)
    )
    still = Remedy.status.in_([one.value for one in OPEN])
    waiting = _rows(session, query.where(still).order_by(Remedy.decide_by).limit(MOST))
    done = _rows(session, query.where(~still).order_by(Remedy.id.desc()).limit(MOST))
    found = owed(session, visitor, [*waiting, *done], at, counts=False)

    def with_status(*states: RemedyStatus) -> tuple[Owed, ...]:
        return tuple(one for one in found if one.remedy.status in states)

    return Remedies(
        to_decide=with_status(RemedyStatus.HELD, RemedyStatus.COUNTERED),
        to_give=with_status(RemedyStatus.ACCEPTED),
        offered=with_status(RemedyStatus.OFFERED),
        settled=tuple(one for one in found if one.remedy.status not in OPEN),
    )


def one_remedy(session: Session, visitor: Visitor, remedy_id: int, at: datetime) -> Owed | None:
    """One remedy of the visitor's organisation."""
    query = (
        select(Remedy, Pledge, Promise)
        .join(Pledge, Pledge.id == Remedy.pledge_id)
        .join(Promise, Promise.id == Pledge.promise_id)
        .where(Remedy.organisation_id == visitor.organisation_id, Remedy.id == remedy_id)
    )
    found = owed(session, visitor, _rows(session, query), at)
    return found[0] if found else None


def _rows(session: Session, query: Select[Remedy, Pledge, Promise]) -> list[Row]:
    return [(remedy, pledge, promise) for remedy, pledge, promise in session.execute(query)]


def owed(session: Session, visitor: Visitor, rows: Sequence[Row], at: datetime, *, counts: bool = True) -> list[Owed]:
    """Remedies as they stand, of the cases that the visitor may count; `counts`: how many the person had this year."""
    numbers = {remedy.case_id for remedy, _, _ in rows}
    query = cases(visitor, As.FIGURES, Case.id, Case.reference).where(Case.id.in_(numbers))
    references: dict[int, str] = dict(session.execute(query).all()) if numbers else {}
    return [
        Owed(
            reference=references[remedy.case_id],
            case_id=remedy.case_id,
            rule=RULE_BY_ID[promise.rule],
            amount=promise.amount,
            broken_at=pledge.settled_at,
            remedy=_seen(remedy),
            used=_used(session, promise, remedy.case_id, at) if counts else 0,
            cap=promise.cap,
        )
        for remedy, pledge, promise in rows
        if remedy.case_id in references
    ]


def _used(session: Session, promise: Promise, case_id: int, at: datetime) -> int:
    return used(session, promise.id, promise.organisation_id, case_id, email_of(session, case_id), at)
