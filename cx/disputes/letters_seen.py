"""Letters as those read them who may see their case: what was written to a customer, and the words that each announced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.core.words import STAFF_ROLES, MessageKind
from cx.disputes.seen import CaseFile
from models import Account, Letter

MOST = 100
# A reminder says again what it reminds of, for whoever reads it on paper or in the list of letters.
REPEATS: Mapping[str, MessageKind] = {
    "question_reminder": MessageKind.QUESTION,
    "offer_reminder": MessageKind.OFFER,
    "offer_ends": MessageKind.OFFER,
    "final_reminder": MessageKind.FINAL_POSITION,
}
RECEIPT = "received"


class Text(Protocol):
    """A message as far as letters need it: a `Said`, or a row of the table."""

    @property
    def at(self) -> datetime:
        """When it was said."""
        ...

    @property
    def kind(self) -> str:
        """What it is (`MessageKind`)."""
        ...

    @property
    def role(self) -> str:
        """Whose words they are (`Role`)."""
        ...

    @property
    def author(self) -> str:
        """The name under it."""
        ...

    @property
    def language(self) -> str:
        """Two letters."""
        ...

    @property
    def text(self) -> str | None:
        """None once it was erased."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A text that a letter announced, in its language."""

    text: str
    language: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class LetterSeen:
    """One letter to a customer. `status` is the way that it took; `printer` whoever printed it; `words` what it announced."""

    id: int
    kind: str
    language: str
    data: dict[str, Any]
    status: str
    at: datetime
    sent_at: datetime | None
    posted_on: date | None
    printer: str
    words: tuple[Words, ...] = ()


def written_to(session: Session, case: CaseFile) -> tuple[LetterSeen, ...]:
    """The letters to the customer of a case that may be seen, the newest first, at most `MOST`. One query."""
    columns = (
        Letter.id, Letter.kind, Letter.language, Letter.data, Letter.status, Letter.created_at, Letter.sent_at,
        Letter.posted_on,
    )  # fmt: skip
    query = (
        select(*columns, func.coalesce(Account.name, "").label("printer"))
        .outerjoin(Account, Account.id == Letter.printed_by)
        .where(Letter.case_id == case.id, Letter.account_id.is_(None))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
        .limit(MOST)
    )
    texts = [one for one in case.said if not one.internal]
    return tuple(
        LetterSeen(
            id=one.id,
            kind=one.kind,
            language=one.language,
            data=one.data,
            status=one.status,
            at=one.created_at,
            sent_at=one.sent_at,
            posted_on=one.posted_on,
            printer=one.printer,
            words=announced(one.kind, one.created_at, texts),
        )
        for one in session.execute(query)
    )


def announced(kind: str, at: datetime, texts: Sequence[Text]) -> tuple[Words, ...]:
    """What the letter `kind` of the moment `at` announced, out of the texts that both sides read, the oldest first.

    A receipt holds the story, a reminder what it reminds of, any other letter what the team wrote with it.
    """
    if kind == RECEIPT:
        found = [one for one in texts if one.kind == MessageKind.STORY][:1]
    elif kind in REPEATS:
        found = [one for one in texts if one.kind == REPEATS[kind] and one.at <= at][-1:]
    else:
        found = [one for one in texts if one.at == at and one.role in STAFF_ROLES]
    return tuple(Words(one.text, one.language, one.author) for one in found if one.text)
