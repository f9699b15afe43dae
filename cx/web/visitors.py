"""From a request to a `Visitor`: the signed-in account, and the keys of cases that the browser holds."""

import hashlib
from typing import TYPE_CHECKING, cast

from flask import Response, current_app, g, request
from flask_login import current_user

from cx.core.visitor import Visitor
from cx.core.words import Role

if TYPE_CHECKING:
    from models import Account

KEYS_COOKIE = "doleance_keys"
MAX_KEYS = 12
KEYS_AGE = 60 * 60 * 24 * 400


def hashed(secret: str) -> str:
    """The form in which a random secret is stored and compared (SHA-256; it has at least 80 random bits)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def plain(secret: str) -> str:
    """A code as people type it, brought to one form: capitals, no spaces or dashes, look-alikes folded."""
    folded = "".join(char for char in secret.upper() if char.isalnum())
    return folded.translate(str.maketrans("OIL", "011"))[:40]


def held_secrets() -> tuple[str, ...]:
    """The secrets in the browser's cookie, newest first."""
    return tuple(part for part in request.cookies.get(KEYS_COOKIE, "").split(".") if part)[:MAX_KEYS]


def hand_over(response: Response, secret: str) -> Response:
    """Give the browser one more key, in a cookie that no script can read."""
    kept = [secret, *(one for one in held_secrets() if one != secret)][:MAX_KEYS]
    response.set_cookie(
        KEYS_COOKIE,
        ".".join(kept),
        max_age=KEYS_AGE,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def visitor() -> Visitor:
    """Who is looking, resolved once a request."""
    if "visitor" not in g:
        g.visitor = _resolve()
    return cast("Visitor", g.visitor)


def _resolve() -> Visitor:
    keys = tuple(hashed(secret) for secret in held_secrets())
    if not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) or not current_user.is_authenticated:
        return Visitor(keys=keys)
    account = cast("Account", current_user)
    live = [one for one in account.memberships if one.until is None]
    return Visitor(
        keys=keys,
        account_id=account.id,
        name=account.name,
        function=account.function,
        organisation_id=next((one.organisation_id for one in live if one.organisation_id is not None), None),
        roles=frozenset(Role(one.role) for one in live),
        money_limit_minor=next((one.organisation.agent_limit_minor for one in live if one.organisation), None),
    )
