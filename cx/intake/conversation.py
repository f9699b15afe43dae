"""The conversation of a case as a register: texts of both sides and, between them, one quiet line for each move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cx.core.words import MessageKind, OfferKind, Role
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
    MessageKind.PERFORMED: _l("Said to be done"),
    MessageKind.CLOSING: _l("Ended"),
    MessageKind.REOPENING: _l("Taken up again"),
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
    "contested": _l("You refused."),
    "performed_proposed": _l("%(name)s says that it is done."),
    "performed": _l("It was done. The case has ended."),
    "not_performed": _l("You said that it was not done."),
    "closed": _l("The case has ended."),
    "withdrawn": _l("You withdrew the case."),
    "lapsed": _l("The case has lapsed."),
    "redirected": _l("The case was passed on."),
    "reopened": _l("The case was taken up again."),
    "escalated": _l("The case went to the mediator."),
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
    return Entry(one.at, "message", who, _what(case, one, mine), one.text, language, f"m{one.id}", on_card, automatic)


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
