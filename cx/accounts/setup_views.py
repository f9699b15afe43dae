"""The first hour of an installation, four calm pages: its name, its first account, an organisation, its people."""

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from cx.accounts import organisations, people, signin
from cx.accounts.addresses import email_of
from cx.accounts.admin_forms import FirstAdminForm, FirstOrganisationForm, InstallationForm, InviteForm
from cx.accounts.admin_views import values_of
from cx.accounts.joining import values_of as account_values
from cx.accounts.letters import mail_is_set_up
from cx.accounts.links import absolute, invitation_secret
from cx.accounts.people_views import address_is_free, write_invitation
from cx.accounts.setup import opened_by
from cx.accounts.views import speak
from cx.core.words import Role
from cx.web import house
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.language import language
from models import Installation, Invitation, Organisation

blueprint = Blueprint("setup", __name__, url_prefix="/setup")

INVITED_FIRST = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.NEUTRAL)


def _waiting(session: Session, token: str) -> Installation:
    found = opened_by(session, token)
    if found is None:
        abort(404)
    return found


@blueprint.get("/<token>")
@door(Who.EVERYONE)
def begin(token: str) -> str:
    """Page 1: how the installation is called."""
    found = _waiting(reading(), token)
    given = {
        "name": found.name or "Doléance",
        "language": language(),
        "address": found.address or current_app.config["DOLEANCE_URL"],
    }
    return render_template("accounts/setup_begin.html", form=InstallationForm.of_request(data=given))


@blueprint.post("/<token>")
@door(Who.EVERYONE, writes=True)
def name_installation(token: str) -> AnyResponse:
    """Store it."""
    _waiting(reading(), token)
    form = InstallationForm.of_request()
    if not form.validate():
        return make_response(render_template("accounts/setup_begin.html", form=form), 422)
    with writing() as session:
        form.populate_obj(_waiting(session, token))
    return speak(redirect(url_for("setup.first_account", token=token), 303), form.language.data)


@blueprint.get("/<token>/account")
@door(Who.EVERYONE)
def first_account(token: str) -> str:
    """Page 2: the first account, which administers."""
    _waiting(reading(), token)
    form = FirstAdminForm.of_request(data={"language": language(), "function": _("Administrator")})
    return render_template("accounts/setup_account.html", form=form)


@blueprint.post("/<token>/account")
@door(Who.EVERYONE, writes=True)
def make_account(token: str) -> AnyResponse:
    """Make it and sign it in; from now on the token opens nothing."""
    _waiting(reading(), token)
    form = FirstAdminForm.of_request()
    sound = form.validate()
    email = email_of(form.email.data or "") or ""
    if sound and people.email_taken(reading(), email):
        form.email.errors = [_("Somebody already has an account with this address.")]
        sound = False
    if not sound:
        return make_response(render_template("accounts/setup_account.html", form=form), 422)
    values, now = account_values(form, email), signin.now()
    with writing() as session:
        found = _waiting(session, token)
        account = people.join(session, values, (Role.ADMIN, None), now)
        found.setup_hash, found.ready_at = "", now
    house.forget()
    signin.enter(account)
    return speak(redirect(url_for("setup.first_organisation"), 303), account.language)


@blueprint.get("/organisation")
@door(Role.ADMIN)
def first_organisation() -> str:
    """Page 3: whom people complain to."""
    form = FirstOrganisationForm.of_request(
        data={"language": language(), "country": "FR" if language() == "fr" else "GB"}
    )
    return render_template("accounts/setup_organisation.html", form=form)


@blueprint.post("/organisation")
@door(Role.ADMIN, writes=True)
def add_organisation() -> AnyResponse:
    """Add it."""
    form = FirstOrganisationForm.of_request()
    sound = form.validate()
    if sound and organisations.known_by_name(reading(), form.name.data):
        form.name.errors = [_("There is an organisation with this name already.")]
        sound = False
    if not sound:
        return make_response(render_template("accounts/setup_organisation.html", form=form), 422)
    values, now = values_of(form), signin.now()
    with writing() as session:
        made = organisations.add(session, values, now)
    return redirect(url_for("setup.first_people", organisation=made.id), 303)


def _organisation() -> Organisation:
    """The organisation of this page: the one asked for, else the first; 404 when there is none yet."""
    asked = request.args.get("organisation", "")
    session = reading()
    numbers = [number for number, _name in organisations.choices(session)]
    wanted = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    if not numbers:
        abort(404)
    return session.get_one(Organisation, wanted if wanted in numbers else numbers[0])


def _people_page(form: InviteForm, place: Organisation) -> str:
    session = reading()
    del form.organisation
    form.role.choices = [choice for choice in form.role.choices if choice.value in INVITED_FIRST]
    open_ones = people.invited(session, signin.now())
    links = {
        one.id: absolute("accounts.invitation", secret=invitation_secret(session.get_one(Invitation, one.id)))
        for one in open_ones
    }
    return render_template(
        "accounts/setup_people.html",
        form=form, organisation=place, invited=open_ones, links=links, mail=mail_is_set_up(),
    )  # fmt: skip


@blueprint.get("/people")
@door(Role.ADMIN)
def first_people() -> str:
    """Page 4: the people who read, and who is neutral; each gets a link of their own."""
    return _people_page(InviteForm.of_request(), _organisation())


@blueprint.post("/people")
@door(Role.ADMIN, writes=True)
def invite_first() -> AnyResponse:
    """Invite one of them."""
    place, form = _organisation(), InviteForm.of_request()
    form.organisation.choices = [SelectChoice(str(place.id), place.name)]
    form.organisation.data = str(place.id)
    if not (form.validate() and form.role.data in INVITED_FIRST and address_is_free(form)):
        return make_response(_people_page(form, place), 422)
    role = Role(form.role.data)
    write_invitation(form, role, None if role is Role.NEUTRAL else place.id)
    return redirect(url_for("setup.first_people", organisation=place.id, _anchor="invited"), 303)
