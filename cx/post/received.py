"""An address is confirmed by its first use: somebody opened the link that was sent there, and nowhere else."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cx.post.brake import HELD
from models import AccessLink, Contact, Letter


def unconfirmed(session: Session, link_hash: str) -> int | None:
    """The case whose contact address this link would confirm: the link left in a letter to that very address."""
    found = session.execute(
        select(AccessLink.case_id, Contact.email)
        .join(Contact, Contact.case_id == AccessLink.case_id)
        .where(
            AccessLink.secret_hash == link_hash,
            AccessLink.revoked_at.is_(None),
            Contact.email_verified_at.is_(None),
            Contact.email != "",
        )
    ).first()
    if found is None:
        return None
    letters = select(Letter.data).where(
        Letter.case_id == found.case_id,
        func.lower(Letter.address) == found.email.lower(),
        Letter.account_id.is_(None),
        # A letter that never left was read by nobody: its link came from somewhere else.
        Letter.attempts > 0,
    )
    return found.case_id if any(data.get("link") == link_hash for data in session.scalars(letters)) else None


def confirm(session: Session, case_id: int, at: datetime) -> None:
    """The address of this case's contact is the person's own; what was held back leaves now."""
    own = (Contact.case_id == case_id, Contact.email_verified_at.is_(None))
    session.execute(update(Contact).where(*own).values(email_verified_at=at))
    waiting = (Letter.case_id == case_id, Letter.status == "waiting", Letter.error == HELD)
    session.execute(update(Letter).where(*waiting).values(next_try_at=at, error=""))
