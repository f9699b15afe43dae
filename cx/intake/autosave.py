"""The draft between two pages: kept while it is written, deleted on demand."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.intake import draft
from cx.intake.blueprint import blueprint
from cx.intake.forms import ContactForm, StoryForm, WishForm
from cx.intake.wishing import about_form, with_about
from cx.web import notice
from cx.web.database import writing
from cx.web.doors import Who, door
from cx.web.forms import HouseForm


def sound(form: HouseForm, *names: str) -> dict[str, Any]:
    """The fields of a half-filled form that hold something in order."""
    form.validate()
    return {name: form[name].data for name in names if form[name].data and not form[name].errors}


def _with_page(data: Mapping[str, Any], page: str) -> Mapping[str, Any]:
    if page == "1":
        return draft.masked(data, "story", sound(StoryForm.of_request(), "story", "whom"), ("story",))
    if page == "2":
        return draft.masked(data, "wish", sound(WishForm.of_request(), "wish", "wish_text"), ("wish_text",))
    if page == "4":
        return {**data, "contact": sound(ContactForm.of_request(), "name", "email", "phone", "postal")}
    recipient = draft.recipient_of(data)
    if page != "3" or recipient is None:
        return data
    form = about_form(recipient)
    form.validate()
    return with_about(data, form)


@blueprint.post("/tell/draft")
@door(Who.EVERYONE, writes=True)
def keep_draft() -> tuple[str, int]:
    """Keep a half-filled page, sent by the page's script: whatever is sound of it, nothing is refused."""
    before = draft.keyed(draft.present())
    after = _with_page(before, request.form.get("page", ""))
    if after != before:
        with writing() as session:
            draft.keep(session, after)
    return "", 204


@blueprint.post("/tell/anew")
@door(Who.EVERYONE, writes=True)
def anew() -> Response:
    """Delete the draft and start with an empty page."""
    with writing() as session:
        draft.drop(session)
    notice.say(_("Your draft was deleted."))
    return redirect(url_for("intake.tell_story"), 303)
