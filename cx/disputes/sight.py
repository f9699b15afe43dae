"""The only place that selects cases: it knows the visitor, refuses without one, and lets nothing else be seen.

Every query about cases starts from `cases(...)`. A listener on all sessions backs this up: a select of `Case`
that did not start here is an error, not a leak.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, event, false, insert, or_, select
from sqlalchemy.orm import ORMExecuteState, Session

from cx.core.contesting import Status
from cx.core.refusals import NotVisible
from cx.core.visitor import Visitor
from cx.core.words import Role
from cx.disputes.lanes import Lane
from models import AccessLink, AccessRecord, Case, MediatorLink, ReadingOpinion


class As(StrEnum):
    """In which capacity a visitor looks: as the customer of a case, as staff, to count, to take it, as a mediator, to rule
    on a reading that its customer contests.
    """

    CUSTOMER = "customer"
    STAFF = "staff"
    FIGURES = "figures"
    TAKING = "taking"
    MEDIATOR = "mediator"
    RULING = "ruling"


# The lanes in which a neutral may be needed: with the customer, or with a mediator.
NEAR_ITS_END = (Lane.ASKED, Lane.OFFERED)


def _entrustable(visitor: Visitor) -> ColumnElement[bool]:
    """Cases near their end that no neutral has; never those of the neutral's own organisation."""
    if not visitor.has(Role.NEUTRAL):
        return false()
    free = and_(Case.neutral_id.is_(None), Case.lane.in_(NEAR_ITS_END))
    own = visitor.organisation_id
    return free if own is None else and_(free, Case.organisation_id != own)


def _entered(visitor: Visitor) -> ColumnElement[bool]:
    """Cases to which a mediator holds a link that was not taken back and has not run out."""
    if not visitor.keys:
        return false()
    live = and_(MediatorLink.revoked_at.is_(None), MediatorLink.expires_at > datetime.now(UTC))
    return Case.id.in_(select(MediatorLink.case_id).where(MediatorLink.secret_hash.in_(visitor.keys), live))


def reads_notes(visitor: Visitor, organisation_id: int) -> bool:
    """Whether the visitor reads the internal notes of this organisation: its own team does, a neutral never."""
    return visitor.has(Role.AGENT, Role.SUPERVISOR) and visitor.organisation_id == organisation_id


def _contested(visitor: Visitor) -> ColumnElement[bool]:
    """Cases whose reading is contested, for a neutral until somebody ruled; never those of the neutral's organisation."""
    if not visitor.has(Role.NEUTRAL):
        return false()
    open_now = select(ReadingOpinion.case_id).where(ReadingOpinion.status == Status.OPEN)
    own = visitor.organisation_id
    found = Case.id.in_(open_now)
    return found if own is None else and_(found, Case.organisation_id != own)


class UnguardedSelect(RuntimeError):
    """Cases were selected outside `cx.disputes.sight`."""


@event.listens_for(Session, "do_orm_execute")
def _only_through_sight(state: ORMExecuteState) -> None:
    if state.is_select and not state.execution_options.get("sighted"):
        for mapper in state.all_mappers:
            if mapper.class_ is Case:
                message = "select cases through cx.disputes.sight.cases"
                raise UnguardedSelect(message)


def _criterion(visitor: Visitor, capacity: As) -> ColumnElement[bool]:
    if capacity is As.CUSTOMER:
        if not visitor.keys:
            return false()
        held = select(AccessLink.case_id).where(
            AccessLink.secret_hash.in_(visitor.keys), AccessLink.revoked_at.is_(None)
        )
        return Case.id.in_(held)
    if capacity is As.TAKING:
        return _entrustable(visitor)
    if capacity is As.MEDIATOR:
        return _entered(visitor)
    if capacity is As.RULING:
        return or_(_contested(visitor), _criterion(visitor, As.STAFF))
    parts: list[ColumnElement[bool]] = []
    own = {Role.AGENT, Role.SUPERVISOR} if capacity is As.STAFF else {Role.AGENT, Role.SUPERVISOR, Role.MANAGER}
    if visitor.has(*own) and visitor.organisation_id is not None:
        parts.append(Case.organisation_id == visitor.organisation_id)
    if visitor.has(Role.NEUTRAL) and capacity is As.STAFF:
        parts.append(Case.neutral_id == visitor.account_id)
    if visitor.has(Role.NEUTRAL) and capacity is As.FIGURES:
        return Case.id.is_not(None)
    return or_(*parts) if parts else false()


def cases(visitor: Visitor, capacity: As, *columns: Any) -> Select[Any]:
    """A select over the cases that the visitor may see in this capacity (`FIGURES`: for counting, no identity)."""
    chosen = columns or (Case,)
    return select(*chosen).select_from(Case).where(_criterion(visitor, capacity)).execution_options(sighted=True)


@dataclass(frozen=True, slots=True)
class Located:
    """A case found: its number and the version and state at which it was seen."""

    case_id: int
    version: int
    state: str
    organisation_id: int


def locate(session: Session, visitor: Visitor, capacity: As, reference: str) -> Located:
    """The case with this reference, if the visitor may see it. Raises NotVisible: foreign and missing are the same."""
    query = cases(visitor, capacity, Case.id, Case.version, Case.state, Case.organisation_id)
    row = session.execute(query.where(Case.reference == reference.upper()[:16])).first()
    if row is None:
        raise NotVisible
    return Located(*row)


def case_of_key(session: Session, secret_hash: str) -> str | None:
    """The reference that a key opens, for the private link; None when it opens nothing."""
    query = (
        select(Case.reference)
        .join(AccessLink, AccessLink.case_id == Case.id)
        .where(AccessLink.secret_hash == secret_hash, AccessLink.revoked_at.is_(None))
        .execution_options(sighted=True)
    )
    return session.scalar(query)


def reference_of_case(session: Session, case_id: int) -> str:
    """The reference of a case, for whoever proved that they have something of it: a file, a link. Raises NotVisible."""
    query = select(Case.reference).where(Case.id == case_id).execution_options(sighted=True)
    found = session.scalar(query)
    if found is None:
        raise NotVisible
    return found


def record_opening(session: Session, visitor: Visitor, case_id: int, at: datetime, what: str = "case") -> None:
    """Append to the access log that a person of staff opened a case (in a short transaction of its own)."""
    if visitor.account_id is not None:
        session.execute(insert(AccessRecord).values(case_id=case_id, account_id=visitor.account_id, at=at, what=what))
