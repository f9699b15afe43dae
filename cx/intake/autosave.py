"""The draft between two pages: kept while it is written, deleted on demand."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.intake import draft
from cx.intake.blueprint import blueprint
from cx.intake.forms import ALSO, ContactForm, StoryForm, WishForm
from cx.intake.path import Page
from cx.intake.telling import with_story
from cx.intake.wishing import about_form, with_about
from cx.web import notice
from cx.web.database import writing
from cx.web.doors import Who, door
from cx.web.forms import HouseForm

BACK = frozenset({"story", "wish", "about"})


def sound(form: HouseForm, *names: str) -> dict[str, Any]:
    """The fields of a half-filled form that hold something in order."""
    form.validate()
    return {name: form[name].data for name in names if form[name].data and not form[name].errors}


def _with_page(data: Mapping[str, Any], page: str) -> Mapping[str, Any]:
    if page == "1":
        form = StoryForm.of_request()
        form.validate()
        return with_story(data, form)
    if page == "2":
        given = sound(WishForm.of_request(), "wish", "wish_text", *ALSO) | {
            "consent": bool(request.form.get("consent"))
        }
        return draft.masked(data, "wish", given, ("wish_text", *ALSO))
    if page == "4":
        given = sound(ContactForm.of_request(), "name", "email", "phone", "postal")
        return draft.masked_part(data, "contact", given, ("name", "postal"))
    recipient = draft.recipient_of(data)
    if page != "3" or recipient is None:
        return data
    about = about_form(recipient)
    about.validate()
    return with_about(data, about)


@blueprint.post("/tell/draft")
@door(Who.EVERYONE, writes=True)
def keep_draft() -> Page:
    """Keep a half-filled page: whatever is sound of it, nothing is refused.

    Sent by the page's script, and by the buttons that lead back (`go`), so that going back loses nothing.
    """
    before = draft.keyed(draft.present())
    after = _with_page(before, request.form.get("page", ""))
    if after != before:
        with writing() as session:
            draft.keep(session, after)
    back = request.form.get("go", "")
    return redirect(url_for(f"intake.tell_{back}"), 303) if back in BACK else ("", 204)


@blueprint.post("/tell/anew")
@door(Who.EVERYONE, writes=True)
def anew() -> Response:
    """Delete the draft and start with an empty page."""
    with writing() as session:
        draft.drop(session)
    notice.say(_("Your draft was deleted."))
    return redirect(url_for("intake.tell_story"), 303)
