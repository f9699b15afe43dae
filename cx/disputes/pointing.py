"""Points of a demand that come later: the customer adds one, or the desk takes one demand apart into several."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cx.core.words import Action, MessageKind, Role
from cx.disputes.acting import act
from cx.disputes.ledger import Ledger, Text
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench

SPLIT = "point"
"""The template of a text that is nothing but a point which the desk wrote down."""


def add(session: Session, bench: Workbench, hand: Hand, words: Sequence[str], language: str) -> Ledger:
    """Add points to a demand whose answer is still to come. Clocks do not move; the next answer must answer them too.

    A point that stands there already is not added again. Raises the heart's refusals, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    known, waits = {row["text"] for row in ledger.points}, ledger.case["customer_waits"]
    for text in dict.fromkeys(words):
        if text not in known:
            template = "" if actor.role is Role.CUSTOMER else SPLIT
            said = Text(text, MessageKind.ADDITION, language=language, template=template)
            act(ledger, Action.ADD_POINT, actor, hand.at, {"text": text}, said)
    if actor.role is not Role.CUSTOMER:
        ledger.wait(waits)  # to take a demand apart is no answer to it
    return put_down(session, bench, ledger, hand)
