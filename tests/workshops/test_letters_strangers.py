"""Letters to strangers are held back until the first use of an address; what can be stopped and answered."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from cx.disputes.filing import Filed
from cx.disputes.workbench import Notice
from cx.post import undelivered
from cx.post.addresses import REMINDERS
from cx.post.brake import HELD
from cx.post.outbox import notify
from cx.post.received import confirm, unconfirmed
from cx.post.transport import MailServer
from cx.post.worker import take
from models import AccessLink, Contact, Letter
from tests.mailserver import Sink
from tests.posting import NOW, send_out, write
from tests.world import World

STORY = "canary-9f1c words of the customer"


class Told:
    """A case about which letters are written."""

    def __init__(self, world: World) -> None:
        self.world, self.database = world, world.database

    def story(self, number: int, address: str) -> int:
        from cx.core.incident import Contact as Given

        return self.tell(text=f"{STORY} {number}", contact=Given(name=STORY[:40], email=address)).case_id

    def tell(self, **given: Any) -> Filed:
        """A story; what the team is written about it goes out of the way."""
        filed = self.world.tell("poste", at=NOW, **given)
        with self.database.writing() as session:
            session.execute(delete(Letter).where(Letter.account_id.is_not(None)))
        return filed


@pytest.fixture
def told(world: World) -> Told:
    return Told(world)


@pytest.fixture
def small_told(small_world: World) -> Told:
    return Told(small_world)


def test_a_stranger_gets_one_letter_a_story_and_three_an_hour(told: Told, server: MailServer, sink: Sink) -> None:
    cases = [told.story(number, "stranger@example.org") for number in range(6)]
    for case_id in cases:
        write(told.database, 1, case_id, "stranger@example.org")
    assert send_out(told.database, server).sent == 3
    for minute in range(5, 60, 5):
        assert send_out(told.database, server, timedelta(minutes=minute)).sent == 0
    assert send_out(told.database, server, timedelta(minutes=66)).sent == 3
    assert STORY.split(maxsplit=1)[0].encode() not in b"".join(sink.raw)
    with told.database.reading() as session:
        held = session.scalar(select(func.count(Letter.id)).where(Letter.error == HELD))
    assert held == 6


def test_a_thousand_strangers_are_not_mailed_at_once(small_told: Told, server: MailServer, sink: Sink) -> None:
    many, most = 60, 20
    first = small_told.story(0, "s0@example.org")
    with small_told.database.writing() as session:
        for number in range(1, many):
            data = {"reference": "DL-7K3M-9QXT", "secret": "0" * 16}
            notify(session, first, Notice("received", f"s{number}@example.org", "en", NOW, data))
    assert send_out(small_told.database, server, most=most).sent == most
    assert send_out(small_told.database, server, timedelta(minutes=30), most).sent == 0
    assert send_out(small_told.database, server, timedelta(minutes=65), most).sent == most
    with small_told.database.reading() as session:
        assert undelivered.traffic(session, NOW + timedelta(minutes=65)).held == many - 2 * most


def test_opening_the_mailed_link_confirms_the_address_and_lets_letters_go(
    told: Told, server: MailServer, sink: Sink
) -> None:
    filed = told.tell()
    write(told.database, 4, filed.case_id, "madeleine@example.org")
    assert send_out(told.database, server).sent == 1
    link = re.search(r"/k/(\w+)", message_from_bytes(sink.raw[0], policy=default).get_content())
    assert link is not None
    secret = link[1]
    assert secret != filed.secret
    stranger = told.world.browser()
    # The page's own link was never mailed: whoever wrote the story could open it.
    assert stranger.raw("GET", f"/k/{filed.secret}").status_code == 303
    assert _confirmed(told, filed.case_id) is None
    assert stranger.raw("HEAD", f"/k/{secret}").status_code == 303
    assert _confirmed(told, filed.case_id) is None
    assert stranger.raw("GET", f"/k/{secret}").status_code == 303
    assert _confirmed(told, filed.case_id) is not None
    now = datetime.now(UTC) - NOW
    assert send_out(told.database, server, now + timedelta(seconds=1)).sent == 4


def _confirmed(told: Told, case_id: int) -> datetime | None:
    with told.database.reading() as session:
        return session.get_one(Contact, case_id).email_verified_at


def test_a_link_sent_to_another_address_confirms_nothing(small_told: Told, server: MailServer) -> None:
    case_id = small_told.story(1, "first@example.org")
    send_out(small_told.database, server)
    with small_told.database.writing() as session:
        session.execute(update(Contact).values(email="second@example.org"))
        hashes = list(session.scalars(select(AccessLink.secret_hash).where(AccessLink.case_id == case_id)))
        assert [unconfirmed(session, one) for one in hashes] == [None] * len(hashes)
        session.execute(update(Contact).values(email="First@example.org"))
        assert case_id in [unconfirmed(session, one) for one in hashes]
        confirm(session, case_id, NOW)
        assert [unconfirmed(session, one) for one in hashes] == [None] * len(hashes)


def test_letters_to_the_team_are_not_held_back(small_told: Told, server: MailServer) -> None:
    case_id = small_told.story(1, "first@example.org")
    write(small_told.database, 5, case_id, "agent@example.org")
    with small_told.database.writing() as session:
        session.execute(update(Letter).where(Letter.address == "agent@example.org").values(account_id=7))
    assert send_out(small_told.database, server).sent == 6


def test_only_reminders_can_be_stopped_and_only_letters_about_a_case_answered(
    small_told: Told, server: MailServer, sink: Sink
) -> None:
    filed = small_told.tell()
    address = "madeleine@example.org"
    with small_told.database.writing() as session:
        confirm(session, filed.case_id, NOW)
        for kind in sorted(REMINDERS):
            notify(session, filed.case_id, Notice(kind, address, "fr", NOW, {"reference": filed.reference}))
        notify(session, None, Notice("invitation", address, "fr", NOW, {"path": "/x/", "secret": "y"}))
    send_out(small_told.database, server)
    mails = [message_from_bytes(raw, policy=default) for raw in sink.raw]
    assert [bool(mail["List-Unsubscribe"]) for mail in mails] == [False, *[True] * len(REMINDERS), False]
    assert sink.raw[1].count(b"List-Unsubscribe: <https://complaints") == 1
    for mail in mails[1:-1]:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Unsubscribe"].strip(" <>") in mail.get_content().replace("=\n", "")
    assert [bool(mail["Reply-To"]) for mail in mails] == [*[True] * (1 + len(REMINDERS)), False]
    assert "pas répondre" in mails[-1].get_content()
    assert "aussi répondre" in mails[1].get_content()


def test_a_letter_of_another_workers_lease_counts_for_the_brake(small_told: Told) -> None:
    cases = [small_told.story(number, "stranger@example.org") for number in range(5)]
    taken = [take(small_told.database, NOW) for _ in cases]
    assert len([one for one in taken if one]) == 3
