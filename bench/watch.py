"""How long the clock takes to watch over many open disputes: nothing due, and the days that follow.

    python -m bench.watch --cases 100000 [--days 5] [--database postgresql://…]

Makes some hundred open disputes of the last four months in an empty database (a temporary SQLite file unless told
otherwise), lets the watch see them, copies them until there are enough, and times sweeps: a minute later, when nothing is
due, and once on each of the next days. Budget: 5 s a sweep.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, literal, select
from sqlalchemy.orm import Session

BUDGET = 5.0
SEEDS = 400
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def main() -> None:
    """Read the command line, make the disputes, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument(
        "--database", default="", help="an empty PostgreSQL database; else SQLite in a temporary folder"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DOLEANCE_HOME"] = scratch
        measure(chosen.database or f"sqlite:///{Path(scratch) / 'bench.sqlite3'}", chosen.cases, chosen.days)


def measure(url: str, many: int, days: int) -> None:
    """Print one line a sweep, then the medians."""
    from app import create_app
    from cx.disputes import watching
    from models.migrate import upgrade
    from tests.world import build

    upgrade(url)
    app = create_app(DATABASE_URL=url, TESTING=True)
    world, bench = build(app), app.extensions["workbench"]
    seed(world)
    watching.sweep(world.database, bench, NOW)
    began = time.perf_counter()
    with world.database.writing() as session:
        made = multiply(session, many)
    world.database.settle()
    print(f"{made} open disputes made in {time.perf_counter() - began:.0f} s\n")
    print("| sweep | cases looked at | letters | seconds | budget |\n|---|---|---|---|---|")
    idle, busy = [], []
    for minute in range(1, 6):
        idle.append(timed(world.database, bench, NOW + timedelta(minutes=minute), "nothing due"))
    for day in range(1, days + 1):
        busy.append(timed(world.database, bench, NOW + timedelta(days=day), f"day {day}"))
    print(f"\nmedian: {statistics.median(idle):.3f} s with nothing due, {statistics.median(busy):.2f} s for a day")


def timed(database: Any, bench: Any, at: datetime, what: str) -> float:
    """One sweep, in seconds."""
    from cx.disputes import watching

    began = time.perf_counter()
    done = watching.sweep(database, bench, at)
    taken = time.perf_counter() - began
    print(f"| {what} | {done.looked} | {done.said} | {taken:.3f} | {BUDGET:g} |", flush=True)
    return taken


def seed(world: Any) -> None:
    """Open disputes of the last four months: half are looked into, others wait for an answer, or lie with the customer."""
    from cx.core.words import Action, MessageKind
    from cx.disputes import moves
    from cx.disputes.ledger import Text
    from cx.disputes.sight import As

    bench = world.app.extensions["workbench"]
    for number in range(SEEDS):
        told = NOW - timedelta(hours=24 * 120 * number / SEEDS + 3)
        place = ("poste", "banque")[number % 2]
        filed = world.tell(place, at=told, text=f"Story {number}: the machine kept my money, and nobody came.")
        if number % 4 == 0:
            continue
        hand = moves.Hand(world.visitor(f"agent@{place}"), As.STAFF, filed.reference, told + timedelta(hours=1))
        with world.database.writing() as session:
            moves.take(session, bench, hand, Text("Good day.", MessageKind.ACKNOWLEDGEMENT))
        if number % 4 == 1:
            words = "On which day was it?"
            later = moves.Hand(hand.visitor, As.STAFF, filed.reference, told + timedelta(hours=2))
            with world.database.writing() as session:
                facts = {"text": words, "question": words}
                moves.do(session, bench, later, Action.ASK, facts, Text(words, MessageKind.QUESTION))


def multiply(session: Session, many: int) -> int:
    """Copy the open disputes with what the watch reads of them; returns how many there are."""
    from cx.disputes.storing import table
    from models import Case, ClockRun, Contact, EventRow, Letter

    case = table(Case)
    seeds = session.scalar(select(func.count()).select_from(case)) or 0
    top = session.scalar(select(func.max(case.c.id))) or 0
    for copy in range(1, many // seeds):
        step, mark = copy * top, f"{copy:X}".zfill(4)
        reference = literal(mark) + func.substr(case.c.reference, 4)
        copied = {"id": case.c.id + step, "reference": reference, "key": None}
        _copy(session, case, copied, case.c.id <= top)
        for model in (EventRow, Contact, ClockRun):
            rows = table(model)
            given = {"case_id": rows.c.case_id + step}
            if "id" in rows.c:
                given["id"] = rows.c.id + step * 100
            _copy(session, rows, given, rows.c.case_id <= top)
        rows = table(Letter)
        once = literal(mark) + func.substr(rows.c.once, 4)
        given = {"case_id": rows.c.case_id + step, "id": rows.c.id + step * 100, "once": once}
        given["message_id"] = literal(f"{mark}.") + rows.c.message_id
        _copy(session, rows, given, rows.c.case_id <= top)
    if session.get_bind().dialect.name == "postgresql":
        # Numbers were given here: the next ones must not begin below them.
        for numbered in (Case, ClockRun, Letter):
            rows = table(numbered)
            following = func.setval(func.pg_get_serial_sequence(rows.name, "id"), func.max(rows.c.id))
            session.execute(select(following))
    return session.scalar(select(func.count()).select_from(case)) or 0


def _copy(session: Session, rows: Table, changed: dict[str, Any], which: Any) -> None:
    names = [column.name for column in rows.columns]
    values = [
        literal(None) if name in changed and changed[name] is None else changed.get(name, rows.c[name])
        for name in names
    ]
    session.execute(insert(rows).from_select(names, select(*values).where(which)))


if __name__ == "__main__":
    main()
