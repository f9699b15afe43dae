"""How the promises of a charter read: one line each, the remedy, and where it stands."""

from collections.abc import Callable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.charter import RemedyStatus, Rule
from cx.core.words import OfferKind
from cx.web.formats import money
from cx.web.labels import OFFER_KINDS
from cx.web.sentence import ngettext

_SENTENCES: Mapping[Rule, Callable[[int], str]] = {
    Rule.ACKNOWLEDGED: lambda many: ngettext(
        "A person with a name takes your case within %(num)d working day.",
        "A person with a name takes your case within %(num)d working days.",
        many,
    ),
    Rule.ANSWERED: lambda many: ngettext(
        "You have an answer within %(num)d day.", "You have an answer within %(num)d days.", many
    ),
    Rule.REPLIED: lambda many: ngettext(
        "When you write, a person writes back within %(num)d working day.",
        "When you write, a person writes back within %(num)d working days.",
        many,
    ),
    Rule.CALLED_BACK: lambda many: ngettext(
        "When you ask for a person, you reach one within %(num)d hour in which somebody is there.",
        "When you ask for a person, you reach one within %(num)d hours in which somebody is there.",
        many,
    ),
    Rule.SECOND_LOOK: lambda many: ngettext(
        "When you refuse an answer, somebody else looks at it within %(num)d working day.",
        "When you refuse an answer, somebody else looks at it within %(num)d working days.",
        many,
    ),
    Rule.NEWS: lambda many: ngettext(
        "You never go without news for more than %(num)d day.",
        "You never go without news for more than %(num)d days.",
        many,
    ),
    Rule.PERSONS: lambda many: ngettext(
        "One person looks after your case from the beginning to the end.",
        "No more than %(num)d persons look after your case.",
        many,
    ),
    Rule.QUESTIONS: lambda many: ngettext(
        "You are asked one question at most.", "You are asked %(num)d questions at most.", many
    ),
    Rule.PAID: lambda many: ngettext(
        "What was agreed is paid or done within %(num)d day.",
        "What was agreed is paid or done within %(num)d days.",
        many,
    ),
}

RULES: Mapping[str, LazyString] = {
    Rule.ACKNOWLEDGED: _l("A person takes the case (working days)"),
    Rule.ANSWERED: _l("An answer is given (days)"),
    Rule.REPLIED: _l("Each message is answered (working days)"),
    Rule.CALLED_BACK: _l("Whoever asks for a person reaches one (staffed hours)"),
    Rule.SECOND_LOOK: _l("A refused answer is looked at again (working days)"),
    Rule.NEWS: _l("Never longer without news (days)"),
    Rule.PERSONS: _l("At most so many persons on one case"),
    Rule.QUESTIONS: _l("At most so many questions on one case"),
    Rule.PAID: _l("What was agreed is paid or done (days)"),
}

REMEDIES: Mapping[str, LazyString] = {
    RemedyStatus.HELD: _l("to be decided"),
    RemedyStatus.BLOCKED: _l("not given, with a reason"),
    RemedyStatus.OFFERED: _l("offered to the customer"),
    RemedyStatus.ACCEPTED: _l("accepted, to be given"),
    RemedyStatus.REFUSED: _l("refused by the customer"),
    RemedyStatus.COUNTERED: _l("the customer asks for something else"),
    RemedyStatus.GIVEN: _l("it was given"),
}

# The same as the customer reads it.
OWN_REMEDIES: Mapping[str, LazyString] = {
    **REMEDIES,
    RemedyStatus.OFFERED: _l("offered to you"),
    RemedyStatus.REFUSED: _l("refused by you"),
    RemedyStatus.COUNTERED: _l("you ask for something else"),
}


def promise_line(rule: Rule, amount: int) -> str:
    """A promise in one line, as it is said to a customer."""
    return _SENTENCES[rule](amount)


def remedy_line(kind: OfferKind, amount_minor: int | None, currency: str | None, words: str) -> str:
    """What a broken promise brings, in a line. A service is called by its own words, which the form demands."""
    if kind is OfferKind.SERVICE_PERFORMED and words:
        return words[:1].upper() + words[1:]
    what = str(OFFER_KINDS[kind])
    if kind.carries_money and amount_minor is not None:
        what = f"{what}, {money(amount_minor, currency)}"
    return f"{what} ({words})" if words else what
