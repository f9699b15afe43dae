"""The ways to a case: the private link, and reference with code. Strangers get one page, whatever they ask for."""

import re
from datetime import UTC, datetime, timedelta

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.disputes import own_cases, sight
from cx.disputes.reference import ALPHABET, REFERENCE_LETTERS, SECRET_LETTERS, hash_secret
from cx.intake.blueprint import blueprint
from cx.intake.forms import CodeForm
from cx.post import received
from cx.web.database import reading, recording
from cx.web.doors import Who, door
from cx.web.errors import kept_text
from cx.web.throttle import failures, record_failure, subject_of
from cx.web.visitors import hand_over, plain, visitor

TRIES = 10
WITHIN = timedelta(hours=1)
# A wrong code, a missing code, a case that is not there: the same status for all of them.
STRANGER = 401


def reference_of(typed: str) -> str:
    """A reference as people type it, brought to its form; empty when it cannot be one."""
    letters = re.sub(r"[^A-Z0-9]", "", typed.upper()[:60])
    letters = plain(letters.removeprefix("DL"))
    if len(letters) != REFERENCE_LETTERS or not set(letters) <= set(ALPHABET):
        return ""
    return f"DL-{letters[:4]}-{letters[4:]}"


def code_page(reference: str = "", form: CodeForm | None = None, status: int = STRANGER) -> Response:
    """The page that asks for reference and code; it says nothing about what exists."""
    shown = form or CodeForm.filled({"reference": reference_of(reference)})
    held = own_cases.held(reading(), visitor())
    typed = tuple(pair for pair in kept_text() if pair[0] not in {"code", "reference"}) if form is None else ()
    return make_response(render_template("intake/code.html", form=shown, held=held, kept=typed), status)


@blueprint.get("/case")
@door(Who.EVERYONE)
def code() -> Response:
    """I have a reference."""
    return code_page(status=200)


@blueprint.post("/case")
@blueprint.post("/case/<reference>")
@door(Who.EVERYONE)
def code_given(reference: str = "") -> Response:
    """Open the case when the code fits the reference.

    A right code always opens (it has 80 random bits, nobody guesses it); wrong ones are counted by address, and after
    ten in an hour they are refused without a look.
    """
    form = CodeForm.of_request()
    form.reference.data = form.reference.data or reference_of(reference)
    if not form.validate():
        return code_page(form=form, status=422)
    secret = plain(form.code.data)
    found = sight.case_of_key(reading(), hash_secret(secret)) if len(secret) == SECRET_LETTERS else None
    if found is not None and found == reference_of(form.reference.data):
        return hand_over(make_response(redirect(url_for("intake.case", reference=found), 303)), secret)
    return _wrong(form)


def _wrong(form: CodeForm) -> Response:
    tried = subject_of("code")
    if failures(tried, WITHIN) >= TRIES:
        form.code.errors = [_("Too many wrong codes from here. Please wait an hour; your private link still works.")]
        page = code_page(form=form, status=429)
        page.headers["Retry-After"] = str(int(WITHIN.total_seconds()))
        return page
    record_failure(tried)
    form.code.errors = [_("This code does not open this reference. Look at both again, letter by letter.")]
    return code_page(form=form)


@blueprint.get("/k/<secret>")
@door(Who.EVERYONE)
def key(secret: str) -> Response:
    """The private link: gives the key to this browser and shows the case; it can be used as often as one likes."""
    typed = plain(secret)
    found = sight.case_of_key(reading(), hash_secret(typed)) if len(typed) == SECRET_LETTERS else None
    if found is not None:
        _received(hash_secret(typed))
        return hand_over(make_response(redirect(url_for("intake.case", reference=found), 303)), typed)
    return _wrong(CodeForm.filled({}))


def _received(link_hash: str) -> None:
    """The first opening of a mailed link confirms the address that it was sent to."""
    case_id = received.unconfirmed(reading(), link_hash) if request.method == "GET" else None
    if case_id is not None:
        with recording() as session:
            received.confirm(session, case_id, datetime.now(UTC))
