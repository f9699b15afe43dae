"""Telling, pages 2 and 3: what is wanted, and what may be added. Everything after the story is optional and says so."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from cx.core.words import Wish
from cx.disputes import casefile
from cx.disputes.recipients import Recipient
from cx.intake import draft
from cx.intake.about_form import USEFUL, AboutForm
from cx.intake.blueprint import blueprint
from cx.intake.clock_facts import asked
from cx.intake.forms import ALSO, WishForm
from cx.intake.path import Page, go_on, unfinished, untold
from cx.web.database import reading, writing
from cx.web.doors import Who, door

FREE_ABOUT = ("place", "product", "machine", "their_reference", "from_airport", "to_airport")


def _wish_form(recipient: Recipient, values: Mapping[str, Any] | None = None) -> WishForm:
    form = WishForm.of_request() if values is None else WishForm.filled(values)
    if not recipient.claimed:
        del form.consent
    else:
        form.consent.label.text = _("I agree that %(name)s receives my story and answers me.", name=recipient.name)
    assert isinstance(form, WishForm)
    return form


@blueprint.get("/tell/2")
@door(Who.EVERYONE)
def tell_wish() -> Page:
    """What do you want?"""
    data = draft.present()
    recipient = draft.recipient_of(data)
    missing = untold(data, recipient)
    if missing is not None or recipient is None:
        return missing or redirect(url_for("intake.tell_story"), 303)
    values = {name: data[name] for name in ("wish", "wish_text", *ALSO) if data.get(name)}
    form = _wish_form(recipient, values | ({"consent": "y"} if data.get("consent") else {}))
    return render_template("intake/tell_wish.html", form=form, recipient=recipient), 200


@blueprint.post("/tell/2")
@door(Who.EVERYONE, writes=True)
def wish_told() -> Page:
    """Keep what is wanted."""
    before = draft.present()
    recipient = draft.recipient_of(before)
    missing = untold(before, recipient)
    if missing is not None or recipient is None:
        return missing or redirect(url_for("intake.tell_story"), 303)
    form = _wish_form(recipient)
    if not form.validate():
        return render_template("intake/tell_wish.html", form=form, recipient=recipient), 422
    given = {"wish": form.wish.data, "wish_text": form.wish_text.data or "", "consent": bool(form.data.get("consent"))}
    given |= {name: form[name].data or "" for name in ALSO}
    after = draft.masked(before, "wish", given, ("wish_text", *ALSO))
    with writing() as session:
        draft.keep(session, after)
    return go_on("about")


def about_form(recipient: Recipient, values: Mapping[str, Any] | None = None) -> AboutForm:
    """Page 3 for this organisation: as posted, or filled with `values`."""
    form = AboutForm.of_request() if values is None else AboutForm.filled(values)
    assert isinstance(form, AboutForm)
    places = casefile.touchpoints(reading(), recipient.id) if recipient.id else ()
    form.fit(recipient.sector, places, asked(recipient.sector, recipient.country))
    return form


def _about_page(data: Mapping[str, Any], recipient: Recipient, form: AboutForm, status: int = 200) -> Page:
    useful = USEFUL[Wish(data["wish"])]
    return render_template("intake/tell_about.html", form=form, recipient=recipient, useful=useful), status


@blueprint.get("/tell/3")
@door(Who.EVERYONE)
def tell_about() -> Page:
    """If you like: when, where, how it went."""
    data = draft.present()
    recipient = draft.recipient_of(data)
    missing = unfinished(data, recipient)
    if missing is not None or recipient is None:
        return missing or redirect(url_for("intake.tell_story"), 303)
    return _about_page(data, recipient, about_form(recipient, data.get("about", {})))


@blueprint.post("/tell/3")
@door(Who.EVERYONE, writes=True)
def about_told() -> Page:
    """Keep what was added."""
    before = draft.present()
    recipient = draft.recipient_of(before)
    missing = unfinished(before, recipient)
    if missing is not None or recipient is None:
        return missing or redirect(url_for("intake.tell_story"), 303)
    form = about_form(recipient)
    if not form.validate():
        return _about_page(before, recipient, form, 422)
    after = with_about(before, form)
    with writing() as session:
        draft.keep(session, after)
    return go_on("contact")


def with_about(data: Mapping[str, Any], form: AboutForm) -> dict[str, Any]:
    """The draft with the sound answers of page 3."""
    sound = {name: value for name, value in form.values().items() if not form[name].errors}
    return draft.masked_part(data, "about", sound, FREE_ABOUT)
