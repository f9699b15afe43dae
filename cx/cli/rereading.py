"""`flask themes reread`: every story by the reader of today, on all processors or on a Dask cluster."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cx.cli.archive import fold_figures
from cx.cli.speaking import Command, home, progress
from cx.core.incident import Reading
from cx.disputes import reader_switch, rereading
from cx.disputes.rereading import Kept, Unread
from cx.web.database import database
from models.engine import Database

if TYPE_CHECKING:
    from cx.themes.bulk import Hands
    from cx.themes.reader import Reader

STORIES_A_BATCH = 250
"""So many are read together, and written in one transaction."""
BATCHES_A_ROUND = 8
# Fewer stories than these are not worth starting processes for.
ONE_PROCESS = 1000


@click.command("reread", cls=Command)
@click.option("--all", "everything", is_flag=True, help="Read also what this version has read before.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many stories.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes read (else one for each processor).")
@click.option("--dask", default="", metavar="tcp://HOST:PORT", help="Let the Dask cluster of this scheduler read.")
def reread_command(everything: bool, limit: int | None, jobs: int | None, dask: str) -> None:
    """Read again every story that the present reader has not read. Stopped, it goes on where it was.

    Readings are added; what people confirmed stays as it is.
    """
    from cx.themes.bulk import CannotShare, Hands

    data, reader = database(), _reader()
    began = time.monotonic()
    mark = home() / "rereading.json"
    since = _since(mark) if everything else None
    with data.reading() as session:
        waiting = rereading.many_waiting(session, reader.version, since)
    many = min(waiting, limit or waiting)
    workers = jobs or (1 if many < ONE_PROCESS else os.cpu_count() or 1)
    work = Rereading(data, reader.version, since)
    try:
        with Hands(reader, home(), workers, dask) as hands, progress(many, "Reading") as bar:
            kept = work.run(hands, many, bar)
    except CannotShare as error:
        raise click.ClickException(str(error)) from error
    if many == waiting:
        mark.unlink(missing_ok=True)
    fold_figures(data)
    click.echo(_said(kept, reader.version, time.monotonic() - began))
    if work.failed:
        raise click.ClickException(f"The reader failed at {work.failed:,} stories: they wait as before.")


def _reader() -> "Reader":
    """The reader in use. Refuses one that is not the one that should be, or that was switched off."""
    from cx.themes.shelf import Shelf

    with database().reading() as session:
        # Not `running`: a database that does not answer is no reader that was switched off.
        if not reader_switch.standing(session).running:
            raise click.ClickException("The reader of themes is switched off here: turn it on first.")
    found = Shelf(home()).load()
    if found.problem:
        raise click.ClickException(found.problem)
    return found.reader


class Rereading:
    """One run: what waits is asked for in rounds, read by whoever reads, and written batch by batch.

    `failed` counts the stories at which the reader failed.
    """

    def __init__(self, data: Database, version: str, since: datetime | None) -> None:
        self._data = data
        self._version = version
        self._since = since
        self.failed = 0

    def run(self, hands: "Hands", many: int, bar: Any) -> Kept:
        """Read until `many` stories were read or nothing waits; `bar` hears how many were done."""
        kept, after, left = Kept(), 0, many
        while left > 0:
            with self._data.reading() as session:
                most = min(left, STORIES_A_BATCH * BATCHES_A_ROUND * hands.many)
                found = rereading.waiting(session, self._version, after, most, self._since)
            if not found:
                break
            batches = [found[at : at + STORIES_A_BATCH] for at in range(0, len(found), STORIES_A_BATCH)]
            rows = [[(one.text, one.language, one.page) for one in batch] for batch in batches]
            for batch, readings in zip(batches, hands.read(rows), strict=True):
                kept += self._keep(batch, readings)
                bar.update(len(batch))
            after, left = found[-1].case_id, left - len(found)
        return kept

    def _keep(self, batch: list[Unread], readings: list[Reading | None]) -> Kept:
        both = zip(batch, readings, strict=True)
        pairs = [(one.case_id, reading) for one, reading in both if reading is not None]
        self.failed += len(batch) - len(pairs)
        with self._data.writing() as session:
            return rereading.keep(session, self._version, pairs, datetime.now(UTC), self._since)


def _since(file: Path) -> datetime:
    """When a reading of everything began: kept in the data folder until it is done, so that it too goes on."""
    try:
        return datetime.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["began"])
    except (OSError, ValueError, KeyError, TypeError):
        now = datetime.now(UTC)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({"began": now.isoformat()}), encoding="utf-8")
        fresh.replace(file)
        return now


def _said(kept: Kept, version: str, seconds: float) -> str:
    return (
        f"{kept.read:,} stories read by {version} ({seconds:.1f} s, {kept.read / max(seconds, 0.001):,.0f} stories/s): "
        f"other themes may be told in {kept.changed:,}, {kept.unclear:,} were not understood, "
        f"{kept.ruled:,} were ruled on and keep their themes."
    )
