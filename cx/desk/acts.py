"""What staff do to a case: one view for each thing, each with its one transaction (`cx.desk.doing`)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import Response, make_response, request, url_for

from cx.core.dispute import path
from cx.core.refusals import Conflict
from cx.core.words import THEME_BY_ID, Action, MessageKind, Role
from cx.desk import letters
from cx.desk.casepage import reader_version, render
from cx.desk.doing import TWICE, Deed, act, beaten, to
from cx.desk.facts import answer_facts
from cx.desk.forms import AnswerForm, CallForm, LookForm, OfferForm
from cx.desk.sentences import guard_sentence
from cx.desk.views import blueprint
from cx.disputes import approvals, moves
from cx.disputes.casefile import open_case
from cx.disputes.ledger import actor_id
from cx.disputes.masking import mask
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.sentence import _
from cx.web.visitors import visitor

AGENTS = (Role.AGENT, Role.SUPERVISOR)
EVERYBODY = (*AGENTS, Role.NEUTRAL)


@blueprint.post("/desk/<reference>/take")
@door(*AGENTS, writes=True)
def take(reference: str) -> Response:
    """The case is mine and the acknowledgement goes out."""

    def doing(deed: Deed) -> None:
        moves.take(deed.session, bench(), deed.hand, deed.text(MessageKind.ACKNOWLEDGEMENT, letters.ACKNOWLEDGEMENT))

    return act(reference, "take", doing, _("The case is yours, and your letter is sent."))


@blueprint.post("/desk/<reference>/reply")
@door(*EVERYBODY, writes=True)
def reply(reference: str) -> Response:
    """A letter that moves nothing."""

    def doing(deed: Deed) -> None:
        moves.write(deed.session, bench(), deed.hand, deed.text(MessageKind.REPLY))

    return act(reference, "reply", doing, _("Your letter is sent."), leaves=True)


@blueprint.post("/desk/<reference>/ask")
@door(*AGENTS, writes=True)
def ask(reference: str) -> Response:
    """A question: the next word is the customer's."""

    def doing(deed: Deed) -> None:
        text = deed.text(MessageKind.QUESTION)
        moves.do(deed.session, bench(), deed.hand, Action.ASK, {"question": text.text, "text": text.text}, text)

    return act(reference, "ask", doing, _("Your question is sent."), leaves=True)


def _answer(action: Action, kind: MessageKind) -> Callable[[Deed], None]:
    def doing(deed: Deed) -> None:
        assert isinstance(deed.form, AnswerForm)
        facts = answer_facts(deed.form, deed.case)
        waiting = approvals.pending(deed.session, deed.case.id)
        if waiting is not None and waiting.account_id != deed.hand.visitor.account_id:
            facts["approved_by"] = deed.hand.visitor.account_id
        moves.do(deed.session, bench(), deed.hand, action, facts, deed.text(kind))
        approvals.settle(deed.session, deed.case.id)

    return doing


def _ask_approval(deed: Deed) -> None:
    form = deed.form
    assert isinstance(form, OfferForm)
    path(deed.case.dispute, Action.OFFER, deed.hand.visitor.acting_role or Role.ADMIN, deed.hand.at)
    values = {one.short_name: one.data for one in form if one.short_name != "version"}
    values["text"] = deed.letter
    facts = answer_facts(form, deed.case)
    names = {"offer": "kind", "amount_minor": "amount_minor", "currency": "currency"}
    said = {name: facts[fact] for name, fact in names.items() if facts.get(fact)}
    approvals.propose(deed.session, bench(), deed.hand, values, said)


@blueprint.post("/desk/<reference>/offer")
@door(*AGENTS, writes=True)
def offer(reference: str) -> Response:
    """An offer, or an answer that leaves nothing to be done; above an agent's limit it may wait for a supervisor."""
    if request.form.get("then") == "approve":
        return act(reference, "offer", _ask_approval, _("It waits on the case until a supervisor sends it."))
    return act(reference, "offer", _answer(Action.OFFER, MessageKind.OFFER), _("Your offer is sent."), leaves=True)


@blueprint.post("/desk/<reference>/refuse")
@door(*AGENTS, writes=True)
def refuse(reference: str) -> Response:
    """A refusal: an answer that explains, with its reasons."""
    return act(reference, "refuse", _answer(Action.OFFER, MessageKind.OFFER), _("Your answer is sent."), leaves=True)


@blueprint.post("/desk/<reference>/final")
@door(Role.SUPERVISOR, writes=True)
def final(reference: str) -> Response:
    """The last word of the organisation, with who comes next."""
    doing = _answer(Action.FINAL, MessageKind.FINAL_POSITION)
    return act(reference, "final", doing, _("Your final answer is sent."), leaves=True)


@blueprint.post("/desk/<reference>/look")
@door(*AGENTS, writes=True)
def look(reference: str) -> Response:
    """The second look, by another person than the first."""

    def doing(deed: Deed) -> None:
        moves.second_look(deed.session, bench(), deed.hand)

    return act(reference, "look", doing, _("The second look is yours."))


@blueprint.post("/desk/<reference>/done")
@door(*AGENTS, writes=True)
def done(reference: str) -> Response:
    """What was agreed is done; the customer says whether it arrived."""

    def doing(deed: Deed) -> None:
        text = deed.text(MessageKind.PERFORMED, letters.PERFORMED)
        facts = {"text": text.text, "proof": mask(str(deed.form["proof"].data or "")).text}
        moves.do(deed.session, bench(), deed.hand, Action.PROPOSE_PERFORMED, facts, text)

    return act(reference, "done", doing, _("Noted, and your letter is sent."), leaves=True)


@blueprint.post("/desk/<reference>/note")
@door(*EVERYBODY, writes=True)
def note(reference: str) -> Response:
    """A note for colleagues. The same note again at once is the same note."""

    def doing(deed: Deed) -> None:
        if not _just_noted(deed, deed.letter):
            moves.note(deed.session, bench(), replace(deed.hand, expected=None), deed.letter)

    return act(reference, "note", doing, _("Your note is kept."))


def _just_noted(deed: Deed, text: str) -> bool:
    """Two clicks make one note."""
    mine = (one for one in deed.case.said if one.internal and one.account_id == deed.hand.visitor.account_id)
    return any(one.text == text and deed.hand.at - one.at < TWICE for one in mine)


@blueprint.post("/desk/<reference>/call")
@door(*EVERYBODY, writes=True)
def call(reference: str) -> Response:
    """What was said in a call and what was promised; the case comes back on the day of the promise."""

    def doing(deed: Deed) -> None:
        form = deed.form
        assert isinstance(form, CallForm)
        promised = mask(str(form.promised.data or "")).text
        text = deed.letter
        if promised:
            text = "\n\n".join((text, _("Promised: %(what)s", what=promised)))
        if _just_noted(deed, text):
            return
        free = replace(deed.hand, expected=None)
        if form.back_on.data and deed.hand.visitor.acting_role is not Role.NEUTRAL:
            moves.do(deed.session, bench(), free, Action.SHELVE, {"back_on": form.back_on.data})
        moves.note(deed.session, bench(), free, text, call=True)

    return act(reference, "call", doing, _("The call is noted."))


@blueprint.post("/desk/<reference>/shelf")
@door(*AGENTS, writes=True)
def shelf(reference: str) -> Response:
    """Put the case on the agent's own shelf until a day."""

    def doing(deed: Deed) -> None:
        moves.do(deed.session, bench(), deed.hand, Action.SHELVE, {"back_on": deed.form["back_on"].data})

    return act(reference, "shelf", doing, _("The case rests until then."), leaves=True)


@blueprint.post("/desk/<reference>/hand")
@door(*AGENTS, writes=True)
def hand_over(reference: str) -> Response:
    """Give the case to a colleague of the same organisation."""

    def doing(deed: Deed) -> None:
        text = deed.text(MessageKind.ACKNOWLEDGEMENT, letters.HANDED_OVER) if "text" in deed.form else None
        inside = mask(str(deed.form["inside"].data or "")).text
        moves.hand_over(deed.session, bench(), deed.hand, actor_id(int(deed.form["to"].data)), text, inside)

    return act(reference, "hand", doing, _("Your colleague has the case now."), leaves=True)


@blueprint.post("/desk/<reference>/themes")
@door(*EVERYBODY, writes=True)
def themes(reference: str) -> Response:
    """Which themes the story tells, said by a person: a row for each, none overwritten."""
    who, at = visitor(), datetime.now(UTC)
    case = open_case(reading(), who, As.STAFF, reference, at)
    told = frozenset(THEME_BY_ID[name] for name in request.form.getlist("theme") if name in THEME_BY_ID)
    if set(request.form.getlist("theme")) - set(THEME_BY_ID):
        page = render(reading(), case, who, at, alert=guard_sentence("themes_known", None))
        return make_response(page, 422)
    version = reader_version(reading(), case.id)
    form = LookForm.of_request()
    assert isinstance(form, LookForm)
    try:
        with writing() as session:
            hand = Hand(who, As.STAFF, case.reference, at, form.seen)
            moves.rule_themes(session, bench(), hand, told, version)
    except Conflict as refusal:
        return beaten(reference, who, at, "themes", form, refusal)
    notice.say(_("Thank you: the themes are set.") if told else _("Noted: no theme is told here."))
    return to(url_for("desk.case", reference=case.reference))
