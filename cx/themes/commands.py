"""`themes evaluate`, `themes read`: the reader from the command line. Training needs the cases: `cx.cli.learning`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cx.core.words import Theme
from cx.themes.corpus import BOM
from cx.themes.evaluating import evaluate_command
from cx.themes.language import detect_language
from cx.themes.reader import Reader
from cx.themes.shelf import NotOnTheShelf, reader_at


@click.group("themes")
def themes() -> None:
    """The reader of themes: evaluate it, let it read."""


themes.add_command(evaluate_command)


@themes.command("read")
@click.option("--fitted", type=click.Path(path_type=Path, file_okay=False), help="Another reader than that in use.")
def read_command(fitted: Path | None) -> None:
    """Read JSONL with `text` (and `lang`, if known) from the standard input; write one line for each, in order."""
    reader = _usable(fitted)
    for row in _rows():
        click.echo(json.dumps(answer(reader, row)))


def answer(reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    """Return what the reader says about one row: codes of themes, scores, whether and why nothing is said."""
    text = str(row.get("text") or "")
    told = str(row.get("lang") or row.get("language") or "")
    reading = reader.read(text, detect_language(text, told or "fr"))
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
