"""Taking a text out for good: its author, a supervisor or the neutral chooses it, says why, and confirms."""

from datetime import UTC, datetime
from textwrap import shorten

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible, WrongState
from cx.core.words import Role
from cx.disputes import casefile, redaction
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile, Said
from cx.disputes.sight import As
from cx.elsewhere.blueprint import blueprint
from cx.elsewhere.forms import TakeOutForm, choices
from cx.elsewhere.leaving import to_case
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.formats import short_day
from cx.web.journal_words import TEXTS
from cx.web.visitors import visitor


def _opened(reference: str, capacity: As) -> CaseFile:
    return casefile.open_case(reading(), visitor(), capacity, reference, datetime.now(UTC))


def _hand(reference: str, capacity: As) -> Hand:
    return Hand(visitor(), capacity, reference, datetime.now(UTC))


def _page(case: CaseFile, capacity: As, form: TakeOutForm | None = None, status: int = 200) -> Response:
    texts = [one for one in case.said if one.text is not None and redaction.may_redact(one, _hand("", capacity))]
    shown = form or TakeOutForm.filled({})
    shown.text.choices = choices((str(one.id), _line(case, one)) for one in texts)
    customer = capacity is As.CUSTOMER
    back = url_for("intake.case" if customer else "desk.case", reference=case.reference)
    layout = "layout/customer.html" if customer else "layout/desk.html"
    page = render_template("elsewhere/take_out.html", case=case, form=shown, texts=texts, back=back, layout=layout)
    return make_response(page, status)


def _line(case: CaseFile, one: Said) -> str:
    """A text as one line of a list: when, what, how it begins."""
    beginning = shorten(one.text or "", 90, placeholder="…")
    return f"{short_day(one.at, case.zone)} · {TEXTS.get(one.kind, '')} · {beginning}"


def _take_out(case: CaseFile, capacity: As) -> Response:
    form = TakeOutForm.of_request()
    known = {one.id for one in case.said}
    valid = form.validate()
    if form.text.data and form.message_id not in known:
        form.text.errors = [_("Please choose one of these texts.")]
        valid = False
    if not valid:
        return _page(case, capacity, form, 422)
    back = url_for("intake.case" if capacity is As.CUSTOMER else "desk.case", reference=case.reference)
    try:
        with writing() as session:
            redaction.redact(session, bench(), _hand(case.reference, capacity), form.message_id, form.why.data)
    except WrongState:
        return redirect(back, 303)
    notice.say(_("The text was taken out. Its line in the journal stays."))
    return redirect(back, 303)


@blueprint.get("/case/<reference>/texts")
@door(Who.CUSTOMER)
def texts(reference: str) -> Response:
    """Which of my texts do I take out?"""
    try:
        return _page(_opened(reference, As.CUSTOMER), As.CUSTOMER)
    except NotVisible:
        return to_case(reference)


@blueprint.post("/case/<reference>/texts")
@door(Who.CUSTOMER, writes=True)
def take_out(reference: str) -> Response:
    """Take one of my texts out."""
    try:
        case = _opened(reference, As.CUSTOMER)
    except NotVisible:
        return to_case(reference)
    return _take_out(case, As.CUSTOMER)


@blueprint.get("/desk/<reference>/texts")
@door(Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)
def desk_texts(reference: str) -> Response:
    """Which text is taken out? Agents see their own, supervisors those of the team, the neutral all."""
    return _page(_opened(reference, As.STAFF), As.STAFF)


@blueprint.post("/desk/<reference>/texts")
@door(Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL, writes=True)
def desk_take_out(reference: str) -> Response:
    """Take a text out."""
    return _take_out(_opened(reference, As.STAFF), As.STAFF)
