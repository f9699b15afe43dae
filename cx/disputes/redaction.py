"""Takes a text out of a message for good: the line in the journal stays, with the fingerprint of what was said.

The chain does not break, because it holds the digest of a text and never the text; nobody can guess an erased text from
its digest without the salt, which goes with it. Who took it out, when and why is a line of the journal.
"""

from enum import StrEnum
from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cx.core.contesting import Status
from cx.core.dispute import happened
from cx.core.refusals import GuardFailed, NotVisible, WrongState
from cx.core.words import MessageKind, Role
from cx.disputes.ledger import Ledger
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.seen import CaseFile, Happened
from cx.disputes.sight import As
from cx.disputes.workbench import Workbench
from models import Message, ReadingOpinion, SearchRow

# Stands in lists where the opening words of a story stood.
TAKEN_OUT = "[…]"


class Reason(StrEnum):
    """Why a text may be taken out. A closed list: a reason in free words would stand in the journal for ever."""

    OTHER_PERSON = "other_person"
    HEALTH = "health"
    NUMBERS = "numbers"
    INSULT = "insult"
    MISTAKE = "mistake"
    ASKED = "asked"


class Written(Protocol):
    """What is asked of a text: who wrote it, and in which capacity."""

    @property
    def role(self) -> str:
        """The role in which it was written."""

    @property
    def account_id(self) -> int | None:
        """The account that wrote it, if it was one of staff."""


def may_redact(message: Written, hand: Hand) -> bool:
    """Whether the visitor may take this text out: its author, and for any text a supervisor or a neutral of the case.

    The story of a customer is taken out by the customer alone or by the neutral: an organisation cannot make a
    complaint unsaid. The word of a mediator is theirs, and no party's to take out.
    """
    who = hand.visitor
    if hand.capacity is As.CUSTOMER:
        return message.role == Role.CUSTOMER
    if who.has(Role.NEUTRAL):
        return True
    own = message.account_id is not None and message.account_id == who.account_id
    return own or (who.has(Role.SUPERVISOR) and message.role not in {Role.CUSTOMER, Role.NEUTRAL})


def find(session: Session, ledger: Ledger, message_id: int) -> Message:
    """A text of this case. Raises NotVisible when it is not one of it."""
    message = session.scalar(select(Message).where(Message.id == message_id, Message.case_id == ledger.case["id"]))
    if message is None:
        raise NotVisible
    return message


def redact(session: Session, bench: Workbench, hand: Hand, message_id: int, reason: str) -> Ledger:
    """Take the text out, with its search rows; nothing brings it back. With a story goes what was said of its reading.

    Raises NotVisible (not of this case, or not theirs to take out), GuardFailed for an unknown reason, WrongState
    when it is gone already.
    """
    if reason not in set(Reason):
        raise GuardFailed("reason_given", "reason")
    ledger, actor = take_up(session, hand)
    message = find(session, ledger, message_id)
    if not may_redact(message, hand):
        raise NotVisible
    if message.text is None:
        raise WrongState("redact", "gone")
    for one in (message, *_about_it(session, message)):
        taken = update(Message).where(Message.id == one.id, Message.text.is_not(None))
        session.execute(taken.values(text=None, salt="", erased_at=hand.at))
        session.execute(delete(SearchRow).where(SearchRow.case_id == one.case_id, SearchRow.message_id == one.id))
        ledger.record(happened("redacted", actor, hand.at, line=one.seq, reason=reason), None, actor)
    if message.kind == MessageKind.STORY:
        _beginning(ledger)
        _nothing_to_rule(session, message)
    return put_down(session, bench, ledger, hand)


def _about_it(session: Session, message: Message) -> tuple[Message, ...]:
    """What was said of the reading of a story repeats what it tells: it goes with the story."""
    if message.kind != MessageKind.STORY:
        return ()
    said = (Message.kind.in_((MessageKind.READING_SAID, MessageKind.READING_RULED)), Message.text.is_not(None))
    return tuple(session.scalars(select(Message).where(Message.case_id == message.case_id, *said)))


def _beginning(ledger: Ledger) -> None:
    """The opening words of a story are kept for lists: they go with it, and so does a point that repeats them."""
    words = ledger.case["first_words"]
    ledger.case["first_words"] = TAKEN_OUT
    for row in ledger.points:
        if row["text"] == words:
            row.change(text=TAKEN_OUT)


def _nothing_to_rule(session: Session, message: Message) -> None:
    """Nobody can rule on the reading of a story that is gone: what still waited for a person waits no more."""
    waits = (ReadingOpinion.case_id == message.case_id, ReadingOpinion.status == Status.OPEN)
    session.execute(update(ReadingOpinion).where(*waits).values(status=Status.REPLACED.value))


def taken_out(case: CaseFile) -> dict[int, Happened]:
    """By the number of a text that was taken out, the line that says by whom, when and why."""
    moments = {one.seq: one.at for one in case.happened}
    lines = {moments.get(int(one.data["line"])): one for one in case.happened if one.kind == "redacted"}
    return {one.id: lines[one.at] for one in case.said if one.text is None and one.at in lines}
