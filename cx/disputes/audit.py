"""Proves the journals: each line follows from the one before, each text is the one that was sent, and what is stored
about a case is what its journal says.

A journal cut at its end, or changed and chained anew with the head that is stored, proves itself: that is seen only
by whoever kept an earlier head. `cx.disputes.anchors` writes heads down and compares them; they are also printed on the
customer's page and in every file that travels.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.core.acts import Dispute, Event, answers_of, number_of
from cx.core.dispute import fold
from cx.core.words import Role
from cx.disputes.ledger import GENESIS, account_of, chain_hash, text_digest
from cx.disputes.storing import table
from models import Case, EventRow, Message, OfferVersion, Point

CASES_A_TIME = 500
# The texts of these lines are for the team only.
INTERNAL_KINDS = frozenset({"noted", "call_logged"})
# What an organisation offers is written down beside its line at once.
OFFERING_KINDS = frozenset({"offered", "final_position_given"})
OFFER_COLUMNS = ("kind", "amount_minor", "currency", "pay_by", "expires_on")
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
        offers = _beside(session, OfferVersion, first, last, "version")
        points = _beside(session, Point, first, last, "number")
        for case in batch:
            found = (beside.get(case["id"], ()) for beside in (lines, messages, offers, points))
            yield from check(case, *found)
        step(len(batch))


def _beside(session: Session, model: Any, first: int, last: int, order: str) -> dict[int, list[Stored]]:
    columns = table(model)
    query = select(columns).where(columns.c.case_id.between(first, last)).order_by(columns.c.case_id, columns.c[order])
    rows: list[Stored] = [dict(row) for row in session.execute(query).mappings()]
    return {case_id: list(found) for case_id, found in groupby(rows, key=lambda row: row["case_id"])}


def check(
    case: Stored,
    lines: Sequence[Stored],
    messages: Sequence[Stored],
    offers: Sequence[Stored] = (),
    points: Sequence[Stored] = (),
) -> Iterator[Broken]:
    """Prove one case: the chain of its lines, what stands beside them, the columns that repeat the journal."""
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
    yield from _offers(reference, lines, offers)
    yield from _points(reference, lines, points)
    yield from _columns(case, lines)


def _texts(reference: str, lines: Sequence[Stored], messages: Sequence[Stored]) -> Iterator[Broken]:
    carrying = {line["seq"]: line for line in lines if line["digest"]}
    # `redacted` names the line of the text that was taken out, `erased` means every text of the case.
    taken_out = {line["data"].get("line") for line in lines if line["kind"] == "redacted"}
    all_gone = any(line["kind"] == "erased" for line in lines)
    for message in messages:
        seq = message["seq"]
        line = carrying.pop(seq, None)
        if line is None:
            yield Broken(reference, seq, "a text belongs to no line")
            continue
        if any(message[name] != value for name, value in _repeated(line).items()):
            yield Broken(reference, seq, "the text says another moment or another person than its line")
        if line["kind"] in INTERNAL_KINDS and message["audience"] != "internal":
            yield Broken(reference, seq, "an internal text was opened to others")
        if line["kind"] not in INTERNAL_KINDS and message["audience"] == "internal":
            yield Broken(reference, seq, "a text that both parties read was hidden from one")
        if message["text"] is None:
            if message["erased_at"] is None or not (all_gone or seq in taken_out):
                yield Broken(reference, seq, "a text is gone though nobody took it out")
        elif seq in taken_out:
            yield Broken(reference, seq, "a text is back that was taken out")
        elif text_digest(message["salt"], message["text"]) != line["digest"]:
            yield Broken(reference, seq, "the text was changed")
    for seq in carrying:
        yield Broken(reference, seq, "the text is missing")


def _repeated(line: Stored) -> dict[str, Any]:
    """What a text repeats of the line that carries it."""
    return {"at": line["at"], "role": line["role"], "account_id": account_of(line["actor"])}


def _offers(reference: str, lines: Sequence[Stored], offers: Sequence[Stored]) -> Iterator[Broken]:
    made = {line["data"]["version"]: line for line in lines if {"version", "kind"} <= set(line["data"])}
    for offer in offers:
        line = made.get(offer["version"])
        if line is None:
            yield Broken(reference, 0, f"offer {offer['version']} stands in no line")
        elif any(_plain(offer[name]) != line["data"].get(name) for name in OFFER_COLUMNS):
            yield Broken(reference, line["seq"], f"offer {offer['version']} is another one than its line says")
    for version in made.keys() - {offer["version"] for offer in offers}:
        if made[version]["kind"] in OFFERING_KINDS:
            yield Broken(reference, made[version]["seq"], f"offer {version} is missing")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _points(reference: str, lines: Sequence[Stored], points: Sequence[Stored]) -> Iterator[Broken]:
    """Each point with the last answer that it was given; a reopening asks for new ones and takes none back."""
    asked = sum(number_of(one["data"].get("points")) or 1 for one in lines if one["kind"] == "sent")
    asked += sum(one["kind"] == "point_added" for one in lines)
    given: dict[int, str] = {}
    for line in lines:
        if line["kind"] in OFFERING_KINDS:
            given |= {number: answer.value for number, answer in answers_of(line["data"].get("points")).items()}
    if [one["number"] for one in points] != list(range(1, asked + 1)):
        yield Broken(reference, 0, f"{len(points)} points stand here, the journal says {asked}")
    for one in points:
        if one["answer"] != given.get(one["number"]):
            yield Broken(reference, 0, f"point {one['number']} has another answer than the journal says")


def _columns(case: Stored, lines: Sequence[Stored]) -> Iterator[Broken]:
    try:
        dispute = fold(Event(one["kind"], Role(one["role"]), one["actor"], one["at"], one["data"]) for one in lines)
    except (KeyError, ValueError, TypeError) as error:
        yield Broken(case["reference"], 0, f"the journal cannot be folded: {error!r}")
        return
    for name, value in (told_by(dispute) | _first_said(lines)).items():
        if case[name] != value:
            yield Broken(case["reference"], 0, f"{name} is {case[name]!s}, the journal says {value!s}")


def _first_said(lines: Sequence[Stored]) -> dict[str, Any]:
    """What the first line says: when it was told, and to whom (older ones leave that out); and what is wished since."""
    if not lines:
        return {}
    said: dict[str, Any] = {"told_at": lines[0]["at"]}
    if "organisation" in lines[0]["data"]:
        said["organisation_id"] = lines[0]["data"]["organisation"]
    wishes = [one["data"]["wish"] for one in lines if "wish" in one["data"]]
    return said | ({"wish": wishes[-1]} if wishes else {})


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
