"""Slows guessing down: failed tries are counted by a hash of whatever they have in common (an address, an e-mail)."""

import hashlib
from datetime import UTC, datetime, timedelta

from flask import request
from sqlalchemy import delete, func, select

from cx.web.database import reading, recording
from models import LoginAttempt

KEPT_FOR = timedelta(days=1)


def subject_of(what: str, value: str = "") -> str:
    """The hash under which tries are counted: `what` is tried, from `value` (default: the address of the request)."""
    return hashlib.sha256(f"{what}\n{value or request.remote_addr or ''}".encode()).hexdigest()


def failures(subject: str, within: timedelta) -> int:
    """How many tries failed lately."""
    since = datetime.now(UTC) - within
    query = select(func.count(LoginAttempt.id)).where(LoginAttempt.subject == subject, LoginAttempt.at > since)
    return reading().scalar(query) or 0


def record_failure(subject: str) -> None:
    """Note one failed try, in a short transaction of its own; old ones of the same subject are forgotten."""
    now = datetime.now(UTC)
    with recording() as session:
        session.execute(delete(LoginAttempt).where(LoginAttempt.subject == subject, LoginAttempt.at < now - KEPT_FOR))
        session.add(LoginAttempt(subject=subject, at=now))
