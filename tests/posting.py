"""Letters written and sent as the processes do it, on a clock that stands still: for tests of the post."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from cx.disputes.workbench import Notice
from cx.post.addresses import Mailing, Signer
from cx.post.outbox import notify
from cx.post.transport import MailServer
from cx.post.worker import Drained, drain
from models import Letter
from models.engine import Database
from tests.mailserver import BASE

SIGNER = Signer("a secret of the tests")
MAILING = Mailing(BASE, SIGNER, "reply@doleance.example.org")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def write(database: Database, many: int = 1, case_id: int | None = None, address: str = "m{}@example.org") -> None:
    """Put letters into the outbox, to as many addresses; `{}` stands for the number."""
    with database.writing() as session:
        for number in range(many):
            data = {"reference": "DL-7K3M-9QXT", "secret": f"{number:016d}"}
            notify(session, case_id, Notice("written", address.format(number), "en", NOW, data))


def send_out(database: Database, server: MailServer, after: timedelta = timedelta(), most: int = 300) -> Drained:
    """Let the worker send what is due `after` the beginning, at most so many an hour to strangers."""
    given = Mailing(BASE, SIGNER, MAILING.inbox, most)
    return drain(database, server, given, lambda: NOW + after)


def message_ids(database: Database) -> set[str]:
    """Return the Message-ID of every letter, as it stands in a mail."""
    with database.reading() as session:
        return {f"<{one}>" for one in session.scalars(select(Letter.message_id))}


def states(database: Database) -> list[str]:
    """Return the state of every letter, oldest first."""
    with database.reading() as session:
        return list(session.scalars(select(Letter.status).order_by(Letter.id)))
