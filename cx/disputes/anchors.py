"""Heads of journals, kept outside: what an anchor is, how anchors are written and read, whether the journals still fit.

Whoever can write to the database can change a line and chain everything anew. A head that was written down elsewhere
(a file on another machine, a customer's printed page, a file that travels) does not change with it.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.disputes.audit import CASES_A_TIME, Broken
from cx.disputes.storing import table
from models import Case, ClockRun, EventRow

_LINE = re.compile(r"(DL-[0-9A-Z]{4}-[0-9A-Z]{4}) (\d{1,9}) ([0-9a-f]{64})(?: (\S+))?")
_CLOCK = re.compile(r"([A-Za-z0-9_-]{1,24}):(\d{4}-\d\d-\d\d)")
MOST_BYTES = 500_000_000


class Unreadable(ValueError):
    """A file that holds no anchors; says at which line."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the journal of a case stood: its line `seq` had the hash `head`, its clocks these due dates."""

    reference: str
    seq: int
    head: str
    clocks: tuple[tuple[str, str], ...] = field(default=())

    def __str__(self) -> str:
        """One line of the file: `DL-7K3M-9QXT 12 <64 hexadecimal digits> FR-BK-ANS:2026-12-03`."""
        clocks = ",".join(f"{regime}:{day}" for regime, day in self.clocks)
        return f"{self.reference} {self.seq} {self.head} {clocks}".rstrip()


def heads(session: Session) -> Iterator[Anchor]:
    """The anchor of every case as it stands now, oldest first."""
    columns, runs = table(Case).c, table(ClockRun).c
    last = 0
    while True:
        query = select(columns.id, columns.reference, columns.version, columns.head).where(columns.id > last)
        batch = session.execute(query.order_by(columns.id).limit(CASES_A_TIME)).all()
        if not batch:
            return
        first, last = batch[0].id, batch[-1].id
        dated = session.execute(
            select(runs.case_id, runs.regime_id, runs.due_on)
            .where(runs.case_id.between(first, last))
            .order_by(runs.case_id, runs.regime_id)
        ).all()
        clocks = {number: tuple((a.regime_id, a.due_on.isoformat()) for a in rows) for number, rows in _by_case(dated)}
        for case in batch:
            yield Anchor(case.reference, case.version, case.head, clocks.get(case.id, ()))


def _by_case(rows: Iterable[Any]) -> Iterator[tuple[int, Iterator[Any]]]:
    return groupby(rows, key=lambda row: row.case_id)


def read(data: bytes) -> list[Anchor]:
    """The anchors in a file: lines of `flask audit anchors`, the JSON of a file that travels, or the ZIP around it.

    Raises Unreadable.
    """
    if data.startswith(b"PK"):
        data = _unzipped(data)
    if data.lstrip()[:1] == b"{":
        return [_of_json(data)]
    found: list[Anchor] = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise Unreadable(f"line {number} is no anchor")
        reference, seq, head, clocks = match.groups()
        found.append(Anchor(reference, int(seq), head, tuple(_CLOCK.findall(clocks or ""))))
    return found


def _unzipped(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            inside = next((one for one in archive.infolist() if one.filename.endswith(".json")), None)
            if inside is None or inside.file_size > MOST_BYTES:
                raise Unreadable("the archive holds no JSON")
            return archive.read(inside)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable("the archive cannot be opened") from error


def _of_json(data: bytes) -> Anchor:
    try:
        told = json.loads(data)
        journal = told["journal"]
        line = f"{told['reference']} {journal['line']} {journal['head']}"
        clocks = tuple((one["rule"], one["due_on"]) for one in told.get("clocks", ()))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("the JSON is none of our files") from error
    match = _LINE.fullmatch(line)
    if match is None:
        raise Unreadable("the JSON is none of our files")
    return Anchor(match[1], int(match[2]), match[3], clocks)


def compare(session: Session, anchors: list[Anchor], step: Callable[[int], None] = lambda _: None) -> Iterator[Broken]:
    """What no longer fits: a case or a line that is gone, a line that is another one, a date that moved unannounced."""
    for at in range(0, len(anchors), CASES_A_TIME):
        batch = anchors[at : at + CASES_A_TIME]
        yield from _compared(session, batch)
        step(len(batch))


def _compared(session: Session, batch: list[Anchor]) -> Iterator[Broken]:
    columns, events, runs = table(Case).c, table(EventRow).c, table(ClockRun).c
    named = select(columns.id, columns.reference).where(columns.reference.in_({one.reference for one in batch}))
    numbers: dict[str, int] = {row.reference: row.id for row in session.execute(named)}
    ids = list(numbers.values())
    hashes = {
        (row.case_id, row.seq): row.hash
        for row in session.execute(
            select(events.case_id, events.seq, events.hash).where(
                events.case_id.in_(ids), events.seq.in_({one.seq for one in batch})
            )
        )
    }
    dates: dict[tuple[int, str], date] = {
        (row.case_id, row.regime_id): row.due_on
        for row in session.execute(select(runs.case_id, runs.regime_id, runs.due_on).where(runs.case_id.in_(ids)))
    }
    moved = _extensions(session, ids)
    for one in batch:
        number = numbers.get(one.reference)
        if number is None:
            yield Broken(one.reference, 0, "the case is gone")
            continue
        found = hashes.get((number, one.seq))
        if found is None:
            yield Broken(one.reference, one.seq, "the journal was longer once: this line is gone")
        elif found != one.head:
            yield Broken(one.reference, one.seq, "the journal up to this line is another one than it was")
        for regime, day in one.clocks:
            stands = dates.get((number, regime))
            allowed = {day, *moved.get((number, regime), ())}
            if stands is None or stands.isoformat() not in allowed:
                yield Broken(one.reference, 0, f"the due date of {regime} was {day} and moved without a line")


def _extensions(session: Session, ids: list[int]) -> dict[tuple[int, str], set[str]]:
    """The dates to which a recorded extension moved a clock, by case and regime."""
    events = table(EventRow).c
    query = select(events.case_id, events.data).where(events.case_id.in_(ids), events.kind == "extended")
    found: dict[tuple[int, str], set[str]] = {}
    for row in session.execute(query):
        found.setdefault((row.case_id, str(row.data.get("regime"))), set()).add(str(row.data.get("to")))
    return found
