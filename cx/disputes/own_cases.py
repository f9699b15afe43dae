"""What customers may know of their own cases beside the case itself: which ones they hold."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cx.core.incident import Report
from cx.core.visitor import Visitor
from cx.core.words import State
from cx.disputes.filing import SAME_WITHIN, story_digest
from cx.disputes.sight import As, cases
from models import Case, Organisation

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


def same_story_held(session: Session, visitor: Visitor, report: Report) -> str | None:
    """The reference of the same story told within a day, if the visitor holds its key."""
    query = cases(visitor, As.CUSTOMER, Case.reference).where(
        Case.story_digest == story_digest(report), Case.told_at > report.told_at - SAME_WITHIN
    )
    found: str | None = session.scalar(query.order_by(Case.id.desc()).limit(1))
    return found
