"""The rows behind the measures of presence: how requests for a person were answered, how many people wrote to whom."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.core.words import Audience, MessageKind, Role
from cx.disputes.meeting import TAKEN_BACK
from cx.disputes.sight import As, cases
from models import Case, HumanRequest, Message

# The latest so many are looked at: enough for a rate, and the same time whatever the archive holds.
MOST_REQUESTS = 5000
MOST_CASES = 1000
WROTE = (Role.AGENT.value, Role.SUPERVISOR.value)


@dataclass(frozen=True, slots=True)
class Clocked:
    """One request, without who asked."""

    asked_at: datetime
    slot_at: datetime | None
    due_at: datetime
    met_at: datetime | None


def clocked(
    session: Session, visitor: Visitor, organisations: Sequence[int] | None, first: datetime, until: datetime
) -> tuple[Clocked, ...]:
    """The latest requests asked from `first` to before `until` that were not taken back."""
    columns = (HumanRequest.asked_at, HumanRequest.slot_at, HumanRequest.due_at, HumanRequest.met_at)
    query = (
        cases(visitor, As.FIGURES, *columns)
        .join(HumanRequest, HumanRequest.case_id == Case.id)
        .where(HumanRequest.asked_at >= first, HumanRequest.asked_at < until, HumanRequest.status != TAKEN_BACK)
        .order_by(HumanRequest.id.desc())
        .limit(MOST_REQUESTS)
    )
    if organisations is not None:
        query = query.where(HumanRequest.organisation_id.in_(organisations))
    return tuple(Clocked(*row) for row in session.execute(query))


def people_by_case(
    session: Session, visitor: Visitor, organisations: Sequence[int] | None, first: datetime, until: datetime
) -> Counter[int]:
    """How many cases had one, two, three … people of the team writing to the customer, of the latest ones told."""
    latest = cases(visitor, As.FIGURES, Case.id).where(Case.told_at >= first, Case.told_at < until)
    if organisations is not None:
        latest = latest.where(Case.organisation_id.in_(organisations))
    numbers = list(session.scalars(latest.order_by(Case.id.desc()).limit(MOST_CASES)))
    query = (
        select(func.count(Message.account_id.distinct()))
        .where(
            Message.case_id.in_(numbers),
            Message.role.in_(WROTE),
            Message.audience == Audience.BOTH,
            Message.account_id.is_not(None),
            # Whoever rules on a reading must be another person than the one who handles the case.
            Message.kind != MessageKind.READING_RULED,
        )
        .group_by(Message.case_id)
    )
    return Counter(session.scalars(query)) if numbers else Counter()
