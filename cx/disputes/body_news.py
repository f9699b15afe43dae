"""What the customer hears while the next body has the case: that the file is complete, that the organisation answered."""

from datetime import date

from sqlalchemy.orm import Session

from cx.core.dispute import happened
from cx.core.refusals import GuardFailed, WrongState
from cx.core.words import Action, State
from cx.disputes import clocking
from cx.disputes.acting import act
from cx.disputes.effects import show_date
from cx.disputes.ledger import Ledger, Text
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench


def note(session: Session, bench: Workbench, hand: Hand, on: date, says: str, text: Text | None) -> Ledger:
    """Note news of the next body, of the local day `on`; the limits that count from it start, those it answers stop.

    `says` is one of `clocking.BODY_SAYS`, `text` what the customer writes about it. Raises GuardFailed for a day
    before the demand was sent or still to come, WrongState while no other body has the case.
    """
    ledger, actor = take_up(session, hand)
    if ledger.dispute.state is not State.IN_MEDIATION or ledger.dispute.sent_at is None:
        raise WrongState(clocking.BODY_NEWS, ledger.dispute.state.value)
    if not ledger.local_day(ledger.dispute.sent_at) <= on <= ledger.local_day(hand.at):
        raise GuardFailed("heard_since_sent", "heard_on")
    if says not in clocking.BODY_SAYS:
        raise GuardFailed("news_known", "news")
    if text is not None:
        act(ledger, Action.WRITE, actor, hand.at, {"text": text.text}, text)
    event = happened(clocking.BODY_NEWS, actor, hand.at, on=on, says=says)
    ledger.record(event, None, actor)
    clocking.follow(ledger, event)
    show_date(ledger, hand.at)
    return put_down(session, bench, ledger, hand)
