"""The audit sees every tampering behind the journal's back, and only that."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update

from cx.core.words import Action, MessageKind
from cx.disputes import audit, moves, redaction
from cx.disputes.ledger import Text, chain_hash
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, EventRow, Message, OfferVersion, Point

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cx.disputes.filing import Filed
    from tests.world import World

EVENT, MESSAGE, CASE, OFFER, POINT = (table(one) for one in (EventRow, Message, Case, OfferVersion, Point))


def _lived(world: "World") -> "Filed":
    """A dispute that went from sending to an accepted offer."""
    filed = world.tell()
    now = datetime.now(UTC)
    bench = world.app.extensions["workbench"]
    staff = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, now)
    offer = {
        "kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": (now + timedelta(days=9)).date(),
        "points": {"1": "upheld"}, "reasons": "You are right.",
    }  # fmt: skip
    with world.database.writing() as session:
        moves.take(session, bench, staff, Text("Good morning.", MessageKind.ACKNOWLEDGEMENT))
    with world.database.writing() as session:
        moves.do(session, bench, staff, Action.OFFER, {**offer, "text": "Here."}, Text("Here.", MessageKind.OFFER))
    customer = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, now)
    with world.database.writing() as session:
        moves.do(session, bench, customer, Action.ACCEPT, {"version": 1})
    return filed


def _broken(world: "World") -> list[audit.Broken]:
    with world.database.reading() as session:
        return list(audit.verify(session))


def _verify(world: "World") -> tuple[int, str]:
    done = world.app.test_cli_runner().invoke(args=["audit", "verify"])
    return done.exit_code, done.output


def test_lives_that_were_lived_hold(world: "World") -> None:
    for _ in range(3):
        _lived(world)
    assert _broken(world) == []
    code, said = _verify(world)
    assert code == 0
    assert said.startswith("3 journals hold")


def _rechain(session: "Session", reference: str) -> None:
    """Make every hash fit again, as somebody would who knows how they are made."""
    before = "0" * 64
    for line in session.execute(select(EVENT).order_by(EVENT.c.seq)).mappings().all():
        values = {**line, "prev": before}
        before = chain_hash(reference, values)
        session.execute(update(EVENT).where(EVENT.c.seq == line["seq"]).values(prev=values["prev"], hash=before))


def _events(**values: Any) -> Callable[["Session"], Any]:
    return lambda session: session.execute(update(EVENT).where(EVENT.c.seq == 2).values(**values))


TAMPERINGS: dict[str, Callable[["Session"], Any]] = {
    "another kind": _events(kind="acknowledged"),
    "another person": _events(actor="account:999"),
    "another role": _events(role="agent"),
    "another moment": _events(at=datetime(2020, 1, 1, tzinfo=UTC)),
    "other data": _events(data={"to": "received", "wish": "tell"}),
    "another text behind it": _events(digest="0" * 64),
    "another hash": _events(hash="f" * 64),
    "a line less in the middle": lambda session: session.execute(delete(EVENT).where(EVENT.c.seq == 3)),
    "a line less at the end": lambda session: session.execute(
        delete(EVENT).where(EVENT.c.seq == select(EVENT.c.seq).order_by(EVENT.c.seq.desc()).limit(1).scalar_subquery())
    ),
    "another state": lambda session: session.execute(update(CASE).values(state="closed")),
    "another owner": lambda session: session.execute(update(CASE).values(owner_id=None)),
    "another day of sending": lambda session: session.execute(
        update(CASE).values(sent_at=datetime(2020, 1, 1, tzinfo=UTC))
    ),
    "another text": lambda session: session.execute(update(MESSAGE).where(MESSAGE.c.seq == 1).values(text="Thanks!")),
    "another salt": lambda session: session.execute(update(MESSAGE).where(MESSAGE.c.seq == 1).values(salt="0" * 32)),
    "a text gone": lambda session: session.execute(update(MESSAGE).where(MESSAGE.c.seq == 1).values(text=None)),
    "another author": lambda session: session.execute(update(MESSAGE).values(account_id=None)),
    "another moment of a text": lambda session: session.execute(
        update(MESSAGE).values(at=datetime(2020, 1, 1, tzinfo=UTC))
    ),
    "another amount": lambda session: session.execute(update(OFFER).values(amount_minor=1)),
    "another day of payment": lambda session: session.execute(update(OFFER).values(pay_by=date(2031, 1, 1))),
    "another last day of an offer": lambda session: session.execute(update(OFFER).values(expires_on=date(2020, 1, 1))),
    "an offer gone": lambda session: session.execute(delete(OFFER)),
    "another answer to a point": lambda session: session.execute(update(POINT).values(answer="refused")),
    "an answer unsaid": lambda session: session.execute(update(POINT).values(answer=None)),
    "a point gone": lambda session: session.execute(delete(POINT)),
    "a text hidden from the customer": lambda session: session.execute(update(MESSAGE).values(audience="internal")),
    "another organisation": lambda session: session.execute(update(CASE).values(organisation_id=2)),
    "another wish": lambda session: session.execute(update(CASE).values(wish="apology")),
    "told on another day": lambda session: session.execute(
        update(CASE).values(told_at=datetime(2020, 1, 1, tzinfo=UTC))
    ),
    "a text moved": lambda session: session.execute(update(MESSAGE).where(MESSAGE.c.seq == 1).values(seq=2)),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_seen(small_world: "World", name: str) -> None:
    filed = _lived(small_world)
    with small_world.database.writing() as session:
        TAMPERINGS[name](session)
    assert {one.reference for one in _broken(small_world)} == {filed.reference}
    code, said = _verify(small_world)
    assert code == 1
    assert filed.reference in said


def test_a_journal_chained_anew_is_seen_against_the_head_that_is_stored(small_world: "World") -> None:
    filed = _lived(small_world)
    with small_world.database.writing() as session:
        _events(at=datetime(2020, 1, 1, tzinfo=UTC))(session)
        _rechain(session, filed.reference)
    assert "the journal ends elsewhere than the case says" in {one.what for one in _broken(small_world)}


def test_a_text_taken_out_is_no_tampering_and_one_that_vanished_is(small_world: "World") -> None:
    filed = _lived(small_world)
    hand = moves.Hand(small_world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
    with small_world.database.writing() as session:
        story = session.scalar(select(Message.id).where(Message.kind == "story")) or 0
        redaction.redact(session, small_world.app.extensions["workbench"], hand, story, "health")
    assert _broken(small_world) == []
    with small_world.database.writing() as session:
        session.execute(update(MESSAGE).where(MESSAGE.c.id == story).values(text="I never said that."))
    assert {one.what for one in _broken(small_world)} == {"a text is back that was taken out"}
    with small_world.database.writing() as session:
        session.execute(update(MESSAGE).values(text=None, erased_at=datetime.now(UTC)))
    assert {one.what for one in _broken(small_world)} == {"a text is gone though nobody took it out"}


def test_one_broken_case_does_not_hide_behind_five_hundred_sound_ones(
    small_world: "World", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "CASES_A_TIME", 2)
    filed = [small_world.tell() for _ in range(5)]
    with small_world.database.writing() as session:
        session.execute(update(CASE).where(CASE.c.reference == filed[4].reference).values(outcome="refund"))
    assert [one.reference for one in _broken(small_world)] == [filed[4].reference]
