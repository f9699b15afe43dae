"""Which cases are put before people by lot: a draw that everybody can repeat, and nobody can steer.

Each case of a day gets the number SHA-256("YYYY-MM-DD:case number"); the smallest numbers are drawn. No random source
is kept, so an auditor who knows the day and its cases finds the same ones.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from cx.core.words import Theme

# Of a day's cases, one in twenty, but at least one and at most three: a team looks them over in some minutes.
SHARE, LEAST, MOST = 0.05, 1, 3


def many(cases: int) -> int:
    """How many of so many cases are drawn: none of none."""
    return min(cases, MOST, max(LEAST, ceil(cases * SHARE)))


def lot(day: date, case_id: int) -> str:
    """The number of a case in the draw of a day, in hexadecimal letters."""
    return hashlib.sha256(f"{day.isoformat()}:{case_id}".encode()).hexdigest()


def drawn(day: date, cases: Iterable[int]) -> tuple[int, ...]:
    """The cases drawn on `day` of those given, whatever their order; a case given twice counts once."""
    known = set(cases)
    return tuple(sorted(known, key=lambda case_id: lot(day, case_id))[: many(len(known))])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story of which it is asked whether people should look at it: the number of its case, its scores, its text."""

    id: int
    scores: Mapping[Theme, float]
    text: str
