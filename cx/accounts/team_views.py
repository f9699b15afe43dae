"""A team, for its supervisors: who is here, who is invited, who leaves. Other teams do not exist for them."""

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cx.accounts import people, seeing_off, signin
from cx.accounts.admin_forms import InviteForm, RoleForm
from cx.accounts.people_views import address_is_free, link_page, write_invitation
from cx.core.refusals import NotVisible
from cx.core.words import Role
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.visitors import visitor
from models import Account, Invitation, Organisation

blueprint = Blueprint("team", __name__, url_prefix="/accounts/team")


def _mine() -> int:
    """The number of the visitor's organisation. Raises NotVisible without one."""
    number = visitor().organisation_id
    if number is None:
        raise NotVisible
    return number


def _page(form: InviteForm) -> str:
    session, mine = reading(), _mine()
    return render_template(
        "accounts/team.html",
        form=form,
        organisation=session.get_one(Organisation, mine),
        members=people.members(session, mine),
        invited=people.invited(session, signin.now(), Invitation.organisation_id == mine),
        me=visitor().account_id,
    )


@blueprint.get("")
@door(Role.SUPERVISOR)
def overview() -> str:
    """The team."""
    return _page(InviteForm.of_request())


@blueprint.post("/invitations")
@door(Role.SUPERVISOR, writes=True)
def invite() -> AnyResponse:
    """Invite an agent to one's own team."""
    mine, form = _mine(), InviteForm.of_request()
    del form.role, form.organisation
    if not (form.validate() and address_is_free(form)):
        return make_response(_page(form), 422)
    made = write_invitation(form, Role.AGENT, mine)
    return redirect(url_for("team.invitation", number=made.id), 303)


def _invitation(number: int) -> Invitation:
    found = reading().get(Invitation, number) if number < 2**63 else None
    if found is None or found.organisation_id != _mine() or found.role != Role.AGENT:
        raise NotVisible
    return found


@blueprint.get("/invitations/<int:number>")
@door(Role.SUPERVISOR)
def invitation(number: int) -> str:
    """The link of an invitation to this team."""
    found = _invitation(number)
    return link_page(found, url_for("team.overview"), url_for("team.withdraw_invitation", number=number))


@blueprint.post("/invitations/<int:number>/withdraw")
@door(Role.SUPERVISOR, writes=True)
def withdraw_invitation(number: int) -> AnyResponse:
    """Take it back."""
    _invitation(number)
    with writing() as session:
        people.withdraw(session, number)
    notice.say(_("The invitation is withdrawn; its link opens nothing any more."))
    return redirect(url_for("team.overview"), 303)


def _agent(number: int) -> Account:
    """An agent of the visitor's own team. Raises NotVisible for everybody else."""
    mine, session = _mine(), reading()
    roles = people.memberships_of(session, number) if number < 2**63 else ()
    own = [one for one in roles if one.organisation_id == mine]
    if not own or any(one.role is not Role.AGENT for one in own):
        raise NotVisible
    return session.get_one(Account, number)


@blueprint.get("/people/<int:number>")
@door(Role.SUPERVISOR)
def person(number: int) -> str:
    """One agent of the team."""
    return seeing_off.person_page(_agent(number), RoleForm())


@blueprint.post("/people/<int:number>/leave")
@door(Role.SUPERVISOR, writes=True)
def see_off(number: int) -> AnyResponse:
    """An agent leaves the team."""
    return seeing_off.leaves(_agent(number), _mine())
