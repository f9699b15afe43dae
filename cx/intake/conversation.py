"""The conversation of a case as a register: texts of both sides and, between them, one quiet line for each move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cx.core.words import MessageKind, OfferKind, Role
from cx.disputes.redaction import taken_out
from cx.disputes.seen import CaseFile, Happened, Said
from cx.web.formats import day

SAID: Mapping[str, LazyString] = {
    MessageKind.STORY: _l("The story"),
    MessageKind.ADDITION: _l("Added"),
    MessageKind.ACKNOWLEDGEMENT: _l("Who handles it"),
    MessageKind.REPLY: _l("Reply"),
    MessageKind.QUESTION: _l("Question"),
    MessageKind.ANSWER: _l("Answer"),
    MessageKind.ACCEPTANCE: _l("Accepted"),
    MessageKind.CONTEST: _l("Not agreed"),
    MessageKind.FINAL_POSITION: _l("Final answer"),
    MessageKind.OPINION: _l("The mediator’s opinion"),
    MessageKind.PERFORMED: _l("Said to be done"),
    MessageKind.EXTENSION: _l("A later date"),
    MessageKind.CLOSING: _l("Ended"),
    MessageKind.REOPENING: _l("Taken up again"),
    MessageKind.READING_SAID: _l("On what was understood"),
    MessageKind.READING_RULED: _l("On what was understood"),
}
# Moves that are told by a line of their own, unless a text of the same moment says them.
MOVED: Mapping[str, LazyString] = {
    "sent": _l("The demand was sent."),
    "acknowledged": _l("%(name)s takes the case."),
    "started": _l("%(name)s takes the case."),
    "improved": _l("%(name)s takes the offer back to look at it again."),
    "offer_expired": _l("The offer has run out. The case goes on."),
    "reviewed": _l("%(name)s looks at it afresh."),
    "accepted": _l("You accepted."),
    "human_asked": _l("You asked for a person."),
    "human_met": _l("%(name)s answered you as a person."),
    "human_taken_back": _l("You need nobody any more."),
    "substitute_named": _l("Whoever handles it is away; a colleague reads you meanwhile."),
    "contested": _l("You refused."),
    "performed_proposed": _l("%(name)s says that it is done."),
    "performed": _l("It was done. The case has ended."),
    "not_performed": _l("You said that it was not done."),
    "paid_said": _l("You said that it is not done yet."),
    "closed": _l("The case has ended."),
    "withdrawn": _l("You withdrew the case."),
    "lapsed": _l("The case has lapsed."),
    "redirect_proposed": _l("%(name)s proposes to pass your story on."),
    "redirect_declined": _l("You did not agree to pass it on."),
    "redirected": _l("The case was passed on."),
    "passed_on": _l("You passed your story on."),
    "answer_noted": _l("You noted their answer."),
    "body_noted": _l("You noted what you heard of the next body."),
    "opinion_answer_noted": _l("You noted what they say to the opinion."),
    "facts_told": _l("You added facts."),
    "neutral_named": _l("A neutral person looks after the case too."),
    "proceeded": _l("%(name)s goes on without waiting any longer."),
    "opinion_recorded": _l("The mediator’s opinion was recorded."),
    "opinion_accepted": _l("The opinion was accepted."),
    "opinion_refused": _l("The opinion was not accepted."),
    "mediation_ended": _l("The mediation ended without an opinion."),
    "mediator_entered": _l("%(name)s entered as the mediator."),
    "facts_agreed": _l("%(name)s wrote down what nobody disputes."),
    "mediator_link_made": _l("You made a link for a mediator."),
    "mediator_link_revoked": _l("You took a mediator’s link back."),
    "reopened": _l("The case was taken up again."),
    "reading_opined": _l("You said what you think of our reading of your story."),
    "extended": _l("%(name)s announced a later date, with reasons."),
    "escalated": _l("The case went to the mediator."),
    "promise_broken": _l("A promise was not kept."),
    "remedy_blocked": _l(
        "What the broken promise brings is not given; the reason stands under “What they promised you”."
    ),
    "remedy_offered": _l(
        "Because a promise was not kept, something is offered to you. It changes nothing in your case."
    ),
    "remedy_accepted": _l("You accepted what a broken promise brings. It changes nothing in your case."),
    "remedy_refused": _l("You refused what a broken promise brings."),
    "remedy_countered": _l("You asked for something else because of a broken promise."),
    "remedy_given": _l("What a broken promise brings was given."),
    "remedy_missing": _l("You said that it did not arrive."),
}
# What the customer's own texts are, where it is another thing than the organisation's.
OWN_SAID: Mapping[str, LazyString] = {
    MessageKind.PERFORMED: _l("You confirmed it"),
    MessageKind.CLOSING: _l("Withdrawn"),
}
SAYING = frozenset({OfferKind.EXPLANATION, OfferKind.APOLOGY})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `kind` message or move, `who` wrote it, `said` what it is, `text` the words, None once erased."""

    at: datetime
    kind: str
    who: str
    said: str
    text: str | None
    language: str
    anchor: str = ""
    on_card: bool = False
    automatic: bool = False
    gone: str = ""


def entries(case: CaseFile, card: Said | None) -> list[Entry]:
    """The conversation, oldest first; the text that stands on the card is named and not repeated."""
    texts = [_text(case, one, on_card=card is not None and one.id == card.id) for one in case.said]
    moments = {one.at for one in case.said}
    taken = {one.name for one in case.happened if one.kind == "acknowledged"}
    moves = [
        _move(case, one)
        for one in case.happened
        if one.kind in MOVED and one.at not in moments and not (one.kind == "started" and one.name in taken)
    ]
    return sorted([*texts, *moves], key=lambda entry: entry.at)


def _text(case: CaseFile, one: Said, on_card: bool) -> Entry:
    mine = one.role is Role.CUSTOMER
    who = (case.customer or _("You")) if mine else one.author or case.organisation
    language = one.language or case.language
    automatic = one.origin == "automatic"
    gone = _gone(case, one) if one.text is None else ""
    return Entry(
        one.at, "message", who, _what(case, one, mine), one.text, language, f"m{one.id}", on_card, automatic, gone
    )


def _gone(case: CaseFile, one: Said) -> str:
    """Who took a text out, and when."""
    line = taken_out(case).get(one.id)
    if line is None:
        return ""
    who = (case.customer or _("You")) if line.role is Role.CUSTOMER else line.name or case.organisation
    return str(_("This text was taken out on %(day)s by %(name)s.", day=day(line.at, case.zone), name=who))


def _what(case: CaseFile, one: Said, mine: bool) -> str:
    """What a text is, in a word or two."""
    if one.kind == MessageKind.OFFER:
        offer = next((each for each in case.offers if each.made_at == one.at), None)
        return str(_("Answer") if offer is not None and offer.kind in SAYING else _("Their offer"))
    return str((OWN_SAID.get(one.kind) if mine else None) or SAID.get(one.kind, ""))


def _move(case: CaseFile, one: Happened) -> Entry:
    sentence = str(MOVED[one.kind])
    if one.kind == "sent" and not case.claimed:
        sentence = _("You sent the letter on %(day)s.", day=day(case.sent_at, case.zone))
    elif "%(name)s" in sentence:
        sentence %= {"name": one.name or "…"}
    return Entry(one.at, "move", one.name, sentence, None, "")


def card_text(case: CaseFile) -> Said | None:
    """The text of the question, the offer or the final answer that is open now: it is read on its card."""
    kinds = {"offer_made": "offer", "final_position": "final_position", "awaiting_customer": "question"}
    wanted = kinds.get(case.state)
    return next((one for one in reversed(case.said) if one.kind == wanted), None) if wanted else None


def last_answer(case: CaseFile) -> Said | None:
    """The latest answer of the organisation on the merits, if any."""
    answers = {"reply", "offer", "final_position", "performed"}
    return next((one for one in reversed(case.said) if one.kind in answers and one.role is not Role.CUSTOMER), None)


def solved_since(case: CaseFile) -> str:
    """What the customer said to "is it solved?" since the latest answer; empty when not asked or not answered yet."""
    answer = last_answer(case)
    last = next((one for one in reversed(case.happened) if one.kind == "said_solved"), None)
    return str(last.data.get("solved", "")) if last is not None and answer is not None and last.at >= answer.at else ""


def valued_since(case: CaseFile) -> bool:
    """Whether the four values were given since the latest answer."""
    answer = last_answer(case)
    return answer is not None and any(one.kind == "values_said" and one.at >= answer.at for one in case.happened)
