"""The first hour: a one-time token leads through it, and dies when there is an administrator."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.accounts.organisations import installation
from cx.core.words import Role
from cx.web.visitors import hashed
from models import Installation, Membership


def has_admin(session: Session) -> bool:
    """Whether somebody administers this installation."""
    query = select(Membership.id).where(Membership.role == Role.ADMIN, Membership.until.is_(None)).limit(1)
    return session.scalars(query).first() is not None


def begin(session: Session) -> str | None:
    """A fresh token for `/setup/<token>`, which makes earlier ones worthless; None once there is an administrator.

    Called inside a transaction that the caller commits; only the hash is stored.
    """
    if has_admin(session):
        return None
    token = secrets.token_urlsafe(24)
    row = installation(session)
    if row is None:
        row = Installation(setup_hash="")
        session.add(row)
    row.setup_hash = hashed(token)
    session.flush()
    return token


def opened_by(session: Session, token: str) -> Installation | None:
    """The installation that waits for its first hour, if this is its token."""
    row = installation(session)
    if row is None or not row.setup_hash or has_admin(session):
        return None
    return row if secrets.compare_digest(row.setup_hash, hashed(token[:100])) else None
