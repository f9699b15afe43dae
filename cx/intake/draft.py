"""The draft of this browser: found by a secret in its cookie, written at every page, masked before it is stored."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response, after_this_request, current_app, request
from sqlalchemy.orm import Session

from cx.core.words import Sector
from cx.disputes import drafts, recipients
from cx.disputes.masking import mask
from cx.disputes.recipients import Recipient
from cx.web.database import reading
from cx.web.forms import clean_text
from cx.web.visitors import hashed

COOKIE = "doleance_draft"
AGE = 30 * 24 * 60 * 60
SHOWN = ("story", "organisation_id", "company", "wish", "wish_text", "also1", "also2", "also3", "consent", "about")


def _secret() -> str:
    held = request.cookies.get(COOKIE, "")
    return held if 20 <= len(held) <= 64 else ""


def stored() -> dict[str, Any] | None:
    """The draft as it is stored, sent or not; None without one."""
    held = _secret()
    return drafts.find(reading(), hashed(held)) if held else None


def present() -> dict[str, Any]:
    """The draft that is being written; empty when there is none or it was sent."""
    found = stored()
    return found if found is not None and "filed" not in found else {}


def keep(session: Session, data: Mapping[str, Any]) -> None:
    """Write the draft in the present transaction; a browser without one gets its cookie, others keep theirs."""
    held = _secret() or secrets.token_urlsafe(24)
    drafts.keep(session, hashed(held), data, datetime.now(UTC))
    secure = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def hand_over(response: Response) -> Response:
        response.set_cookie(COOKIE, held, max_age=AGE, httponly=True, samesite="Lax", secure=secure)
        return response


def drop(session: Session) -> None:
    """Delete the draft and its cookie."""
    held = _secret()
    if held:
        drafts.drop(session, hashed(held))
    secure = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def forget(response: Response) -> Response:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure)
        return response


def keyed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with the key under which it will be sent once."""
    return {"key": secrets.token_urlsafe(18), **data}


def masked(data: Mapping[str, Any], page: str, fields: Mapping[str, Any], free: tuple[str, ...]) -> dict[str, Any]:
    """The draft with the fields of a page, free texts masked; which kinds were hidden is kept under `masked`."""
    cleaned, kinds = _hidden(data, page, fields, free)
    return {**data, **cleaned, "masked": {**data.get("masked", {}), page: kinds}}


def masked_part(data: Mapping[str, Any], page: str, fields: Mapping[str, Any], free: tuple[str, ...]) -> dict[str, Any]:
    """The same for a page whose fields are kept together, under its name."""
    cleaned, kinds = _hidden(data, page, fields, free)
    return {**data, page: cleaned, "masked": {**data.get("masked", {}), page: kinds}}


def _hidden(
    data: Mapping[str, Any], page: str, fields: Mapping[str, Any], free: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    kinds: set[str] = set()
    cleaned: dict[str, Any] = dict(fields)
    for name in free:
        if isinstance(cleaned.get(name), str):
            hidden = mask(clean_text(cleaned[name]))
            kinds.update(hidden.kinds)
            cleaned[name] = hidden.text
    kinds |= set(data.get("masked", {}).get(page, ())) & _seen(cleaned)
    return cleaned, sorted(kinds)


def _seen(fields: Mapping[str, Any]) -> set[str]:
    """The kinds of masks that stand in texts already: a page shown again keeps its warning."""
    text = " ".join(str(value) for value in fields.values())
    marks = {"card": "•••• ", "iban": "** … ", "nir": "• •• ••"}
    return {kind for kind, mark in marks.items() if mark in text}


def kinds_hidden(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Every kind of number that was hidden in this draft."""
    return tuple(sorted({kind for kinds in data.get("masked", {}).values() for kind in kinds}))


def seen(data: Mapping[str, Any]) -> str:
    """The fingerprint of everything that page 4 shows: sending another text than the one shown is refused."""
    body = json.dumps({name: data.get(name) for name in SHOWN}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()[:24]


def recipient_of(data: Mapping[str, Any]) -> Recipient | None:
    """To whom this draft goes; one that does not read us has no number and no slug."""
    if data.get("organisation_id"):
        return recipients.by_id(reading(), int(data["organisation_id"]))
    company = data.get("company")
    if not company or "sector" not in company:
        return None
    sector = Sector(company["sector"])
    known = recipients.known_unclaimed(reading(), company["name"], sector, company["country"])
    return known or Recipient(0, "", company["name"], sector, company["country"], claimed=False)
