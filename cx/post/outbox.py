"""Writes letters: a row in the present transaction, with its Message-ID fixed before anything is sent."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import Letter


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


def notify(session: Session, case_id: int | None, wanted: Wanted) -> None:
    """Write one letter; it is sent after the commit, or waits until outgoing mail is set up."""
    session.execute(
        insert(Letter).values(
            case_id=case_id,
            kind=wanted.kind,
            language=wanted.language,
            address=wanted.address,
            data=dict(wanted.data),
            message_id=f"{uuid.uuid4().hex}@doleance",
            status="waiting",
            attempts=0,
            next_try_at=wanted.at,
            lease_until=None,
            error="",
            created_at=wanted.at,
            sent_at=None,
        )
    )
