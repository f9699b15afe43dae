"""The versions of the reader that this installation has: the shipped one, and those that were trained here."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cx.themes.export import DESCRIPTION_FILE, FITTED
from cx.themes.published import published
from cx.themes.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Version:
    """One version: when it was trained (None: it came with the program), from how many examples and rulings (0: none)."""

    name: str
    on: date | None
    examples: int
    rulings: int


def versions(home: Path) -> tuple[Version, ...]:
    """Every version in the data folder `home`, the oldest first; the shipped one leads. Damaged ones are left out."""
    shipped = published(DESCRIPTION_FILE, FITTED) or {}
    found = [_version(str(shipped["version"]), shipped.get("figures"))] if shipped.get("version") else []
    found += [_version(one.version, one.figures) for one in Shelf(home).kept() if one.trusted]
    return tuple(found)


def _version(name: str, figures: Any) -> Version:
    known: Mapping[str, Any] = figures if isinstance(figures, Mapping) else {}
    on = None
    with suppress(ValueError):
        on = date.fromisoformat(str(known.get("at", ""))[:10])
    return Version(name, on, _count(known.get("examples")), _count(known.get("rulings")))


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0
