"""What customers may know of their own cases beside the case itself: which ones they hold, and under which key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.incident import Report
from cx.core.visitor import Visitor
from cx.core.words import State
from cx.disputes.filing import SAME_WITHIN, story_digest
from cx.disputes.sight import As, cases
from models import AccessLink, Case, Organisation

MOST = 12


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case that this browser holds a key of."""

    reference: str
    first_words: str
    organisation: str
    state: State
    told_at: datetime


def held(session: Session, visitor: Visitor) -> tuple[OwnCase, ...]:
    """The cases that the visitor holds keys of, newest first."""
    if not visitor.keys:
        return ()
    query = (
        cases(visitor, As.CUSTOMER, Case.reference, Case.first_words, Organisation.name, Case.state, Case.told_at)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .order_by(Case.id.desc())
        .limit(MOST)
    )
    return tuple(OwnCase(a, b, c, State(d), e) for a, b, c, d, e in session.execute(query))


def key_of(session: Session, visitor: Visitor, case_id: int) -> str | None:
    """Which of the visitor's hashed keys opens this case; None when none does."""
    query = select(AccessLink.secret_hash).where(
        AccessLink.case_id == case_id, AccessLink.secret_hash.in_(visitor.keys), AccessLink.revoked_at.is_(None)
    )
    return session.scalar(query.limit(1)) if visitor.keys else None


def same_story_held(session: Session, visitor: Visitor, report: Report) -> str | None:
    """The reference of the same story told within a day, if the visitor holds its key."""
    query = cases(visitor, As.CUSTOMER, Case.reference).where(
        Case.story_digest == story_digest(report), Case.told_at > report.told_at - SAME_WITHIN
    )
    found: str | None = session.scalar(query.order_by(Case.id.desc()).limit(1))
    return found
