"""From an invitation to an account. The first click never spends the link: only the form that is sent does."""

from flask import make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cx.accounts import people, signin
from cx.accounts.addresses import email_of
from cx.accounts.forms import JoinForm
from cx.accounts.links import find_invitation
from cx.accounts.passwords import hash_password
from cx.accounts.views import blueprint, speak, spent
from cx.core.words import Role
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.language import language
from models import Invitation, Organisation


def _page(form: JoinForm, invitation: Invitation) -> str:
    session = reading()
    place = session.get(Organisation, invitation.organisation_id) if invitation.organisation_id else None
    role = Role(invitation.role)
    return render_template("accounts/invitation.html", form=form, role=role, organisation=place.name if place else "")


@blueprint.get("/invitation/<secret>")
@door(Who.EVERYONE)
def invitation(secret: str) -> AnyResponse | str:
    """What one is invited to, and the form."""
    found = find_invitation(reading(), secret, signin.now())
    if found is None:
        return spent()
    form = JoinForm(data={"name": found.name, "email": found.email, "language": language()})
    return _page(form, found)


@blueprint.post("/invitation/<secret>")
@door(Who.EVERYONE, writes=True)
def join(secret: str) -> AnyResponse:
    """Make the account and sign it in."""
    now = signin.now()
    found = find_invitation(reading(), secret, now)
    if found is None:
        return spent()
    form = JoinForm.of_request()
    sound = form.validate()
    email = email_of(form.email.data or "") or ""
    if sound and people.email_taken(reading(), email, found):
        form.email.errors = [_("Somebody already has an account with this address. Use another one, or sign in.")]
        sound = False
    if not sound:
        return make_response(_page(form, found), 422)
    values = values_of(form, email)
    with writing() as session:
        # Two clicks at once: the second finds the link spent.
        locked = find_invitation(session, secret, now, lock=True)
        free = locked is not None and not people.email_taken(session, email, locked)
        account = people.accept(session, locked, values, now) if locked is not None and free else None
    if account is None:
        return spent()
    signin.enter(account)
    notice.say(_("Welcome, %(name)s.", name=account.name))
    roles = frozenset({Role(found.role)})
    return speak(redirect(signin.start_page(roles), 303), account.language)


def values_of(form: JoinForm, email: str) -> dict[str, str]:
    """The columns of an account as the form gives them; the password is hashed here, outside any transaction."""
    return {
        "email": email,
        "password": hash_password(form.password.data),
        "name": form.name.data,
        "function": form.function.data,
        "language": form.language.data,
    }
