"""Sessions kept on the server: the cookie holds a random secret, the row its hash. Only staff have one.

Deleting the row ends the session, so a copied cookie is worth nothing after logout. Reading never writes.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, select
from werkzeug.datastructures import CallbackDict

from cx.web.database import reading, recording
from cx.web.visitors import hashed
from models import StaffSession

LIFETIME = timedelta(hours=12)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The data of one signed-in browser."""

    def __init__(self, initial: dict[str, Any] | None = None, secret: str | None = None) -> None:
        """Start from stored data, or empty."""

        def changed(_self: Any) -> None:
            self.modified = True

        super().__init__(initial or {}, changed)
        self.modified = False
        self.secret = secret

    def renew(self) -> None:
        """Take a new secret at sign-in, so that one set by somebody else beforehand is worthless."""
        self.modified = True
        self.renewed = True

    renewed = False


class ServerSessions(SessionInterface):
    """Opens and saves sessions in the table `staff_session`."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of the cookie's secret, or an empty one; a forged or expired cookie is a stranger's."""
        secret = request.cookies.get(self.get_cookie_name(app), "")
        if not secret or len(secret) > 100:
            return ServerSession()
        row = (
            reading()
            .execute(
                select(StaffSession.data).where(
                    StaffSession.secret_hash == hashed(secret), StaffSession.expires_at > datetime.now(UTC)
                )
            )
            .scalar()
        )
        return ServerSession(row, secret) if row is not None else ServerSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session if it changed; remove the row and the cookie when it is empty."""
        assert isinstance(session, ServerSession)
        if not session.modified:
            return
        name = self.get_cookie_name(app)
        old = session.secret
        if not session:
            if old:
                with recording() as store:
                    store.execute(delete(StaffSession).where(StaffSession.secret_hash == hashed(old)))
            response.delete_cookie(name, secure=self.get_cookie_secure(app), httponly=True, samesite="Lax")
            return
        now = datetime.now(UTC)
        secret = old if old and not session.renewed else secrets.token_urlsafe(32)
        with recording() as store:
            store.execute(
                delete(StaffSession).where(
                    (StaffSession.secret_hash == hashed(old or secret)) | (StaffSession.expires_at < now)
                )
            )
            store.add(
                StaffSession(
                    secret_hash=hashed(secret),
                    account_id=session.get("account_id"),
                    data=dict(session),
                    created_at=now,
                    expires_at=now + LIFETIME,
                )
            )
        session.secret = secret
        response.set_cookie(name, secret, httponly=True, samesite="Lax", secure=self.get_cookie_secure(app), path="/")
