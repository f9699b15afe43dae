"""When a person of an organisation is there: the hours that are staffed, for its supervisors and for administrators."""

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from cx.accounts.admin_views import organisation_or_404
from cx.accounts.hours_forms import StaffingForm
from cx.core.presence import Way, sound
from cx.core.refusals import NotVisible
from cx.core.words import Role
from cx.disputes.presence import hours_of
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.visitors import visitor
from models import Organisation, Staffing

blueprint = Blueprint("hours", __name__, url_prefix="/accounts")
# So many stretches nobody reads; more are a slip.
MOST = 40


def _mine() -> Organisation:
    """The supervisor's own organisation. Raises NotVisible without one."""
    number = visitor().organisation_id
    if number is None:
        raise NotVisible
    return reading().get_one(Organisation, number)


def _rows(session: Session, organisation_id: int) -> list[Staffing]:
    query = select(Staffing).where(Staffing.organisation_id == organisation_id)
    order = (Staffing.way.desc(), Staffing.place, Staffing.weekdays, Staffing.opens)
    return list(session.scalars(query.order_by(*order).limit(MOST)))


def _page(place: Organisation, form: StaffingForm, action: str, status: int = 200) -> AnyResponse:
    rows = [(one.id, hours_of(one)) for one in _rows(reading(), place.id)]
    page = render_template(
        "accounts/hours.html", organisation=place, form=form, rows=rows, action=action, admin=visitor().has(Role.ADMIN)
    )
    return make_response(page, status)


def _add(place: Organisation, action: str) -> AnyResponse:
    form = StaffingForm.of_request()
    good = form.validate()
    if good and len(_rows(reading(), place.id)) >= MOST:
        form.weekdays.errors = [_("That is enough: take one out first.")]
        good = False
    if not good or not sound(form.weekdays.stored, *form.minutes, int(form.within.data)):
        return _page(place, form, action, 422)
    opens, closes = form.minutes
    counter = form.way.data == Way.COUNTER
    with writing() as session:
        session.add(
            Staffing(
                organisation_id=place.id, way=form.way.data, weekdays=form.weekdays.stored, opens=opens, closes=closes,
                within_minutes=int(form.within.data), place=form.place.data if counter else "", phone=form.phone.data,
            )
        )  # fmt: skip
    notice.say(_("Saved. Customers are offered this from now on."))
    return redirect(action, 303)


@blueprint.get("/hours")
@door(Role.SUPERVISOR)
def own() -> AnyResponse:
    """The staffed hours of one's own organisation."""
    return _page(_mine(), StaffingForm(), url_for("hours.own"))


@blueprint.post("/hours")
@door(Role.SUPERVISOR, writes=True)
def add_own() -> AnyResponse:
    """One more stretch."""
    return _add(_mine(), url_for("hours.own"))


@blueprint.get("/admin/organisations/<int:number>/hours")
@door(Role.ADMIN)
def of_organisation(number: int) -> AnyResponse:
    """The staffed hours of any organisation."""
    return _page(organisation_or_404(number), StaffingForm(), url_for("hours.of_organisation", number=number))


@blueprint.post("/admin/organisations/<int:number>/hours")
@door(Role.ADMIN, writes=True)
def add_to_organisation(number: int) -> AnyResponse:
    """One more stretch."""
    return _add(organisation_or_404(number), url_for("hours.of_organisation", number=number))


@blueprint.post("/hours/<int:number>/remove")
@door(Role.SUPERVISOR, Role.ADMIN, writes=True)
def remove(number: int) -> AnyResponse:
    """Staff it no more. What was promised already stands."""
    found = reading().get(Staffing, number) if number < 2**63 else None
    admin = visitor().has(Role.ADMIN)
    if found is None or not (admin or found.organisation_id == visitor().organisation_id):
        abort(404)
    place = found.organisation_id
    with writing() as session:
        session.delete(session.get_one(Staffing, number))
    notice.say(_("Taken out. Requests that wait keep their time."))
    back = url_for("hours.of_organisation", number=place) if admin else url_for("hours.own")
    return redirect(back, 303)
