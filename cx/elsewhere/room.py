"""The mediator's room: claim by claim what each side says, what nobody disputes and what is open; and the mediator's acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.core.refusals import Conflict, GuardFailed, NotVisible, WrongState
from cx.core.words import MessageKind, PointAnswer, Role, State
from cx.disputes import dossier, mediating, mediators
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.mediators import LinkSeen
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile, PointSeen, Said
from cx.disputes.sight import As
from cx.elsewhere.blueprint import blueprint
from cx.elsewhere.entering import hand, link_to, mediator, name_page, opened, shut
from cx.elsewhere.forms import AgreeForm, AskForm, EndForm, OpinionForm
from cx.elsewhere.leaving import checks, given
from cx.elsewhere.sheet import sheet
from cx.elsewhere.wording import CONDITIONS
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, recording, writing
from cx.web.doors import Who, door
from cx.web.forms import HouseForm
from cx.web.language import language
from cx.web.sentence import _

Doing = Callable[[Session, Hand, LinkSeen, HouseForm], None]


@dataclass(frozen=True, slots=True)
class Claim:
    """One point as the room shows it: what each side said, what nobody disputes, what is open."""

    point: PointSeen
    customer: tuple[Said, ...]
    organisation: tuple[Said, ...]
    agreed: str
    open: str
    form: HouseForm


def claims(case: CaseFile, agreed: dict[int, str], wrong: dict[int, HouseForm]) -> tuple[Claim, ...]:
    """Point by point; the story and the contests stand at the first one, which they are about as a whole."""
    theirs = [one for one in case.said if one.role is Role.CUSTOMER and one.kind in {"story", "contest"}]
    answers = [one for one in case.said if one.kind in {"offer", "final_position"} and one.role is not Role.CUSTOMER]
    return tuple(
        Claim(
            point,
            tuple(theirs) if place == 0 else (),
            tuple(answers[-1:]) if place == 0 else (),
            agreed.get(point.number, ""),
            _open(case, point),
            wrong.get(point.number) or AgreeForm.filled({"agreed": agreed.get(point.number, "")}),
        )
        for place, point in enumerate(case.points)
    )


def _open(case: CaseFile, point: PointSeen) -> str:
    """What is still open between them, in a sentence."""
    if case.state in {State.ACCEPTED, State.CLOSED}:
        return _("They agreed.")
    if point.answer is None:
        return _("Not answered yet.")
    if point.answer == PointAnswer.UPHELD:
        return _("Granted in principle; what follows from it is open.")
    if point.answer == PointAnswer.PARTLY:
        return _("Granted in part; the rest is open.")
    return _("Refused; open as a whole.")


def _page(
    case: CaseFile,
    link: LinkSeen,
    status: int = 200,
    wrong: dict[str, HouseForm] | None = None,
    wrong_point: dict[int, HouseForm] | None = None,
    alert: str = "",
) -> Response:
    refused = wrong or {}
    forms = {name: refused.get(name) or kind.filled({}) for name, kind in FORMS.items()}
    forms["opinion"].fit()
    contents = dossier.collect(reading(), mediator(link), As.MEDIATOR, case.reference, datetime.now(UTC))
    page = render_template(
        "elsewhere/room.html",
        case=case,
        link=link,
        claims=claims(case, dict(contents.agreed), wrong_point or {}),
        told=sheet(contents),
        checks=checks(case),
        conditions=CONDITIONS,
        forms=forms,
        wrong=set(refused),
        alert=alert,
        may={one.value for one in case.actions},
    )
    return make_response(page, status)


FORMS: dict[str, type[HouseForm]] = {"ask": AskForm, "opinion": OpinionForm, "end": EndForm}


@blueprint.get("/mediation/case/<reference>")
@door(Who.EVERYONE)
def room(reference: str) -> Response:
    """The room; each opening is kept and shown to both parties."""
    try:
        link = link_to(reference)
    except NotVisible:
        return shut()
    if not link.entered:
        return name_page(reference, link)
    case = opened(link, reference)
    with recording() as session:
        mediators.record_opening(session, link.id, datetime.now(UTC))
    return _page(case, link)


@blueprint.post("/mediation/case/<reference>/file")
@door(Who.EVERYONE, writes=True)
def room_file(reference: str) -> Response:
    """The file that travels, for the mediator: without anybody's address."""
    try:
        link = link_to(reference)
    except NotVisible:
        return shut()
    if not link.entered:
        return name_page(reference, link)
    contents = dossier.collect(reading(), mediator(link), As.MEDIATOR, reference, datetime.now(UTC))
    return given(contents, request.form.get("language", ""))


def _did(reference: str, name: str, do: Doing, done: str) -> Response:
    """One act of the mediator: its form, the act, the page again."""
    try:
        link = link_to(reference)
    except NotVisible:
        return shut()
    if not link.entered:
        return name_page(reference, link)
    form = FORMS[name].of_request() if name in FORMS else HouseForm.of_request()
    if isinstance(form, OpinionForm):
        form.fit()
    case = opened(link, reference)
    if not form.validate():
        return _page(case, link, 422, {name: form})
    try:
        with writing() as session:
            do(session, hand(link, reference, _seen()), link, form)
    except (Conflict, WrongState):
        alert = _("Something happened since you opened this page, so nothing was done. Please look at it again.")
        return _page(opened(link, reference), link, 409, {name: form} if name in FORMS else None, alert=alert)
    except GuardFailed as refusal:
        return _page(opened(link, reference), link, 422, {name: _beside(form, refusal)}, alert=_sentence(refusal))
    notice.say(done)
    return redirect(url_for("elsewhere.room", reference=reference), 303)


def _seen() -> int | None:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _beside(form: HouseForm, refusal: GuardFailed) -> HouseForm:
    """The sentence of a refusal beside the field it belongs to."""
    field = {"amount_minor": "amount"}.get(refusal.field or "", refusal.field or "")
    if field in form:
        form[field].errors = [_sentence(refusal)]
    return form


def _sentence(refusal: GuardFailed) -> str:
    if refusal.guard == "escalation_open":
        return _("The time of the organisation to answer has not passed yet.")
    if refusal.guard == "offer_sound":
        return _("Money has an amount, a currency and a day, today or later; nothing else has an amount.")
    return _("This cannot be taken as it is.")


def _text(typed: str | None, kind: MessageKind) -> Text:
    return Text(mask(typed or "").text, kind, language=language())


@blueprint.post("/mediation/case/<reference>/ask")
@door(Who.EVERYONE, writes=True)
def room_ask(reference: str) -> Response:
    """Write to both parties."""

    def do(session: Session, held: Hand, link: LinkSeen, form: HouseForm) -> None:
        anyhow = Hand(held.visitor, held.capacity, held.reference, held.at)
        mediating.ask(session, bench(), anyhow, link, _text(form["ask"].data, MessageKind.QUESTION))

    return _did(reference, "ask", do, _("Both will read it."))


@blueprint.post("/mediation/case/<reference>/begin")
@door(Who.EVERYONE, writes=True)
def room_begin(reference: str) -> Response:
    """Take the case up as its mediator."""

    def do(session: Session, held: Hand, link: LinkSeen, _form: HouseForm) -> None:
        mediating.begin(session, bench(), held, link)

    return _did(reference, "begin", do, _("The mediation has begun."))


@blueprint.post("/mediation/case/<reference>/opinion")
@door(Who.EVERYONE, writes=True)
def room_opinion(reference: str) -> Response:
    """Give the opinion; both are asked whether they accept it."""

    def do(session: Session, held: Hand, link: LinkSeen, form: HouseForm) -> None:
        assert isinstance(form, OpinionForm)
        words = mask(form.opinion.data or "").text
        mediating.record_opinion(session, bench(), held, link, words, form.offer(), language())

    return _did(reference, "opinion", do, _("Your opinion was recorded. Both are asked whether they accept it."))


@blueprint.post("/mediation/case/<reference>/end")
@door(Who.EVERYONE, writes=True)
def room_end(reference: str) -> Response:
    """End the mediation without an opinion."""

    def do(session: Session, held: Hand, link: LinkSeen, form: HouseForm) -> None:
        words = mask(form["words"].data or "").text
        mediating.end(session, bench(), held, link, form["reason"].data, words, language())

    return _did(reference, "end", do, _("The mediation has ended. The case goes back to where it stood."))


@blueprint.post("/mediation/case/<reference>/points/<int:number>/agreed")
@door(Who.EVERYONE, writes=True)
def room_agreed(reference: str, number: int) -> Response:
    """Write down what nobody disputes at one point."""
    try:
        link = link_to(reference)
    except NotVisible:
        return shut()
    if not link.entered:
        return name_page(reference, link)
    form = AgreeForm.of_request()
    case = opened(link, reference)
    if number not in {one.number for one in case.points}:
        raise NotVisible
    if not form.validate():
        return _page(case, link, 422, wrong_point={number: form})
    with writing() as session:
        words = mask(form.agreed.data or "").text
        mediating.agree(session, bench(), hand(link, reference), link, number, words)
    notice.say(_("Written down."))
    return redirect(f"{url_for('elsewhere.room', reference=reference)}#point-{number}", 303)
