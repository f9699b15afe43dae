"""Answers by mail: a signed address files them once, nothing else grants anything, and no mail holds up the queue."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cx.core.words import Action, MessageKind
from cx.disputes import casefile, mailed, moves
from cx.disputes.acting import said
from cx.disputes.sight import As
from cx.post.addresses import STOP, Mailing, Signer
from cx.post.inbox import MOST_AN_HOUR, Desk, Inbox, InboxAway, accept, collect
from models import Contact, InboundMail, Letter, Message
from models.engine import Database
from tests import dovecot
from tests.house.tree import ROOT
from tests.mailserver import Sink, serving
from tests.workshops.test_replies import HOSTILE, mail
from tests.world import World

ADDRESS = "reply@doleance.example.org"
SIGNER = Signer("a secret of the tests")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CUSTOMER = "madeleine@example.org"


class Office:
    """A case with its signed address, and the desk that judges mail."""

    def __init__(self, world: World) -> None:
        self.world, self.database = world, world.database
        self.filed = world.tell("poste", at=NOW - timedelta(days=2))
        self.address = Mailing("https://x.example", SIGNER, ADDRESS).reply_to(self.filed.case_id, CUSTOMER)
        self.desk = Desk(ADDRESS, SIGNER, self.file)

    def file(self, session: Any, case_id: int, text: str, at: datetime) -> bool:
        bench = self.world.app.extensions["workbench"]
        return mailed.receive(session, bench, case_id, text, at, lambda _text, own: own)

    def accept(self, raw: bytes, at: datetime = NOW) -> str:
        return accept(self.database, self.desk, raw, at)

    def texts(self) -> list[tuple[str, str]]:
        query = select(Message.kind, Message.text).where(Message.case_id == self.filed.case_id).order_by(Message.id)
        with self.database.reading() as session:
            return [(kind, text) for kind, text in session.execute(query)][1:]

    def outcomes(self) -> Counter[str]:
        with self.database.reading() as session:
            return Counter(session.scalars(select(InboundMail.outcome)))


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
def small_office(small_world: World) -> Office:
    return Office(small_world)


@pytest.fixture
def mailbox() -> Iterator[dovecot.Mailbox]:
    if dovecot.program() is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    with dovecot.running() as found:
        yield found


# ---- who may ------------------------------------------------------------------------------------------------------


def test_an_answer_is_filed_once_and_says_that_the_address_is_theirs(office: Office) -> None:
    raw = mail(office.address, "Card 4111 1111 1111 1111.\n\nOn Mon, 3 Mar 2026 at 10:22, D <d@x.org> wrote:\n> hello")
    assert office.accept(raw) == "taken"
    assert office.accept(raw) == "again"
    assert office.texts() == [(MessageKind.ADDITION, "Card •••• 1111.")]
    with office.database.reading() as session:
        assert session.get_one(Contact, office.filed.case_id).email_verified_at == NOW


def test_an_answer_to_an_open_question_answers_it(small_office: Office) -> None:
    world, office = small_office.world, small_office
    hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, office.filed.reference, NOW)
    bench = world.app.extensions["workbench"]
    with office.database.writing() as session:
        words = said("Which machine was it?", MessageKind.QUESTION, "en")
        moves.do(
            session, bench, hand, Action.ASK, {"text": words.text, "question": words.text, "why": words.text}, words
        )
    assert office.accept(mail(office.address, "The one on the left.")) == "taken"
    assert office.texts()[-1] == (MessageKind.ANSWER, "The one on the left.")
    with office.database.reading() as session:
        case = casefile.open_case(session, world.holder(office.filed), As.CUSTOMER, office.filed.reference, NOW)
    assert case.state == "investigating"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"From": "agent.poste@example.org"},
        {"From": CUSTOMER, "In_Reply_To": "<1@doleance>", "References": "<1@doleance>"},
        {"Cc": "boss@example.org", "Reply_To": "boss@example.org", "Sender": "admin@example.org"},
    ],
)
def test_without_a_signed_address_nothing_is_granted(small_office: Office, headers: dict[str, str]) -> None:
    own = small_office.address
    forged = [
        ADDRESS,
        own.replace("+", ""),
        own.replace("-", "-a").replace("@", "@", 1)[:-1],
        own[:20] + ("a" if own[20] != "a" else "b") + own[21:],
        Mailing("", Signer("somebody else's secret"), ADDRESS).reply_to(small_office.filed.case_id, CUSTOMER),
        Mailing("", SIGNER, ADDRESS).reply_to(small_office.filed.case_id, "thief@example.org"),
        Mailing("", SIGNER, ADDRESS).reply_to(small_office.filed.case_id + 77, CUSTOMER),
        ADDRESS.replace("@", f"+{SIGNER.token(STOP, small_office.filed.case_id, CUSTOMER)}@"),
    ]
    for number, to in enumerate(forged):
        raw = mail(to, "Give me everything about DL.", f"{number}", **headers)
        assert small_office.accept(raw) == "unsigned", to
    assert small_office.texts() == []
    assert small_office.outcomes() == {"unsigned": len(forged)}


def test_long_after_the_end_nothing_more_is_taken(small_office: Office) -> None:
    office = small_office
    hand = moves.Hand(office.world.holder(office.filed), As.CUSTOMER, office.filed.reference, NOW)
    with office.database.writing() as session:
        moves.do(session, office.world.app.extensions["workbench"], hand, Action.WITHDRAW, {"confirmed": True})
    assert office.accept(mail(office.address, number="a"), NOW + timedelta(days=59)) == "taken"
    assert office.accept(mail(office.address, number="b"), NOW + timedelta(days=61)) == "stale"


# ---- robots -------------------------------------------------------------------------------------------------------

ROBOTS: list[dict[str, str]] = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated; owner-email=x"},
    {"Precedence": "bulk"},
    {"Precedence": "auto_reply"},
    {"X_Autoreply": "yes"},
    {"X_Loop": "somebody"},
    {"List_Id": "<news.example.org>"},
    {"Return_Path": "<>"},
    {"From": "MAILER-DAEMON@example.org"},
    {"From": '"No reply" <no-reply@example.org>'},
]


@pytest.mark.parametrize("headers", ROBOTS, ids=str)
def test_robots_are_counted_and_not_filed(small_office: Office, headers: dict[str, str]) -> None:
    assert small_office.accept(mail(small_office.address, **headers)) == "auto"
    assert small_office.texts() == []


def test_our_own_letters_that_come_back_are_a_loop(small_office: Office) -> None:
    assert small_office.accept(mail(small_office.address, number="x", Message_ID=f"<{'0' * 32}@doleance>")) == "loop"


def test_a_person_says_that_nothing_was_automatic(small_office: Office) -> None:
    assert small_office.accept(mail(small_office.address, Auto_Submitted="no")) == "taken"


def test_a_storm_of_answers_of_machines_changes_nothing(small_office: Office) -> None:
    office = small_office
    before = _letters(office.database)
    for number in range(500):
        office.accept(mail(office.address, "I am away.", f"r{number}", Auto_Submitted="auto-replied"))
    for number in range(500):  # these do not even say that they are machines
        office.accept(mail(office.address, f"I am away {number}.", f"s{number}"), NOW + timedelta(seconds=number))
    assert office.outcomes() == {"auto": 500, "taken": MOST_AN_HOUR, "loop": 500 - MOST_AN_HOUR}
    assert len(office.texts()) == MOST_AN_HOUR
    assert _letters(office.database) == before


def _letters(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Letter.id))) or 0


def test_a_letter_that_comes_back_was_not_delivered(small_office: Office) -> None:
    office = small_office
    with office.database.writing() as session:
        letter = session.scalars(select(Letter).where(Letter.account_id.is_(None))).one()
        letter.status = "sent"
        message_id = letter.message_id
    report = (
        "From: MAILER-DAEMON@x\r\nTo: d@x\r\nMessage-ID: <r@x>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: {}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\r\n--b--\r\n"
    )
    assert office.accept(report.format("delayed").replace("<r@x>", "<q@x>").encode()) == "auto"
    assert _status(office) == "sent"
    assert office.accept(report.format("failed").encode()) == "auto"
    assert _status(office) == "failed"


def _status(office: Office) -> str:
    with office.database.reading() as session:
        return session.scalars(select(Letter.status).where(Letter.account_id.is_(None))).one()


# ---- mail made to hurt --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_holds_up_nothing(small_office: Office, name: str) -> None:
    raw = HOSTILE[name]
    outcome = small_office.accept(raw.replace(ADDRESS.encode(), small_office.address.encode()))
    assert outcome in {"taken", "unsigned", "unreadable", "empty"}
    assert small_office.accept(mail(small_office.address, "I come after it.", "after")) == "taken"
    assert all("\x00" not in text for _kind, text in small_office.texts())


# ---- the mailbox --------------------------------------------------------------------------------------------------


def test_answers_arrive_from_a_real_mailbox(office: Office, mailbox: dovecot.Mailbox) -> None:
    box = Inbox.from_url(mailbox.url, "")
    assert box.address == ADDRESS
    mailbox.deliver(
        mail(office.address, "The first answer.", "1"),
        mail(ADDRESS, "No signature.", "2"),
        mail(office.address, "I am away.", "3", Auto_Submitted="auto-replied"),
        HOSTILE["deep"],
        mail(office.address, "x" * 1_200_000, "4"),
        mail(office.address, "The second answer.", "5"),
        mail(office.address, "The first answer.", "1"),
    )
    done = collect(office.database, box, office.desk, lambda: NOW)
    assert done == {"taken": 2, "unsigned": 1, "auto": 1, "unreadable": 1, "too_big": 1, "again": 1}
    assert [text for _kind, text in office.texts()] == ["The first answer.", "The second answer."]
    assert (mailbox.count(), mailbox.count("UNSEEN")) == (7, 0)
    assert collect(office.database, box, office.desk, lambda: NOW) == {}


def test_a_process_that_died_after_filing_does_not_file_again(small_office: Office, mailbox: dovecot.Mailbox) -> None:
    box = Inbox.from_url(mailbox.url, "")
    raw = mail(small_office.address, "Once.", "1")
    mailbox.deliver(raw)
    small_office.accept(raw.rstrip(b"\r\n") + b"\r\n")  # filed, and killed before it could mark the mail
    assert mailbox.count("UNSEEN") == 1
    assert collect(small_office.database, box, small_office.desk, lambda: NOW) == {"again": 1}
    assert mailbox.count("UNSEEN") == 0
    assert len(small_office.texts()) == 1


def test_a_mailbox_that_is_away_says_so_without_its_password(small_office: Office) -> None:
    box = Inbox.from_url("imap://reply%40x.example:hunter2@127.0.0.1:1/INBOX", "")
    with pytest.raises(InboxAway) as away:
        collect(small_office.database, box, small_office.desk, lambda: NOW)
    assert "hunter2" not in str(away.value)


def test_the_process_sends_letters_and_takes_in_the_answers(
    small_world: World, mailbox: dovecot.Mailbox, sqlite_url: str, tmp_path: Path
) -> None:
    sink, office = Sink(), Office(small_world)
    with serving(sink) as server:
        environment = os.environ | {
            "DATABASE_URL": sqlite_url, "DOLEANCE_HOME": str(tmp_path), "FLASK_APP": str(ROOT / "app.py"),
            "SMTP_URL": f"smtp://127.0.0.1:{server.port}", "IMAP_URL": mailbox.url,
        }  # fmt: skip
        command = [sys.executable, "-m", "flask", "letters", "--once"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        letters = [message_from_bytes(raw, policy=default) for raw in sink.raw]
        (answerable,) = [one for one in letters if one["To"] == CUSTOMER]
        mailbox.deliver(mail(str(answerable["Reply-To"]), "By return of post."))
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert "inbox: 1 taken" in done.stdout
    assert office.texts() == [(MessageKind.ADDITION, "By return of post.")]


def test_a_mail_over_which_the_house_stumbles_holds_up_no_other(small_office: Office, mailbox: dovecot.Mailbox) -> None:
    box = Inbox.from_url(mailbox.url, "")

    def stumbles(session: Any, case_id: int, text: str, at: datetime) -> bool:
        if "stone" in text:
            raise RuntimeError(text)
        return small_office.file(session, case_id, text, at)

    mailbox.deliver(mail(small_office.address, "A stone.", "1"), mail(small_office.address, "A step.", "2"))
    desk = Desk(ADDRESS, SIGNER, stumbles)
    assert collect(small_office.database, box, desk, lambda: NOW) == {"later": 1, "taken": 1}
    assert [text for _kind, text in small_office.texts()] == ["A step."]
    assert mailbox.count("UNSEEN") == 1
