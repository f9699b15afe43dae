"""The way through the four pages: which one comes next, and what was hidden on the way."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.core.words import Wish
from cx.disputes.recipients import Recipient
from cx.intake import draft
from cx.web import notice

Page = tuple[str, int] | Response


def hidden_sentence(kinds: tuple[str, ...]) -> str:
    """What was masked, said to the person; empty when nothing was."""
    names = {"card": _("a card number"), "iban": _("an IBAN"), "nir": _("a social security number")}
    said = _(" and ").join(names[kind] for kind in kinds)
    return str(_("We hid %(what)s in your text: nobody needs it here.", what=said)) if said else ""


def go_on(page: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Response:
    """The redirect to the next page, saying what was hidden on this one."""
    fresh = tuple(kind for kind in draft.kinds_hidden(after) if kind not in draft.kinds_hidden(before))
    if fresh:
        notice.say(hidden_sentence(fresh))
    return redirect(url_for(f"intake.tell_{page}"), 303)


def unfinished(data: Mapping[str, Any], recipient: Recipient | None) -> Response | None:
    """The way to the first page that still misses something; None when the draft can be sent."""
    if not data.get("story"):
        return redirect(url_for("intake.tell_story"), 303)
    if recipient is None:
        return redirect(url_for("intake.tell_company" if data.get("company") else "intake.tell_story"), 303)
    wish = data.get("wish")
    if not wish or (wish != Wish.TELL and recipient.claimed and not data.get("consent")):
        return redirect(url_for("intake.tell_wish"), 303)
    return None
