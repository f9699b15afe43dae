"""A dispute by letter: the organisation does not read us, so its customer keeps the file and notes what it answered."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.clock import Purpose
from cx.core.dispute import happened
from cx.core.folding import NOTED_ANSWERS
from cx.core.refusals import GuardFailed, WrongState
from cx.core.words import Action, Role, State
from cx.disputes import clocking
from cx.disputes.acting import act
from cx.disputes.effects import show_date
from cx.disputes.ledger import Ledger, Text
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench
from models import Organisation


def note_answer(session: Session, bench: Workbench, hand: Hand, on: date, says: str, text: Text | None) -> Ledger:
    """Note the answer that came by letter on the local day `on`; it answers the clocks, a refusal opens the next way.

    `says` is one of `NOTED_ANSWERS`, `text` what the customer writes about it. Raises GuardFailed for a day before
    the demand was sent or still to come, WrongState where the organisation reads us or nothing was sent.
    """
    ledger, actor = take_up(session, hand)
    reads = session.scalar(select(Organisation.claimed).where(Organisation.id == ledger.case["organisation_id"]))
    if reads or ledger.dispute.state is not State.RECEIVED or ledger.dispute.sent_at is None:
        raise WrongState("note_answer", ledger.dispute.state.value)
    if not ledger.local_day(ledger.dispute.sent_at) <= on <= ledger.local_day(hand.at):
        raise GuardFailed("answered_since_sent", "answered_on")
    if says not in NOTED_ANSWERS:
        raise GuardFailed("answer_known", "says")
    if text is not None:
        act(ledger, Action.WRITE, actor, hand.at, {"text": text.text}, text)
    event = happened(clocking.LETTER_NEWS, actor, hand.at, on=on, says=says)
    ledger.record(event, None, actor)
    clocking.follow(ledger, event)
    for row in ledger.runs:
        if row["purpose"] in {Purpose.ACKNOWLEDGE, Purpose.ANSWER} and row["done_on"] is None:
            row.change(done_on=on)
    ledger.case["answered_at"] = ledger.case["answered_at"] or hand.at
    show_date(ledger, hand.at)
    return put_down(session, bench, ledger, hand)


OPINION_SAYS = ("accepted", "refused")


def note_opinion_answer(session: Session, bench: Workbench, hand: Hand, says: str, text: Text | None) -> Ledger:
    """Note what an organisation that does not read us says to the opinion: `says` is one of `OPINION_SAYS`.

    Its yes counts as its own; with the customer's yes it is agreed. Its no ends the mediation. Raises WrongState where
    the organisation reads us, for it answers itself then, or where no opinion waits.
    """
    ledger, actor = take_up(session, hand)
    reads = session.scalar(select(Organisation.claimed).where(Organisation.id == ledger.case["organisation_id"]))
    if reads or ledger.dispute.state is not State.MEDIATION_PROPOSED:
        raise WrongState("note_opinion_answer", ledger.dispute.state.value)
    if says not in OPINION_SAYS:
        raise GuardFailed("answer_known", "their_opinion")
    agreed_before = Role.CUSTOMER in ledger.dispute.opinion_accepted_by
    ledger.record(happened("opinion_answer_noted", actor, hand.at, says=says), None, actor)
    if says == "refused":
        act(ledger, Action.REFUSE_OPINION, actor, hand.at, {"text": text.text if text else ""}, text)
    elif agreed_before:
        act(ledger, Action.ACCEPT_OPINION, actor, hand.at)
    return put_down(session, bench, ledger, hand)
