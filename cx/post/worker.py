"""Sends the letters that wait. At least once: a process killed between sending and writing down leaves a lease, which
ends, and the letter goes out again under the same Message-ID, so that it can be recognised.

Any number of workers share the outbox: on PostgreSQL they skip each other's rows, on SQLite they take turns.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from smtplib import SMTP, SMTPException
from typing import Any

from sqlalchemy import or_, select, update

from cx.post import transport
from cx.post.addresses import Mailing
from cx.post.brake import HELD, LOOK_AGAIN, held_back
from cx.post.closing import closing
from cx.post.transport import MailRefused, MailServer, Posted, ServerAway
from cx.post.wording import word
from models import Letter
from models.engine import Database

# Longer than any one sending may take.
LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 720, 720))
MOST_TRIES = len(PAUSES) + 1
SECRETS = ("secret", "path")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that this worker holds until its lease ends; `attempts` counts this try."""

    id: int
    case_id: int | None
    kind: str
    language: str
    address: str
    data: dict[str, Any]
    message_id: str
    attempts: int
    created_at: datetime
    to_staff: bool = False


@dataclass(frozen=True, slots=True)
class Drained:
    """What one round did; `away` is the server's excuse when it could not be used, else empty."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    away: str = ""


def take(database: Database, at: datetime, strangers: int = 300) -> Taken | None:
    """Take the next letter that is due, for the length of a lease; None when nothing waits.

    Letters that the brake holds back are put off on the way; at most `strangers` an hour go to unconfirmed addresses.
    """
    due = (Letter.status == "waiting", Letter.next_try_at <= at)
    free = or_(Letter.lease_until.is_(None), Letter.lease_until < at)
    query = select(Letter).where(*due, free).order_by(Letter.next_try_at, Letter.id).limit(1)
    while True:
        with database.writing() as session:
            letter = session.scalars(query.with_for_update(skip_locked=True)).first()
            if letter is None:
                return None
            if held_back(session, letter, at, strangers):
                letter.next_try_at, letter.error = at + LOOK_AGAIN, HELD
                continue
            return _held_by_us(letter, at)


def _held_by_us(letter: Letter, at: datetime) -> Taken:
    """Write down that we have it."""
    # Counted before sending: a letter that kills its worker must not be tried for ever.
    letter.attempts += 1
    letter.lease_until = at + LEASE
    return Taken(
        letter.id,
        letter.case_id,
        letter.kind,
        letter.language,
        letter.address,
        dict(letter.data),
        letter.message_id,
        letter.attempts,
        letter.created_at,
        letter.account_id is not None,
    )


def waiting(database: Database, at: datetime) -> bool:
    """Whether a letter is due; asking takes no turn from anybody."""
    free = or_(Letter.lease_until.is_(None), Letter.lease_until < at)
    query = select(Letter.id).where(Letter.status == "waiting", Letter.next_try_at <= at, free).limit(1)
    with database.reading() as session:
        return session.execute(query).first() is not None


def _settle(database: Database, letter: Taken, **values: Any) -> None:
    with database.writing() as session:
        # Only while the letter is still ours: somebody may have taken it over after the lease.
        mine = (Letter.id == letter.id, Letter.status == "waiting", Letter.attempts == letter.attempts)
        session.execute(update(Letter).where(*mine).values(lease_until=None, **values))


def sent(database: Database, letter: Taken, at: datetime) -> None:
    """Write down that a letter went out, and forget the secret that it carried."""
    kept = {name: value for name, value in letter.data.items() if name not in SECRETS}
    # When it left is also how the brake finds the letters of the last hour.
    _settle(database, letter, status="sent", sent_at=at, next_try_at=at, error="", data=kept)


def refused(database: Database, letter: Taken, refusal: MailRefused, at: datetime) -> bool:
    """Postpone a letter, or give it up after the last try or a permanent refusal; returns whether it was given up.

    A server that is away gives no letter up, however long.
    """
    exhausted = letter.attempts >= MOST_TRIES and not isinstance(refusal, ServerAway)
    given_up = refusal.permanent or exhausted
    if given_up:
        _settle(database, letter, status="failed", error=str(refusal))
    else:
        pause = PAUSES[min(letter.attempts, len(PAUSES)) - 1]
        _settle(database, letter, next_try_at=at + pause, error=str(refusal))
    return given_up


def drain(
    database: Database,
    server: MailServer,
    mailing: Mailing,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Drained:
    """Send what is due, over one connection, until nothing is, the server goes away, or `stopped` says so."""
    done = Drained()
    client: SMTP | None = None
    try:
        while not (done.away or stopped()) and waiting(database, now()):
            letter = take(database, now(), mailing.first_letters)
            if letter is None:
                break
            try:
                message = _composed(letter, mailing, server)
                client = client or transport.connect(server)
                transport.hand_over(client, message, server.sender, letter.address)
            except MailRefused as refusal:
                done = _after(done, refused(database, letter, refusal, now()), refusal)
            else:
                sent(database, letter, now())
                done = replace(done, sent=done.sent + 1)
    finally:
        if client is not None:
            with suppress(SMTPException, OSError):
                client.quit()
    return done


def _after(done: Drained, given_up: bool, refusal: MailRefused) -> Drained:
    away = str(refusal) if isinstance(refusal, ServerAway) else ""
    return replace(done, failed=done.failed + given_up, postponed=done.postponed + (not given_up), away=away)


def _composed(letter: Taken, mailing: Mailing, server: MailServer) -> EmailMessage:
    """The message. Raises MailRefused for good where it cannot be worded: it must not end the worker again and again."""
    try:
        return transport.compose(_posted(letter, mailing), server.sender, mailing.name)
    except MailRefused:
        raise
    except Exception as error:
        _log.exception("the letter with the number %s cannot be worded", letter.id)
        raise MailRefused(f"the letter cannot be worded: {type(error).__name__}", permanent=True) from error


def _posted(letter: Taken, mailing: Mailing) -> Posted:
    words = word(letter.kind, letter.language, letter.data, mailing.base, mailing.name)
    case_id = None if letter.to_staff else letter.case_id
    reply_to = mailing.reply_to(case_id, letter.address)
    stop_link = mailing.stop_link(letter.kind, case_id, letter.address)
    return Posted(
        address=letter.address,
        subject=words.subject,
        text=closing(words.text, letter.language, answerable=bool(reply_to), stop_link=stop_link),
        language=letter.language,
        message_id=letter.message_id,
        written_at=letter.created_at,
        reply_to=reply_to,
        stop_link=stop_link,
    )
