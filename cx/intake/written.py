"""What we wrote to the customer: every letter about a case, whole, dated, with the way that it took. An inbox of one's own."""

from flask import make_response, render_template
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible
from cx.disputes.letters_seen import written_to
from cx.intake.blueprint import blueprint
from cx.intake.keys import code_page
from cx.intake.tracking import opened
from cx.post.wording import told
from cx.web.database import reading
from cx.web.doors import Who, door
from cx.web.house import house


@blueprint.get("/case/<reference>/letters")
@door(Who.CUSTOMER)
def case_letters(reference: str) -> Response:
    """What was written about this case, the newest first."""
    try:
        found = opened(reference)
    except NotVisible:
        return code_page(reference)
    letters = [(one, *told(one.kind, one.language, one.data, house().name)) for one in written_to(reading(), found)]
    return make_response(render_template("intake/written.html", case=found, letters=letters))
