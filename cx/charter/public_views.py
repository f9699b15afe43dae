"""The charter for everybody: each promise in a line, what follows when it is broken, and how often it was kept."""

from datetime import UTC, datetime

from flask import render_template

from cx.charter.blueprint import blueprint
from cx.charter.wording import measures_lines
from cx.core.refusals import NotVisible
from cx.core.words import Role
from cx.disputes import charter, promised
from cx.web.database import reading
from cx.web.doors import Who, door
from cx.web.visitors import visitor


@blueprint.get("/charter/<slug>")
@door(Who.EVERYONE)
def page(slug: str) -> str:
    """The charter of an organisation; there is no such page while it promises nothing."""
    now = datetime.now(UTC)
    house = charter.house_of(reading(), slug)
    found = promised.charter_of(reading(), house.id, now)
    if not found.holds:
        raise NotVisible
    who = visitor()
    return render_template(
        "charter/page.html",
        organisation=house,
        charter=found,
        figures=measures_lines(found.measures),
        writes=who.has(Role.MANAGER, Role.SUPERVISOR) and who.organisation_id == house.id,
    )
