"""`flask import FILE`: an archive of complaints, taken in by the thousand on all processors."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cx.cli.speaking import Command, bench, home, progress
from cx.core.words import Sector
from cx.disputes import archive, figures
from cx.disputes.archive import Home, Key
from cx.disputes.archive_rows import ArchiveRow, BadRow, Rejects, UnreadableArchive, opened
from cx.disputes.ledger import Ledger
from cx.disputes.workbench import Workbench
from cx.web.database import database
from models.engine import Database

if TYPE_CHECKING:
    from cx.themes.reader import Reader

ROWS_A_BATCH = 1000
# A file of fewer bytes is not worth starting processes for.
ONE_PROCESS = 200_000
Shelf = dict[tuple[Sector, str], Home]
Composed = TypeVar("Composed")


@cache
def _reader(folder: Path) -> "Reader":
    from cx.themes.reader import load

    return load(folder)


def composed(rows: list[ArchiveRow], homes: Shelf, at: datetime, reader: Path | None) -> list[Ledger]:
    """Compose one batch; runs in a process of its own, where the detector and the reader are loaded once.

    `reader` is the folder of the reader in use; None reads no themes.
    """
    from cx.themes.language import detect_language

    reading = _reader(reader).read if reader else None
    return [archive.compose(row, homes[row.sector, row.organisation], at, detect_language, reading) for row in rows]


def _in_use() -> Path:
    from cx.themes import shelf

    return shelf.Shelf(home()).load().folder


class Here:
    """Composes in this process, for small files and one processor."""

    def submit(self, work: Callable[[], Composed]) -> "Future[Composed]":
        """Do it at once."""
        done: Future[Composed] = Future()
        done.set_result(work())
        return done


@dataclass
class Import:
    """One import under way: what is known, what is being composed, and the counts for the last sentence."""

    database: Database
    bench: Workbench
    rejects: Rejects
    at: datetime
    reader: Path | None
    homes: Shelf = field(default_factory=dict)
    waiting: "deque[Future[list[Ledger]]]" = field(default_factory=deque)
    pending: set[Key] = field(default_factory=set)
    seen: int = 0
    stored: int = 0
    present: int = 0

    def batch(self, rows: list[ArchiveRow], pool: "ProcessPoolExecutor | Here") -> None:
        """Leave out what is there already, find the organisations of the rest, and have it composed."""
        keys = [archive.key_of(row) for row in rows]
        with self.database.reading() as session:
            known = archive.already(session, keys) | self.pending
        fresh: dict[Key, ArchiveRow] = {}
        for key, row in zip(keys, rows, strict=True):
            if key not in known:
                fresh.setdefault(key, row)
        self.seen += len(rows)
        self.present += len(rows) - len(fresh)
        if not fresh:
            return
        self._find_homes(list(fresh.values()))
        self.pending |= fresh.keys()
        needed = {(row.sector, row.organisation) for row in fresh.values()}
        shelf = {name: self.homes[name] for name in needed}
        self.waiting.append(pool.submit(partial(composed, list(fresh.values()), shelf, self.at, self.reader)))

    def _find_homes(self, rows: list[ArchiveRow]) -> None:
        missing = [(row.sector, row.organisation) for row in rows if (row.sector, row.organisation) not in self.homes]
        if missing:
            with self.database.writing() as session:
                self.homes |= archive.homes(session, missing, self.at)

    def write(self, at_most_waiting: int) -> None:
        """Write the oldest composed batches, each in one transaction, until few enough are under way."""
        while len(self.waiting) > at_most_waiting:
            ledgers = self.waiting.popleft().result()
            # Saving empties the ledgers, so their keys are taken before.
            keys = {(one.case["source"], one.case["source_id"]) for one in ledgers}
            with self.database.writing() as session:
                stored = archive.store(session, self.bench, ledgers)
            self.stored += stored
            self.present += len(ledgers) - stored
            self.pending -= keys


def rejects_beside(file: Path) -> Path:
    """Where the bad rows go: beside the file, or in the data folder when nothing can be written there."""
    name = f"{file.name}.rejected.csv"
    return file.with_name(name) if os.access(file.absolute().parent, os.W_OK) else home() / name


def _die_with_parent() -> None:
    """End this process when the one that started it is killed: nobody else would tell it to."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _pool(file: Path) -> "Iterator[tuple[ProcessPoolExecutor | Here, int]]":
    """What composes, and how many batches may be under way."""
    many = os.cpu_count() or 1
    if many < 2 or file.stat().st_size < ONE_PROCESS:
        yield Here(), 0
        return
    with ProcessPoolExecutor(many, mp_context=get_context("spawn"), initializer=_die_with_parent) as pool:
        yield pool, 2 * many


def take_in(file: Path, reader: Path | None, step: Callable[[int], None]) -> Import:
    """Import `file`; `step` hears how many bytes were read since. Raises UnreadableArchive or OSError."""
    now = datetime.now(UTC)
    with opened(file) as rows, _pool(file) as (pool, most):
        rejects = Rejects(rejects_beside(file), rows.columns)
        work = Import(database(), bench(), rejects, now, reader)
        batch: list[ArchiveRow] = []
        taken = 0
        try:
            for row in rows.rows(now.date()):
                if isinstance(row, BadRow):
                    rejects.add(row)
                    continue
                batch.append(row)
                if len(batch) >= ROWS_A_BATCH:
                    work.batch(batch, pool)
                    batch = []
                    work.write(most)
                    step(rows.taken - taken)
                    taken = rows.taken
            work.batch(batch, pool)
            work.write(0)
        finally:
            rejects.close()
    return work


def fold_figures(data: Database) -> None:
    """Fold what the import counted, so that the first page after it does not have to."""
    with data.writing() as session:
        figures.fold(session)
    data.settle()


@click.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, readable=True))
@click.option("--no-read", is_flag=True, help="Do not read the themes: quicker.")
def import_command(file: Path, no_read: bool) -> None:
    """Take in an archive: FILE is CSV or CSV.gz with id, source, sector, organisation, lang, date, rating,
    source_label, text. Rows that are there already are left alone; bad ones go to FILE.rejected.csv.
    """
    began = time.monotonic()
    try:
        with progress(file.stat().st_size, "Importing") as bar:
            work = take_in(file, None if no_read else _in_use(), bar.update)
        fold_figures(work.database)
    except (UnreadableArchive, OSError) as error:
        raise click.ClickException(str(error)) from error
    seconds = time.monotonic() - began
    total = work.seen + work.rejects.many
    click.echo(
        f"{total:,} rows: {work.stored:,} imported, {work.present:,} there already, {work.rejects.many:,} rejected "
        f"({seconds:.1f} s, {total / seconds:,.0f} rows/s)."
    )
    if work.rejects.many:
        click.echo(f"The rejected rows and why: {work.rejects.path}", err=True)
