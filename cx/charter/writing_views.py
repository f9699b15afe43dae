"""Writing a charter: drafts that are previewed, published from a day on, and retired; nothing published is edited."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cx.charter.blueprint import blueprint
from cx.charter.forms import PromiseForm, PublishForm, home_currency
from cx.core.refusals import NotVisible
from cx.disputes import charter, promised
from cx.disputes.charter import WRITERS
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.formats import NO_MINOR, weekday
from cx.web.sentence import _, ngettext
from cx.web.visitors import visitor
from models import Organisation, Promise

MOST_NUMBER = 2**63


def _house(slug: str) -> Organisation:
    return charter.own_house(reading(), visitor(), slug)


def _page(house: Organisation, form: PromiseForm, publish: PublishForm | None = None, status: int = 200) -> Response:
    today = datetime.now(UTC).astimezone(ZoneInfo(house.zone)).date()
    page = render_template(
        "charter/edit.html",
        organisation=house,
        charter=promised.charter_of(reading(), house.id, datetime.now(UTC)),
        form=form,
        publish=publish or PublishForm.filled({"on": today.isoformat()}),
        currency=home_currency(house.country),
    )
    return make_response(page, status)


def _number(typed: str | None) -> int | None:
    """The number of a draft as the form carries it; None for a new one. Raises NotVisible for anything else."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and int(typed) < MOST_NUMBER):
        raise NotVisible
    return int(typed)


def _filled(draft: Promise) -> PromiseForm:
    values: dict[str, object] = {
        "draft": draft.id, "rule": draft.rule, "amount": draft.amount, "kind": draft.kind, "words": draft.words,
        "cap": draft.cap,
    }  # fmt: skip
    if draft.amount_minor is not None:
        values["money"] = draft.amount_minor if draft.currency in NO_MINOR else draft.amount_minor // 100
    return PromiseForm.filled({name: str(value) for name, value in values.items()})


@blueprint.get("/charter/<slug>/edit")
@door(*WRITERS)
def edit(slug: str) -> Response:
    """The charter as it stands, its drafts, and one form for the next promise."""
    house = _house(slug)
    number = _number(request.args.get("draft"))
    if number is None:
        return _page(house, PromiseForm())
    return _page(house, _filled(charter.draft_of(reading(), house.id, number)))


@blueprint.post("/charter/<slug>/draft")
@door(*WRITERS, writes=True)
def draft(slug: str) -> Response:
    """Keep a promise as a draft."""
    house, form = _house(slug), PromiseForm.of_request()
    number = _number(form.draft.data)
    if not form.validate():
        return _page(house, form, status=422)
    promise = form.promise(house.country)
    with writing() as session:
        charter.write(session, house.id, promise, datetime.now(UTC), number)
    notice.say(_("Kept as a draft. Nobody else sees it yet."))
    return _back(slug)


@blueprint.post("/charter/<slug>/drop/<int:number>")
@door(*WRITERS, writes=True)
def drop(slug: str, number: int) -> Response:
    """Throw a draft away."""
    house = _house(slug)
    with writing() as session:
        charter.drop(session, house.id, _bounded(number))
    notice.say(_("The draft is gone."))
    return _back(slug)


@blueprint.post("/charter/<slug>/publish")
@door(*WRITERS, writes=True)
def publish(slug: str) -> Response:
    """Publish the drafts from a day on."""
    house, form = _house(slug), PublishForm.of_request()
    if not form.validate() or form.on.data is None:
        return _page(house, PromiseForm.filled({}), form, 422)
    on = form.on.data
    with writing() as session:
        many = charter.publish(session, charter.own_house(session, visitor(), slug), on, datetime.now(UTC))
    if many:
        notice.say(
            ngettext(
                "%(num)d promise holds from %(day)s on, for every demand that is sent from then on.",
                "%(num)d promises hold from %(day)s on, for every demand that is sent from then on.",
                many,
                day=weekday(on),
            )
        )
    return _back(slug)


@blueprint.post("/charter/<slug>/retire/<int:number>")
@door(*WRITERS, writes=True)
def retire(slug: str, number: int) -> Response:
    """Take a promise out of the charter; demands that were sent keep it."""
    house = _house(slug)
    with writing() as session:
        charter.retire(session, house.id, _bounded(number), datetime.now(UTC))
    notice.say(_("This promise holds no more for what is sent from now on. Demands that were sent keep it."))
    return _back(slug)


def _bounded(number: int) -> int:
    if number >= MOST_NUMBER:
        raise NotVisible
    return number


def _back(slug: str) -> Response:
    return redirect(url_for("charter.edit", slug=slug), 303)
