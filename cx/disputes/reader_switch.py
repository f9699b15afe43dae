"""The off switch of the reader of themes, for the whole installation: what an administrator said last, and why.

Every word is a row of its own and none is changed. Workers ask again after a few seconds, so that one statement serves
many pages. While the reader is off stories are filed to be read by a person, and nothing that only it suggested is shown.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import Account, ReaderSwitch

ASK_AGAIN = 4.0
"""Seconds after which a worker knows at the latest."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the reader works here, since when (None: nobody ever spoke of it), who said so, and why."""

    running: bool = True
    since: datetime | None = None
    by: str = ""
    reason: str = ""


_known: WeakKeyDictionary[Engine, tuple[float, Standing]] = WeakKeyDictionary()


def history(session: Session, most: int = SHOWN) -> tuple[Standing, ...]:
    """What was said of it, newest first."""
    query = (
        select(ReaderSwitch.running, ReaderSwitch.at, Account.name, ReaderSwitch.reason)
        .join(Account, Account.id == ReaderSwitch.account_id)
        .order_by(ReaderSwitch.id.desc())
        .limit(most)
    )
    return tuple(Standing(*row) for row in session.execute(query))


def standing(session: Session) -> Standing:
    """What holds now; at most `ASK_AGAIN` seconds old."""
    engine = session.get_bind().engine
    asked, found = _known.get(engine, (float("-inf"), Standing()))
    if time.monotonic() - asked > ASK_AGAIN:
        found = next(iter(history(session, 1)), Standing())
        _known[engine] = (time.monotonic(), found)
    return found


def running(session: Session) -> bool:
    """Whether the reader may read and its suggestions may be shown; not while the database does not answer."""
    try:
        return standing(session).running
    except SQLAlchemyError:
        return False


def turn(session: Session, on: bool, reason: str, account_id: int, at: datetime) -> bool:
    """Turn the reader on or off, in the present transaction. False when it stands so already: nothing is written."""
    last = next(iter(history(session, 1)), Standing())
    if last.running == on:
        return False
    session.add(ReaderSwitch(at=at, account_id=account_id, running=on, reason=reason))
    session.flush()
    forget()
    return True


def forget() -> None:
    """Ask again at once, because something was said."""
    _known.clear()
