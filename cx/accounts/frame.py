"""What the frame of every page shows of the visitor: where they may go, who they are, how they get out."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from cx.accounts.places import countries
from cx.accounts.signin import start_page
from cx.accounts.standing import has_demo
from cx.core.visitor import Visitor
from cx.core.words import Role
from cx.web.database import reading
from cx.web.labels import CHANNELS, ROLES, SECTORS
from cx.web.language import language
from cx.web.visitors import visitor

ASK_AGAIN = 60.0


def _exists(path: str) -> bool:
    """Whether a page answers at this address: nothing leads nowhere. Looked up once."""
    known: frozenset[str] | None = current_app.extensions.get("known_paths")
    if known is None:
        known = frozenset(rule.rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        current_app.extensions["known_paths"] = known
    return path in known


def _who() -> Visitor:
    """The visitor; a stranger when the database does not answer, because pages of errors have a frame too."""
    try:
        return visitor()
    except SQLAlchemyError:
        return Visitor()


def nav_links() -> list[dict[str, Any]]:
    """The rooms of this person, the present one marked."""
    who = _who()
    if not who.signed_in:
        return []
    rooms = (
        ("/desk", _("Desk"), (Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)),
        ("/insight", _("Insight"), (Role.SUPERVISOR, Role.MANAGER, Role.NEUTRAL)),
        ("/charter/remedies", _("Charter"), (Role.MANAGER, Role.SUPERVISOR)),
        ("/accounts/team", _("Team"), (Role.SUPERVISOR,)),
        ("/accounts/admin", _("Administration"), (Role.ADMIN,)),
        ("/accounts/profile", _("My account"), tuple(Role)),
    )
    return [
        {"url": path, "label": label, "current": _inside(path)}
        for path, label, roles in rooms
        if _exists(path) and (who.has(*roles) or path == "/accounts/profile")
    ]


def _inside(path: str) -> bool:
    return request.path == path or request.path.startswith(f"{path}/")


def account() -> dict[str, str] | None:
    """Who is signed in, and the door out."""
    who = _who()
    return {"name": who.name, "sign_out_url": url_for("accounts.logout")} if who.signed_in else None


def footer_links() -> list[dict[str, str]]:
    """The small print: what the machine does here, how everybody can use this, and the entrance of the staff."""
    links = [{"url": "/reader", "label": _("The reader of themes")}] if _exists("/reader") else []
    links.append({"url": url_for("about.accessibility"), "label": _("Accessibility")})
    if not _who().signed_in:
        links.append({"url": url_for("accounts.login"), "label": _("Staff")})
    return links


def demo() -> str:
    """The sentence that marks demo data; whether there is any is asked once a minute at most."""
    asked, found = current_app.extensions.get("demo_found", (float("-inf"), False))
    if time.monotonic() - asked > ASK_AGAIN:
        try:
            found = has_demo(reading())
        except SQLAlchemyError:
            return ""
        current_app.extensions["demo_found"] = (time.monotonic(), found)
    return _("Demonstration: the organisations, the people and the stories here are invented.") if found else ""


def _frame() -> dict[str, Callable[[], Any] | str]:
    who = _who()
    return {
        "nav_links": nav_links,
        "account": account,
        "footer_links": footer_links,
        "demo": demo,
        "home_url": start_page(who.roles) if who.signed_in and who.roles else "/",
    }


def country_name(code: str) -> str:
    """The name of a country in the language of the page."""
    return dict(countries(language())).get(code, code)


def init(app: Flask) -> None:
    """Give the frame to every page, and the words of this room to its templates."""
    app.context_processor(_frame)
    app.jinja_env.globals.update(
        role_name=lambda role: ROLES.get(role, role),
        sector_name=lambda sector: SECTORS.get(sector, sector),
        channel_name=lambda channel: CHANNELS.get(channel, channel),
        country_name=country_name,
    )
