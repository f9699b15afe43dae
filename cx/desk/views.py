"""The pages of the desk: the list and the case."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request

from cx.core.words import Role
from cx.desk import casepage, listing
from cx.disputes.casefile import open_case
from cx.disputes.sight import As, record_opening
from cx.web.database import reading, recording
from cx.web.doors import door
from cx.web.visitors import visitor

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
@door(Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)
def cases() -> str:
    """The list: who awaits a word."""
    filters = listing.asked(request.args, visitor())
    return render_template("desk/queue.html", **listing.context(reading(), visitor(), filters, datetime.now(UTC)))


@blueprint.get("/desk/<reference>")
@door(Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)
def case(reference: str) -> str:
    """One case; that it was opened is recorded."""
    now = datetime.now(UTC)
    seen = open_case(reading(), visitor(), As.STAFF, reference, now)
    with recording() as session:
        record_opening(session, visitor(), seen.id, now)
    return casepage.render(reading(), seen, visitor(), now, use=request.args.get("use", "")[:40])
