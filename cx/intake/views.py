"""The first page, and the public list of the organisations that read us."""

from flask import Response, jsonify, render_template, request

from cx.disputes import recipients
from cx.intake import draft
from cx.intake.blueprint import blueprint
from cx.intake.forms import StoryForm, country_name
from cx.web.database import reading
from cx.web.doors import Who, door
from cx.web.labels import SECTORS


@blueprint.get("/")
@door(Who.EVERYONE)
def landing() -> str:
    """The box itself, the way back to a story, one story with its answer, what happens next."""
    form = StoryForm.filled({"story": draft.present().get("story", "")})
    return render_template("intake/landing.html", form=form)


@blueprint.get("/organisations.json")
@door(Who.EVERYONE)
def organisations() -> Response:
    """Names for the type-ahead: a list of {value, label}, twelve at most."""
    typed = request.args.get("q", "")[:120]
    found = recipients.suggest(reading(), typed)
    return jsonify(
        [{"value": one.name, "label": f"{SECTORS[one.sector]}, {country_name(one.country)}"} for one in found]
    )
