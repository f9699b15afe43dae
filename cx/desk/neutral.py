"""The desk of a neutral: what waits for somebody who belongs to neither side, and taking it."""

from datetime import UTC, datetime

from flask import Response, render_template, url_for

from cx.core.refusals import NotVisible
from cx.core.words import Role
from cx.desk.doing import to
from cx.desk.views import blueprint
from cx.disputes import neutrals, sight
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.web import labels, notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.sentence import _
from cx.web.visitors import visitor


@blueprint.get("/desk/waiting")
@door(Role.NEUTRAL)
def waiting() -> str:
    """Cases near their end that no neutral has: where they stand, no story and no name."""
    rows = neutrals.waiting(reading(), visitor(), datetime.now(UTC))
    more = len(rows) > neutrals.MOST
    return render_template("desk/waiting.html", rows=rows[: neutrals.MOST], more=more, states=labels.STATES_FOR_STAFF)


@blueprint.post("/desk/<reference>/entrust")
@door(Role.NEUTRAL, writes=True)
def entrust(reference: str) -> Response:
    """Take a case that waits; a second click finds it taken by the same person."""
    who, at = visitor(), datetime.now(UTC)
    try:
        with writing() as session:
            neutrals.take(session, bench(), Hand(who, As.TAKING, reference.upper()[:16], at))
    except NotVisible:
        sight.locate(reading(), who, As.STAFF, reference)
        return to(url_for("desk.case", reference=reference))
    notice.say(_("The case is entrusted to you. Both sides see your name."))
    return to(url_for("desk.case", reference=reference))
