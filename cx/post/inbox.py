"""Answers that come by mail: fetched by IMAP, filed under the case whose signed address they were sent to.

A sender's name proves nothing and is not even looked at: without a signed address a mail is counted and left in the
mailbox. Each mail has one effect, however often it is met; a mail that cannot be read holds up no other. Nothing is
ever sent back, so no two robots can start a conversation here.
"""

import imaplib
import logging
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from cx.core.refusals import Conflict, Refusal
from cx.post.addresses import REPLY, Signer, case_of, tokens_to
from cx.post.received import confirm
from cx.post.replies import MOST_BYTES, Incoming, Unreadable, digest_of, read
from models import Contact, InboundMail, Letter
from models.engine import Database

SECONDS = 15.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
A_ROUND = 200
# More answers than a person writes in an hour are those of a machine that says nothing of itself.
MOST_AN_HOUR = 12
_log = logging.getLogger(__name__)

# Files a text under a case, in the present transaction; says whether there was still something to file it under.
Filing = Callable[[Session, int, str, datetime], bool]


class InboxAway(Exception):
    """The mailbox cannot be used now; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where answers arrive. `address` is what letters are answered to, with a token after a plus sign."""

    host: str
    port: int
    wrapped: bool
    user: str
    password: str
    folder: str
    address: str

    @classmethod
    def from_url(cls, url: str, sender: str) -> "Inbox":
        """Read `IMAP_URL` (`imaps://user:password@host/INBOX?address=reply@example.org`). ValueError with a sentence.

        Without `address` it is the user when that is an address, else `reply@` the domain of `sender`. Without TLS
        only this machine is asked.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
            message = "IMAP_URL must look like imaps://user:password@host/INBOX?address=reply@example.org."
            raise ValueError(message)
        if parts.scheme == "imap" and parts.hostname not in LOOPBACK:
            message = "IMAP_URL must begin with imaps: a password crosses the network in no other way."
            raise ValueError(message)
        user = unquote(parts.username)
        given = parse_qs(parts.query).get("address", [""])[0]
        address = given or (user if "@" in user else f"reply@{sender.rpartition('@')[2]}")
        if address.count("@") != 1 or len(address.partition("@")[0]) > 20 or "+" in address:
            message = "The address of IMAP_URL must be one plain address with at most 20 characters before the @."
            raise ValueError(message)
        return cls(
            host=parts.hostname,
            port=parts.port or (993 if parts.scheme == "imaps" else 143),
            wrapped=parts.scheme == "imaps",
            user=user,
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            address=address.lower(),
        )


# ---- one mail ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Desk:
    """What judging a mail needs: the inbox's address, the signer of the installation, the one who files."""

    address: str
    signer: Signer
    filing: Filing


def accept(database: Database, desk: Desk, raw: bytes, at: datetime) -> str:
    """Judge one mail and let it have its one effect; returns what became of it (`again`: it was met before)."""
    digest = digest_of(raw)
    try:
        mail = read(raw)
    except Unreadable:
        return record(database, digest, "unreadable", at)
    try:
        with database.writing() as session:
            outcome, case_id = _file(session, desk, mail, at)
            session.add(InboundMail(message_hash=mail.digest, at=at, case_id=case_id, outcome=outcome))
    except IntegrityError:
        return "again"
    except Conflict:
        return "later"
    except Refusal:
        return record(database, digest, "stale", at)
    return outcome


def record(database: Database, digest: str, outcome: str, at: datetime) -> str:
    """Count a mail that has no other effect."""
    try:
        with database.writing() as session:
            session.add(InboundMail(message_hash=digest, at=at, case_id=None, outcome=outcome))
    except IntegrityError:
        return "again"
    return outcome


def _file(session: Session, desk: Desk, mail: Incoming, at: datetime) -> tuple[str, int | None]:
    if session.scalar(select(InboundMail.id).where(InboundMail.message_hash == mail.digest)) is not None:
        # The same mail in two copies, or one that we died over: the unique key would say so too, but later.
        raise IntegrityError("met before", None, ValueError(mail.digest))
    if mail.robot:
        _note_returned(session, mail)
        return mail.robot, None
    case_id = _proven(session, desk, mail)
    if case_id is None:
        return "unsigned", None
    if not mail.text:
        return "empty", case_id
    lately = select(func.count(InboundMail.id)).where(
        InboundMail.case_id == case_id, InboundMail.outcome == "taken", InboundMail.at > at - timedelta(hours=1)
    )
    if (session.scalar(lately) or 0) >= MOST_AN_HOUR:
        return "loop", case_id
    if not desk.filing(session, case_id, mail.text, at):
        return "stale", case_id
    # Who answers a letter has received it.
    confirm(session, case_id, at)
    return "taken", case_id


def _proven(session: Session, desk: Desk, mail: Incoming) -> int | None:
    """The case whose signed address the mail was sent to; None when no address holds."""
    for token in tokens_to(desk.address, mail.addressed)[:5]:
        case_id = case_of(token)
        address = session.scalar(select(Contact.email).where(Contact.case_id == case_id)) if case_id else None
        if address and desk.signer.fits(token, REPLY, address):
            return case_id
    return None


def _note_returned(session: Session, mail: Incoming) -> None:
    """A letter that came back was not delivered, whatever the first server said."""
    if mail.returned:
        came_back = (Letter.message_id.in_(mail.returned), Letter.status == "sent")
        session.execute(update(Letter).where(*came_back).values(status="failed", error="it came back undelivered"))


# ---- the mailbox -------------------------------------------------------------------------------------------------


@contextmanager
def opened(inbox: Inbox) -> Iterator[BaseMailBox]:
    """The mailbox, signed in. Raises InboxAway, also for whatever happens to the connection inside the block."""
    box: BaseMailBox | None = None
    try:
        if inbox.wrapped:
            context = ssl.create_default_context()
            box = MailBox(inbox.host, inbox.port, timeout=SECONDS, ssl_context=context)
        else:
            box = MailBoxUnencrypted(inbox.host, inbox.port, timeout=SECONDS)
        box.login(inbox.user, inbox.password, inbox.folder)
        yield box
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        # The answer of a server may repeat what it was told: its kind is enough.
        message = f"the mailbox cannot be used: {type(error).__name__}"
        raise InboxAway(message) from error
    finally:
        if box is not None:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                box.logout()


def collect(
    database: Database,
    inbox: Inbox,
    desk: Desk,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Take in what is unseen, a round at a time; returns how many mails had which outcome. Raises InboxAway.

    A mail is marked as seen after its effect is written down: a process that dies in between meets it again, and
    knows it.
    """
    done: Counter[str] = Counter()
    with opened(inbox) as box:
        for uid in box.uids("UNSEEN", charset=None)[:A_ROUND]:
            if stopped():
                break
            outcome = _carefully(database, box, desk, uid, now())
            done[outcome] += 1
            if outcome != "later":
                box.client.uid("STORE", uid, "+FLAGS", r"(\Seen)")
    return done


def _carefully(database: Database, box: BaseMailBox, desk: Desk, uid: str, at: datetime) -> str:
    """As `_one`; a mail over which we stumble stays unseen, and those behind it have their turn."""
    try:
        return _one(database, box, desk, uid, at)
    except (ImapToolsError, imaplib.IMAP4.error, OSError, DBAPIError):
        raise
    except Exception:
        _log.exception("the mail with the number %s could not be taken in; it is tried again", uid)
        return "later"


def _one(database: Database, box: BaseMailBox, desk: Desk, uid: str, at: datetime) -> str:
    """Fetch one mail when it is not too big, and accept it."""
    size = _number(box.client.uid("FETCH", uid, "(RFC822.SIZE)")[1])
    if size > MOST_BYTES:
        head = _bytes(box.client.uid("FETCH", uid, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1])
        return record(database, digest_of(head or uid.encode()), "too_big", at)
    return accept(database, desk, _bytes(box.client.uid("FETCH", uid, "(BODY.PEEK[])")[1]), at)


def _number(answer: object) -> int:
    text = repr(answer)
    place = text.find("RFC822.SIZE ")
    digits = text[place + 12 : place + 24] if place >= 0 else ""
    return int("".join(char for char in digits.split(")")[0] if char.isdigit()) or 0)


def _bytes(answer: object) -> bytes:
    """The literal of a FETCH answer, as `imaplib` gives it."""
    pairs = answer if isinstance(answer, list) else []
    return next(
        (one[1] for one in pairs if isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], bytes)), b""
    )
