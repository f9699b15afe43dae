"""The page behind "no more reminders" in a letter: one button, and the way back. Opening it changes nothing.

Mail programs press the button by themselves when they are asked to (RFC 8058): their request has no cookie and says
`List-Unsubscribe=One-Click`.
"""

from datetime import UTC, datetime

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.intake.blueprint import blueprint
from cx.post.addresses import Signer
from cx.post.stopping import remind, reminded
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import Who, door


def _known(token: str) -> bool:
    """Whether the person of this token gets reminders; 404 when it fits nobody."""
    found = reminded(reading(), Signer(current_app.config["SECRET_KEY"]), token)
    if found is None:
        abort(404)
    return found


@blueprint.get("/letters/stop/<token>")
@door(Who.EVERYONE)
def letters(token: str) -> str:
    """Do you want reminders?"""
    return render_template("intake/letters_stop.html", token=token, reminded=_known(token))


@blueprint.post("/letters/stop/<token>")
@door(Who.EVERYONE, writes=True)
def letters_chosen(token: str) -> Response:
    """Stop them, or send them again."""
    _known(token)
    wanted = request.form.get("wanted") == "yes"
    with writing() as session:
        remind(session, token, wanted, datetime.now(UTC))
    if request.form.get("List-Unsubscribe"):
        return Response(_("No more reminders will come."), mimetype="text/plain")
    notice.say(_("Reminders will come again.") if wanted else _("No more reminders will come."))
    return redirect(url_for("intake.letters", token=token), 303)
