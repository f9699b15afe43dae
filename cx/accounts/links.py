"""Secrets that travel in links: an invitation (kept as a hash) and a way to a new password (signed, kept nowhere).

The secret of an invitation is derived from the key of the installation, so whoever may invite can show and print
the link again, and still the database holds nothing that opens an account.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.web.visitors import hashed
from models import Account, Invitation

INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=1)


def absolute(endpoint: str, **values: Any) -> str:
    """A link as it is mailed or printed: under the address of the installation, whatever the request said."""
    return f"{current_app.config['DOLEANCE_URL']}{url_for(endpoint, **values)}"


def invitation_secret(invitation: Invitation) -> str:
    """The secret of a stored invitation (130 bits)."""
    text = f"invitation\n{invitation.id}\n{invitation.created_at.isoformat()}"
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:26].lower()


def find_invitation(session: Session, secret: str, now: datetime, lock: bool = False) -> Invitation | None:
    """The invitation that a secret opens; None when it is unknown, used, withdrawn or too old: all the same.

    With `lock` it is held until the transaction ends, so that two clicks at once make one account.
    """
    query = select(Invitation).where(
        Invitation.secret_hash == hashed(secret[:100]), Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    return session.scalars(query.with_for_update() if lock else query).first()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="password-reset")


def _fingerprint(account: Account) -> str:
    return hashlib.sha256(f"{account.fs_uniquifier}\n{account.password}".encode()).hexdigest()[:24]


def reset_secret(account: Account) -> str:
    """A secret that lets one choose a new password for an hour; choosing one spends it and all others."""
    return _signer().dumps([account.id, _fingerprint(account)])


def account_of_reset(session: Session, secret: str) -> Account | None:
    """The account that a reset secret belongs to; None when it is forged, old or spent."""
    try:
        number, fingerprint = _signer().loads(secret[:400], max_age=int(RESET_LASTS.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    account = session.get(Account, number) if isinstance(number, int) else None
    if account is None or not account.active or not hmac.compare_digest(_fingerprint(account), str(fingerprint)):
        return None
    return account
