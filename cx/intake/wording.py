"""Words that the shared partials of the case ask for (`templates/case/`): values of closed lists as sentences."""

from collections.abc import Callable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import NextBody, OfferKind, PointAnswer, Wish
from cx.intake.reading_form import RULERS
from cx.intake.way_forms import SAYS
from cx.web.labels import NEXT_BODIES, OFFER_KINDS, POINT_ANSWERS, WISHES

ASKED: Mapping[str, LazyString] = {
    Wish.TELL: _l("I wanted you to know it."),
    Wish.ANSWER: _l("I ask you for an answer."),
    Wish.MONEY: _l("I ask you for my money back."),
    Wish.REPAIR: _l("I ask you to put it right."),
    Wish.HUMAN_DECISION: _l("I ask that a person, not a system, decides on it."),
    Wish.OTHER: _l("This is what I ask of you."),
}
CLOCKS: Mapping[str, LazyString] = {
    "acknowledge": _l("A word from them by"),
    "answer": _l("Answer by"),
    "right_opens": _l("Next body from"),
    "right_lost": _l("Your right ends on"),
    "redress": _l("Paid by"),
}


ENDS: Mapping[str, LazyString] = {
    "open": _l("still open"),
    "accepted": _l("accepted by you"),
    "refused": _l("refused by you"),
    "superseded": _l("replaced by a newer one"),
    "withdrawn": _l("taken back"),
    "expired": _l("ran out"),
    "not_done": _l("agreed, but not done"),
}


def _labels(labels: Mapping[str, LazyString]) -> Callable[[str], str]:
    return lambda value: str(labels.get(value, value))


WORDS: Mapping[str, Callable[[str], str]] = {
    "asked_sentence": _labels(ASKED),
    "clock_label": _labels(CLOCKS),
    "offer_kind": _labels({kind: OFFER_KINDS[kind] for kind in OfferKind}),
    "offer_end": _labels(ENDS),
    "point_answer": _labels({answer: POINT_ANSWERS[answer] for answer in PointAnswer}),
    "wish_label": _labels({wish: WISHES[wish] for wish in Wish}),
    "noted_answer": _labels(SAYS),
    "who_rules": _labels(RULERS),
    "next_body": _labels({body: NEXT_BODIES[body] for body in NextBody}),
}
