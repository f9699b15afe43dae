"""Asking for a person about one's own case: what is staffed, the request, its clock, and taking it back."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from cx.core.presence import Way
from cx.core.refusals import GuardFailed, NotVisible
from cx.core.words import MessageKind
from cx.disputes import asking, presence
from cx.disputes.casefile import open_case
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.moves import Hand
from cx.disputes.presence import Reach
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from cx.talk.blueprint import blueprint
from cx.talk.forms import CallForm, CounterForm, WrittenForm
from cx.talk.wording import when
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.forms import HouseForm
from cx.web.visitors import visitor

FORMS: Mapping[Way, type[WrittenForm | CallForm | CounterForm]] = {
    Way.WRITTEN: WrittenForm,
    Way.CALLBACK: CallForm,
    Way.COUNTER: CounterForm,
}
WORDS = {Way.WRITTEN: "written_words", Way.CALLBACK: "call_words", Way.COUNTER: "counter_words"}


def _opened(reference: str) -> CaseFile:
    return open_case(reading(), visitor(), As.CUSTOMER, reference, datetime.now(UTC))


def _stranger(reference: str) -> Response:
    """Whoever holds no key of the case is asked for the code, whether the case exists or not."""
    return make_response(redirect(url_for("intake.case", reference=reference), 303))


def _fitted(form: HouseForm, way: Way, found: Reach | None, now: datetime) -> HouseForm:
    """The form with the moments that are free now."""
    if isinstance(form, CallForm | CounterForm) and found is not None and way in found.ways:
        free = found.ways[way].slots
        form.fit([SelectChoice(one.isoformat(), when(one, found.zone, now)) for one in free])
    return form


def _page(case: CaseFile, status: int = 200, wrong: Mapping[Way, HouseForm] | None = None, alert: str = "") -> Response:
    now, session = datetime.now(UTC), reading()
    found = presence.reach(session, case.organisation_id, now) if presence.answers_people(case) else None
    requests = asking.on_case(case)
    phone = case.contact.phone if case.contact is not None else ""
    forms = {
        way: _fitted((wrong or {}).get(way) or FORMS[way].filled({"phone": phone}), way, found, now)
        for way in (found.offers if found is not None else ())
    }
    page = render_template(
        "talk/case.html",
        case=case,
        reader=presence.reader_of(case, now),
        reach=found,
        now=now,
        forms=forms,
        wrong=set(wrong or {}),
        alert=alert,
        waiting=next((one for one in requests if one.waiting), None),
        before=[one for one in requests if not one.waiting],
    )
    return make_response(page, status)


@blueprint.get("/case/<reference>/person")
@door(Who.CUSTOMER)
def case_person(reference: str) -> Response:
    """Who reads the case, and the ways to talk to a person now."""
    try:
        found = _opened(reference)
    except NotVisible:
        return _stranger(reference)
    return _page(found)


@blueprint.post("/case/<reference>/person/<any(written,callback,counter):way>")
@door(Who.CUSTOMER, writes=True)
def ask(reference: str, way: str) -> Response:
    """Ask for a person; from now on a clock runs."""
    try:
        case = _opened(reference)
    except NotVisible:
        return _stranger(reference)
    kind, now = Way(way), datetime.now(UTC)
    form = FORMS[kind].of_request()
    if not form.validate():
        return _page(case, 422, {kind: form})
    words = mask(str(form[WORDS[kind]].data or "")).text
    text = Text(words, MessageKind.ADDITION, language=case.language) if words else None
    phone = str(form.phone.data) if isinstance(form, CallForm) else ""
    hand = Hand(visitor(), As.CUSTOMER, case.reference, now)
    try:
        with writing() as session:
            asking.ask(session, bench(), hand, kind, text, form.slot, phone)
    except GuardFailed as refusal:
        return _refused(reference, kind, form, refusal)
    notice.say(_("Noted. A person will be there for you; the clock below runs from now on."))
    return make_response(redirect(url_for("talk.case_person", reference=reference), 303))


def _refused(reference: str, way: Way, form: HouseForm, refusal: GuardFailed) -> Response:
    if refusal.guard == "not_twice":  # the second of two clicks, or of two windows
        return make_response(redirect(url_for("talk.case_person", reference=reference), 303))
    case = _opened(reference)
    if refusal.guard == "slot_free" and isinstance(form, CallForm | CounterForm):
        form.moments.errors = [_("Somebody else took this moment. Please choose another one.")]
        return _page(case, 422, {way: form})
    return _page(case, 422, {way: form}, _("Nobody is there for this at the moment, so nothing was promised."))


@blueprint.post("/case/<reference>/person/back")
@door(Who.CUSTOMER, writes=True)
def take_back(reference: str) -> Response:
    """Nobody is needed any more."""
    try:
        case = _opened(reference)
    except NotVisible:
        return _stranger(reference)
    with writing() as session:
        done = asking.take_back(session, bench(), Hand(visitor(), As.CUSTOMER, case.reference, datetime.now(UTC)))
    notice.say(_("Taken back. You can ask again at any time.") if done else _("Nothing was waiting any more."))
    return make_response(redirect(url_for("talk.case_person", reference=reference), 303))
