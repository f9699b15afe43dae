"""The card of the reader, as a page and as JSON for whoever audits it."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask.json import dumps

from cx.card import pictures, wording
from cx.card.here import here
from cx.card.measured import learned, measured
from cx.card.versions import versions
from cx.core.scoring import SHOWN_FROM
from cx.core.words import Theme
from cx.disputes import reader_switch
from cx.disputes.drift import Month
from cx.themes.published import LEARNED, MEASURED, published
from cx.web.bench import bench
from cx.web.database import reading
from cx.web.doors import Who, door

blueprint = Blueprint("card", __name__)


@blueprint.get("/reader")
@door(Who.EVERYONE)
def page() -> str:
    """What the reader does, how often it is right, who rules, and how it fares here."""
    now, found = datetime.now(UTC), measured(published(MEASURED))
    return render_template(
        "card/page.html",
        switched=reader_switch.standing(reading()),
        version=_version(),
        versions=versions(current_app.config["DOLEANCE_HOME"]),
        found=found,
        here=here(reading(), now),
        headline=wording.headline(found),
        themes=list(Theme),
        words=wording,
        pictures=pictures,
        learned=learned(published(LEARNED)),
    )


def _version() -> str:
    """The version of the reader that works here; empty when there is none that could."""
    reader = bench().reader()
    return "" if getattr(reader, "problem", "") else str(getattr(reader, "version", ""))


@blueprint.get("/reader.json")
@door(Who.EVERYONE)
def figures() -> Response:
    """The same figures without words."""
    found = here(reading(), datetime.now(UTC))
    switched = reader_switch.standing(reading())
    content: dict[str, Any] = {
        "version": _version(),
        "running": switched.running,
        "since": switched.since.isoformat() if switched.since else None,
        "measured": published(MEASURED),
        "learning": published(LEARNED),
        "here": {
            "at": found.at.isoformat(),
            "contests": asdict(found.opinions),
            "sample": asdict(found.sample),
            "months": [_plain(one) for one in found.months],
        },
    }
    return Response(dumps(content, ensure_ascii=False, indent=1), mimetype="application/json")


def _plain(month: Month) -> dict[str, Any]:
    """A month as plain values; under five stories only how many."""
    plain: dict[str, Any] = {"month": f"{month.month:%Y-%m}", "version": month.version, "read": month.read}
    if month.read >= SHOWN_FROM:
        plain |= {"told": month.told, "unread": month.unread, "suggested": month.suggested, "known": month.known}
    if month.ruled >= SHOWN_FROM:
        plain |= {"ruled": month.ruled, "confirmed": month.confirmed}
    return plain
