"""What the reader suggested month by month, kept as rollups when a story is read: no text is kept, none is read again.

Measures, by the month in which the story was told; each key begins with the version that read, so that nothing changes
when another version reads the same story later: `reading` (`told`: at least one theme suggested, `plain`: none,
`unread`: not understood), `suggested` (the theme) and `known` (how many per cent of its words the reader knew).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from cx.core.incident import NO_READER, Reading
from cx.core.scoring import Share
from cx.core.words import THEME_BY_ID, Theme
from cx.disputes.ledger import Ledger
from models import Figure, FigureDelta, Organisation

READING, SUGGESTED, KNOWN = "reading", "suggested", "known"
MEASURES = (READING, SUGGESTED, KNOWN)
# What people said of the stories of the month, counted by `cx.disputes.judging`.
CONFIRMED, RULED = "theme", "ruled"


@dataclass(frozen=True, slots=True)
class Month:
    """The stories told in a month as the reader saw them, all by one `version`: the one that read most of them.

    `read` counts those it understood, `told` those of them in which it suggested a theme, `unread` the others; `known`
    says how many stories had a given share of known words (whole per cent). `ruled` counts the stories on which people
    ruled, `confirmed` the themes that they said are told.
    """

    month: date
    version: str
    read: int = 0
    told: int = 0
    unread: int = 0
    suggested: Mapping[Theme, int] = field(default_factory=dict)
    known: Mapping[int, int] = field(default_factory=dict)
    ruled: int = 0
    confirmed: Mapping[Theme, int] = field(default_factory=dict)

    def share(self, theme: Theme) -> Share:
        """In how many of the stories that were understood the theme was suggested."""
        return Share(min(self.suggested.get(theme, 0), self.read), self.read)

    def share_confirmed(self, theme: Theme) -> Share:
        """In how many of the stories on which people ruled they said that the theme is told."""
        return Share(min(self.confirmed.get(theme, 0), self.ruled), self.ruled)


def of_ledger(ledger: Ledger) -> list[tuple[str, str, int, date]]:
    """The changes of figures that the readings of a ledger bring, as `cx.disputes.figures.count` takes them."""
    if not ledger.readings:
        return []
    month = ledger.local_day(ledger.case["told_at"])
    return [(*cell, 1, month) for _at, reading in ledger.readings for cell in of_reading(reading)]


def of_reading(reading: Reading) -> Iterator[tuple[str, str]]:
    """The figures, as (measure, key), that one reading adds to, each by one."""
    return cells(reading.version, reading.abstained, reading.reasons, per_cent(reading.known))


def per_cent(share: float | None) -> int | None:
    """A share as it is stored: in whole per cent."""
    return None if share is None else round(100 * share)


def cells(version: str, abstained: bool, reasons: Collection[str], known: int | None) -> Iterator[tuple[str, str]]:
    """The same from the columns of a stored reading; a reader that is not there adds to nothing."""
    if version == NO_READER:
        return
    yield READING, f"{version}/{'unread' if abstained else 'told' if reasons else 'plain'}"
    if known is not None:
        yield KNOWN, f"{version}/{known}"
    if not abstained:
        yield from ((SUGGESTED, f"{version}/{theme}") for theme in reasons)


def months(session: Session, first: date, last: date) -> tuple[Month, ...]:
    """Every month from `first` to `last` (both first days), of the organisations that are no demonstration.

    One statement over the rollups, however many stories there are.
    """
    found = _read(session, first, last)
    return tuple(_month(month, found.get(month, {})) for month in _each(first, last))


def _each(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _read(session: Session, first: date, last: date) -> dict[date, dict[str, Counter[str]]]:
    real = select(Organisation.id).where(Organisation.demo.is_(False))
    parts = [
        select(model.month, model.measure, model.key, func.sum(model.count).label("many"))
        .where(
            model.measure.in_((*MEASURES, CONFIRMED, RULED)),
            model.month.between(first, last),
            model.organisation_id.in_(real),
        )
        .group_by(model.month, model.measure, model.key)
        for model in (Figure, FigureDelta)
    ]
    found: dict[date, dict[str, Counter[str]]] = {}
    for month, measure, key, many in session.execute(union_all(*parts)):
        found.setdefault(month, {}).setdefault(measure, Counter())[key] += int(many)
    return found


def _month(month: date, by_measure: Mapping[str, Counter[str]]) -> Month:
    whose: Counter[str] = Counter()
    by_version: dict[str, dict[str, Counter[str]]] = {}
    for measure in MEASURES:
        for key, many in by_measure.get(measure, Counter()).items():
            version, _slash, what = key.rpartition("/")
            by_version.setdefault(version, {}).setdefault(measure, Counter())[what] += many
            whose[version] += many if measure == READING else 0
    people: dict[str, Any] = {
        "ruled": max(0, by_measure.get(RULED, Counter())[""]),
        "confirmed": _themes(by_measure.get(CONFIRMED, Counter())),
    }
    # Of two versions that read as many, always the same one.
    version = max(whose, key=lambda one: (whose[one], one), default="")
    if not version:
        return Month(month, "", **people)
    seen = by_version[version]
    states = seen.get(READING, Counter())
    return Month(
        month,
        version,
        read=states["told"] + states["plain"],
        told=states["told"],
        unread=states["unread"],
        suggested=_themes(seen.get(SUGGESTED, Counter())),
        known={int(key): many for key, many in seen.get(KNOWN, Counter()).items() if key.isdecimal() and many > 0},
        **people,
    )


def _themes(counted: Mapping[str, int]) -> dict[Theme, int]:
    return {THEME_BY_ID[key]: many for key, many in counted.items() if key in THEME_BY_ID and many > 0}
