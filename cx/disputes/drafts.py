"""Stories being written: kept for the browser that writes them, seen by nobody else, deleted when they are old.

A draft is found by the hash of a secret that only the browser holds. Its data are plain JSON values, already masked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.orm import Session

from cx.disputes.beside import APPROVAL
from cx.disputes.storing import table
from models import Draft

KEPT_FOR, ASKED_FOR = timedelta(days=30), timedelta(days=365)


def find(session: Session, secret_hash: str) -> dict[str, Any] | None:
    """The data of a draft; None when there is none."""
    found = session.execute(select(Draft.data).where(Draft.secret_hash == secret_hash)).scalar()
    return dict(found) if found is not None else None


def keep(session: Session, secret_hash: str, data: Mapping[str, Any], at: datetime) -> None:
    """Write a draft as it stands now, new or not, in the present transaction."""
    columns = table(Draft)
    changed = session.execute(
        update(columns).where(columns.c.secret_hash == secret_hash).values(data=dict(data), updated_at=at)
    )
    if getattr(changed, "rowcount", 0) == 0:
        session.execute(insert(columns).values(secret_hash=secret_hash, data=dict(data), created_at=at, updated_at=at))


def drop(session: Session, secret_hash: str) -> None:
    """Delete a draft."""
    session.execute(delete(Draft).where(Draft.secret_hash == secret_hash))


def drop_old(session: Session, now: datetime) -> int:
    """Delete every draft that nobody touched for thirty days; returns how many there were.

    What an agent asked a supervisor to send is not lost so soon: it stays for a year, or until the answer goes out.
    """
    kept_for = case((Draft.secret_hash.startswith(APPROVAL), now - ASKED_FOR), else_=now - KEPT_FOR)
    gone = session.execute(delete(Draft).where(Draft.updated_at < kept_for))
    return int(getattr(gone, "rowcount", 0))
