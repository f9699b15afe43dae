"""A story goes to another organisation, with the customer's word: the new case is linked and keeps the day of sending.

Two ways lead there: the organisation proposes that another one answers, or an organisation that did not read us when
the story was told reads us now. Nothing goes anywhere before the customer agreed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.incident import Contact as Reached
from cx.core.incident import Reading, Report
from cx.core.refusals import NotVisible, WrongState
from cx.core.words import Action, Channel, MessageKind, Role, Sector, State, Wish
from cx.disputes import recipients
from cx.disputes.acting import act
from cx.disputes.filing import announce, compose
from cx.disputes.ledger import Ledger
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.recipients import Recipient
from cx.disputes.reference import hash_secret
from cx.disputes.seen import CaseFile
from cx.disputes.storing import save, table
from cx.disputes.workbench import Workbench
from models import Case, Contact, Message, Organisation

TIMER = Actor(Role.TIMER, "timer")
# What happens in the old case when its story goes on; the line's number makes the key of the new case.
GOING = frozenset({"redirected", "passed_on"})


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a story went: the new case and its idempotency key, from which the server derives its secret."""

    reference: str
    key: str


def proposed(session: Session, case: CaseFile) -> Recipient | None:
    """The organisation to which the story may go, if somebody proposed one that reads us."""
    target = case.dispute.redirect_target
    return recipients.by_slug(session, target) if target and case.state is State.RECEIVED else None


def reader_now(session: Session, case: CaseFile) -> Recipient | None:
    """The organisation that was unclaimed when the story was told and reads us now; None while it does not."""
    if case.claimed or case.state not in (State.NONE, State.RECEIVED):
        return None
    return recipients.claimed_twin(session, case.organisation_id)


def key_of(case_id: int, seq: int) -> str:
    """The key of the case that follows from line `seq` of the journal of case `case_id`."""
    return f"onward-{case_id}-{seq}"


def onward(session: Session, case: CaseFile) -> Onward | None:
    """Where the story of this case went; None when it stayed."""
    left = next((one for one in reversed(case.happened) if one.kind in GOING), None)
    if left is None:
        return None
    columns = table(Case)
    key = key_of(case.id, left.seq)
    found = session.scalar(select(columns.c.reference).where(columns.c.key == key))
    return Onward(found, key) if found else None


def decline(session: Session, bench: Workbench, hand: Hand) -> Ledger:
    """The customer does not agree: the case stays where it is. Raises WrongState when nothing was proposed."""
    ledger, actor = take_up(session, hand)
    if not ledger.dispute.redirect_target:
        raise WrongState("decline_redirect", ledger.dispute.state.value)
    ledger.record(happened("redirect_declined", actor, hand.at), None, actor)
    ledger.wait(customer_waits=True)
    return put_down(session, bench, ledger, hand)


def go_on(
    session: Session,
    bench: Workbench,
    hand: Hand,
    target: Recipient,
    secret_of: Callable[[str], str],
    reading: Reading | None,
) -> str:
    """The customer agrees that the story goes to `target`; returns the secret of the new case.

    A dispute that runs is passed on (row 3); a story that was never sent stays beside its copy. `secret_of` derives
    the secret of a case from its key. Raises the heart's refusals, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    organisation = session.get(Organisation, target.id)
    if organisation is None or not organisation.claimed or organisation.id == ledger.case["organisation_id"]:
        raise NotVisible
    if ledger.dispute.state is State.NONE:
        ledger.record(happened("passed_on", actor, hand.at, target=target.slug), None, actor)
    else:
        if not ledger.dispute.redirect_target:
            ledger.record(happened("reads_now", TIMER, hand.at, target=target.slug))
        act(ledger, Action.REDIRECT, actor, hand.at, {"target": target.slug})
    key = key_of(ledger.case["id"], ledger.dispute.version)
    secret = secret_of(key)
    linked = _linked(session, ledger, organisation, hand.at, key, secret, reading)
    put_down(session, bench, ledger, hand)
    save(session, bench, [linked])
    return secret


def _linked(
    session: Session,
    ledger: Ledger,
    organisation: Organisation,
    at: datetime,
    key: str,
    secret: str,
    reading: Reading | None,
) -> Ledger:
    """The new case: the same story and contact, sent on the day on which it was sent first."""
    report = _report(session, ledger, organisation, at, key)
    made = compose(organisation, report, reading, (hash_secret(secret),))
    made.case["redirected_from_id"] = ledger.case["id"]
    if report.wish is not Wish.TELL:
        facts: dict[str, object] = {"text": report.text, "wish": report.wish.value, "consent": True}
        if ledger.case["sent_at"] is not None:
            facts["sent_at"] = ledger.case["sent_at"]
        act(made, Action.SEND, Actor(Role.CUSTOMER, "customer", report.contact.name), at, facts)
    announce(session, organisation, made, report, at)
    return made


def _report(session: Session, ledger: Ledger, organisation: Organisation, at: datetime, key: str) -> Report:
    """The story as it was told, addressed to the other organisation; consent to send it is given by its own act."""
    case = ledger.case
    told = session.scalar(
        select(Message.text)
        .where(Message.case_id == case["id"], Message.kind == MessageKind.STORY.value)
        .order_by(Message.id)
        .limit(1)
    )
    contact = session.get(Contact, case["id"])
    reached = Reached(contact.name, contact.email, contact.phone, contact.postal) if contact else Reached()
    return Report(
        text=told or case["first_words"],
        organisation_id=organisation.id,
        sector=Sector(organisation.sector),
        wish=Wish(case["wish"]),
        key=key,
        told_at=at,
        wish_text=case["wish_text"],
        occurred_on=case["occurred_on"],
        occurred_about=case["occurred_about"],
        channel=Channel(case["channel"]) if case["channel"] else None,
        place=case["place"],
        severity=case["severity_told"],
        facts=case["facts"],
        contact=reached,
        language=case["language"],
        detected_language=case["detected_language"],
    )
