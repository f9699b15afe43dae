"""Who signs in, and what a browser holds afterwards. Unknown, wrong, suspended and out of place look the same."""

import secrets
from datetime import UTC, datetime
from typing import cast

from flask import Flask, g, request, session
from flask_login import LoginManager, login_user
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from cx.accounts import throttle
from cx.accounts.addresses import email_of, network_of
from cx.accounts.passwords import is_password
from cx.core.words import Role
from cx.web.callers import on_this_machine
from cx.web.database import reading, recording
from cx.web.sessions import ServerSession
from models import Account, Membership, StaffSession


def _usable(account: Account) -> bool:
    return account.active and (not account.demo or on_this_machine())


def load_signed_in(identifier: str) -> Account | None:
    """The account of a session, with its memberships, in one statement; None once it was suspended."""
    query = (
        select(Account)
        .where(Account.fs_uniquifier == identifier)
        .options(joinedload(Account.memberships).joinedload(Membership.organisation))
    )
    account = reading().scalars(query).unique().first()
    return account if account is not None and _usable(account) else None


def init(app: Flask) -> None:
    """Let Flask-Login find the account of a session. Our sessions live in a table: nothing else protects them."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load_signed_in)
    manager.init_app(app, add_context_processor=False)


def verify(email: str, password: str, now: datetime) -> tuple[Account | None, int]:
    """The account that may enter, or None; and the seconds to wait when there were too many tries."""
    known = email_of(email)
    person = throttle.subject("e-mail", known or email.strip().casefold()[:255])
    place = throttle.subject("address", network_of(request.remote_addr))
    with recording() as store:
        wait = throttle.reserve(store, (person, place), now)
    if wait:
        return None, wait
    account = reading().scalars(select(Account).where(Account.email == known)).first() if known else None
    # The slow check comes last and always, so that the time taken tells nothing.
    right = is_password(account.password if account is not None else None, password)
    if account is None or not right or not _usable(account):
        return None, 0
    with recording() as store:
        throttle.succeeded(store, person, place, now)
    return account, 0


def enter(account: Account) -> None:
    """Sign the account in on this browser, under a new secret."""
    held = cast("ServerSession", session)
    held.clear()
    held.renew()
    login_user(account)
    held["account_id"] = account.id
    g.pop("visitor", None)


def leave() -> None:
    """Sign out: the row of the session goes with the answer, so a copied cookie is worth nothing."""
    session.clear()
    g.pop("visitor", None)


def end_sessions(store: Session, account: Account) -> None:
    """End every session of an account, at once and everywhere."""
    account.fs_uniquifier = secrets.token_hex(32)
    store.execute(delete(StaffSession).where(StaffSession.account_id == account.id))


def set_password(store: Session, account: Account, password_hash: str) -> None:
    """Store a new password (already hashed, which takes time); all sessions and reset links of the account end."""
    account.password = password_hash
    end_sessions(store, account)


def start_page(roles: frozenset[Role]) -> str:
    """Where somebody's day begins."""
    if roles & {Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL}:
        return "/desk"
    if Role.MANAGER in roles:
        return "/insight"
    return "/accounts/admin" if Role.ADMIN in roles else "/accounts/profile"


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
