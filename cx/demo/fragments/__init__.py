"""The hand-written pieces from which the demo's texts are made, read once from the files beside this module.

A file holds sections `[NAME]` and one piece a line. The pieces of a theme (`[FSS]` … `[NON]`, `[PRAISE]`) begin with
`channel issue [+CODE …] |`: where it happens, the issue, and the other themes which the same sentence carries.
`{slots}` are filled by `cx.demo.details`.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cx.core.words import THEME_BY_CODE, Channel, Sector, Theme

_HERE = Path(__file__).parent
_BEFORE = re.compile(r" ([:;!?»])")

# Two themes which one story would hardly tell together: nobody was reached, or somebody was who did it badly.
_APART: frozenset[frozenset[Theme]] = frozenset(
    frozenset(pair)
    for pair in (
        (Theme.NO_HUMAN_REACHABLE, Theme.CONTEMPT),
        (Theme.NO_HUMAN_REACHABLE, Theme.LOST_RELATIONSHIP),
        (Theme.NO_HUMAN_REACHABLE, Theme.SCRIPTED_RESPONSE),
        (Theme.DISPUTE_IGNORED, Theme.SCRIPTED_RESPONSE),
    )
)


@dataclass(frozen=True, slots=True)
class Core:
    """What happened, in one or two sentences, with everything that the sentence says about itself."""

    text: str
    channel: Channel
    issue: str
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All that may happen in one sector, told in one language."""

    cores: dict[Theme, tuple[Core, ...]]
    ordinary: tuple[Core, ...]
    praise: tuple[Core, ...]
    partners: dict[Core, tuple[Core, ...]] = field(default_factory=dict)

    def beside(self, core: Core) -> tuple[Core, ...]:
        """Return the cores which can be told in the same story: same issue, other themes, nothing contradictory."""
        if core not in self.partners:
            self.partners[core] = tuple(
                other for cores in self.cores.values() for other in cores if _together(core, other)
            )
        return self.partners[core]


def _together(one: Core, other: Core) -> bool:
    if one.issue != other.issue or not set(one.themes).isdisjoint(other.themes):
        return False
    return not any(frozenset((a, b)) in _APART for a in one.themes for b in other.themes)


def spaced(text: str) -> str:
    """Put the no-break spaces of French typography into a text written with ordinary ones."""
    return _BEFORE.sub("\N{NO-BREAK SPACE}\\1", text).replace("« ", "«\N{NO-BREAK SPACE}")


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """Read the file `name` into its sections. Raises FileNotFoundError for an unknown name.

    French letters of the staff get their no-break spaces here; customers type ordinary ones.
    """
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    text = (_HERE / f"{name}.txt").read_text(encoding="utf-8")
    if name == "replies_fr":
        text = spaced(text)
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            lines = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return {section: tuple(pieces) for section, pieces in found.items()}


def _core(line: str, theme: Theme | None) -> Core:
    head, _, text = line.partition("|")
    channel, issue, *more = head.split()
    themes = [theme] if theme else []
    themes += [THEME_BY_CODE[code.removeprefix("+")] for code in more]
    return Core(text.strip(), Channel(channel), issue, tuple(themes))


@cache
def library(sector: Sector, language: str) -> Library:
    """Return what may happen in `sector` (bank, airline or postal), in `language` (fr or en)."""
    pieces = sections(f"{sector.value}_{language}")
    return Library(
        cores={theme: tuple(_core(line, theme) for line in pieces[theme.code]) for theme in Theme},
        ordinary=tuple(_core(line, None) for line in pieces["NON"]),
        praise=tuple(_core(line, None) for line in pieces["PRAISE"]),
    )
