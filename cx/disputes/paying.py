"""Was it paid, or done? What the customer says of an agreement that is due."""

from sqlalchemy.orm import Session

from cx.core.dispute import allowed, happened
from cx.core.words import Action, State
from cx.disputes.acting import act
from cx.disputes.ledger import Ledger
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench

SAID = "paid_said"


def not_paid(session: Session, bench: Workbench, hand: Hand) -> Ledger:
    """The customer says that it was not done. Once the day has passed, the dispute goes back to being looked into.

    On the day itself, which is not over, it is noted and somebody owes the customer a word. Raises the heart's
    refusals, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    agreed = ledger.dispute.state is State.ACCEPTED
    if not agreed or Action.NOT_PERFORMED in allowed(ledger.dispute, actor, hand.at, ledger.local_days(hand.at)):
        act(ledger, Action.NOT_PERFORMED, actor, hand.at)
    else:
        ledger.record(happened(SAID, actor, hand.at, said="not_yet"), None, actor)
        ledger.wait(True)
    return put_down(session, bench, ledger, hand)
