"""Fills a database with the demonstration: what is needed of it is composed by several processes and written by one.

Everything follows from the seed and the moment: accounts and references, secrets and salts, every line of a journal.
Letters are not written, since nobody lives at these addresses.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from sqlalchemy import text

from cx.demo import approving, charter, onward, presence, written
from cx.demo.accounts import Cast, furnish, write_accounts, write_file
from cx.demo.cases import generate
from cx.demo.composing import ledger_of
from cx.demo.eight import eight
from cx.demo.removal import remove
from cx.disputes import figures
from cx.disputes.ledger import Ledger
from cx.disputes.storing import save
from cx.disputes.workbench import ReadsThemes, Workbench
from models.engine import Database

__all__ = ["fill", "remove"]

BATCH = 500
LINKS_FILE, MEDIATORS_FILE = "demo-links.json", "demo-mediators.json"
# Reading is what takes longest: of a larger demo, this many stories are read, evenly spread.
MOST_READ = 5000
# References, keys and digests are scattered over their indexes: these should stay in memory while so many are added.
ROOMY = "PRAGMA cache_size = -131072"

Say = Callable[[int], object]
Row = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be composed: `cases` of one seed up to the moment `now`, every `read_every`-th of them read."""

    cast: Cast
    seed: int
    cases: int
    now: datetime
    reader: ReadsThemes | None
    read_every: int = 1


def fill(
    database: Database,
    cases: int,
    seed: int,
    home: Path,
    say: Say,
    reader: ReadsThemes | None = None,
    address: str = "",
    now: datetime | None = None,
) -> None:
    """Write organisations, people, the eight cases and `cases` generated ones; `say` hears the size of every batch.

    `demo-accounts.json` and, with the links under `address`, those of the eight (`demo-links.json`, after them those of
    an organisation that nobody claimed) and of a mediator (`demo-mediators.json`) are written into `home`.
    Raises ValueError when there is a demo already, or when somebody real bears one of its names.
    """
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    with database.writing() as session:
        cast = furnish(session, now)
    plan = Plan(cast, seed, cases, now, reader, max(1, -(-cases // MOST_READ)))
    references: set[str] = set()
    bench = Workbench(reader=_read_before)
    # The processes are forks of this one: none may inherit a connection.
    database.engine.dispose()
    with _undisturbed():
        for ledgers in _composed(plan, _processes(cases)):
            # Of a hundred thousand references, two may be the same by chance; the later case is left out.
            fresh = [ledger for ledger in ledgers if ledger.case["reference"] not in references]
            references.update(ledger.case["reference"] for ledger in fresh)
            with database.writing() as session:
                if database.dialect == "sqlite":
                    session.execute(text(ROOMY))
                save(session, bench, fresh)
            say(len(ledgers))
    links = onward.unclaimed(database, bench, cast, now, address)
    _the_eight(database, bench, cast, plan, home, address, links)
    presence.people_are_there(database, bench, cast, now)
    charter.promise(database, cast, now)
    approving.ask(database, bench, cast, now)
    written.send(database, cast)
    write_file(home / MEDIATORS_FILE, onward.mediation(database, bench, cast, now, address))
    with database.writing() as session:
        figures.fold(session)
    database.settle()
    write_accounts(home)


def _read_before() -> NoReturn:
    message = "the stories of the demo are read while they are composed"
    raise AssertionError(message)


def _processes(cases: int) -> int:
    """How many processes are worth starting for so many cases."""
    return min(os.cpu_count() or 1, cases // BATCH) if cases > BATCH else 0


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave the collector of cycles out: ledgers have none, and looking through them takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _batch(plan: Plan, first: int) -> list[Ledger]:
    """The ledgers of the cases from number `first`, one batch of them."""
    told = enumerate(generate(plan.seed, plan.cases, plan.now, first, first + BATCH), start=first)
    return [
        ledger_of(one, plan.cast, plan.now, plan.reader if number % plan.read_every == 0 else None)[0]
        for number, one in told
    ]


def _composed(plan: Plan, processes: int) -> Iterator[list[Ledger]]:
    """The ledgers in batches, in order, the next ones composed while one is being written."""
    starts = range(0, plan.cases, BATCH)
    if not processes:
        yield from (_batch(plan, first) for first in starts)
        return
    # Forks begin at once, with the reader in memory; fresh interpreters would import the product first.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, _remember, (plan,)) as pool:
        ahead: deque[Future[list[Ledger]]] = deque()
        for first in starts:
            ahead.append(pool.submit(_remembered_batch, first))
            # Whoever writes must not be overtaken: ledgers are large.
            if len(ahead) > processes + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


_PLAN: list[Plan] = []


def _remember(plan: Plan) -> None:
    """Keep the plan in a composing process: it is handed over once, not with every batch."""
    _PLAN[:] = [plan]


def _remembered_batch(first: int) -> list[Ledger]:
    return _batch(_PLAN[0], first)


def _the_eight(
    database: Database, bench: Workbench, cast: Cast, plan: Plan, home: Path, address: str, more: list[Row]
) -> None:
    """Write the cases of the demo story last, so that they stand first in every list, and the private links."""
    told = sorted(eight(plan.now), key=lambda one: one.told_at)
    made = [(one, *ledger_of(one, cast, plan.now, plan.reader)) for one in told]
    with database.writing() as session:
        save(session, bench, [ledger for _, ledger, _ in made])
    rows: list[Row] = [
        {
            "number": one.number,
            "reference": ledger.case["reference"],
            "organisation": one.organisation.name,
            "customer": one.story.contact.name,
            "code": secret,
            "link": f"{address}/k/{secret}",
        }
        for one, ledger, secret in made
    ]
    write_file(home / LINKS_FILE, sorted([*rows, *more], key=lambda row: int(str(row["number"]))))
