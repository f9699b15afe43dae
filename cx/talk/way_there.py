"""The link "Talk to a person", at the same place on every page for customers, and what every page of hours needs."""

import re
from typing import Any

from flask import Flask, request, url_for

from cx.talk import desk_lines
from cx.talk.wording import WORDS
from cx.web.sentence import _
from cx.web.visitors import KEYS_COOKIE

_REFERENCE = re.compile(r"DL-[0-9A-Z]{4}-[0-9A-Z]{4}", re.ASCII)
# Rooms of the team and of whoever installs: nobody there looks for the service team.
INSIDE = frozenset({"accounts", "admin", "team", "setup", "desk", "insight", "health", "hours"})
# Their pages at addresses that other rooms share with customers.
THEIRS = ("/desk/", "/admin/", "/charter/", "/mediation/")
FOR_ALL = frozenset({"charter.page"})
# Where customers go astray: they look for their case and find the door of the team.
ASTRAY = frozenset({"accounts.login", "accounts.sign_in"})


def talk() -> dict[str, Any] | None:
    """Where the link leads: to the page of the case that is being looked at, else to the question "with whom?".

    It asks no database, because pages of errors have it too.
    """
    inside = request.blueprint in INSIDE or request.path.startswith(THEIRS)
    if inside and request.endpoint not in ASTRAY | FOR_ALL:
        return None
    reference = (request.view_args or {}).get("reference")
    held = bool(request.cookies.get(KEYS_COOKIE))
    if held and isinstance(reference, str) and _REFERENCE.fullmatch(reference):
        address = url_for("talk.case_person", reference=reference)
    else:
        address = url_for("talk.find")
    return {"url": address, "label": _("Talk to a person"), "current": request.path == address}


def init(app: Flask) -> None:
    """Give the link to the frame of every page, and the words of hours to the templates."""
    app.context_processor(lambda: {"talk": talk})
    app.jinja_env.globals.update(
        WORDS,
        people_asking=desk_lines.people_asking,
        asked_of=desk_lines.asked_of,
        moment_now=desk_lines.now,
    )
