"""Mail servers that refuse, hang, drop and stay away, and processes that are killed: no letter is lost."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cx.disputes.workbench import Notice
from cx.post import transport, undelivered
from cx.post.addresses import Mailing, Signer
from cx.post.outbox import notify
from cx.post.transport import MailServer
from cx.post.worker import Drained, drain
from models import Letter
from models.engine import Database
from tests.mailserver import BASE, Sink, serving

SIGNER = Signer("a secret of the tests")
MAILING = Mailing(BASE, SIGNER, "reply@doleance.example.org")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[MailServer]:
    with serving(sink) as found:
        yield found


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.engine.dispose()


def _write(database: Database, many: int = 1, case_id: int | None = None, address: str = "m{}@example.org") -> None:
    with database.writing() as session:
        for number in range(many):
            data = {"reference": "DL-7K3M-9QXT", "secret": f"{number:016d}"}
            notify(session, case_id, Notice("written", address.format(number), "en", NOW, data))


def _drain(database: Database, server: MailServer, after: timedelta = timedelta(), most: int = 300) -> Drained:
    given = Mailing(BASE, SIGNER, MAILING.inbox, most)
    return drain(database, server, given, lambda: NOW + after)


def _ids(database: Database) -> set[str]:
    with database.reading() as session:
        return {f"<{one}>" for one in session.scalars(select(Letter.message_id))}


def _states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Letter.status).order_by(Letter.id)))


@pytest.mark.parametrize(
    ("answer", "state"),
    [("421 closing", "waiting"), ("451 busy", "waiting"), ("452 full", "waiting"), ("550 nobody", "failed")],
)
def test_each_refusal_is_believed_for_what_it_says(
    database: Database, server: MailServer, sink: Sink, answer: str, state: str
) -> None:
    _write(database, 3)
    sink.answers = [answer]
    _drain(database, server)
    assert _states(database)[0] == state
    _drain(database, server, timedelta(hours=1))
    assert sorted(_states(database)) == sorted(["sent", "sent", "sent" if state == "waiting" else "failed"])
    assert len(sink.taken) == len(set(sink.taken))


def test_a_server_that_ends_the_conversation_is_away_and_no_letter_is_blamed(
    database: Database, server: MailServer, sink: Sink
) -> None:
    _write(database, 2)
    sink.answers = ["421 closing"]
    done = _drain(database, server)
    assert "421" in done.away
    assert (done.failed, done.postponed) == (0, 1)


def test_a_server_that_hangs_is_left_after_a_while(
    database: Database, server: MailServer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SECONDS", 0.3)
    _write(database, 2)
    sink.answers = ["hang"]
    done = _drain(database, server)
    assert done.away
    assert done.sent == 0
    assert _drain(database, server, timedelta(minutes=2)).sent == 2
    assert set(sink.taken) == _ids(database)


def test_a_line_that_breaks_after_the_text_brings_the_same_letter_twice_under_one_id(
    database: Database, server: MailServer, sink: Sink
) -> None:
    _write(database, 2)
    sink.after_data = ["drop"]
    assert _drain(database, server).away
    assert _drain(database, server, timedelta(minutes=2)).sent == 2
    assert set(sink.taken) == _ids(database)
    assert len(sink.taken) == 3
    assert _states(database) == ["sent", "sent"]


def test_an_hour_without_a_server_loses_nothing(database: Database, sink: Sink) -> None:
    _write(database, 20)
    nowhere = MailServer("127.0.0.1", 1, wrapped=False, sender="d@example.org")
    for minute in range(60):
        assert _drain(database, nowhere, timedelta(minutes=minute)).sent == 0
    with serving(sink) as server:
        for minute in range(60, 120, 5):
            _drain(database, server, timedelta(minutes=minute))
    assert set(sink.taken) == _ids(database)
    assert len(sink.taken) == 20


def test_two_workers_at_once_send_each_letter_once(database: Database, server: MailServer, sink: Sink) -> None:
    _write(database, 40)
    workers = [threading.Thread(target=_drain, args=(database, server)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(sink.taken) == sorted(_ids(database))


def test_a_letter_that_was_given_up_is_seen_and_sent_again_under_its_id(
    database: Database, server: MailServer, sink: Sink
) -> None:
    _write(database)
    sink.answers = ["550 no such person"]
    _drain(database, server)
    with database.reading() as session:
        (lost,) = undelivered.given_up(session)
        assert lost.why == "550 no such person"
        assert undelivered.traffic(session, NOW).failed == 1
    with database.writing() as session:
        assert undelivered.try_again(session, lost.id, NOW) == 1
        assert undelivered.try_again(session, lost.id + 1, NOW) == 0
    assert _drain(database, server).sent == 1
    assert set(sink.taken) == _ids(database)


def test_ten_workers_killed_at_work_lose_nothing(database_url: str) -> None:
    from bench.letters import attack

    found = attack(database_url, kills=10)
    assert found.kept, found
    assert found.written == 400


def test_a_letter_that_cannot_be_worded_is_given_up_and_stops_no_other(database: Database, server: MailServer) -> None:
    with database.writing() as session:
        notify(session, None, Notice("written", "m0@example.org", "en", NOW, {"reference": "DL-7K3M-9QXT", "also": 5}))
    _write(database)
    assert _drain(database, server) == Drained(sent=1, failed=1)
    assert _states(database) == ["failed", "sent"]
