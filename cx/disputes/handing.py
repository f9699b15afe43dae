"""A case passes to another person for good: the customer reads who looks after it now, in a sentence and in a letter."""

from datetime import datetime

from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.refusals import GuardFailed
from cx.core.words import Action, Origin
from cx.disputes import correspondence
from cx.disputes.acting import act
from cx.disputes.correspondence import Crew
from cx.disputes.ledger import Ledger, Text, account_of
from models import Account


def hand_over(
    session: Session, ledger: Ledger, actor: Actor, at: datetime, to: str, text: Text | None, crew: Crew | None = None
) -> None:
    """Assign the case to `to` and tell its customer; nothing is stored here. `crew` spares a look-up for each case.

    A new name answers nothing: whoever waited for a word waits for it still. Raises GuardFailed: `told_to_customer`
    (beside `text`) without words, or what the rules have against this person (beside `owner`).
    """
    archive = ledger.case["origin"] == Origin.IMPORT
    if not archive and (text is None or not text.text):
        raise GuardFailed("told_to_customer", "text")
    waits = ledger.case["customer_waits"]
    act(ledger, Action.ASSIGN, actor, at, {"owner": to}, None if archive else text)
    ledger.wait(waits)
    if archive:
        return
    account = session.get(Account, account_of(to) or 0)
    name, function = (account.name, account.function) if account is not None else ("", "")
    case_id, told = ledger.case["id"], crew or correspondence.crew_of(session, ledger.case["organisation_id"])
    address = correspondence.addresses_of(session, [case_id]).get(case_id, correspondence.Address())
    correspondence.to_customer(ledger, told, address, "handed_over", at, person=name, function=function)
