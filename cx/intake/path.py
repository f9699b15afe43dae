"""The way through the four pages: which one comes next, and what was hidden on the way."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.core.words import Wish
from cx.disputes.masking import mask
from cx.disputes.recipients import Recipient
from cx.web import notice
from cx.web.forms import MAX_STORY

Page = tuple[str, int] | Response
# About one number in ten looks like a card: tracking numbers are never masked, and keys are ours.
UNMASKED = frozenset({"tracking", "key", "seen"})


def hidden_sentence(kinds: tuple[str, ...]) -> str:
    """What was masked, said to the person; empty when nothing was."""
    names = {"card": _("a card number"), "iban": _("an IBAN"), "nir": _("a social security number")}
    said = _(" and ").join(names[kind] for kind in kinds)
    return str(_("We hid %(what)s in your text: nobody needs it here.", what=said)) if said else ""


def hidden_now() -> str:
    """What was hidden in the texts of this very form, said to the person; empty when nothing was."""
    typed = (value for name, value in request.form.items() if name not in UNMASKED)
    return hidden_sentence(mask("\n".join(typed)).kinds)


def go_on(page: str) -> Response:
    """The redirect to the next page, saying what was hidden on this one."""
    hidden = hidden_now()
    if hidden:
        notice.say(hidden)
    return redirect(url_for(f"intake.tell_{page}"), 303)


def untold(data: Mapping[str, Any], recipient: Recipient | None) -> Response | None:
    """The way to the page where the story or the company is still missing (or the story too long); else None."""
    if not 0 < len(data.get("story", "")) <= MAX_STORY:
        return redirect(url_for("intake.tell_story"), 303)
    if recipient is None:
        return redirect(url_for("intake.tell_company" if data.get("company") else "intake.tell_story"), 303)
    return None


def unfinished(data: Mapping[str, Any], recipient: Recipient | None) -> Response | None:
    """The way to the first page that still misses something; None when the draft can be sent."""
    missing = untold(data, recipient)
    if missing is not None or recipient is None:
        return missing
    wish = data.get("wish")
    if not wish or (wish != Wish.TELL and recipient.claimed and not data.get("consent")):
        return redirect(url_for("intake.tell_wish"), 303)
    return None
