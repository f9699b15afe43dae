"""Passing a story on: the customer agrees or not, and follows it with the same browser or the same link."""

from datetime import UTC, datetime

from flask import current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.core.incident import Report
from cx.core.refusals import Conflict, GuardFailed, NotVisible, WrongState
from cx.core.words import Sector, Wish
from cx.disputes import filing, redirecting
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from cx.intake.answering import Step, open_step
from cx.intake.blueprint import blueprint
from cx.intake.keys import code_page
from cx.intake.story import read
from cx.intake.tracking import case_page, opened, seen_of
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.forms import HouseForm
from cx.web.visitors import hand_over, visitor


def _decline(session: Session, hand: Hand, case: CaseFile, _form: HouseForm) -> object:
    return redirecting.decline(session, bench(), hand) if case.dispute.redirect_target else None


open_step("stay", Step(_decline, _l("Nothing is passed on. They answer you themselves.")))


def _secret_of(key: str) -> str:
    return filing.secret_of_key(current_app.config["SECRET_KEY"], key)


def _follow(case: CaseFile) -> Response | None:
    """The way to the case where the story went, with its key; None while it stayed."""
    found = redirecting.onward(reading(), case)
    if found is None:
        return None
    page = redirect(url_for("intake.case", reference=found.reference), 303)
    return hand_over(current_app.make_response(page), _secret_of(found.key))


@blueprint.post("/case/<reference>/pass-on")
@door(Who.CUSTOMER, writes=True)
def pass_on(reference: str) -> Response:
    """Yes: the story goes to the organisation that was named, as a case of its own with the same day of sending."""
    try:
        case = opened(reference)
    except NotVisible:
        return code_page(reference)
    gone = _follow(case)
    if gone is not None:
        return gone
    target = redirecting.proposed(reading(), case) or redirecting.reader_now(reading(), case)
    if target is None or request.form.get("seen") != seen_of(case) or request.form.get("to") != target.slug:
        return _slower(case)
    seen = read(_told(case, target.id))
    hand = Hand(visitor(), As.CUSTOMER, reference, datetime.now(UTC), case.version)
    try:
        with writing() as session:
            redirecting.go_on(session, bench(), hand, target, _secret_of, seen)
    except (Conflict, WrongState, GuardFailed):
        fresh = opened(reference)
        return _follow(fresh) or _slower(fresh)
    notice.say(_("Your story is with %(name)s now. This is its page.", name=target.name))
    return _follow(opened(reference)) or _slower(opened(reference))


def _slower(case: CaseFile) -> Response:
    alert = _("Something happened since you opened this page, so nothing was done. Please look at it again.")
    return case_page(case, 409, alert=alert)


def _told(case: CaseFile, organisation_id: int) -> Report:
    """As much of the story as the reader needs."""
    text = (case.story.text if case.story else None) or case.first_words
    return Report(
        text=text, organisation_id=organisation_id, sector=Sector(case.sector), wish=Wish(case.wish), key="",
        told_at=case.told_at, detected_language=case.detected_language,
    )  # fmt: skip


@blueprint.get("/case/<reference>/onward")
@door(Who.CUSTOMER)
def onward(reference: str) -> Response:
    """Whoever holds the key of a story holds the key of what became of it."""
    try:
        case = opened(reference)
    except NotVisible:
        return code_page(reference)
    return _follow(case) or redirect(url_for("intake.case", reference=reference), 303)
