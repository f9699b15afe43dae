"""Announcing a later date: the date moves, the journal says so, and the person reads why."""

from flask import Response
from flask_babel import force_locale

from cx.core.words import MessageKind
from cx.desk.doing import Deed, act
from cx.desk.later_form import MODE, LaterForm
from cx.desk.views import blueprint
from cx.disputes import extending
from cx.disputes.ledger import Text
from cx.web.bench import bench
from cx.web.doors import door
from cx.web.formats import day
from cx.web.sentence import _


@blueprint.post("/desk/<reference>/later")
@door(*sorted(extending.MAY), writes=True)
def later(reference: str) -> Response:
    """Announce it: the date moves, the journal says so, and the person reads why."""

    def doing(deed: Deed) -> None:
        form = deed.form
        assert isinstance(form, LaterForm)
        extending.announce(deed.session, bench(), deed.hand, str(form.regime.data), form.to.data, _letter(deed, form))

    return act(reference, MODE, doing, _("The later date is announced, and your letter is sent."), leaves=True)


def _letter(deed: Deed, form: LaterForm) -> Text:
    """The letter as it was written, with the two dates under it in the language of the person."""
    case = deed.case
    before = next((one.due_on for one in case.clocks if one.regime_id == form.regime.data), None)
    with force_locale(case.language):
        dates = _(
            "New date: %(new)s. Until now it was %(before)s.",
            new=day(form.to.data, year="always"),
            before=day(before, year="always"),
        )
    return Text(f"{deed.letter}\n\n{dates}", MessageKind.EXTENSION, language=case.language)
