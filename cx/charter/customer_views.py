"""What customers do with the promises on their case: accept a remedy, refuse it, ask for another, do without."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.charter.blueprint import blueprint
from cx.charter.forms import WantedForm
from cx.core.charter import RemedyStatus
from cx.core.refusals import Conflict, NotVisible, WrongState
from cx.disputes import charter, promised, remedies, sight
from cx.disputes.charter_seen import PledgeSeen
from cx.disputes.masking import mask
from cx.disputes.remedies import Held
from cx.disputes.sight import As
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.sentence import _
from cx.web.visitors import visitor

MOST_NUMBER = 2**63
Doing = Callable[[Session, Held, datetime], None]


def _seen(reference: str, number: int) -> PledgeSeen:
    """The promise whose remedy has this number, on the visitor's own case. Raises NotVisible."""
    found = sight.locate(reading(), visitor(), As.CUSTOMER, reference)
    for one in promised.on_case(reading(), found.case_id, datetime.now(UTC)):
        if one.remedy is not None and one.remedy.id == number:
            return one
    raise NotVisible


def _page(reference: str, number: int, form: WantedForm | None = None, status: int = 200, alert: str = "") -> Response:
    pledge = _seen(reference, number)
    found = sight.locate(reading(), visitor(), As.CUSTOMER, reference)
    page = render_template(
        "charter/own.html",
        reference=reference.upper(),
        pledge=pledge,
        remedy=pledge.remedy,
        form=form or WantedForm(),
        alert=alert,
        zone=charter.house_number(reading(), found.organisation_id).zone,
    )
    return make_response(page, status)


@blueprint.get("/case/<reference>/remedy/<int:number>")
@door(Who.CUSTOMER)
def own(reference: str, number: int) -> Response:
    """What a broken promise brings, and the three answers to it."""
    return _page(reference, number)


def _do(reference: str, number: int, doing: Doing, said: str, *done: RemedyStatus) -> Response:
    """Answer a remedy. A second click changes nothing; whoever was slower sees how it stands now."""
    pledge, at = _seen(reference, number), datetime.now(UTC)
    if pledge.remedy is None or pledge.remedy.status not in done:
        try:
            with writing() as session:
                doing(session, remedies.of_customer(session, visitor(), reference, number), at)
        except (Conflict, WrongState):
            alert = _("Something happened since you opened this page, so nothing was done. Please look at it again.")
            return _page(reference, number, status=409, alert=alert)
        notice.say(said)
    return redirect(url_for("intake.case", reference=reference), 303)


@blueprint.post("/case/<reference>/remedy/<int:number>/accept")
@door(Who.CUSTOMER, writes=True)
def accept(reference: str, number: int) -> Response:
    """Take it; the case goes on as before."""

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.accept(session, bench(), held, at)

    said = _("You accepted. Your case goes on as before.")
    return _do(reference, number, doing, said, RemedyStatus.ACCEPTED, RemedyStatus.GIVEN)


@blueprint.post("/case/<reference>/remedy/<int:number>/refuse")
@door(Who.CUSTOMER, writes=True)
def refuse(reference: str, number: int) -> Response:
    """Do not take it; the case goes on as before."""

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.refuse(session, bench(), held, at)

    return _do(reference, number, doing, _("You refused. Your case goes on as before."), RemedyStatus.REFUSED)


@blueprint.post("/case/<reference>/remedy/<int:number>/other")
@door(Who.CUSTOMER, writes=True)
def other(reference: str, number: int) -> Response:
    """Ask for something else."""
    form = WantedForm.of_request()
    if not form.validate():
        return _page(reference, number, form, 422)
    wanted = mask(form.wanted.data or "").text

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.counter(session, bench(), held, wanted, at)

    said = _("What you ask for instead was passed on. Your case goes on as before.")
    return _do(reference, number, doing, said, RemedyStatus.COUNTERED)


@blueprint.post("/case/<reference>/remedy/<int:number>/missing")
@door(Who.CUSTOMER, writes=True)
def missing(reference: str, number: int) -> Response:
    """It did not arrive."""

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.not_arrived(session, bench(), held, at)

    return _do(reference, number, doing, _("Thank you for telling us: it is owed again."), RemedyStatus.ACCEPTED)


@blueprint.post("/case/<reference>/promise/<int:number>/waive")
@door(Who.CUSTOMER, writes=True)
def waive(reference: str, number: int) -> Response:
    """Do without a promise that still runs."""
    return _promise(reference, number, remedies.waive, _("You do without this promise. You can take that back."))


@blueprint.post("/case/<reference>/promise/<int:number>/want")
@door(Who.CUSTOMER, writes=True)
def want(reference: str, number: int) -> Response:
    """Want the promise after all."""
    return _promise(reference, number, remedies.unwaive, _("The promise holds again."))


def _promise(reference: str, number: int, doing: Callable[..., None], said: str) -> Response:
    if number >= MOST_NUMBER:
        raise NotVisible
    try:
        with writing() as session:
            doing(session, bench(), visitor(), reference, number, datetime.now(UTC))
        notice.say(said)
    except (Conflict, WrongState):
        notice.say(_("This promise does not run any more. Nothing was changed."))
    return redirect(url_for("intake.case", reference=reference), 303)
