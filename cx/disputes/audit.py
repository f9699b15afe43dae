"""Proves the journals: each line follows from the one before, each text is the one that was sent, and what is stored
about a case is what its journal says.

A journal cut at its end and chained anew proves itself: that is seen only by whoever kept an earlier head (it is
printed on the customer's page), so the heads that are stored are compared with the lines.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.core.acts import Dispute, Event
from cx.core.dispute import fold
from cx.core.words import Role
from cx.disputes.ledger import GENESIS, account_of, chain_hash, text_digest
from cx.disputes.storing import table
from models import Case, EventRow, Message

CASES_A_TIME = 500
Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that does not hold: in which case, at which line of its journal (0: the case itself), and what."""

    reference: str
    seq: int
    what: str


def cases(session: Session) -> int:
    """How many cases there are to prove."""
    return session.scalar(select(func.count()).select_from(table(Case))) or 0


def verify(session: Session, step: Callable[[int], None] = lambda _: None) -> Iterator[Broken]:
    """Prove every case, oldest first; `step` hears how many cases were read since."""
    columns = table(Case).c
    last = 0
    while True:
        query = select(table(Case)).where(columns.id > last).order_by(columns.id).limit(CASES_A_TIME)
        batch = [dict(row) for row in session.execute(query).mappings()]
        if not batch:
            return
        first, last = batch[0]["id"], batch[-1]["id"]
        lines = _beside(session, EventRow, first, last, "seq")
        messages = _beside(session, Message, first, last, "id")
        for case in batch:
            yield from check(case, lines.get(case["id"], ()), messages.get(case["id"], ()))
        step(len(batch))


def _beside(session: Session, model: Any, first: int, last: int, order: str) -> dict[int, list[Stored]]:
    columns = table(model)
    query = select(columns).where(columns.c.case_id.between(first, last)).order_by(columns.c.case_id, columns.c[order])
    rows: list[Stored] = [dict(row) for row in session.execute(query).mappings()]
    return {case_id: list(found) for case_id, found in groupby(rows, key=lambda row: row["case_id"])}


def check(case: Stored, lines: Sequence[Stored], messages: Sequence[Stored]) -> Iterator[Broken]:
    """Prove one case: the chain of its lines, the texts beside them, and the columns that repeat the journal."""
    reference = case["reference"]
    before = GENESIS
    for number, line in enumerate(lines, start=1):
        if line["seq"] != number:
            yield Broken(reference, line["seq"], "a line before this one is missing")
            return
        if line["prev"] != before:
            yield Broken(reference, number, "the line does not follow from the one before")
        if line["hash"] != chain_hash(reference, line):
            yield Broken(reference, number, "the line was changed")
        before = line["hash"]
    if case["head"] != before or case["version"] != len(lines):
        yield Broken(reference, 0, "the journal ends elsewhere than the case says")
    yield from _texts(reference, lines, messages)
    yield from _columns(case, lines)


def _texts(reference: str, lines: Sequence[Stored], messages: Sequence[Stored]) -> Iterator[Broken]:
    digests = {line["seq"]: line["digest"] for line in lines if line["digest"]}
    for message in messages:
        digest = digests.pop(message["seq"], None)
        if digest is None:
            yield Broken(reference, message["seq"], "a text belongs to no line")
        elif message["text"] is None:
            if message["erased_at"] is None:
                yield Broken(reference, message["seq"], "a text is gone though nobody erased it")
        elif text_digest(message["salt"], message["text"]) != digest:
            yield Broken(reference, message["seq"], "the text was changed")
    for seq in digests:
        yield Broken(reference, seq, "the text is missing")


def _columns(case: Stored, lines: Sequence[Stored]) -> Iterator[Broken]:
    try:
        dispute = fold(Event(one["kind"], Role(one["role"]), one["actor"], one["at"], one["data"]) for one in lines)
    except (KeyError, ValueError, TypeError) as error:
        yield Broken(case["reference"], 0, f"the journal cannot be folded: {error!r}")
        return
    for name, value in told_by(dispute).items():
        if case[name] != value:
            yield Broken(case["reference"], 0, f"{name} is {case[name]!s}, the journal says {value!s}")


def told_by(dispute: Dispute) -> dict[str, Any]:
    """The columns of a case that its journal decides alone."""
    return {
        "state": dispute.state.value,
        "owner_id": account_of(dispute.owner),
        "owner_since": dispute.owner_since,
        "first_decider_id": account_of(dispute.first_decider),
        "quiet_since": dispute.quiet_since,
        "sent_at": dispute.sent_at,
        "outcome": dispute.outcome.value if dispute.outcome else None,
        "ended_at": dispute.ended_at,
    }
