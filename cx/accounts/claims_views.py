"""Claiming an organisation: the form for whoever speaks for it, what became of it, and the administrator's check."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField
from wtforms.validators import DataRequired, Length, ValidationError

from cx.accounts import claims, signin
from cx.accounts.addresses import email_of
from cx.accounts.admin_views import organisation_or_404
from cx.accounts.letters import send_claim_refused
from cx.accounts.links import absolute
from cx.core.refusals import Conflict
from cx.core.signatures import natural_name
from cx.core.words import Role
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.forms import HouseForm, Line, Story
from cx.web.language import language
from cx.web.throttle import failures, record_failure, subject_of
from cx.web.visitors import visitor
from models import Organisation, OrganisationClaim

blueprint = Blueprint("claims", __name__)
TRIES, WITHIN = 10, timedelta(hours=1)


class ClaimForm(HouseForm):
    """Who says that they speak for the organisation, and why one may believe it."""

    name = Line(_l("Your name"), [DataRequired(_l("Your first and last name, please."))], most=80)
    function = Line(_l("What you do there"), [DataRequired(_l("Your function, please."))], most=80)
    email = EmailField(_l("Your e-mail there"), [DataRequired(_l("An e-mail address, please.")), Length(max=254)])
    proof = Story(
        _l("How can we check it?"), [DataRequired(_l("Say how we can check that you speak for it."))], most=4000
    )

    def validate_name(self, field: Line) -> None:
        """A natural person."""
        if not natural_name(field.data or ""):
            raise ValidationError(_l("Your first and last name, please."))

    def validate_email(self, field: EmailField) -> None:
        """An address that the organisation gives to its own people."""
        email = email_of(field.data or "")
        if email is None:
            raise ValidationError(_l("An e-mail address such as name@organisation.org, please."))
        if not claims.of_company(email):
            raise ValidationError(_l("Anybody can have an address there. Please use one of the organisation."))


class RefuseForm(HouseForm):
    """Why a claim is not believed."""

    reason = Story(_l("Why not? They read this"), [DataRequired(_l("Give a reason, please."))], most=2000)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="organisation-claim")


def _organisation(slug: str) -> Organisation:
    found = claims.by_slug(reading(), slug[:80])
    if found is None:
        abort(404)
    return found


@blueprint.get("/organisations/<slug>/claim")
@door(Who.EVERYONE)
def claim(slug: str) -> str:
    """Do you speak for this organisation?"""
    return render_template("accounts/claim.html", organisation=_organisation(slug), form=ClaimForm.of_request())


@blueprint.post("/organisations/<slug>/claim")
@door(Who.EVERYONE, writes=True)
def hand_in(slug: str) -> AnyResponse:
    """Hand the claim in; an administrator checks it."""
    found, form = _organisation(slug), ClaimForm.of_request()
    page = {"organisation": found, "form": form}
    if found.claimed:
        return make_response(render_template("accounts/claim.html", **page), 409)
    if not form.validate():
        return make_response(render_template("accounts/claim.html", **page), 422)
    tried = subject_of("claim")
    if failures(tried, WITHIN) >= TRIES:
        form.form_errors = [_("Too many claims from here. Please wait an hour; your text is kept on this page.")]
        return make_response(render_template("accounts/claim.html", **page), 429)
    record_failure(tried)
    person = (form.name.data or "", form.function.data or "", email_of(form.email.data or "") or "")
    with writing() as session:
        made = claims.hand_in(session, found.id, person, form.proof.data or "", language(), signin.now())
    return redirect(url_for("claims.mine", token=_signer().dumps(made.id)), 303)


@blueprint.get("/organisations/claims/<token>")
@door(Who.EVERYONE)
def mine(token: str) -> str:
    """What became of a claim, for whoever handed it in."""
    try:
        number = int(_signer().loads(token))
    except (BadSignature, TypeError, ValueError):
        abort(404)
    found = reading().get(OrganisationClaim, number)
    if found is None:
        abort(404)
    organisation = reading().get_one(Organisation, found.organisation_id)
    link = absolute("claims.mine", token=token)
    return render_template("accounts/claim_sent.html", claim=found, organisation=organisation, link=link)


def _list(form: RefuseForm | None = None, wrong: int = 0) -> str:
    rows = [(one, form if form is not None and one.id == wrong else _fresh(one.id)) for one in claims.listed(reading())]
    return render_template("accounts/claims.html", rows=rows, wrong=wrong)


def _fresh(number: int) -> RefuseForm:
    return _numbered(RefuseForm(meta={"locales": [language()]}), number)


def _numbered(form: RefuseForm, number: int) -> RefuseForm:
    """Several of these forms stand on one page: each has its own ids."""
    form.reason.id = f"reason-{number}"
    form.reason.label.field_id = form.reason.id
    return form


@blueprint.get("/admin/claims")
@door(Role.ADMIN)
def waiting() -> str:
    """The claims, those that wait first."""
    return _list()


@blueprint.post("/admin/claims/<int:number>/grant")
@door(Role.ADMIN, writes=True)
def grant(number: int) -> AnyResponse:
    """The proof holds: the organisation reads from now on."""
    me = visitor()
    try:
        with writing() as session:
            made = claims.grant(session, _small(number), (me.account_id or 0, me.name), signin.now())
    except Conflict:
        return _decided_already()
    notice.say(_("Granted. Hand over the link below, if no letter goes out."))
    return redirect(url_for("admin.invitation", number=made.id), 303)


@blueprint.post("/admin/claims/<int:number>/refuse")
@door(Role.ADMIN, writes=True)
def refuse(number: int) -> AnyResponse:
    """It does not; the claimant reads why."""
    form = _numbered(RefuseForm.of_request(), number)
    if not form.validate():
        known = reading().get(OrganisationClaim, _small(number))
        if known is None:
            abort(404)
        return make_response(_list(form, number), 422)
    try:
        with writing() as session:
            refused = claims.refuse(
                session, _small(number), form.reason.data or "", visitor().account_id or 0, signin.now()
            )
            told = send_claim_refused(session, refused, str(_signer().dumps(refused.id)), signin.now())
    except Conflict:
        return _decided_already()
    said = _("Refused. A letter tells them; your reason stands on their page.")
    notice.say(said if told else _("Refused. They read your reason on their page."))
    return redirect(url_for("claims.waiting"), 303)


def _small(number: int) -> int:
    """A number that a database can hold; 0, which is nobody's, for one that it cannot."""
    return number if number < 2**63 else 0


def _decided_already() -> AnyResponse:
    notice.say(_("This claim was decided already."))
    return redirect(url_for("claims.waiting"), 303)


@blueprint.get("/admin/organisations/<int:number>/invitation")
@door(Role.ADMIN)
def invitation(number: int) -> str:
    """A letter that invites an organisation, to print and hand over."""
    found = organisation_or_404(number)
    if found.claimed:
        abort(404)
    link = absolute("claims.claim", slug=found.slug)
    return render_template("accounts/claim_invitation.html", organisation=found, link=link, name=found.name)
