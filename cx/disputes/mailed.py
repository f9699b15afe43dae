"""A text that came by mail becomes one of the customer's, as if it had been typed on the page.

Who may do this was proven by a signed address (`cx.post`); the case is taken by its number, and nothing is shown.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.form_guards import REOPEN_DAYS
from cx.core.visitor import Visitor
from cx.core.words import Action, MessageKind, Role, State
from cx.disputes.acting import act_through
from cx.disputes.filing import CUSTOMER
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.moves import Hand, put_down
from cx.disputes.sight import As
from cx.disputes.storing import load
from cx.disputes.workbench import Workbench

MOST = 20_000
# Names the language of a text; the second is that of the case, for a text that says too little.
Detects = Callable[[str, str], str]


def receive(session: Session, bench: Workbench, case_id: int, words: str, at: datetime, detects: Detects) -> bool:
    """Write the words down as an answer where a question is open, else as a message. Never moves more than that.

    False when the case ended so long ago that it takes no more mail. Raises NotVisible, Conflict, the heart's refusals.
    """
    ledger = load(session, case_id)
    ended = ledger.dispute.ended_at
    if ended is not None and at - ended > timedelta(days=REOPEN_DAYS):
        return False
    asked = ledger.dispute.state is State.AWAITING_CUSTOMER
    actor = Actor(Role.CUSTOMER, CUSTOMER, ledger.case["customer_name"])
    masked = mask(words[:MOST]).text
    kind = MessageKind.ANSWER if asked else MessageKind.ADDITION
    text = Text(masked, kind, language=detects(masked, ledger.case["language"]) or ledger.case["language"])
    act_through(ledger, Action.ANSWER if asked else Action.WRITE, actor, at, {"text": masked}, text)
    put_down(session, bench, ledger, Hand(Visitor(), As.CUSTOMER, ledger.case["reference"], at))
    return True
