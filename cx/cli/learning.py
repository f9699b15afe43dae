"""`flask themes train`, `versions` and `use`: the reader learns from rulings, and an earlier one can be taken back."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cx.cli.speaking import Command, home
from cx.disputes.lessons import Lesson, lessons
from cx.web.database import database

if TYPE_CHECKING:
    from cx.themes.corpus import Example
    from cx.themes.export import Fitted
    from cx.themes.guarding import Comparison

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@dataclass(frozen=True, slots=True)
class Lot:
    """What a training has to go by: what teaches, and what measures and never teaches."""

    examples: "list[Example]"
    rulings: "list[Example]"
    frozen: "list[Example]"
    judged_on: "list[Example]"
    careful: "list[Example]"
    held_out: int


@click.command("train", cls=Command)
@click.option("--examples", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Other examples.")
@click.option("--rulings/--no-rulings", default=True, help="Learn from what people ruled here (the default).")
@click.option("--demo", is_flag=True, help="Learn from the rulings on invented cases too.")
@click.option(
    "--weight", type=click.FloatRange(min=0, min_open=True), help="What a ruling weighs; an example weighs 1."
)
@click.option("--frozen", type=_FILE, multiple=True, help="More labelled stories (JSONL) that measure and never teach.")
@click.option("--judged-on", type=_FILE, multiple=True, help="Weigh the signals on these labelled stories (JSONL).")
@click.option("--careful", type=_FILE, multiple=True, help="The same, labelled twice: limits are chosen on these.")
@click.option("--force", metavar="REASON", help="Take the new reader even if it is worse; the reason is kept.")
@click.option("--into", type=_FOLDER, help="Write the files there, from examples alone, and put nothing to use.")
def train_command(
    examples: Path | None,
    rulings: bool,
    demo: bool,
    weight: float | None,
    frozen: tuple[Path, ...],
    force: str | None,
    into: Path | None,
    **labelled: tuple[Path, ...],
) -> None:
    """Let the reader learn again, and put it to use unless it is worse than the one in use.

    Both are measured on the frozen stories that no reader learns from, and on one ruling in five.
    """
    from cx.themes import learning
    from cx.themes.corpus import FOLDER, BadExample

    folder = examples or FOLDER
    if into is not None:
        _writable(into)
    try:
        lot = _gathered(folder, _known(demo) if rulings and into is None else [], frozen, **labelled)
        each = learning.WEIGHT if weight is None else weight
        fitted = _fitted(lot, each, folder, keep=into is not None)
    except (BadExample, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    if into is not None:
        from cx.themes.export import save

        try:
            save(fitted, into)
        except OSError as error:
            raise click.ClickException(f"{into} cannot be written: {error.strerror}") from error
        click.echo(f"Version {fitted.version}, written to {into}")
        return
    _take(fitted, lot, each, force)


def _writable(folder: Path) -> None:
    """Say before a minute of work that its result could not be written."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not os.access(there, os.W_OK):
        raise click.ClickException(f"{there} cannot be written.")


def _known(demo: bool) -> list[Lesson]:
    with database().snapshot() as session:
        return list(lessons(session, demo=demo))


def _gathered(
    folder: Path, known: Sequence[Lesson], frozen: Sequence[Path], judged_on: Sequence[Path], careful: Sequence[Path]
) -> Lot:
    """Read everything a training needs. Raises `BadExample` and `OSError`."""
    from cx.themes.corpus import Example, load_examples, read_lines
    from cx.themes.guarding import held_out, load_frozen

    apart = [held_out(one.reference) for one in known]
    ruled = [Example(one.text, one.themes, one.language) for one in known]
    measuring = [one for one, away in zip(ruled, apart, strict=True) if away]
    return Lot(
        examples=load_examples(folder),
        rulings=[one for one, away in zip(ruled, apart, strict=True) if not away],
        frozen=[*load_frozen(), *(story for file in frozen for story in read_lines(file)), *measuring],
        judged_on=[story for file in judged_on for story in read_lines(file)],
        careful=[story for file in careful for story in read_lines(file)],
        held_out=len(measuring),
    )


def _fitted(lot: Lot, weight: float, folder: Path, *, keep: bool) -> "Fitted":
    """Fit; `keep` writes a judgement that was chosen anew beside the examples, where the product keeps it."""
    from cx.themes.learning import fit, version_with
    from cx.themes.thresholds import load_judgement, save_judgement
    from cx.themes.training import export, judge

    click.echo(
        f"Learning from {len(lot.examples):,} examples (weight 1) and {len(lot.rulings):,} rulings (weight {weight:g}); "
        f"{lot.held_out:,} more rulings measure. This takes about a minute.",
        err=True,
    )
    scorer = fit(lot.examples, lot.rulings, weight)
    labelled = bool(lot.judged_on or lot.careful)
    judgement = judge(scorer, lot.judged_on, lot.careful) if labelled else load_judgement(folder)
    if labelled and keep:
        save_judgement(judgement, folder)
    version = version_with(lot.examples, lot.rulings, judgement, weight)
    return export(scorer, version, judgement, len(lot.examples), _now())


def _take(fitted: "Fitted", lot: Lot, weight: float, force: str | None) -> None:
    """Compare the new reader with the one in use, and put it to use unless it is worse."""
    from cx.themes.guarding import compare, suggestions
    from cx.themes.reader import Reader
    from cx.themes.shelf import NotOnTheShelf, Shelf
    from cx.themes.training import table_of

    shelf = Shelf(home())
    current = shelf.load()
    if current.problem:
        click.echo(current.problem, err=True)
    new, old = (suggestions(reader, lot.frozen) for reader in (Reader(fitted), current.reader))
    found = compare(table_of(lot.frozen), new, old)
    if found.worse and not force:
        raise click.ClickException(_refusal(fitted.version, current.reader.version, found))
    figures: dict[str, Any] = {
        "at": _now(),
        "examples": len(lot.examples),
        "rulings": len(lot.rulings),
        "weight": weight,
        "held_out": lot.held_out,
        "frozen": {"stories": found.texts, **found.new.summary()},
        "before": {"version": current.reader.version, **found.old.summary()},
    }
    try:
        shelf.put(fitted, figures | ({"forced": force} if found.worse and force else {}))
        shelf.use(fitted.version)
    except (NotOnTheShelf, OSError) as error:
        raise click.ClickException(f"The new reader could not be kept: {error}") from error
    click.echo(
        f"Version {fitted.version} is in use. {_measured(found)} Back to the one before: {_back(current.reader.version)}"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _back(version: str) -> str:
    from cx.themes.shelf import SHIPPED, shipped

    return f"flask themes use {SHIPPED if version == shipped().version else version}"


def _measured(found: "Comparison") -> str:
    low, high = found.interval
    return (
        f"On {found.texts:,} frozen stories its micro-F1 is {found.new}, before {found.old}; "
        f"difference {found.difference:+.3f} ({low:+.3f} to {high:+.3f})."
    )


def _refusal(new: str, old: str, found: "Comparison") -> str:
    names = ", ".join(theme.value for theme in found.worse_themes)
    themes = f" It is worse at {names}." if names else ""
    return (
        f"Version {new} is worse than {old} and was not taken. {_measured(found)}{themes} Look over the latest rulings, "
        'give them less --weight, or take it all the same with --force "the reason".'
    )


@click.command("versions", cls=Command)
@click.option("--json", "plain", is_flag=True, help="Print JSON.")
def versions_command(plain: bool) -> None:
    """List the readers of this installation, and which of them is in use."""
    from cx.themes.shelf import SHIPPED, Shelf, shipped

    shelf = Shelf(home())
    loaded = shelf.load()
    rows: list[dict[str, Any]] = [
        {"version": SHIPPED, "name": shipped().version, "current": loaded.reader is shipped(), "trusted": True}
    ]
    rows += [
        {"version": one.version, "current": one.current, "trusted": one.trusted, **one.figures} for one in shelf.kept()
    ]
    if plain:
        click.echo(json.dumps({"problem": loaded.problem, "versions": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(_row(row))
    if loaded.problem:
        click.echo(loaded.problem, err=True)


def _row(row: dict[str, Any]) -> str:
    """One line of the list."""
    mark = "*" if row["current"] else " " if row["trusted"] else "?"
    if "name" in row:
        return f"{mark} {row['version']:24} {row['name']}, as it came with the product"
    frozen = row.get("frozen") or {}
    said = f"micro-F1 {frozen['micro']:.3f} on {frozen['stories']} frozen stories" if frozen else "no figures"
    learned = f"{row.get('examples', '?')} examples, {row.get('rulings', '?')} rulings"
    forced = f"; taken because: {row['forced']}" if row.get("forced") else ""
    strange = "" if row["trusted"] else "; not trusted"
    return f"{mark} {row['version']:24} {str(row.get('at', ''))[:10]:10} {learned}, {said}{forced}{strange}"


@click.command("use", cls=Command)
@click.argument("version")
@click.option("--trust", metavar="SHA256", default="", help="The SHA-256 of its reader.json, if it was made elsewhere.")
def use_command(version: str, trust: str) -> None:
    """Put another VERSION to use (`shipped` is the one of the product). Running workers follow within seconds."""
    from cx.themes.shelf import SHIPPED, NotOnTheShelf, Shelf, shipped

    try:
        Shelf(home()).use(SHIPPED if version == shipped().version else version, trust)
    except NotOnTheShelf as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Version {version} is in use.")
