"""The administration: organisations and their touchpoints. Nothing here shows a case."""

from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from cx.accounts import claims, organisations, people, places, signin, standing
from cx.accounts.admin_forms import OrganisationForm, TouchpointForm
from cx.core.words import Role
from cx.disputes import claiming
from cx.disputes.casefile import colleagues
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.forms import clean_line
from cx.web.language import language
from models import Organisation, Touchpoint

blueprint = Blueprint("admin", __name__, url_prefix="/accounts/admin")


@blueprint.get("")
@door(Role.ADMIN)
def overview() -> str:
    """What is missing, the organisations, the people of none, the open invitations."""
    session, words = reading(), clean_line(request.args.get("q"))[:120]
    return render_template(
        "accounts/admin.html",
        words=words,
        organisations=organisations.listed(session, words),
        shown=organisations.SHOWN,
        others=people.members(session, None),
        invited=people.invited(session, signin.now()),
        missing=standing.missing(session, current_app.config),
        claims=claims.waiting_many(session),
    )


def organisation_or_404(number: int) -> Organisation:
    """The organisation with this number; 404 when there is none."""
    found = reading().get(Organisation, number) if number < 2**63 else None
    if found is None:
        abort(404)
    return found


def _prepared(form: OrganisationForm, organisation: Organisation | None) -> OrganisationForm:
    staff = colleagues(reading(), organisation.id) if organisation is not None else ()
    form.duty.choices = [
        SelectChoice("", _("Nobody yet")),
        *(SelectChoice(str(one.account_id), one.name) for one in staff),
    ]
    named = dict(places.countries(language()))
    form.region.choices = [
        SelectChoice("", _("The whole country")),
        *(SelectChoice(code, f"{named[code[:2]]}, {name}") for code, name in places.REGIONS),
    ]
    return form


def _form_of(organisation: Organisation) -> OrganisationForm:
    form = OrganisationForm(
        obj=organisation,
        data={
            "limit": places.amount_text(organisation.agent_limit_minor, organisation.country),
            "duty": str(organisation.duty_account_id or ""),
            "region": organisation.jurisdiction if "-" in organisation.jurisdiction else "",
        },
    )
    return _prepared(form, organisation)


def values_of(form: Any) -> dict[str, Any]:
    """The columns of an organisation that the form gives."""
    return {name: form[name].data for name in ("name", "sector", "country", "language", "address")}


def _all_values(form: OrganisationForm) -> dict[str, Any]:
    chosen = {choice.value for choice in form.duty.choices}
    return values_of(form) | {
        "target_days": form.target_days.data,
        "agent_limit_minor": places.minor_units(form.limit.data or "", form.country.data),
        "claimed": form.claimed.data,
        "region": form.region.data or "",
        "duty_account_id": int(form.duty.data) if form.duty.data in chosen and form.duty.data else None,
    }


def _name_is_free(form: Any, but: int | None = None) -> bool:
    if organisations.known_by_name(reading(), form.name.data, but):
        form.name.errors = [_("There is an organisation with this name already.")]
        return False
    return True


def _may_stop_reading(form: OrganisationForm, found: Organisation) -> bool:
    """Nobody stops reading while people wait: their cases would lie where nobody sees them."""
    if form.claimed.data or not found.claimed:
        return True
    waiting = claiming.still_waiting(reading(), found.id, signin.now())
    if waiting:
        sentence = ngettext(
            "%(num)d case still runs here, or may be taken up again. Somebody has to read until it is over.",
            "%(num)d cases still run here, or may be taken up again. Somebody has to read until they are over.",
            waiting,
        )
        form.claimed.errors = [sentence]
    return not waiting


@blueprint.get("/organisations/new")
@door(Role.ADMIN)
def new_organisation() -> str:
    """The form for one more organisation."""
    form = _prepared(
        OrganisationForm(data={"language": language(), "country": "FR" if language() == "fr" else "GB"}), None
    )
    return render_template("accounts/organisation_new.html", form=form)


@blueprint.post("/organisations/new")
@door(Role.ADMIN, writes=True)
def add_organisation() -> AnyResponse:
    """Add it."""
    form = _prepared(OrganisationForm.of_request(), None)
    if not (form.validate() and _name_is_free(form)):
        return make_response(render_template("accounts/organisation_new.html", form=form), 422)
    values, now = _all_values(form), signin.now()
    with writing() as session:
        made = organisations.add(session, values, now)
    notice.say(_("%(name)s is here. Now invite the people who read for it.", name=made.name))
    return redirect(url_for("admin.organisation", number=made.id), 303)


def _organisation_page(found: Organisation, form: OrganisationForm) -> str:
    session = reading()
    return render_template(
        "accounts/organisation.html",
        organisation=found,
        form=form,
        currency=places.currency_of(found.country),
        members=people.members(session, found.id),
        invited=[one for one in people.invited(session, signin.now()) if one.organisation_id == found.id],
        touchpoints=organisations.touchpoints(session, found.id),
    )


@blueprint.get("/organisations/<int:number>")
@door(Role.ADMIN)
def organisation(number: int) -> str:
    """One organisation: what it is, its people, its touchpoints."""
    found = organisation_or_404(number)
    return _organisation_page(found, _form_of(found))


@blueprint.post("/organisations/<int:number>")
@door(Role.ADMIN, writes=True)
def save_organisation(number: int) -> AnyResponse:
    """Change it."""
    found = organisation_or_404(number)
    form = _prepared(OrganisationForm.of_request(), found)
    if not (form.validate() and _name_is_free(form, number) and _may_stop_reading(form, found)):
        return make_response(_organisation_page(found, form), 422)
    values = _all_values(form)
    with writing() as session:
        kept = session.get_one(Organisation, number)
        begins = values["claimed"] and not kept.claimed
        organisations.change(kept, values | ({"claimed": False} if begins else {}))
        # Stories that were told before are passed on by those who told them, never by a tick in a box.
        if begins:
            kept = claiming.begin_reading(session, kept, signin.now())
            claiming.tell_customers(session, bench(), number, signin.now())
    notice.say(_("Saved."))
    return redirect(url_for("admin.organisation", number=kept.id), 303)


@blueprint.get("/organisations/<int:number>/touchpoints/new")
@door(Role.ADMIN)
def new_touchpoint(number: int) -> str:
    """The form for one more touchpoint."""
    return render_template(
        "accounts/touchpoint.html", organisation=organisation_or_404(number), form=TouchpointForm(), touchpoint=None
    )


def _touchpoint_values(form: TouchpointForm, organisation_id: int, but: int | None = None) -> dict[str, str] | None:
    """The columns of a touchpoint, or None with the errors beside the fields."""
    if not form.validate():
        return None
    if organisations.touchpoint_code_taken(reading(), organisation_id, form.code.data, but):
        form.code.errors = [_("Another place has this code already.")]
        return None
    return {name: form[name].data for name in ("code", "name", "channel", "place")}


@blueprint.post("/organisations/<int:number>/touchpoints/new")
@door(Role.ADMIN, writes=True)
def add_touchpoint(number: int) -> AnyResponse:
    """Add it."""
    found, form = organisation_or_404(number), TouchpointForm.of_request()
    values = _touchpoint_values(form, number)
    if values is None:
        page = render_template("accounts/touchpoint.html", organisation=found, form=form, touchpoint=None)
        return make_response(page, 422)
    with writing() as session:
        session.add(Touchpoint(organisation_id=number, **values))
    notice.say(_("Added: %(name)s.", name=values["name"]))
    return redirect(url_for("admin.organisation", number=number, _anchor="touchpoints"), 303)


def _touchpoint_or_404(number: int) -> Touchpoint:
    found = reading().get(Touchpoint, number) if number < 2**63 else None
    if found is None:
        abort(404)
    return found


@blueprint.get("/touchpoints/<int:number>")
@door(Role.ADMIN)
def touchpoint(number: int) -> str:
    """One touchpoint."""
    found = _touchpoint_or_404(number)
    return render_template(
        "accounts/touchpoint.html",
        organisation=organisation_or_404(found.organisation_id),
        form=TouchpointForm(obj=found),
        touchpoint=found,
    )


@blueprint.post("/touchpoints/<int:number>")
@door(Role.ADMIN, writes=True)
def save_touchpoint(number: int) -> AnyResponse:
    """Change it. Cases keep pointing at it."""
    found, form = _touchpoint_or_404(number), TouchpointForm.of_request()
    place = organisation_or_404(found.organisation_id)
    values = _touchpoint_values(form, place.id, number)
    if values is None:
        page = render_template("accounts/touchpoint.html", organisation=place, form=form, touchpoint=found)
        return make_response(page, 422)
    with writing() as session:
        kept = session.get_one(Touchpoint, number)
        for name, value in values.items():
            setattr(kept, name, value)
    notice.say(_("Saved."))
    return redirect(url_for("admin.organisation", number=place.id, _anchor="touchpoints"), 303)
