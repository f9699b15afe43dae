"""The remedies of a house: what a manager decides within a working day, and what the team marks as given."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.charter.blueprint import blueprint
from cx.charter.forms import BlockForm, GivenForm, RaiseForm, RemainForm, minor
from cx.charter.wording import measures_lines
from cx.core.refusals import Conflict, NotVisible, WrongState
from cx.core.words import Role
from cx.disputes import charter, promised, remedies
from cx.disputes.charter_seen import Owed
from cx.disputes.remedies import DECIDERS, GIVERS, Held
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.forms import HouseForm
from cx.web.sentence import _
from cx.web.visitors import visitor

MOST_NUMBER = 2**63
Doing = Callable[[Session, Held, datetime], None]


@blueprint.get("/charter/remedies")
@door(*DECIDERS)
def remedies_list() -> str:
    """What waits for a decision, what is to be given, what was settled; and the figures of ninety days."""
    who, now = visitor(), datetime.now(UTC)
    if who.organisation_id is None:
        raise NotVisible
    found = promised.charter_of(reading(), who.organisation_id, now)
    return render_template(
        "charter/remedies.html",
        organisation=charter.house_number(reading(), who.organisation_id),
        charter=found,
        remedies=promised.remedies_of(reading(), who, now),
        figures=measures_lines(found.measures),
        desk=who.has(Role.SUPERVISOR),
        now=now,
    )


def _one(number: int) -> Owed:
    found = promised.one_remedy(reading(), visitor(), number, datetime.now(UTC)) if number < MOST_NUMBER else None
    if found is None:
        raise NotVisible
    return found


def _page(found: Owed, forms: dict[str, HouseForm] | None = None, status: int = 200, alert: str = "") -> Response:
    who = visitor()
    ready: dict[str, HouseForm] = {
        "raise": RaiseForm(),
        "block": BlockForm(),
        "remain": RemainForm(),
        "given": GivenForm(),
    }
    page = render_template(
        "charter/remedy.html",
        owed=found,
        remedy=found.remedy,
        forms=ready | (forms or {}),
        wrong=set(forms or {}),
        decides=who.has(*DECIDERS),
        desk=who.has(Role.AGENT, Role.SUPERVISOR),
        alert=alert,
        zone=charter.house_number(reading(), who.organisation_id or 0).zone,
        now=datetime.now(UTC),
    )
    return make_response(page, status)


@blueprint.get("/charter/remedies/<int:number>")
@door(*GIVERS)
def remedy(number: int) -> Response:
    """One remedy: what it is for, what may be decided, whether it was given."""
    return _page(_one(number))


def _do(number: int, roles: tuple[Role, ...], doing: Doing, said: str) -> Response:
    """Do one thing with a remedy; whoever was slower sees it as it stands now."""
    found, at = _one(number), datetime.now(UTC)
    try:
        with writing() as session:
            doing(session, remedies.of_staff(session, visitor(), number, roles), at)
    except (Conflict, WrongState):
        return _page(_one(number), status=409, alert=_("Somebody was faster. This is how it stands now."))
    notice.say(said)
    decides = visitor().has(*DECIDERS)
    return redirect(
        url_for("charter.remedies_list") if decides else url_for("desk.case", reference=found.reference), 303
    )


@blueprint.post("/charter/remedies/<int:number>/offer")
@door(*DECIDERS, writes=True)
def offer(number: int) -> Response:
    """Offer it now, as it was promised."""

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.offer(session, bench(), held, at)

    return _do(number, DECIDERS, doing, _("Offered. The customer was told."))


@blueprint.post("/charter/remedies/<int:number>/raise")
@door(*DECIDERS, writes=True)
def raise_it(number: int) -> Response:
    """Offer more than was promised."""
    found, form = _one(number), RaiseForm.of_request()
    sound, given = form.validate(), found.remedy.given
    more = minor(form.more.data, given.currency or "") if form.more.data else None
    if sound and given.amount_minor is not None and (more is None or more < given.amount_minor):
        form.more.errors = [_("At least what was promised: a remedy is raised, never lowered.")]
        sound = False
    if sound and given.amount_minor is None and not form.what.data:
        form.what.errors = [_("Say what you offer.")]
        sound = False
    if not sound:
        return _page(found, {"raise": form}, 422)

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.raise_to(session, bench(), held, more, form.what.data or "", at)

    return _do(number, DECIDERS, doing, _("Offered. The customer was told."))


@blueprint.post("/charter/remedies/<int:number>/block")
@door(*DECIDERS, writes=True)
def block(number: int) -> Response:
    """Do not give it, for a reason that the customer reads."""
    found, form = _one(number), BlockForm.of_request()
    if not form.validate():
        return _page(found, {"block": form}, 422)

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.block(session, bench(), held, form.reason.data or "", at)

    return _do(number, DECIDERS, doing, _("It is not given. The customer was told and reads your reason."))


@blueprint.post("/charter/remedies/<int:number>/remain")
@door(*DECIDERS, writes=True)
def remain(number: int) -> Response:
    """Stay with what was promised though the customer asks for something else; they read why."""
    found, form = _one(number), RemainForm.of_request()
    if not form.validate():
        return _page(found, {"remain": form}, 422)

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.remain(session, bench(), held, form.why.data or "", at)

    return _do(number, DECIDERS, doing, _("Offered again. The customer was told and reads your reason."))


@blueprint.post("/charter/remedies/<int:number>/given")
@door(*GIVERS, writes=True)
def given(number: int) -> Response:
    """It was given, and this is how one can tell."""
    found, form = _one(number), GivenForm.of_request()
    if not form.validate():
        return _page(found, {"given": form}, 422)

    def doing(session: Session, held: Held, at: datetime) -> None:
        remedies.give(session, bench(), held, form.proof.data or "", at)

    return _do(number, GIVERS, doing, _("Marked as given. The customer may say that it did not arrive."))
