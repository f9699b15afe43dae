"""What customers do on their tracking page: write, answer, accept, refuse, say whether it is solved, end it, go back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.core.refusals import Conflict, GuardFailed, NotVisible, WrongState
from cx.core.words import Action, MessageKind, Role, State, Value, Wish
from cx.disputes import moves, paying, pointing
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.disputes.sending import send
from cx.disputes.sight import As
from cx.intake.blueprint import blueprint
from cx.intake.case_forms import (
    AcceptForm,
    AnswerForm,
    EndForm,
    MessageForm,
    OtherForm,
    PointForm,
    RefuseForm,
    ReopenForm,
    SendForm,
    SolvedForm,
    ValuesForm,
    WithdrawForm,
)
from cx.intake.doubts import asked_back
from cx.intake.facts import currency_of
from cx.intake.forms import day_of, minor_of
from cx.intake.keys import code_page
from cx.intake.path import hidden_sentence
from cx.intake.tracking import case_page, opened, seen_of, send_form, withdraw_page
from cx.themes.language import detect_language
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import writing
from cx.web.doors import Who, door
from cx.web.formats import NO_MINOR
from cx.web.forms import HouseForm
from cx.web.visitors import visitor

Doing = Callable[[Session, Hand, CaseFile, HouseForm], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One act: its form, the field that holds a text, the states it leads to, what is said when it was done.

    `decides` acts are refused when the case moved on since the page was shown.
    """

    do: Doing
    done: LazyString
    form: type[HouseForm] = HouseForm
    text: str = ""
    decides: bool = True
    reached: frozenset[State] = frozenset()


def said(case: CaseFile, text: str | None, kind: MessageKind) -> Text | None:
    """A text of the customer as it is stored: masked, with its own language; None without words."""
    if not text:
        return None
    return Text(mask(text).text, kind, language=detect_language(text, case.language) or case.language)


def _move(action: Action, field: str = "", kind: MessageKind = MessageKind.ADDITION) -> Doing:
    def do(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
        text = said(case, form[field].data if field else None, kind)
        facts: dict[str, object] = {"text": text.text if text else ""}
        if action is Action.ACCEPT:
            facts["version"] = case.offer.version if case.offer else 0
            facts["voucher_chosen"] = "choose_voucher" in form and bool(form.choose_voucher.data)
        if "wanted_amount" in form:
            facts |= {"counter": facts["text"], **_asked(case, form)}
        if action is Action.WITHDRAW:
            facts["confirmed"] = True
        if action is Action.CLOSE:
            facts["satisfied"] = form.satisfied.data == "yes"
        if action is Action.REOPEN:
            facts["new_facts"] = text.text if text else None
        return moves.do(session, bench(), hand, action, facts, text)

    return do


def _asked(case: CaseFile, form: HouseForm) -> dict[str, object]:
    """The amount that is asked for instead, in the currency of the offer, else of the country."""
    minor = minor_of(form.wanted_amount.data)
    if not minor:
        return {}
    offered = case.offer.currency if case.offer else None
    currency = offered or currency_of(case.jurisdiction.partition("-")[0])
    return {"asked_minor": minor // 100 if currency in NO_MINOR else minor, "asked_currency": currency}


def _point(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    text = said(case, form.point.data, MessageKind.ADDITION)
    assert text is not None
    return pointing.add(session, bench(), hand, [text.text], text.language)


def _not_done(session: Session, hand: Hand, _case: CaseFile, _form: HouseForm) -> object:
    return paying.not_paid(session, bench(), hand)


def _write(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    text = said(case, form.message.data, MessageKind.ADDITION)
    assert text is not None
    return moves.write(session, bench(), hand, text)


def _solved(session: Session, hand: Hand, _case: CaseFile, form: HouseForm) -> object:
    return moves.say_solved(session, bench(), hand, form.solved.data)


def _values(session: Session, hand: Hand, _case: CaseFile, form: HouseForm) -> object:
    given = {value: int(form[value.value].data) for value in Value if form[value.value].data}
    return moves.say_values(session, bench(), hand, given)


def _send(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    wish = Wish(form.wish.data) if "wish" in form else case.wish
    words = mask(form.wish_words.data or "").text if "wish_words" in form else ""
    sent_at = None
    if "sent_on" in form:
        on = day_of(form.sent_on.data)
        assert on is not None
        # Noon is on that day in every zone of the country; a letter sent today was sent by now.
        sent_at = min(datetime.combine(on, time(12), ZoneInfo(case.zone)).astimezone(UTC), hand.at)
    story = case.story.text if case.story and case.story.text else case.first_words
    return send(session, bench(), hand, wish, words, story, sent_at)


ENDED = frozenset({State.CLOSED})
STEPS: dict[str, Step] = {
    "point": Step(_point, _l("Noted: it gets an answer of its own."), PointForm, "point", decides=False),
    "message": Step(_write, _l("Your message is there."), MessageForm, "message", decides=False),
    "answer": Step(_move(Action.ANSWER, "answer", MessageKind.ANSWER), _l("Your answer is there."), AnswerForm, "answer"),
    "accept": Step(_move(Action.ACCEPT), _l("You accepted."), AcceptForm, reached=ENDED | {State.ACCEPTED}),
    "refuse": Step(
        _move(Action.CONTEST, "refusal", MessageKind.CONTEST), _l("You refused. Someone else looks at it now."),
        RefuseForm, "refusal", reached=frozenset({State.CONTESTED}),
    ),
    "other": Step(
        _move(Action.CONTEST, "wanted", MessageKind.CONTEST), _l("What you ask for instead was passed on."),
        OtherForm, "wanted", reached=frozenset({State.CONTESTED}),
    ),
    "solved": Step(_solved, _l("Thank you, that is noted. It ends nothing by itself."), SolvedForm, decides=False),
    "values": Step(_values, _l("Thank you, that is noted."), ValuesForm, decides=False),
    "done": Step(_move(Action.PERFORMED), _l("Thank you. The case has ended, by you."), reached=ENDED),
    "not-done": Step(_not_done, _l("Thank you for telling us: they are told to do it.")),
    "end": Step(_move(Action.CLOSE), _l("The case has ended, by you."), EndForm, reached=ENDED),
    "withdraw": Step(
        _move(Action.WITHDRAW, "reason", MessageKind.CLOSING), _l("You withdrew your case."), WithdrawForm, "reason",
        reached=frozenset({State.WITHDRAWN}),
    ),
    "reopen": Step(
        _move(Action.REOPEN, "news", MessageKind.REOPENING), _l("Your case is taken up again."), ReopenForm, "news",
    ),
    "send": Step(_send, _l("Sent. The time to answer runs."), SendForm),
}  # fmt: skip


def act(reference: str, what: str) -> Response:
    """Do one thing with one's case; whoever was slower than the organisation gets the fresh page and their text.

    Called by the doors that `_open` makes, one for each step.
    """
    try:
        case = opened(reference)
    except NotVisible:
        return code_page(reference)
    step = STEPS[what]
    form: HouseForm = send_form(case, filled=False) if what == "send" else step.form.of_request()
    stopped = _before(case, what, step, form)
    if stopped is not None:
        return stopped
    hand = Hand(visitor(), As.CUSTOMER, reference, datetime.now(UTC), case.version)
    try:
        with writing() as session:
            step.do(session, hand, case, form)
    except (Conflict, WrongState):
        fresh = opened(reference)
        if _repeated(fresh, step, form):
            return redirect(url_for("intake.case", reference=reference), 303)
        return _slower(fresh, step, form)
    except GuardFailed as refusal:
        return _guarded(opened(reference), what, form, refusal)
    hidden = hidden_sentence(mask(_typed(step, form)).kinds)
    notice.say(f"{step.done} {hidden}".strip())
    return redirect(url_for("intake.case", reference=reference), 303)


def _before(case: CaseFile, what: str, step: Step, form: HouseForm) -> Response | None:
    """What keeps an act from being tried at all: a form that is not sound, a second click, a page grown old, a doubt."""
    if not form.validate():
        return _refused(case, what, form)
    if _repeated(case, step, form):
        return redirect(url_for("intake.case", reference=case.reference), 303)
    if step.decides and request.form.get("seen") != seen_of(case):
        return _slower(case, step, form)
    return asked_back(case, what, form)


def _typed(step: Step, form: HouseForm) -> str:
    return str(form[step.text].data or "") if step.text else ""


def _repeated(case: CaseFile, step: Step, form: HouseForm) -> bool:
    """Whether this very act was done already: a second click on the same button changes nothing."""
    typed = mask(_typed(step, form)).text
    last = next((one for one in reversed(case.said) if one.role is Role.CUSTOMER), None)
    same = last is not None and last.text == typed and last.kind != MessageKind.STORY
    if typed:
        return same and (not step.reached or case.state in step.reached)
    return case.state in step.reached


def _refused(case: CaseFile, what: str, form: HouseForm, alert: str = "") -> Response:
    if what == "withdraw":
        return withdraw_page(case, form, 422)
    return case_page(case, 422, {what: form}, alert)


def _slower(case: CaseFile, step: Step, form: HouseForm) -> Response:
    alert = _("Something happened since you opened this page, so nothing was done. Please look at it again.")
    typed = _typed(step, form)
    if typed:
        kept = _("Your text is kept below.")
        alert = f"{alert} {kept}"
    return case_page(case, 409, alert=alert, typed=typed)


def _guarded(case: CaseFile, what: str, form: HouseForm, refusal: GuardFailed) -> Response:
    """A rule of the heart said no: say it beside the field it belongs to, else at the top of the page."""
    if refusal.guard == "reopen_window":
        form.news.errors = [_("More than sixty days have passed: please say what is new.")]
        return _refused(case, what, form)
    if refusal.guard == "voucher_chosen":
        form.choose_voucher.errors = [_("A voucher counts only when you choose it. Tick the box, or ask for money.")]
        return _refused(case, what, form)
    if refusal.guard == "offer_in_force":
        return _refused(case, what, form, _("This offer has run out. Write below what you would like now."))
    if refusal.field and refusal.field in form:
        form[refusal.field].errors = [_("This cannot be taken as it is.")]
    return _refused(case, what, form, _("The rules do not allow this now. Nothing was changed."))


def open_step(what: str, given: Step) -> None:
    """Give a step its own address and door."""
    STEPS[what] = given

    @door(Who.CUSTOMER, writes=True)
    def step(reference: str) -> Response:
        return act(reference, what)

    name = f"case_{what.replace('-', '_')}"
    blueprint.add_url_rule(f"/case/<reference>/{what}", name, step, methods=["POST"])


for _what, _step in tuple(STEPS.items()):
    open_step(_what, _step)
