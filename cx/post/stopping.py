"""Whether a person wants reminders, by the token of a letter. It says nothing about whose token it is."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cx.post.addresses import STOP, Signer, case_of
from models import Contact


def reminded(session: Session, signer: Signer, token: str) -> bool | None:
    """Whether the person of this token gets reminders; None when the token fits nobody."""
    case_id = case_of(token)
    found = select(Contact.email, Contact.reminders_off_at).where(Contact.case_id == case_id)
    row = session.execute(found).first() if case_id is not None else None
    if row is None or not row.email or not signer.fits(token, STOP, row.email):
        return None
    return row.reminders_off_at is None


def remind(session: Session, token: str, wanted: bool, at: datetime) -> None:
    """Stop reminders, or send them again. The token was looked at before."""
    value = None if wanted else at
    session.execute(update(Contact).where(Contact.case_id == case_of(token)).values(reminders_off_at=value))
