"""Talk to a person, for whoever looks at no case: one's own cases, else with whom, and when somebody is there."""

from datetime import UTC, datetime

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible
from cx.disputes import own_cases, presence, recipients
from cx.talk.blueprint import blueprint
from cx.web.database import reading
from cx.web.doors import Who, door
from cx.web.forms import clean_line
from cx.web.visitors import visitor

LONGEST = 120


@blueprint.get("/person")
@door(Who.EVERYONE)
def find() -> Response:
    """One's own cases first; whoever has exactly one goes there at once, unless they look for somebody else."""
    typed = clean_line(request.args.get("with", "")[:LONGEST])
    held = own_cases.held(reading(), visitor())
    if len(held) == 1 and "with" not in request.args:
        return make_response(redirect(url_for("talk.case_person", reference=held[0].reference), 303))
    found = recipients.suggest(reading(), typed) if typed else ()
    meant = recipients.chosen(found, typed) if typed else None
    if meant is not None:
        return make_response(redirect(url_for("talk.organisation", slug=meant.slug), 303))
    return make_response(render_template("talk/find.html", typed=typed, held=held, found=found))


@blueprint.get("/person/<slug>")
@door(Who.EVERYONE)
def organisation(slug: str) -> str:
    """When and where a person of this organisation is there. Asking for one needs a story, which may be short."""
    found = recipients.by_slug(reading(), slug)
    if found is None:
        raise NotVisible
    now = datetime.now(UTC)
    reach = presence.reach(reading(), found.id, now)
    return render_template("talk/organisation.html", organisation=found, reach=reach, now=now)
