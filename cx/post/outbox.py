"""Writes letters: a row in the present transaction, with its Message-ID fixed before anything is sent."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import Letter

_WRITE = insert(Letter.__table__)  # type: ignore[arg-type]


class Wanted(Protocol):
    """A letter that somebody wants written (`cx.disputes.workbench.Notice` is one)."""

    @property
    def kind(self) -> str:
        """Which letter: the name of its template."""
        ...

    @property
    def address(self) -> str:
        """The e-mail address."""
        ...

    @property
    def language(self) -> str:
        """The language of the letter, two letters."""
        ...

    @property
    def at(self) -> datetime:
        """When it was caused."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """What its template needs."""
        ...

    @property
    def status(self) -> str:
        """Where it waits: to be mailed, to be printed, or nowhere because it is read on the page."""
        ...

    @property
    def once(self) -> str | None:
        """The name of a letter that is written once only."""
        ...

    @property
    def account_id(self) -> int | None:
        """The person of the team to whom it goes."""
        ...


def notify(session: Session, case_id: int | None, wanted: Wanted) -> None:
    """Write one letter; it is sent after the commit, or waits until outgoing mail is set up."""
    notify_all(session, [(case_id, wanted)])


def notify_all(session: Session, letters: Sequence[tuple[int | None, Wanted]]) -> None:
    """Write letters, each with the case that it is about, by one statement whatever their number."""
    if letters:
        session.connection().execute(_WRITE, [_row(case_id, wanted) for case_id, wanted in letters])


def _row(case_id: int | None, wanted: Wanted) -> dict[str, Any]:
    """A letter as it is stored.

    The secret in its link is forgotten once it left; its hash stays, so that whoever opens the link is known to have
    received this letter (`received`).
    """
    data = dict(wanted.data)
    if data.get("secret") and case_id is not None:
        data["link"] = hashlib.sha256(str(data["secret"]).encode()).hexdigest()
    return {
        "case_id": case_id,
        "kind": wanted.kind,
        "language": wanted.language,
        "address": wanted.address,
        "data": data,
        "message_id": f"{uuid.uuid4().hex}@doleance",
        "status": wanted.status,
        "once": wanted.once,
        "account_id": wanted.account_id,
        "attempts": 0,
        "next_try_at": wanted.at,
        "lease_until": None,
        "error": "",
        "created_at": wanted.at,
        "sent_at": None,
    }
