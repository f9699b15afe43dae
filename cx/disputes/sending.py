"""A story becomes a dispute after it was told: the customer asks for something, or says that the letter was sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from cx.core.refusals import GuardFailed
from cx.core.words import Action, Wish
from cx.disputes.acting import act
from cx.disputes.ledger import Ledger
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench


def send(
    session: Session,
    bench: Workbench,
    hand: Hand,
    wish: Wish,
    wish_text: str,
    story: str,
    sent_at: datetime | None = None,
) -> Ledger:
    """Send the demand, with the customer's consent, or note that it went out at `sent_at`; the clocks start then.

    Raises the heart's refusals (GuardFailed for just telling, for a day that has not come), NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    ledger.case["wish"] = wish.value
    ledger.case["wish_text"] = wish_text or ledger.case["wish_text"]
    facts: dict[str, object] = {"text": story, "wish": wish.value, "consent": True}
    if sent_at is not None:
        if sent_at > hand.at:
            raise GuardFailed("sent_not_in_future", "sent_on")
        facts["sent_at"] = sent_at
    act(ledger, Action.SEND, actor, hand.at, facts)
    return put_down(session, bench, ledger, hand)
