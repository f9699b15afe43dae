"""The one question asked back before a customer ends something that does not look ended. It never blocks."""

from collections.abc import Mapping

from flask import make_response, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cx.core.contradiction import Doubt, doubt
from cx.core.words import Action
from cx.disputes.endings import ending
from cx.disputes.seen import CaseFile
from cx.intake.standing import nothing_left_to_do
from cx.web.database import reading
from cx.web.forms import HouseForm

SAID: Mapping[Doubt, LazyString] = {
    Doubt.SAID_UNSOLVED: _l("You end it here, and you said before that it is not solved, or only in part."),
    Doubt.WORDS_UNSOLVED: _l("You end it here, and your own words sound as if it were not solved."),
    Doubt.LOW_VALUES: _l("You end it satisfied, and you gave the lowest mark for how you were treated."),
    Doubt.UNPAID: _l("You agreed on something with them, and it has not reached you yet."),
    Doubt.NOT_SATISFIED: _l("You are not satisfied. If you end it, nobody goes on with it."),
}
ENDING = {"end": Action.CLOSE, "done": Action.PERFORMED, "accept": Action.ACCEPT, "withdraw": Action.WITHDRAW}


def asked_back(case: CaseFile, what: str, form: HouseForm) -> Response | None:
    """The page with the question, when this act ends the case and something does not fit; None when all fits."""
    if what not in ENDING or request.form.get("sure_of_it") == "yes":
        return None
    if what == "accept" and not nothing_left_to_do(case):
        return None
    satisfied = form["satisfied"].data == "yes" if what == "end" else None
    typed = str(form["reason"].data or "") if "reason" in form else ""
    found = doubt(ending(reading(), case, ENDING[what], satisfied, typed))
    if found is None:
        return None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "sure_of_it"]
    address = url_for(f"intake.case_{what}", reference=case.reference)
    return make_response(
        render_template("intake/sure.html", case=case, misfit=SAID[found], kept=kept, address=address), 200
    )
