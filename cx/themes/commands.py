"""`themes train`, `themes evaluate`, `themes read`: the reader from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cx.core.words import Theme
from cx.themes.corpus import FOLDER, BadExample, load_examples, read_lines
from cx.themes.evaluation import Evaluation, evaluate
from cx.themes.export import FITTED, save
from cx.themes.language import detect_language
from cx.themes.reader import Reader, load
from cx.themes.thresholds import load_judgement, save_judgement


@click.group("themes")
def themes() -> None:
    """The reader of themes: train it, evaluate it, let it read."""


@themes.command("train")
@click.option("--examples", type=click.Path(path_type=Path, file_okay=False, exists=True), default=FOLDER)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=FITTED)
@click.option(
    "--judged-on",
    "stories",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="Weigh the signals and choose the limits on these labelled stories (JSONL), and keep them beside the examples.",
)
def train_command(examples: Path, into: Path, stories: tuple[Path, ...]) -> None:
    """Fit the reader on its examples and write it."""
    from cx.themes.thresholds import version_of
    from cx.themes.training import export, fit, judge

    try:
        known = load_examples(examples)
        labelled = [story for file in stories for story in read_lines(file)]
        click.echo(f"Learning from {len(known)} examples; this takes about a minute.", err=True)
        scorer = fit(known)
        if labelled:
            save_judgement(judge(scorer, labelled), examples)
        judgement = load_judgement(examples)
    except (BadExample, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    fitted = export(scorer, version_of(known, judgement), judgement, len(known))
    save(fitted, into)
    click.echo(f"Version {fitted.version}, written to {into}")


@themes.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--fitted", type=click.Path(path_type=Path, file_okay=False), default=FITTED)
def evaluate_command(file: Path, as_json: bool, fitted: Path) -> None:
    """Compare the reader with the labels of FILE (JSONL with `text` and `labels`), a dummy beside it."""
    reader = _usable(fitted)
    try:
        examples = read_lines(file)
    except (BadExample, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    found = evaluate(reader, examples)
    click.echo(json.dumps(found.summary(), indent=2) if as_json else _table(found))


@themes.command("read")
@click.option("--fitted", type=click.Path(path_type=Path, file_okay=False), default=FITTED)
def read_command(fitted: Path) -> None:
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
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise click.ClickException(f"Line {number} is not JSON: {error}") from error
            if not isinstance(row, dict):
                raise click.ClickException(f"Line {number} is not an object with a text.")
            yield row


def _usable(folder: Path) -> Reader:
    """Return the reader in `folder`; a command, unlike a page, refuses to work with one that cannot read."""
    reader = load(folder)
    if reader.problem:
        raise click.ClickException(reader.problem)
    return reader


def _table(found: Evaluation) -> str:
    """Return the figures as a table for a terminal."""
    lines = [f"{'theme':22}{'precision':>10}{'recall':>8}{'F1':>7}{'n':>6}"]
    for theme, figure in found.reader.themes.items():
        count = figure.right + figure.missed
        lines.append(f"{theme.value:22}{figure.precision:10.3f}{figure.recall:8.3f}{figure.f1:7.3f}{count:6}")
    for name, score in (("reader", found.reader), ("dummy", found.dummy)):
        micro = score.micro
        lines.append(f"{name + ', micro':22}{micro.precision:10.3f}{micro.recall:8.3f}{micro.f1:7.3f}{score.texts:6}")
        lines.append(f"{name + ', macro':22}{'':18}{score.macro_f1:7.3f}")
    lines.append(f"abstained on {found.abstained} of {found.reader.texts} texts; reader {found.version}")
    return "\n".join(lines)
