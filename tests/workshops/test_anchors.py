"""Heads kept outside: whoever can write to the database can chain a journal anew, and is seen all the same.

Raw tamperings (a line edited, deleted, swapped, cut off, told by somebody else, at another time; a text; a clock), each
followed by the best that somebody who knows the code could do: every hash made to fit, the head of the case stored anew.
"""

import contextlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update

from cx.core.words import Action, MessageKind
from cx.disputes import anchors, audit, moves
from cx.disputes.ledger import Text, chain_hash, text_digest
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, ClockRun, EventRow, Message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cx.disputes.filing import Filed
    from tests.world import World

EVENT, MESSAGE, CASE, RUN = table(EventRow), table(Message), table(Case), table(ClockRun)
SEED = 1789


def _talked(world: "World") -> "Filed":
    """A dispute with a good dozen lines."""
    filed = world.tell()
    now = datetime.now(UTC)
    bench = world.app.extensions["workbench"]
    staff = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, now)
    customer = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, now)
    with world.database.writing() as session:
        moves.take(session, bench, staff, Text("Good morning.", MessageKind.ACKNOWLEDGEMENT))
    for number in range(4):
        for hand in (customer, staff):
            with world.database.writing() as session:
                moves.write(session, bench, hand, Text(f"Letter {number}.", MessageKind.ADDITION))
    offer = {
        "kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": (now + timedelta(days=9)).date(),
        "points": {"1": "upheld"}, "reasons": "You are right.", "text": "Here.",
    }  # fmt: skip
    with world.database.writing() as session:
        moves.do(session, bench, staff, Action.OFFER, offer, Text("Here.", MessageKind.OFFER))
    return filed


class Undo(Exception):
    """Takes a tampering back."""


class Villain:
    """Somebody with the database and the code: tampers with one case and makes all hashes fit afterwards."""

    def __init__(self, session: "Session", case_id: int, rng: random.Random) -> None:
        self.session, self.case_id, self.rng = session, case_id, rng
        row = session.execute(select(CASE.c.reference).where(CASE.c.id == case_id)).one()
        self.reference: str = row.reference
        self.mine = EVENT.c.case_id == case_id
        self.lines = [
            dict(one) for one in session.execute(select(EVENT).where(self.mine).order_by(EVENT.c.seq)).mappings()
        ]

    def rechain(self, lines: list[dict[str, Any]]) -> None:
        """Write the lines anew, numbered and chained, and the head of the case with them."""
        before = "0" * 64
        self.session.execute(delete(EVENT).where(self.mine))
        for number, line in enumerate(lines, start=1):
            line.update(seq=number, prev=before)
            before = line["hash"] = chain_hash(self.reference, line)
            self.session.execute(EVENT.insert().values(line))
        self.session.execute(update(CASE).where(CASE.c.id == self.case_id).values(head=before, version=len(lines)))

    def edit(self) -> None:
        line = self.rng.choice(self.lines)
        line["data"] = {**line["data"], "about": ["account:1"]}
        self.rechain(self.lines)

    def drop(self) -> None:
        del self.lines[self.rng.randrange(1, len(self.lines))]
        self.rechain(self.lines)

    def swap(self) -> None:
        at = self.rng.randrange(1, len(self.lines) - 1)
        self.lines[at], self.lines[at + 1] = self.lines[at + 1], self.lines[at]
        self.rechain(self.lines)

    def cut(self) -> None:
        gone = self.lines[self.rng.randrange(2, len(self.lines)) :]
        for line in gone:
            self.session.execute(delete(MESSAGE).where(MESSAGE.c.case_id == self.case_id, MESSAGE.c.seq == line["seq"]))
        self.rechain(self.lines[: -len(gone)])

    def time(self) -> None:
        line = self.rng.choice(self.lines)
        line["at"] -= timedelta(days=self.rng.randrange(1, 400))
        self.rechain(self.lines)

    def actor(self) -> None:
        self.rng.choice(self.lines)["actor"] = f"account:{self.rng.randrange(50, 90)}"
        self.rechain(self.lines)

    def text(self) -> None:
        texts = self.session.execute(select(MESSAGE).where(MESSAGE.c.case_id == self.case_id)).mappings().all()
        one = self.rng.choice(texts)
        forged = f"I never said that ({self.rng.random()})."
        self.session.execute(update(MESSAGE).where(MESSAGE.c.id == one["id"]).values(text=forged))
        self.lines[one["seq"] - 1]["digest"] = text_digest(one["salt"], forged)
        self.rechain(self.lines)

    def clock(self) -> None:
        runs = self.session.execute(select(RUN.c.id, RUN.c.due_on).where(RUN.c.case_id == self.case_id)).all()
        one = self.rng.choice(runs)
        later = one.due_on + timedelta(days=self.rng.randrange(1, 90))
        self.session.execute(update(RUN).where(RUN.c.id == one.id).values(due_on=later))

    def vanish(self) -> None:
        for model in (EVENT, MESSAGE):
            self.session.execute(delete(model).where(model.c.case_id == self.case_id))
        self.session.execute(update(CASE).where(CASE.c.id == self.case_id).values(reference="DL-ZZZZ-ZZZZ"))


WAYS: tuple[Callable[[Villain], None], ...] = (
    Villain.edit, Villain.drop, Villain.swap, Villain.cut, Villain.time, Villain.actor, Villain.text, Villain.clock,
    Villain.vanish,
)  # fmt: skip


def _seen(session: "Session", kept: list[anchors.Anchor]) -> list[audit.Broken]:
    return [*audit.verify(session), *anchors.compare(session, kept)]


def _tamper(world: "World", times: int) -> None:
    filed = [_talked(world) for _ in range(3)]
    rng = random.Random(SEED)
    with world.database.reading() as session:
        kept = list(anchors.heads(session))
        ids = {row.reference: row.id for row in session.execute(select(CASE.c.reference, CASE.c.id))}
        assert _seen(session, kept) == []
    unseen: list[str] = []
    for number in range(times):
        way = WAYS[number % len(WAYS)]
        reference = rng.choice(filed).reference
        with contextlib.suppress(Undo), world.database.writing() as session:
            way(Villain(session, ids[reference], rng))
            if reference not in {one.reference for one in _seen(session, kept)}:
                unseen.append(f"{number}: {way.__name__} {reference}")
            raise Undo
    assert unseen == []
    with world.database.reading() as session:
        assert _seen(session, kept) == []


def test_two_hundred_tamperings_are_all_seen(small_world: "World") -> None:
    _tamper(small_world, 198)


@pytest.mark.long
def test_a_thousand_tamperings_are_all_seen(world: "World") -> None:
    _tamper(world, 1_000)


def test_what_happens_after_an_anchor_is_no_tampering(world: "World") -> None:
    filed = _talked(world)
    with world.database.reading() as session:
        kept = list(anchors.heads(session))
    hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, Action.CONTEST)
    world.tell("banque")
    with world.database.reading() as session:
        assert list(anchors.compare(session, kept)) == []
        later = list(anchors.heads(session))
    assert len(later) == 2
    assert later[0].seq > kept[0].seq


def _verify(world: "World", *files: Path) -> tuple[int, str]:
    named = [one for file in files for one in ("--anchors", str(file))]
    done = world.app.test_cli_runner().invoke(args=["audit", "verify", *named])
    return done.exit_code, done.output


def test_the_commands_write_anchors_and_read_them_back(small_world: "World", tmp_path: Path) -> None:
    filed = _talked(small_world)
    kept, travelled, broken = tmp_path / "anchors", tmp_path / "file.json", tmp_path / "other"
    said = small_world.app.test_cli_runner().invoke(args=["audit", "anchors"])
    kept.write_text(f"# kept on Monday\n\n{said.output}")
    with small_world.database.reading() as session:
        head, version = session.execute(select(CASE.c.head, CASE.c.version)).one()
    assert said.output.startswith(f"{filed.reference} {version} {head} ")
    told = {"reference": filed.reference, "journal": {"line": version, "head": head}, "clocks": []}
    travelled.write_text(json.dumps(told))
    code, output = _verify(small_world, kept, travelled)
    assert code == 0
    assert "2 anchors fit." in output
    with small_world.database.writing() as session:
        Villain(session, 1, random.Random(SEED)).cut()
    assert _verify(small_world)[0] in {0, 1}
    for file in (kept, travelled):
        code, output = _verify(small_world, file)
        assert code == 1
        assert "the journal was longer once" in output
    for text in ("DL-1 2 3", "{}", "PK\x03\x04 no zip", '{"reference": 1, "journal": {"line": 1, "head": "x"}}'):
        broken.write_text(text)
        code, output = _verify(small_world, broken)
        assert code == 1
        assert str(broken) in output
