"""Telling, page 1: what happened, and with whom; which company it is when the name is not enough."""

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from cx.disputes import recipients
from cx.disputes.analysis import fold
from cx.disputes.recipients import Recipient
from cx.intake import draft
from cx.intake.blueprint import blueprint
from cx.intake.clock_facts import NAMES
from cx.intake.forms import CompanyForm, StoryForm, country_name
from cx.intake.path import Page, go_on, hidden_now
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.forms import MAX_STORY
from cx.web.labels import SECTORS


def _story_page(form: StoryForm, status: int = 200, hidden: str = "") -> Page:
    begun = bool(draft.present())
    return render_template("intake/tell_story.html", form=form, begun=begun, hidden=hidden), status


@blueprint.get("/tell")
@door(Who.EVERYONE)
def tell_story() -> Page:
    """What happened, and with whom?"""
    data = draft.present()
    form = StoryForm.filled({"story": data.get("story", ""), "whom": data.get("whom", "")})
    if len(form.story.data) > MAX_STORY:
        form.story.validate(form)
    return _story_page(form)


@blueprint.get("/tell/<slug>")
@door(Who.EVERYONE)
def tell_story_with(slug: str) -> Page:
    """The same, with the organisation already chosen."""
    chosen = recipients.by_slug(reading(), slug[:80])
    if chosen is None:
        abort(404)
    data = draft.present()
    values = {"story": data.get("story", ""), "whom": chosen.name, "organisation": chosen.slug}
    return _story_page(StoryForm.filled(values))


@blueprint.post("/tell")
@door(Who.EVERYONE, writes=True)
def story_told() -> Page:
    """Keep the story; go on when we know with whom it happened."""
    before = draft.present()
    form = StoryForm.of_request()
    from_landing = request.form.get("from") == "landing"
    sound = form.validate()
    after = with_story(draft.keyed(before), form)
    if sound:
        after |= _meant(after, form)
    if form.story.data or form.whom.data:
        with writing() as session:
            draft.keep(session, after)
    if from_landing and not (form.story.errors and form.story.data):
        return go_on("story")
    if not sound:
        form.story.data = after["story"] if form.story.data else ""
        return _story_page(form, 422, hidden_now())
    return go_on("wish" if draft.recipient_of(after) else "company")


def with_story(data: Mapping[str, Any], form: StoryForm) -> dict[str, Any]:
    """The draft with page 1 as typed; a story that is too long is kept too, so that it can be shortened later."""
    given = {name: form[name].data for name in ("story", "whom") if form[name].data}
    if form.whom.errors:
        given.pop("whom", None)
    return draft.masked(data, "story", given, ("story", "whom"))


def _meant(data: Mapping[str, Any], form: StoryForm) -> dict[str, Any]:
    """Which organisation the name means; a pending company when it is none or several."""
    typed = data["whom"]
    chosen = recipients.by_slug(reading(), form.organisation.data) if form.organisation.data else None
    if chosen is None or fold(chosen.name) != fold(typed):
        kept = draft.recipient_of(data)
        if kept is not None and fold(kept.name) == fold(typed):
            return {}
        chosen = recipients.chosen(recipients.suggest(reading(), typed), typed)
    theirs = ("touchpoint", "channel", "issue", *NAMES)
    about = {name: value for name, value in data.get("about", {}).items() if name not in theirs}
    if chosen is not None:
        return {"organisation_id": chosen.id, "whom": chosen.name, "company": None, "about": about}
    return {"organisation_id": None, "company": {"name": typed}, "about": about}


def _company_form(data: Mapping[str, Any], filled: bool) -> tuple[CompanyForm, tuple[Recipient, ...]]:
    found = recipients.suggest(reading(), data["company"]["name"])
    known = {"organisation": "none", **data["company"]} if "sector" in data["company"] or not found else {}
    form = CompanyForm.filled(known) if filled else CompanyForm.of_request()
    form.offer([(one.slug, f"{one.name} ({SECTORS[one.sector]}, {country_name(one.country)})") for one in found])
    return form, found


@blueprint.get("/tell/company")
@door(Who.EVERYONE)
def tell_company() -> Page:
    """Which one of several; or the honest page about a company that does not read us yet."""
    data = draft.present()
    if not data.get("company"):
        return redirect(url_for("intake.tell_story"), 303)
    form, found = _company_form(data, filled=True)
    return render_template("intake/tell_company.html", form=form, found=found, name=data["company"]["name"]), 200


@blueprint.post("/tell/company")
@door(Who.EVERYONE, writes=True)
def company_named() -> Page:
    """Take the organisation that was chosen, or the sector and country of one that is not on board."""
    data = draft.present()
    if not data.get("company"):
        return redirect(url_for("intake.tell_story"), 303)
    form, found = _company_form(data, filled=False)
    name = data["company"]["name"]
    sound = form.validate()
    chosen = next((one for one in found if one.slug == form.organisation.data), None)
    if found and not form.organisation.data:
        form.organisation.errors = [_("Please choose one of the lines.")]
        sound = False
    if chosen is None and form.organisation.data != "" and not (found and not form.organisation.data):
        for field, sentence in ((form.sector, _("Please choose one.")), (form.country, _("Please choose a country."))):
            if not field.data:
                field.errors = [sentence]
                sound = False
    if not sound:
        return render_template("intake/tell_company.html", form=form, found=found, name=name), 422
    if chosen is not None:
        after = {**data, "organisation_id": chosen.id, "whom": chosen.name, "company": None}
    else:
        named = {"name": name, "sector": form.sector.data, "country": form.country.data}
        after = {**data, "organisation_id": None, "company": named, "consent": False}
    with writing() as session:
        draft.keep(session, after)
    return go_on("wish")
