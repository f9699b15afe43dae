"""Guessing is slowed down: tries are written down before they are judged, in hashes of who tries and what is tried.

A try counts from the moment it is made, so a hundred guesses sent at once are ten guesses. Open sessions are not
touched: whoever is signed in stays signed in while somebody else guesses.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models import LoginAttempt

SIGN_INS = (10, timedelta(minutes=15))
RESET_LETTERS = (3, timedelta(hours=1))
KEPT = timedelta(hours=2)


def subject(kind: str, value: str) -> str:
    """The hash under which tries are counted; neither an e-mail nor an address is stored."""
    key = current_app.config["PASSWORD_SALT"].encode()
    return hmac.new(key, f"{kind}\n{value}".encode(), hashlib.sha256).hexdigest()


def reserve(session: Session, subjects: Sequence[str], now: datetime, limit: tuple[int, timedelta] = SIGN_INS) -> int:
    """Count one try for each subject, or refuse: the seconds to wait, 0 when the try may be made."""
    most, window = limit
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - KEPT))
    for one in subjects:
        query = select(LoginAttempt.at).where(LoginAttempt.subject == one, LoginAttempt.at > now - window)
        made = session.scalars(query.order_by(LoginAttempt.at.desc()).limit(most)).all()
        if len(made) >= most:
            return max(1, int((made[-1] + window - now).total_seconds()) + 1)
    session.execute(insert(LoginAttempt), [{"subject": one, "at": now} for one in subjects])
    return 0


def succeeded(session: Session, person: str, place: str, at: datetime) -> None:
    """Forget the tries of a person who proved to be one, and the one try of the place it came from."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.subject == person))
    session.execute(delete(LoginAttempt).where(LoginAttempt.subject == place, LoginAttempt.at == at))
