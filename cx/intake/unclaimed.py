"""A dispute by letter with an organisation that does not read us: its answer noted, the next letter, the invitation."""

from flask import current_app, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible
from cx.core.words import Action, MessageKind
from cx.disputes import letters_kept, recipients
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.intake.answering import Step, open_step, said
from cx.intake.blueprint import blueprint
from cx.intake.forms import day_of
from cx.intake.keys import code_page
from cx.intake.tracking import case_page, opened
from cx.intake.way_forms import TheirAnswerForm
from cx.intake.ways import ways
from cx.web.bench import bench
from cx.web.database import reading
from cx.web.doors import Who, door
from cx.web.forms import HouseForm


def _their_answer(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    on = day_of(form["answered_on"].data)
    assert on is not None
    text = said(case, form["their_words"].data, MessageKind.ADDITION)
    return letters_kept.note_answer(session, bench(), hand, on, form["says"].data, text)


open_step("their-answer", Step(_their_answer, _l("Their answer is noted."), TheirAnswerForm, "their_words"))


@blueprint.get("/case/<reference>/next-letter")
@door(Who.CUSTOMER)
def next_letter(reference: str) -> Response:
    """The ready letter to the next body, with what to attach; the first body unless another one is asked for."""
    try:
        case = opened(reference)
    except NotVisible:
        return code_page(reference)
    known = ways(case)
    if Action.ESCALATE not in case.actions or not known.bodies:
        return case_page(case)
    asked = request.args.get("body", "")
    body = next((one for one in known.bodies if one.value == asked), known.bodies[0])
    others = tuple(one for one in known.bodies if one is not body)
    page = render_template("intake/next_letter.html", case=case, body=body, others=others, noted=known.noted)
    return make_response(page)


@blueprint.get("/case/<reference>/invitation")
@door(Who.CUSTOMER)
def invitation(reference: str) -> Response:
    """A letter to hand to the organisation: somebody wrote to you, and you may answer here. It tells nothing of the case."""
    try:
        case = opened(reference)
    except NotVisible:
        return code_page(reference)
    found = recipients.stored(reading(), case.organisation_id)
    if case.claimed or found is None:
        return case_page(case)
    link = f"{current_app.config['DOLEANCE_URL']}{url_for('claims.claim', slug=found.slug)}"
    return make_response(render_template("intake/invitation.html", case=case, link=link))
