"""Signing in and out, a forgotten password, and one's own account."""

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from cx.accounts import letters, signin, throttle
from cx.accounts.addresses import email_of, own_path
from cx.accounts.forms import ChangePasswordForm, LoginForm, NewPasswordForm, ProfileForm, ResetForm
from cx.accounts.links import account_of_reset
from cx.accounts.passwords import hash_password
from cx.core.words import Role
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.language import COOKIE, LANGUAGES
from cx.web.visitors import visitor
from models import Account

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

STAFF = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.NEUTRAL, Role.ADMIN)


def speak(response: AnyResponse, language: str) -> AnyResponse:
    """Show the pages in the language of the account from now on."""
    if language in LANGUAGES:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(COOKIE, language, max_age=31_536_000, samesite="Lax", httponly=True, secure=secure)
    return response


@blueprint.get("/login")
@door(Who.EVERYONE)
def login() -> AnyResponse | str:
    """The form, or the start page of whoever is signed in already."""
    if visitor().signed_in:
        return redirect(own_path(request.args.get("next", "")) or signin.start_page(visitor().roles), 303)
    return render_template("accounts/login.html", form=LoginForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/login")
@door(Who.EVERYONE)
def sign_in() -> AnyResponse:
    """Sign in. The session and the tries are recorded beside the request."""
    form = LoginForm.of_request()
    if not form.validate():
        return make_response(render_template("accounts/login.html", form=form), 422)
    account, wait = signin.verify(form.email.data, form.password.data, signin.now())
    if account is None:
        return _not_signed_in(form, wait)
    signin.enter(account)
    roles = frozenset(Role(one.role) for one in account.memberships if one.until is None)
    answer = redirect(own_path(form.next.data or "") or signin.start_page(roles), 303)
    return answer if COOKIE in request.cookies else speak(answer, account.language)


def _not_signed_in(form: LoginForm, wait: int) -> AnyResponse:
    if wait:
        minutes = -(-wait // 60)
        message = ngettext(
            "Too many tries. Please wait %(num)d minute, then try again.",
            "Too many tries. Please wait %(num)d minutes, then try again.",
            minutes,
        )
    else:
        message = _("This e-mail and this password do not go together. Check both, or ask for a new password.")
    form.password.errors = [message]
    answer = make_response(render_template("accounts/login.html", form=form), 429 if wait else 422)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


@blueprint.post("/logout")
@door(Who.EVERYONE)
def logout() -> AnyResponse:
    """Sign out."""
    signin.leave()
    notice.say(_("You are signed out."))
    return redirect("/accounts/login", 303)


@blueprint.get("/reset")
@door(Who.EVERYONE)
def forgotten() -> str:
    """Ask for a link to a new password."""
    return render_template("accounts/forgotten.html", form=ResetForm(), mail=letters.mail_is_set_up())


@blueprint.post("/reset")
@door(Who.EVERYONE, writes=True)
def send_link() -> AnyResponse:
    """Write the letter, at most three an hour; the answer is the same whoever asks."""
    form = ResetForm.of_request()
    mail = letters.mail_is_set_up()
    if not form.validate():
        return make_response(render_template("accounts/forgotten.html", form=form, mail=mail), 422)
    email, now = email_of(form.email.data) or "", signin.now()
    with writing() as session:
        account = session.scalars(select(Account).where(Account.email == email)).first()
        wait = throttle.reserve(session, [throttle.subject("reset", email)], now, throttle.RESET_LETTERS)
        if account is not None and account.active and not account.demo and mail and not wait:
            letters.send_reset(session, account, now)
    if mail:
        notice.say(_("If somebody here has this address, a letter with a link is on its way. It works for one hour."))
    else:
        notice.say(_("This installation sends no mail yet: please ask your administrator for a link."))
    return redirect("/accounts/login", 303)


def spent() -> Response:
    """The page of a link that opens nothing, whatever the reason."""
    return make_response(render_template("accounts/spent.html"), 400)


@blueprint.get("/reset/<secret>")
@door(Who.EVERYONE)
def reset(secret: str) -> AnyResponse | str:
    """The form for a new password. Opening the link does not spend it."""
    account = account_of_reset(reading(), secret)
    return spent() if account is None else render_template("accounts/reset.html", form=NewPasswordForm(), who=account)


@blueprint.post("/reset/<secret>")
@door(Who.EVERYONE, writes=True)
def choose_password(secret: str) -> AnyResponse:
    """Store the new password; every session and every link of the account ends."""
    account = account_of_reset(reading(), secret)
    if account is None:
        return spent()
    form = NewPasswordForm.of_request()
    form.known = (account.name, account.email)
    if not form.validate():
        return make_response(render_template("accounts/reset.html", form=form, who=account), 422)
    stored = hash_password(form.password.data)
    with writing() as session:
        account = account_of_reset(session, secret)
        if account is not None:
            signin.set_password(session, account, stored)
    if account is None:
        return spent()
    notice.say(_("Your new password is set. Sign in with it."))
    return redirect("/accounts/login", 303)


def _works() -> bool:
    """Whether the person answers customers, so that their days and absences matter."""
    return visitor().has(Role.AGENT, Role.SUPERVISOR) and visitor().organisation_id is not None


@blueprint.get("/profile")
@door(*STAFF)
def profile() -> str:
    """One's own account."""
    return render_template(
        "accounts/profile.html", form=ProfileForm(obj=current_user), who=current_user, works=_works()
    )


@blueprint.post("/profile")
@door(*STAFF, writes=True)
def save_profile() -> AnyResponse:
    """Change one's name, function, language and habits."""
    form = ProfileForm.of_request()
    if not form.validate():
        return make_response(render_template("accounts/profile.html", form=form, who=current_user, works=_works()), 422)
    number = visitor().account_id
    with writing() as session:
        account = session.get_one(Account, number)
        for name in ("name", "function", "language", "after_sending"):
            # A registered name is the same for everybody: its bearer does not change it from one letter to the next.
            if name != "name" or not account.pseudonymous:
                setattr(account, name, form[name].data)
    notice.say(_("Saved."))
    return speak(redirect("/accounts/profile", 303), form.language.data)


@blueprint.get("/password")
@door(*STAFF)
def password() -> str:
    """The form to change one's password."""
    return render_template("accounts/password.html", form=ChangePasswordForm())


@blueprint.post("/password")
@door(*STAFF, writes=True)
def change_password() -> AnyResponse:
    """Change one's password: this browser stays signed in, all others are out."""
    form = ChangePasswordForm.of_request()
    form.known = (current_user.name, current_user.email)
    sound = form.validate()
    if sound:
        sound = _present_password_is_right(form)
    if not sound:
        return make_response(render_template("accounts/password.html", form=form), 422)
    stored, number = hash_password(form.password.data), visitor().account_id
    with writing() as session:
        account = session.get_one(Account, number)
        signin.set_password(session, account, stored)
    signin.enter(account)
    notice.say(_("Your password is changed. Other browsers that were signed in with it are signed out."))
    return redirect("/accounts/profile", 303)


def _present_password_is_right(form: ChangePasswordForm) -> bool:
    """Whoever finds an open browser must not guess here either: wrong tries count as failed sign-ins."""
    account, wait = signin.verify(current_user.email, form.password_now.data, signin.now())
    if wait:
        abort(429)
    if account is None:
        form.password_now.errors = [_("This is not your present password.")]
    return account is not None
