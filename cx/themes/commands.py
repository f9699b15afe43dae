"""`themes evaluate`, `themes read`: the reader from the command line. Training needs the cases: `cx.cli.learning`."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from cx.core.incident import Reading
from cx.core.words import Theme
from cx.themes.bulk import CannotShare, Hands
from cx.themes.corpus import BOM
from cx.themes.evaluating import evaluate_command
from cx.themes.language import detect_language
from cx.themes.reader import Reader
from cx.themes.shelf import HOME, NotOnTheShelf, reader_at

# How many texts a process is given at once, and how many such batches wait for each.
BATCH, BATCHES = 100, 8


@click.group("themes")
def themes() -> None:
    """The reader of themes: evaluate it, let it read."""


themes.add_command(evaluate_command)


@themes.command("read")
@click.option("--fitted", type=click.Path(path_type=Path, file_okay=False), help="Another reader than that in use.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read.")
def read_command(fitted: Path | None, jobs: int) -> None:
    """Read JSONL with `text` (and `lang`, if known) from the standard input; write one line for each, in order.

    Each line is answered before the next is asked for; with more --jobs, many are read together.
    """
    reader = _usable(fitted)
    if jobs == 1:
        for row in _rows():
            click.echo(json.dumps(answer(reader, row)))
        return
    home = click.get_current_context().meta.get(HOME)
    if fitted is not None or home is None:
        raise click.UsageError("More --jobs read with the reader in use.")
    try:
        for found in _together(reader, home, jobs):
            click.echo(json.dumps(found))
    except CannotShare as error:
        raise click.ClickException(str(error)) from error


def _together(reader: Reader, home: Path, jobs: int) -> Iterator[dict[str, Any]]:
    """Yield the answers to the standard input, read by so many processes."""
    with Hands(reader, home, jobs) as hands:
        rows = _rows()
        while lot := list(islice(rows, BATCH * BATCHES * jobs)):
            batches = [lot[at : at + BATCH] for at in range(0, len(lot), BATCH)]
            asked = [[(_text(row), "", _told(row)) for row in batch] for batch in batches]
            for batch, readings in zip(batches, hands.read(asked), strict=True):
                for row, reading in zip(batch, readings, strict=True):
                    yield answered(row, reading or unread(reader.version))


def _text(row: dict[str, Any]) -> str:
    return str(row.get("text") or "")


def _told(row: dict[str, Any]) -> str:
    return str(row.get("lang") or row.get("language") or "fr")


def unread(version: str) -> Reading:
    """The reading of a text at which the reader failed: nothing is said."""
    return Reading(version, dict.fromkeys(Theme, 0.0), (), True, "")


def answer(reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    """Return what the reader says about one row: codes of themes, scores, whether and why nothing is said."""
    text = _text(row)
    return answered(row, reader.read(text, detect_language(text, _told(row))))


def answered(row: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Return a reading of a row as one line of the answer."""
    text = _text(row)
    same: dict[str, Any] = {name: row[name] for name in ("gid", "id") if name in row}
    return {
        **same,
        "labels": [theme.code for theme in reading.maybe],
        "sure": [theme.code for theme in reading.sure],
        "scores": {theme.code: round(reading.scores[theme], 5) for theme in Theme},
        "evidence": [
            {"theme": theme.code, "start": one.start, "end": one.end, "text": text[one.start : one.end]}
            for theme, one in reading.reasons.items()
        ],
        "abstained": reading.abstained,
        "language": reading.language,
        "version": reading.version,
    }


def _rows() -> Iterator[dict[str, Any]]:
    """Yield the objects of the standard input. Raises `ClickException` naming the first line that is none."""
    with click.open_file("-", encoding="utf-8", errors="replace") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.removeprefix(BOM))
            except (ValueError, RecursionError) as error:
                raise click.ClickException(f"Line {number} is not JSON: {error}") from error
            if not isinstance(row, dict):
                raise click.ClickException(f"Line {number} is not an object with a text.")
            yield row


def _usable(folder: Path | None) -> Reader:
    """Return the reader in `folder`, or that in use; a command, unlike a page, refuses one that cannot read."""
    try:
        return reader_at(folder, click.get_current_context().meta)
    except NotOnTheShelf as error:
        raise click.ClickException(str(error)) from error
