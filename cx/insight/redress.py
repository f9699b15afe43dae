"""Money offered, agreed and paid in a period, currency by currency and never mixed; how much of it came in time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from cx.core.scoring import Share
from cx.disputes import figures, promised
from cx.disputes.redress import ACCEPTED, KEPT, OFFERED, PAID, amount_of
from cx.insight.asked import Asked

MEASURES = (OFFERED, ACCEPTED, PAID)


@dataclass(frozen=True, slots=True)
class Sum:
    """So many offers make so much, in minor units of the currency of its row."""

    n: int
    minor: int


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency: what was offered, agreed on and paid in the period."""

    code: str
    offered: Sum
    agreed: Sum
    paid: Sum


@dataclass(frozen=True, slots=True)
class Redress:
    """The sums by currency, those with most offers first; `in_time`: of the payments that came or were missed.

    `promises`: what broken promises of a charter brought beside the disputes, counted apart.
    """

    currencies: tuple[Currency, ...]
    in_time: Share
    promises: tuple[Currency, ...] = ()


def redress(session: Session, asked: Asked) -> Redress:
    """Read the sums of a period: one statement from the rollups, one from the remedies of charters.

    An offer counts in the month in which it was made; one that gave way to another is not counted any more.
    """
    found = figures.read(session, asked.organisations, (*MEASURES, KEPT), asked.first, asked.last)
    sums = {measure: _by_key(found[measure]) for measure in MEASURES}
    kept = _by_key(found[KEPT])
    codes = {key for keys in sums.values() for key in keys if ":" not in key}
    rows = [Currency(code, *(_sum(sums[measure], code) for measure in MEASURES)) for code in codes]
    shown = (row for row in rows if row.offered.n or row.agreed.n or row.paid.n)
    return Redress(
        tuple(sorted(shown, key=lambda row: (-row.offered.n, row.code))),
        Share(max(0, kept["in_time"]), max(0, kept["in_time"] + kept["late"])),
        tuple(_promises(session, asked)),
    )


def _promises(session: Session, asked: Asked) -> Iterator[Currency]:
    zone = ZoneInfo(asked.zone)
    first = datetime.combine(asked.first, time(), zone)
    until = datetime.combine(asked.last + timedelta(days=1), time(), zone)
    for code, *pairs in promised.sums(session, asked.organisations, first, until):
        yield Currency(code, *(Sum(*pair) for pair in pairs))


def _by_key(cells: Counter[tuple[date, str]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (_month, key), many in cells.items():
        sums[key] += many
    return sums


def _sum(sums: Counter[str], code: str) -> Sum:
    return Sum(max(0, sums[code]), max(0, amount_of(code, sums)))
