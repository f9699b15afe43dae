"""The sentences from which the reader learns: one JSON object a line, `text` and `labels`, one file a language.

They were written for this product, by hand; none is a real complaint. Labels follow `docs/themes.md`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cx.core.words import NO_THEME_CODE, THEME_BY_CODE, THEME_BY_ID, Theme

FOLDER = Path(__file__).parent / "examples"
LANGUAGES = ("fr", "en")
# Some editors begin a file with it.
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Example:
    """One text with every theme that it tells; none of them means an ordinary incident.

    `evidence` is for each theme the words of the text that tell it, where somebody said so (rule R2); `sector` where
    the text comes from, if it is known.
    """

    text: str
    themes: frozenset[Theme]
    language: str
    evidence: Mapping[Theme, str] = field(default_factory=dict)
    sector: str = ""


class BadExample(ValueError):
    """A line of examples or of labelled texts cannot be used; the message says which line and why."""


def themes_of(labels: object, where: str) -> frozenset[Theme]:
    """Return the themes behind `labels` (codes or ids; `NON`, `none` or nothing for no theme).

    Raises `BadExample` for an unknown label, or for `NON` beside another one.
    """
    if not isinstance(labels, list):
        raise BadExample(f"{where}: labels must be a list")
    names = [str(label) for label in labels]
    ordinary = [name for name in names if name in (NO_THEME_CODE, "none")]
    rest = [name for name in names if name not in ordinary]
    if ordinary and rest:
        raise BadExample(f"{where}: {NO_THEME_CODE} excludes every other label")
    known = THEME_BY_CODE | THEME_BY_ID
    for name in rest:
        if name not in known:
            raise BadExample(f"{where}: there is no theme {name!r}")
    return frozenset(known[name] for name in rest)


def read_lines(path: Path, language: str = "") -> list[Example]:
    """Read a file of labelled texts; a line may name its own language in `lang` and its `sector`.

    Raises `BadExample` for a line that is no JSON object with a text and labels, `OSError` for no file.
    """
    examples: list[Example] = []
    try:
        written = path.read_text(encoding="utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        raise BadExample(f"{path.name} is not UTF-8: {error.reason} at byte {error.start}") from error
    # Not `splitlines`: a text may hold a line separator of Unicode, as JSON allows.
    for number, line in enumerate(written.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadExample(f"{where}: {error}") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise BadExample(f"{where}: an object with a text is needed")
        themes = themes_of(row.get("labels"), where)
        evidence = _evidence(row, themes, where)
        known = str(row.get("lang") or language)
        examples.append(Example(row["text"], themes, known, evidence, str(row.get("sector") or "")))
    return examples


def _evidence(row: Mapping[str, object], themes: frozenset[Theme], where: str) -> dict[Theme, str]:
    """Return the words that tell each theme. Raises `BadExample` for evidence of a theme that the line has not."""
    said = row.get("evidence") or {}
    if not isinstance(said, dict):
        raise BadExample(f"{where}: evidence must be an object")
    known = THEME_BY_CODE | THEME_BY_ID
    found = {known[name]: str(words) for name, words in said.items() if name in known}
    if set(found) - themes:
        raise BadExample(f"{where}: evidence of a theme that is not among the labels")
    return found


def load_examples(folder: Path = FOLDER) -> list[Example]:
    """Return every example of the product, French first, in the order of the files."""
    return [
        example for language in LANGUAGES for example in read_lines(folder / f"{language}.jsonl", language=language)
    ]


def digest_of(examples: list[Example]) -> str:
    """Return the SHA-256 of the examples: same words and labels, same digest."""
    digest = hashlib.sha256()
    for example in examples:
        codes = sorted(theme.code for theme in example.themes)
        spans = sorted((theme.code, words) for theme, words in example.evidence.items())
        digest.update(json.dumps([example.language, example.text, codes, spans], ensure_ascii=True).encode())
    return digest.hexdigest()
