"""The registered name of a person of the team: stable for customers, changed by a supervisor or an administrator only."""

from flask import abort, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cx.accounts import people, seeing_off
from cx.accounts.admin_forms import RoleForm
from cx.accounts.hours_forms import NameForm
from cx.accounts.hours_views import blueprint
from cx.core.refusals import NotVisible
from cx.core.words import Role
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.visitors import visitor
from models import Account


def _account(number: int) -> Account:
    """Anybody for administrators, one's own team for its supervisors. Raises NotVisible."""
    found = reading().get(Account, number) if number < 2**63 else None
    if found is None:
        abort(404)
    if visitor().has(Role.ADMIN):
        return found
    own = [one for one in people.memberships_of(reading(), number) if one.organisation_id == visitor().organisation_id]
    if visitor().organisation_id is None or not own or any(one.role is not Role.AGENT for one in own):
        raise NotVisible
    return found


@blueprint.post("/people/<int:number>/name")
@door(Role.SUPERVISOR, Role.ADMIN, writes=True)
def rename(number: int) -> AnyResponse:
    """Give somebody a registered name, or their own again. What was signed before stays signed as it was."""
    found, form = _account(number), NameForm.of_request()
    if not form.validate():
        return make_response(seeing_off.person_page(found, RoleForm(), name_form=form), 422)
    with writing() as session:
        account = session.get_one(Account, number)
        account.name, account.pseudonymous = form.name.data, bool(form.pseudonymous.data)
    notice.say(_("Saved. Customers read this name from now on."))
    page = "admin.person" if visitor().has(Role.ADMIN) else "team.person"
    return redirect(url_for(page, number=number), 303)
