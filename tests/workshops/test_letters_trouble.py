"""Mail servers that refuse, hang, drop and stay away, and processes that are killed: no letter is lost."""

import threading
from datetime import timedelta

import pytest

from cx.disputes.workbench import Notice
from cx.post import transport, undelivered
from cx.post.outbox import notify
from cx.post.transport import MailServer
from cx.post.worker import Drained
from models.engine import Database
from tests.mailserver import Sink, serving
from tests.posting import NOW, message_ids, send_out, states, write


@pytest.mark.parametrize(
    ("answer", "state"),
    [("421 closing", "waiting"), ("451 busy", "waiting"), ("452 full", "waiting"), ("550 nobody", "failed")],
)
def test_each_refusal_is_believed_for_what_it_says(
    database: Database, server: MailServer, sink: Sink, answer: str, state: str
) -> None:
    write(database, 3)
    sink.answers = [answer]
    send_out(database, server)
    assert states(database)[0] == state
    send_out(database, server, timedelta(hours=1))
    assert sorted(states(database)) == sorted(["sent", "sent", "sent" if state == "waiting" else "failed"])
    assert len(sink.taken) == len(set(sink.taken))


def test_a_server_that_ends_the_conversation_is_away_and_no_letter_is_blamed(
    database: Database, server: MailServer, sink: Sink
) -> None:
    write(database, 2)
    sink.answers = ["421 closing"]
    done = send_out(database, server)
    assert "421" in done.away
    assert (done.failed, done.postponed) == (0, 1)


def test_a_server_that_hangs_is_left_after_a_while(
    database: Database, server: MailServer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SECONDS", 0.3)
    write(database, 2)
    sink.answers = ["hang"]
    done = send_out(database, server)
    assert done.away
    assert done.sent == 0
    assert send_out(database, server, timedelta(minutes=2)).sent == 2
    assert set(sink.taken) == message_ids(database)


def test_a_line_that_breaks_after_the_text_brings_the_same_letter_twice_under_one_id(
    database: Database, server: MailServer, sink: Sink
) -> None:
    write(database, 2)
    sink.after_data = ["drop"]
    assert send_out(database, server).away
    assert send_out(database, server, timedelta(minutes=2)).sent == 2
    assert set(sink.taken) == message_ids(database)
    assert len(sink.taken) == 3
    assert states(database) == ["sent", "sent"]


def test_an_hour_without_a_server_loses_nothing(database: Database, sink: Sink) -> None:
    write(database, 20)
    nowhere = MailServer("127.0.0.1", 1, wrapped=False, sender="d@example.org")
    for minute in range(60):
        assert send_out(database, nowhere, timedelta(minutes=minute)).sent == 0
    with serving(sink) as server:
        for minute in range(60, 120, 5):
            send_out(database, server, timedelta(minutes=minute))
    assert set(sink.taken) == message_ids(database)
    assert len(sink.taken) == 20


def test_two_workers_at_once_send_each_letter_once(database: Database, server: MailServer, sink: Sink) -> None:
    write(database, 40)
    workers = [threading.Thread(target=send_out, args=(database, server)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(sink.taken) == sorted(message_ids(database))


def test_a_letter_that_was_given_up_is_seen_and_sent_again_under_its_id(
    database: Database, server: MailServer, sink: Sink
) -> None:
    write(database)
    sink.answers = ["550 no such person"]
    send_out(database, server)
    with database.reading() as session:
        (lost,) = undelivered.given_up(session)
        assert lost.why == "550 no such person"
        assert undelivered.traffic(session, NOW).failed == 1
    with database.writing() as session:
        assert undelivered.try_again(session, lost.id, NOW) == 1
        assert undelivered.try_again(session, lost.id + 1, NOW) == 0
    assert send_out(database, server).sent == 1
    assert set(sink.taken) == message_ids(database)


def test_ten_workers_killed_at_work_lose_nothing(database_url: str) -> None:
    from bench.letters import attack

    found = attack(database_url, kills=10)
    assert found.kept, found
    assert found.written == 400


def test_a_letter_that_cannot_be_worded_is_given_up_and_stops_no_other(database: Database, server: MailServer) -> None:
    with database.writing() as session:
        notify(session, None, Notice("written", "m0@example.org", "en", NOW, {"reference": "DL-7K3M-9QXT", "also": 5}))
    write(database)
    assert send_out(database, server) == Drained(sent=1, failed=1)
    assert states(database) == ["failed", "sent"]
