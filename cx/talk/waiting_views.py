"""The people who ask for somebody, as the team sees them: first who must be answered first."""

from datetime import UTC, datetime

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cx.core.refusals import Conflict, GuardFailed, WrongState
from cx.core.words import MessageKind, Role
from cx.disputes import asking
from cx.disputes.asking import Waiting
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.moves import Hand
from cx.disputes.sight import As, record_opening
from cx.talk.blueprint import blueprint
from cx.talk.forms import SpokeForm, WroteForm
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, recording, writing
from cx.web.doors import door
from cx.web.sentence import _, ngettext
from cx.web.visitors import visitor

TEAM = (Role.AGENT, Role.SUPERVISOR)


def how_many(number: int) -> str:
    """How many people ask for somebody, in a sentence."""
    if not number:
        return _("Nobody asks for a person at the moment")
    return ngettext("%(num)d person asks for somebody", "%(num)d people ask for somebody", number)


@blueprint.get("/desk/people")
@door(*TEAM)
def people() -> str:
    """Who asks for somebody, by when."""
    found = asking.waiting(reading(), visitor())
    return render_template("talk/people.html", title=how_many(len(found)), found=found, now=datetime.now(UTC))


def _page(one: Waiting, status: int = 200, form: SpokeForm | WroteForm | None = None, alert: str = "") -> Response:
    page = render_template(
        "talk/answer.html",
        one=one,
        now=datetime.now(UTC),
        spoke=form if isinstance(form, SpokeForm) else SpokeForm.filled({}),
        wrote=form if isinstance(form, WroteForm) else WroteForm.filled({}),
        alert=alert,
    )
    return make_response(page, status)


@blueprint.get("/desk/people/<int:number>")
@door(*TEAM)
def person(number: int) -> Response:
    """One request: who, how to reach them, and what ends the clock. Opening it is recorded like the case."""
    one = asking.find(reading(), visitor(), number)
    with recording() as session:
        record_opening(session, visitor(), one.case_id, datetime.now(UTC))
    return _page(one)


@blueprint.post("/desk/people/<int:number>/called")
@door(*TEAM, writes=True)
def called(number: int) -> Response:
    """We spoke: what was said stays with the team, the clock stops."""
    one, form = asking.find(reading(), visitor(), number), SpokeForm.of_request()
    if not form.validate():
        return _page(one, 422, form)
    return _answer(one, form, str(form.said.data), called=True)


@blueprint.post("/desk/people/<int:number>/wrote")
@door(*TEAM, writes=True)
def wrote(number: int) -> Response:
    """The written answer goes out, the clock stops."""
    one, form = asking.find(reading(), visitor(), number), WroteForm.of_request()
    if not form.validate():
        return _page(one, 422, form)
    return _answer(one, form, str(form.letter.data), called=False)


def _answer(one: Waiting, form: SpokeForm | WroteForm, words: str, *, called: bool) -> Response:
    """Do it once: the second of two clicks, and whoever was slower, are told that it is done."""
    if not one.asked.waiting:
        return _page(one, 409, form, _("Somebody answered, or it was taken back. Your text is below."))
    kind = MessageKind.CALL if called else MessageKind.REPLY
    hand = Hand(visitor(), As.STAFF, one.reference, datetime.now(UTC))
    try:
        with writing() as session:
            text = Text(mask(words).text, kind, language=one.language)
            asking.answer(session, bench(), hand, one.asked.id, text, called=called)
    except (GuardFailed, WrongState, Conflict):
        alert = _("This does not go from where the case stands now. Your text is kept below.")
        return _page(asking.find(reading(), visitor(), one.asked.id), 409, form, alert)
    notice.say(_("Thank you: the clock has stopped."))
    return make_response(redirect(url_for("talk.people"), 303))
