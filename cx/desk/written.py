"""What was written to the customer of a case, letter by letter, as the team sees it: by which way, and printed by whom."""

from datetime import UTC, datetime

from flask import render_template

from cx.core.words import Role
from cx.desk.views import blueprint
from cx.disputes.casefile import open_case
from cx.disputes.letters_seen import written_to
from cx.disputes.sight import As, record_opening
from cx.post.wording import told
from cx.web.database import reading, recording
from cx.web.doors import door
from cx.web.house import house
from cx.web.visitors import visitor


@blueprint.get("/desk/<reference>/letters")
@door(Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)
def case_letters(reference: str) -> str:
    """The letters about one case, the newest first; that it was opened is recorded."""
    now = datetime.now(UTC)
    case = open_case(reading(), visitor(), As.STAFF, reference, now)
    with recording() as session:
        record_opening(session, visitor(), case.id, now)
    letters = [(one, *told(one.kind, one.language, one.data, house().name)) for one in written_to(reading(), case)]
    return render_template("desk/written.html", case=case, letters=letters)
