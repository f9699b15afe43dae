"""The pages of figures: the sheet itself, the stories behind a figure, and the same as a table to download."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from cx.core.scoring import SHOWN_FROM
from cx.core.visitor import Visitor
from cx.core.words import THEME_BY_ID, Role, Solved, Value
from cx.disputes import stories as telling
from cx.disputes.stories import Behind, Story
from cx.insight import export, pictures, wording
from cx.insight.asked import PRESETS, Asked, choices, read
from cx.insight.mediations import mediations
from cx.insight.overview import Overview, look
from cx.insight.presence import people
from cx.insight.redress import redress
from cx.web import labels
from cx.web.database import reading, recording
from cx.web.doors import door
from cx.web.forms import clean_line
from cx.web.sentence import _, ngettext
from cx.web.sheets import csv_response
from cx.web.visitors import visitor

blueprint = Blueprint("insight", __name__)
EXAMPLES = 3
PAGE = 20
READERS = (Role.MANAGER, Role.SUPERVISOR, Role.NEUTRAL)


@blueprint.get("/insight")
@door(*READERS)
def sheet() -> tuple[str, int]:
    """The page of figures. A period that cannot be is said beside its field (422), with the usual one below."""
    who, now = visitor(), datetime.now(UTC)
    asked = read(reading(), who, request.args, now)
    seen = look(reading(), who, asked, now)
    places = wording.place_names(reading(), asked, [place for place, _count in seen.places[: pictures.MOST_PLACES]])
    shown, about = _examples(who, seen, asked, places)
    page = render_template(
        "insight/sheet.html",
        asked=asked,
        seen=seen,
        period=wording.period(asked),
        headline=wording.headline(seen, places),
        counts=wording.counts(seen),
        today=wording.today(seen),
        money_given=redress(reading(), asked),
        mediated=mediations(reading(), asked),
        persons=people(reading(), who, asked, now),
        waited=wording.waited,
        percent=wording.percent,
        between=wording.between,
        delays=wording.delays(seen.median, seen.slow),
        solved_rows=pictures.solved_by_month(seen, asked),
        value_rows=pictures.values(seen, asked),
        theme_rows=pictures.themes(seen, asked),
        place_rows=pictures.places(seen, places, asked),
        value_questions=[(labels.VALUES[value], labels.VALUE_QUESTIONS[value]) for value in Value],
        examples=shown,
        about=about,
        choices=choices(reading(), who),
        presets=_presets(asked),
        channels=labels.CHANNELS,
        themes=labels.THEMES,
        csv_url=url_for("insight.table", **asked.address()),
        desk=who.has(Role.SUPERVISOR),
    )
    return page, 422 if asked.errors else 200


def _presets(asked: Asked) -> list[dict[str, Any]]:
    whose: dict[str, Any] = {"organisation": asked.typed["organisation"] or None}
    return [
        {
            "label": ngettext("%(num)d month", "%(num)d months", months),
            "url": url_for("insight.sheet", months=months, **whose),
            "current": asked.months == months,
        }
        for months in PRESETS
    ]


def _examples(who: Visitor, seen: Overview, asked: Asked, places: dict[str, str]) -> tuple[tuple[Story, ...], str]:
    """Three stories that show the figure: of the worst spot, else of the commonest theme, else simply the latest."""
    behind, about = Behind(asked.organisations, asked.first, asked.last, asked.zone), _("The latest stories")
    if seen.worst is not None and seen.worst[1] >= SHOWN_FROM:
        place = seen.worst[0]
        behind = Behind(asked.organisations, asked.first, asked.last, asked.zone, place=place)
        about = _("Stories from here: %(place)s", place=places[place])
    elif seen.themes and seen.themes[0][1].count >= SHOWN_FROM:
        theme = seen.themes[0][0]
        behind = Behind(asked.organisations, asked.first, asked.last, asked.zone, theme=theme)
        about = _("Stories that tell this: %(theme)s", theme=labels.THEMES[theme])
    if seen.told < SHOWN_FROM or telling.many(reading(), who, behind) < SHOWN_FROM:
        return (), about
    shown = telling.stories(reading(), who, behind, EXAMPLES)
    _log(who, shown)
    return shown, about


def _log(who: Visitor, shown: tuple[Story, ...]) -> None:
    with recording() as session:
        telling.record_showing(session, who, [story.case_id for story in shown], datetime.now(UTC))


@blueprint.get("/insight/stories")
@door(*READERS)
def stories() -> str:
    """The stories behind one figure, without identity; under five cases only to those who may read them anyway."""
    who = visitor()
    asked = _sound(read(reading(), who, request.args, datetime.now(UTC)))
    behind, about = _behind(asked)
    before = _before()
    many = telling.many(reading(), who, behind)
    may_read = who.has(Role.SUPERVISOR)
    shown: tuple[Story, ...] = ()
    if many and (many >= SHOWN_FROM or may_read):
        shown = telling.stories(reading(), who, behind, PAGE + 1, before)
        _log(who, shown[:PAGE])
    older = None
    if len(shown) > PAGE:
        older = url_for("insight.stories", **asked.address(**_which(), before=shown[PAGE - 1].case_id))
    return render_template(
        "insight/stories.html",
        asked=asked,
        period=wording.period(asked),
        about=about,
        many=many,
        shown=shown[:PAGE],
        older=older,
        may_read=may_read,
        channels=labels.CHANNELS,
        themes=labels.THEMES,
        back=url_for("insight.sheet", **asked.address()),
    )


def _which() -> dict[str, str]:
    names = ("place", "theme", "answers", "solved", "value")
    return {name: clean_line(request.args[name]) for name in names if request.args.get(name)}


def _behind(asked: Asked) -> tuple[Behind, str]:
    """Which figure the address names, and how it is called. Unknown names are refused (422)."""
    which = _which()
    theme = THEME_BY_ID.get(which.get("theme", ""))
    solved = Solved(which["solved"]) if which.get("solved") in set(Solved) else None
    value = Value(which["value"]) if which.get("value") in set(Value) else None
    known = {"theme": theme, "solved": solved, "value": value, "answers": which.get("answers") == "solved" or None}
    if any(name in which and found is None for name, found in known.items()):
        abort(422)
    place = which.get("place", "")
    behind = Behind(
        asked.organisations, asked.first, asked.last, asked.zone,
        place=place, theme=theme, solved=solved, asked="answers" in which, value=value,
    )  # fmt: skip
    if place:
        return behind, wording.place_names(reading(), asked, [place])[place]
    if theme is not None:
        return behind, str(labels.THEMES[theme])
    if value is not None:
        return behind, _("Value: %(value)s", value=labels.VALUES[value])
    if solved is not None:
        return behind, _("Is it solved? %(answer)s", answer=labels.SOLVED[solved])
    return behind, _("People who said whether it was solved") if behind.asked else _("Everything that was told")


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        abort(422)
    return int(text)


def _sound(asked: Asked) -> Asked:
    """Only the sheet explains what is wrong with a period; the pages behind it come from links."""
    if asked.errors:
        abort(422)
    return asked


@blueprint.get("/insight.csv")
@door(*READERS)
def table() -> Response:
    """The figures of the page as a table for spreadsheets."""
    now = datetime.now(UTC)
    asked = _sound(read(reading(), visitor(), request.args, now))
    seen = look(reading(), visitor(), asked, now)
    places = wording.place_names(reading(), asked, [place for place, _count in seen.places])
    persons = people(reading(), visitor(), asked, now)
    figures = export.rows(seen, redress(reading(), asked), mediations(reading(), asked), persons, asked, places)
    return csv_response(export.name(asked), export.HEADER, figures)
