"""`themes evaluate`: the reader beside labels, for a terminal, for programs, and for the public page."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from cx.core.incident import Reading
from cx.core.words import Theme
from cx.themes.corpus import FOLDER, BadExample, Example, load_examples, read_lines
from cx.themes.evaluation import Evaluation, Figure, Score, compare, macro_f1, read_all
from cx.themes.intervals import Interval
from cx.themes.published import MEASURED
from cx.themes.publishing import Labelled, publish
from cx.themes.shelf import NotOnTheShelf, reader_at

_STORIES = click.Path(path_type=Path, dir_okay=False, exists=True)
_ABOUT = ("invented", "twice", "unseen")


@click.command("evaluate")
@click.argument("file", type=_STORIES)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--fitted", type=click.Path(path_type=Path, file_okay=False), help="Another reader than that in use.")
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    help="Choose combiner and limits anew, in so many parts, so that each story is judged by what had not seen it.",
)
@click.option(
    "--judged-on", "others", type=_STORIES, multiple=True, help="Labelled stories that judge along (--folds)."
)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help=f"Write {MEASURED} there: no texts.")
@click.option(
    "--about",
    type=click.Choice(_ABOUT),
    multiple=True,
    help="What the figures have to say of the stories: nobody sent them, two people labelled each, nothing was chosen on them.",
)
def evaluate_command(
    file: Path,
    as_json: bool,
    fitted: Path | None,
    folds: int | None,
    others: tuple[Path, ...],
    into: Path | None,
    about: tuple[str, ...],
) -> None:
    """Compare the reader with the labels of FILE (JSONL with `text` and `labels`), simple baselines beside it."""
    try:
        reader = reader_at(fitted, click.get_current_context().meta)
        examples = read_lines(file)
        more = [one for other in others for one in read_lines(other)]
    except (BadExample, NotOnTheShelf, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    if not examples:
        raise click.ClickException(f"{file.name} holds no story.")
    readings = read_all(reader, examples)
    if folds:
        if len(examples) < folds:
            raise click.ClickException(f"{len(examples)} stories cannot be cut into {folds} parts.")
        readings = judged_apart(readings, examples, more, folds)
    found = compare(examples, readings, reader.version)
    if into is not None:
        unseen = "unseen" in about or bool(folds)
        labelled = Labelled(len(examples), "invented" not in about, 2 if "twice" in about else 1, unseen)
        try:
            written = publish(found, labelled, datetime.now(UTC).date(), into)
        except OSError as error:
            raise click.ClickException(f"The figures cannot be written: {error}") from error
        click.echo(f"Figures written to {written}", err=True)
    click.echo(json.dumps(found.summary(), indent=2) if as_json else table(found))


def judged_apart(
    readings: Sequence[Reading], examples: Sequence[Example], others: Sequence[Example], folds: int
) -> list[Reading]:
    """Return the readings as combiners and limits would have them that had not seen the story; abstentions stay.

    The scorer of windows is learned again from the examples of the product, which takes about a minute.
    """
    from cx.themes.estimator import kept_apart
    from cx.themes.training import fit

    scores, suggested, sure = kept_apart(fit(load_examples(FOLDER)), examples, others, folds)
    return [
        Reading(
            version=reading.version,
            scores=dict(zip(Theme, map(float, scores[row]), strict=True)),
            maybe=() if reading.abstained else _chosen(suggested[row]),
            abstained=reading.abstained,
            language=reading.language,
            sure=() if reading.abstained else _chosen(sure[row]),
        )
        for row, reading in enumerate(readings)
    ]


def _chosen(marks: Sequence[int]) -> tuple[Theme, ...]:
    return tuple(theme for theme, told in zip(Theme, marks, strict=True) if told)


def table(found: Evaluation) -> str:
    """Return the figures as a table for a terminal; intervals stand in brackets."""
    lines = [f"{'theme':22}{'precision':>10}{'':13}{'recall':>8}{'':13}{'F1':>7}{'n':>6}"]
    lines += [_line(theme.value, figure) for theme, figure in found.reader.themes.items()]
    beside = (("reader", found.reader), ("keywords", found.keywords), ("dummy", found.dummy))
    for name, score in beside:
        lines.append(_line(f"{name}, micro", score.micro, score.texts, score.rates()))
        lines.append(f"{name + ', macro':22}{'':44}{score.macro_f1:7.3f}{_brackets(score.interval(macro_f1))}")
    lines.append(_line("rather sure", found.sure.micro, None, found.sure.rates()))
    lines.append(_line("any theme at all", found.themed))
    for parts in (found.languages, found.sectors):
        lines += [_part(name, *scores) for name, scores in parts.items()]
    whole = found.calibration
    lines.append(
        f"calibration error {whole.pooled.ece:.3f} over all pairs, {whole.mean_ece:.3f} mean of the frequent themes, "
        f"{whole.suggested.ece:.3f} over what is suggested; Brier {whole.pooled.brier:.3f}"
    )
    lines += [
        f"{one.count:4} times {_name(one.missed, 'nothing')} was taken for {_name(one.said, 'nothing')}"
        for one in found.confusions
    ]
    lines.append(f"abstained on {found.abstained} of {found.reader.texts} texts; reader {found.version}")
    return "\n".join(lines)


def _line(
    name: str, figure: Figure, count: int | None = None, intervals: tuple[Interval, Interval] | None = None
) -> str:
    precision, recall = figure.rates() if intervals is None else intervals
    number = figure.right + figure.missed if count is None else count
    return (
        f"{name:22}{figure.precision:10.3f}{_brackets(precision):13}"
        f"{figure.recall:8.3f}{_brackets(recall):13}{figure.f1:7.3f}{number:6}"
    )


def _brackets(interval: Interval) -> str:
    return f" [{interval[0]:.2f}-{interval[1]:.2f}]"


def _part(name: str, score: Score, sure: Score) -> str:
    return (
        f"{name:22}micro {score.micro.f1:.3f}, macro {score.macro_f1:.3f}; rather sure: precision "
        f"{sure.micro.precision:.3f}, recall {sure.micro.recall:.3f}; {score.texts} texts"
    )


def _name(theme: Theme | None, nothing: str) -> str:
    return theme.value if theme else nothing
