"""Letters reach a real SMTP server once; refused ones are tried again; a repeated one can be recognised."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from cx.disputes.workbench import Notice
from cx.post.addresses import Mailing
from cx.post.outbox import notify
from cx.post.transport import MailServer
from cx.post.worker import LEASE, MOST_TRIES, Drained, drain, take
from models import Letter
from models.engine import Database
from tests.house.tree import ROOT

BASE = "https://doleance.example.org"
MAILING = Mailing(BASE)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DATA = {
    "reference": "DL-7K3M-9QXT",
    "secret": "0123456789ABCDEF",
    "organisation": "Poste Arvane",
    "person": "Nadia Ferrand",
    "function": "complaints officer",
    "name": "Madeleine <b>Garnier</b>",
    "due": "2027-01-19",
}


class Postbox:
    """What the server got, and how it answers next (`250` takes the letter)."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []

    def _answer(self) -> str:
        return self.answers.pop(0) if self.answers else "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
            self.recipients.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[MailServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailServer.from_url(f"smtp://127.0.0.1:{port}", BASE)
    controller.stop()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.engine.dispose()


def _write(database: Database, kind: str = "received", address: str = "m@example.org", **more: Any) -> None:
    with database.writing() as session:
        notify(session, None, Notice(kind, address, "fr", NOW, {**DATA, **more}))


def _letters(database: Database) -> list[Letter]:
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def _drain(database: Database, server: MailServer, after: timedelta = timedelta()) -> Drained:
    return drain(database, server, MAILING, lambda: NOW + after)


# ---- sending -----------------------------------------------------------------------------------------------------


def test_a_letter_goes_out_once_and_its_secret_is_forgotten(
    database: Database, server: MailServer, postbox: Postbox
) -> None:
    _write(database)
    assert _drain(database, server) == Drained(sent=1)
    assert _drain(database, server) == Drained()
    (mail,) = postbox.mails
    (letter,) = _letters(database)
    assert mail["To"] == "m@example.org"
    assert mail["From"] == "Doléance <doleance@doleance.example.org>"
    assert mail["Message-ID"] == f"<{letter.message_id}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()  # type: ignore[attr-defined]
    assert f"{BASE}/k/{DATA['secret']}" in text
    assert "19 janvier 2027" in text
    assert (letter.status, letter.sent_at, letter.attempts) == ("sent", NOW, 1)
    assert "secret" not in letter.data
    assert letter.data["reference"] == DATA["reference"]


def test_many_letters_go_over_one_connection_in_their_order(
    database: Database, server: MailServer, postbox: Postbox
) -> None:
    for number in range(5):
        _write(database, address=f"n{number}@example.org")
    assert _drain(database, server).sent == 5
    assert postbox.recipients == [f"n{number}@example.org" for number in range(5)]


def test_a_letter_refused_for_now_is_tried_again_later_and_later(
    database: Database, server: MailServer, postbox: Postbox
) -> None:
    _write(database)
    postbox.answers = ["451 busy", "451 busy"]
    assert _drain(database, server).postponed == 1
    assert _drain(database, server) == Drained()
    assert _drain(database, server, timedelta(minutes=1)).postponed == 1
    assert _drain(database, server, timedelta(minutes=5)) == Drained()
    assert _drain(database, server, timedelta(minutes=6)).sent == 1
    (letter,) = _letters(database)
    assert (letter.status, letter.attempts, letter.error) == ("sent", 3, "")
    assert len(postbox.mails) == 1


def test_a_letter_is_given_up_after_eight_tries_and_keeps_why(
    database: Database, server: MailServer, postbox: Postbox
) -> None:
    _write(database)
    postbox.answers = ["452 full"] * MOST_TRIES
    for number in range(MOST_TRIES):
        _drain(database, server, timedelta(days=number))
    (letter,) = _letters(database)
    assert (letter.status, letter.attempts, letter.error) == ("failed", 8, "452 full")
    assert _drain(database, server, timedelta(days=99)) == Drained()


def test_a_letter_refused_for_good_is_given_up_at_once_and_holds_up_nobody(
    database: Database, server: MailServer, postbox: Postbox
) -> None:
    _write(database, address="nobody@example.org")
    _write(database)
    postbox.answers = ["550 no such person"]
    assert _drain(database, server) == Drained(sent=1, failed=1)
    assert [letter.status for letter in _letters(database)] == ["failed", "sent"]


def test_a_server_that_is_away_costs_one_try_and_gives_nothing_up(database: Database, server: MailServer) -> None:
    _write(database)
    _write(database)
    nowhere = MailServer("127.0.0.1", 1, wrapped=False, sender="d@example.org")
    for number in range(12):
        done = _drain(database, nowhere, timedelta(days=number))
        assert done.away
        assert done.failed == 0
    assert {letter.status for letter in _letters(database)} == {"waiting"}
    assert _drain(database, server, timedelta(days=30)).sent == 2


def test_a_letter_left_by_a_dead_worker_goes_out_again_under_the_same_id(
    database: Database, server: MailServer, postbox: Postbox
) -> None:
    _write(database)
    # Killed between sending and writing down: the letter was taken, and nothing more was heard.
    taken = take(database, NOW)
    assert taken is not None
    assert take(database, NOW) is None
    assert _drain(database, server) == Drained()
    assert _drain(database, server, LEASE + timedelta(seconds=1)).sent == 1
    assert postbox.mails[0]["Message-ID"] == f"<{taken.message_id}>"


def test_workers_never_take_the_same_letter(database: Database) -> None:
    for _ in range(4):
        _write(database)
    taken = [take(database, NOW) for _ in range(5)]
    assert len({one.id for one in taken if one}) == 4
    assert taken[4] is None


def test_a_process_that_is_killed_while_it_sends_loses_nothing(
    sqlite_url: str, server: MailServer, postbox: Postbox, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    for number in range(40):
        _write(database, address=f"n{number}@example.org")
    environment = os.environ | {
        "DATABASE_URL": sqlite_url, "SMTP_URL": f"smtp://127.0.0.1:{server.port}", "DOLEANCE_HOME": str(tmp_path),
        "FLASK_APP": str(ROOT / "app.py"),
    }  # fmt: skip
    worker = subprocess.Popen([sys.executable, "-m", "flask", "letters"], cwd=ROOT, env=environment)
    limit = time.monotonic() + 30
    while len(postbox.mails) < 3 and time.monotonic() < limit:
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    _drain(database, server, timedelta(days=800))
    ids = [mail["Message-ID"] for mail in postbox.mails]
    assert {letter.status for letter in _letters(database)} == {"sent"}
    assert set(ids) == {f"<{letter.message_id}>" for letter in _letters(database)}
    assert len(ids) <= 41
    database.engine.dispose()


def test_the_process_ends_on_term(sqlite_url: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": sqlite_url, "DOLEANCE_HOME": str(tmp_path), "FLASK_APP": str(ROOT / "app.py"),
    }  # fmt: skip
    for name in ("letters", "clock"):
        process = subprocess.Popen([sys.executable, "-m", "flask", name], cwd=ROOT, env=environment)
        database = Database(sqlite_url)
        limit = time.monotonic() + 30
        beaten = False
        while not beaten and time.monotonic() < limit:
            time.sleep(0.05)
            with database.engine.connect() as connection:
                beaten = bool(connection.exec_driver_sql(f"SELECT 1 FROM beat WHERE name = '{name}'").first())
        database.engine.dispose()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert beaten
