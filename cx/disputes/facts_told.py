"""Facts that the customer adds to a case after telling it: dates that depend on them start, none that runs is moved."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from cx.core.dispute import happened
from cx.core.refusals import WrongState
from cx.core.words import State
from cx.disputes import clocking
from cx.disputes.effects import show_date
from cx.disputes.ledger import Ledger
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench

KIND = "facts_told"


def tell(session: Session, bench: Workbench, hand: Hand, facts: Mapping[str, object]) -> Ledger:
    """Add `facts` (True, or a local day as an ISO text); what was said before stays as it was said.

    Before the sending they wait for it; after it they start what they start. Nothing new changes nothing. Raises
    WrongState when the case has ended, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    before = ledger.case["facts"]
    fresh = {name: value for name, value in facts.items() if name not in before}
    if not fresh:
        return ledger
    dispute = ledger.dispute
    if not (dispute.state.open or dispute.state is State.NONE):
        raise WrongState(KIND, dispute.state.value)
    ledger.case["facts"] = {**before, **fresh}
    opens = None
    if dispute.sent_at is not None:
        opens = clocking.start_told(ledger, ledger.local_day(dispute.sent_at), ledger.local_day(hand.at))
    data = {"facts": sorted(fresh), "escalation_opens_on": opens}
    ledger.record(happened(KIND, actor, hand.at, **data), None, actor)
    show_date(ledger, hand.at)
    return put_down(session, bench, ledger, hand)
