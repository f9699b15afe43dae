"""People, for administrators: invite, see off, suspend, give another role, help with a lost password."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from cx.accounts import letters, organisations, people, seeing_off, signin
from cx.accounts.addresses import email_of
from cx.accounts.admin_forms import IN_ORGANISATION, InviteForm, RoleForm
from cx.accounts.admin_views import blueprint
from cx.accounts.links import RESET_LASTS, absolute, invitation_secret, reset_secret
from cx.core.words import Role
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.language import language
from cx.web.visitors import visitor
from models import Account, Invitation


def invite_form(given: dict[str, str] | None = None) -> InviteForm:
    """The form of an invitation, with the organisations that people can belong to."""
    form = InviteForm.of_request() if given is None else InviteForm.of_request(data=given)
    known = [SelectChoice(str(number), name) for number, name in organisations.choices(reading())]
    form.organisation.choices = known
    return form


def write_invitation(form: InviteForm, role: Role, organisation_id: int | None) -> Invitation:
    """Write down an invitation and its letter, in the one transaction of the request."""
    me, now = visitor(), signin.now()
    person = (form.name.data or "", email_of(form.email.data or "") or "")
    with writing() as session:
        made = people.invite(session, role, organisation_id, person, me.account_id or 0, now)
        sent = letters.send_invitation(session, made, language(), me.name, now)
    notice.say(_("Invited, and the letter is on its way.") if sent else _("Invited. Hand over the link below."))
    return made


def address_is_free(form: InviteForm) -> bool:
    """Whether the invited address has no account at work; says so beside the field otherwise."""
    email = email_of(form.email.data or "")
    if email and people.email_taken(reading(), email, Invitation(email=email)):
        form.email.errors = [_("This person has an account already.")]
        return False
    return True


def link_page(found: Invitation, back: str, withdraw_url: str) -> str:
    """The page that shows the link of an invitation, on screen and on paper."""
    shown = next(iter(people.invited(reading(), signin.now(), Invitation.id == found.id)), None)
    if shown is None:
        abort(404)
    link = absolute("accounts.invitation", secret=invitation_secret(found))
    return render_template("accounts/link.html", invited=shown, link=link, back=back, withdraw_url=withdraw_url)


@blueprint.get("/invitations/new")
@door(Role.ADMIN)
def new_invitation() -> str:
    """The form."""
    given = {"organisation": request.args.get("organisation", ""), "role": request.args.get("role", Role.AGENT.value)}
    return render_template("accounts/invite.html", form=invite_form(given))


@blueprint.post("/invitations/new")
@door(Role.ADMIN, writes=True)
def add_invitation() -> AnyResponse:
    """Invite one person."""
    form = invite_form()
    if not (form.validate() and address_is_free(form)):
        return make_response(render_template("accounts/invite.html", form=form), 422)
    role = Role(form.role.data)
    made = write_invitation(form, role, int(form.organisation.data) if role in IN_ORGANISATION else None)
    return redirect(url_for("admin.invitation", number=made.id), 303)


def _invitation_or_404(number: int) -> Invitation:
    found = reading().get(Invitation, number) if number < 2**63 else None
    if found is None:
        abort(404)
    return found


@blueprint.get("/invitations/<int:number>")
@door(Role.ADMIN)
def invitation(number: int) -> str:
    """The link of an invitation that nobody has used yet."""
    found = _invitation_or_404(number)
    return link_page(found, url_for("admin.overview"), url_for("admin.withdraw_invitation", number=number))


@blueprint.post("/invitations/<int:number>/withdraw")
@door(Role.ADMIN, writes=True)
def withdraw_invitation(number: int) -> AnyResponse:
    """Take it back."""
    _invitation_or_404(number)
    with writing() as session:
        people.withdraw(session, number)
    notice.say(_("The invitation is withdrawn; its link opens nothing any more."))
    return redirect(url_for("admin.overview"), 303)


def _account_or_404(number: int) -> Account:
    found = reading().get(Account, number) if number < 2**63 else None
    if found is None:
        abort(404)
    return found


@blueprint.get("/people/<int:number>")
@door(Role.ADMIN)
def person(number: int) -> str:
    """One person: what they do, where, and what can be done for them."""
    return seeing_off.person_page(_account_or_404(number), RoleForm())


@blueprint.post("/people/<int:number>/leave")
@door(Role.ADMIN, writes=True)
def see_off(number: int) -> AnyResponse:
    """The person leaves; somebody goes on with the cases."""
    found = _account_or_404(number)
    organisation = request.form.get("organisation", "")
    return seeing_off.leaves(found, int(organisation) if organisation.isdecimal() and len(organisation) < 19 else None)


@blueprint.post("/people/<int:number>/role")
@door(Role.ADMIN, writes=True)
def give_role(number: int) -> AnyResponse:
    """Another role in the same organisation."""
    found, form = _account_or_404(number), RoleForm.of_request()
    place = next((one for one in people.memberships_of(reading(), number) if one.organisation_id is not None), None)
    if place is None or place.organisation_id is None or not form.validate():
        return make_response(seeing_off.person_page(found, form), 422)
    with writing() as session:
        account = session.get_one(Account, number)
        people.change_role(session, account, place.organisation_id, Role(form.role.data), signin.now())
    notice.say(_("Saved."))
    return redirect(url_for("admin.person", number=number), 303)


@blueprint.post("/people/<int:number>/suspend")
@door(Role.ADMIN, writes=True)
def suspend(number: int) -> AnyResponse:
    """Shut the account, for instance when a laptop was lost; the person is signed out everywhere."""
    found = _account_or_404(number)
    if found.id == visitor().account_id:
        notice.say(_("You cannot shut your own account."))
    else:
        with writing() as session:
            people.suspend(session, session.get_one(Account, number))
        notice.say(_("The account of %(name)s is shut.", name=found.name))
    return redirect(url_for("admin.person", number=number), 303)


@blueprint.post("/people/<int:number>/restore")
@door(Role.ADMIN, writes=True)
def restore(number: int) -> AnyResponse:
    """Open the account again."""
    found = _account_or_404(number)
    with writing() as session:
        session.get_one(Account, number).active = True
    notice.say(_("The account of %(name)s is open again.", name=found.name))
    return redirect(url_for("admin.person", number=number), 303)


@blueprint.get("/people/<int:number>/reset-link")
@door(Role.ADMIN)
def reset_link(number: int) -> str:
    """A link to a new password, to hand over in person: for whoever lost theirs where no mail leaves the house."""
    found = _account_or_404(number)
    if not found.active:
        abort(404)
    link = absolute("accounts.reset", secret=reset_secret(found))
    hours = int(RESET_LASTS.total_seconds() // 3600)
    return render_template("accounts/reset_link.html", who=found, link=link, hours=hours)
