"""Telling, page 4: where to reply, the whole text as it will be sent, and Send. However often, it makes one case."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.core.incident import Contact
from cx.core.refusals import KeyReused
from cx.disputes import filing, own_cases, sight
from cx.disputes.recipients import Recipient
from cx.disputes.reference import hash_secret
from cx.intake import draft
from cx.intake.blueprint import blueprint
from cx.intake.facts import summary
from cx.intake.forms import ContactForm
from cx.intake.path import Page, hidden_now, hidden_sentence, unfinished
from cx.intake.story import addressed, contact_of, read, report_of
from cx.intake.wishing import about_form
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.forms import sound_key
from cx.web.visitors import hand_over, visitor

CONTACT = ("name", "email", "phone", "postal")


def _page(
    data: Mapping[str, Any], recipient: Recipient, form: ContactForm, status: int = 200, changed: bool = False
) -> Page:
    form.key.data, form.seen.data = data["key"], draft.seen(data)
    kinds = draft.kinds_hidden(data)
    return (
        render_template(
            "intake/tell_contact.html",
            form=form,
            recipient=recipient,
            story=data["story"],
            told=summary(data, recipient, about_form(recipient, data.get("about", {}))),
            hidden=hidden_sentence(kinds),
            changed=changed,
        ),
        status,
    )


@blueprint.get("/tell/4")
@door(Who.EVERYONE)
def tell_contact() -> Page:
    """Where do we reply?"""
    data = draft.present()
    recipient = draft.recipient_of(data)
    missing = unfinished(data, recipient)
    if missing is not None or recipient is None:
        return missing or redirect(url_for("intake.tell_story"), 303)
    return _page(data, recipient, ContactForm.filled(data.get("contact", {})))


@blueprint.post("/tell/4")
@door(Who.EVERYONE, writes=True)
def send() -> Page:
    """File the story, once; the receipt is the tracking page."""
    form = ContactForm.of_request()
    data = draft.stored()
    before = _sent_before(data, form)
    if before is not None:
        return before
    recipient = draft.recipient_of(data or {})
    missing = unfinished(data or {}, recipient)
    if missing is not None or recipient is None or data is None:
        return missing or redirect(url_for("intake.tell_story"), 303)
    if not form.validate():
        return _page(data, recipient, form, 422)
    if form.key.data != data["key"] or form.seen.data != draft.seen(data):
        return _page(data, recipient, form, 409, changed=True)
    return _file(data, recipient, form)


def _file(data: Mapping[str, Any], recipient: Recipient, form: ContactForm) -> Page:
    contact = contact_of({name: form[name].data for name in CONTACT})
    report = report_of(data, recipient, contact)
    if request.form.get("same") != "no" and filing.same_story(reading(), report):
        known = own_cases.same_story_held(reading(), visitor(), report)
        return render_template("intake/tell_same.html", form=form, reference=known, names=CONTACT), 200
    secret = filing.secret_of_key(current_app.config["SECRET_KEY"], report.key)
    seen = read(report)
    try:
        with writing() as session:
            organisation, report = addressed(session, report, recipient)
            filed = filing.file(session, bench(), organisation, report, seen, secret)
            _remember(session, data, contact, filed.reference)
    except KeyReused:
        return _reused(secret)
    if filed.fresh:
        arrived = _("Your story has arrived. Keep the link or the code below: they open this page again.")
        notice.say(f"{arrived} {hidden_now()}".strip())
    return _opened(filed.reference, secret)


def _remember(session: Session, data: Mapping[str, Any], contact: Contact, reference: str) -> None:
    """What stays of a draft that was sent: enough to recognise the same form sent again, and nothing else."""
    stub = {"key": data["key"], "filed": reference, "seen": draft.seen(data), "contact": _digest(contact)}
    draft.keep(session, stub)


def _digest(contact: Contact) -> str:
    body = [contact.name, contact.email, contact.phone, contact.postal]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def _sent_before(data: Mapping[str, Any] | None, form: ContactForm) -> Page | None:
    """The answer to a form that was sent already: its case again, or a refusal that keeps the text."""
    key = form.key.data or ""
    if key != sound_key(key):
        return None
    secret = filing.secret_of_key(current_app.config["SECRET_KEY"], key)
    if data is not None and "filed" in data and data["key"] == key:
        form.validate()
        contact = contact_of({name: form[name].data for name in CONTACT})
        if data["seen"] != form.seen.data or data["contact"] != _digest(contact):
            return _reused(secret)
        return _opened(data["filed"], secret)
    if data is not None and data.get("key") == key:
        return None
    reference = sight.case_of_key(reading(), hash_secret(secret))
    return _opened(reference, secret) if reference else None


def _reused(secret: str) -> Page:
    reference = sight.case_of_key(reading(), hash_secret(secret))
    kept = [(name, request.form[name]) for name in CONTACT if request.form.get(name)]
    page = render_template("intake/tell_reused.html", reference=reference, kept=kept)
    return hand_over(make_response(page, 409), secret)


def _opened(reference: str, secret: str) -> Response:
    return hand_over(make_response(redirect(url_for("intake.case", reference=reference), 303)), secret)


@blueprint.post("/tell/same")
@door(Who.EVERYONE, writes=True)
def same() -> Response:
    """It was the same story: forget the second telling and show the first one."""
    with writing() as session:
        draft.drop(session)
    reference = request.form.get("reference", "")
    if reference in {one.reference for one in own_cases.held(reading(), visitor())}:
        return redirect(url_for("intake.case", reference=reference), 303)
    return redirect(url_for("intake.code"), 303)
