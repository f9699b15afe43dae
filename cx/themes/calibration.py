"""Whether a probability means what it says: of what is called 70 % likely, seven in ten have to be true.

Bins are ten of equal width. Pooled figures take every pair of a text and a theme; a theme has figures of its own from
thirty tellings on, the rarer ones share theirs, because a curve through five points says nothing.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.words import Theme

BINS = 10
BINNING = "ten bins of equal width"
ENOUGH = 30

Table = NDArray[Any]
THEMES: tuple[Theme, ...] = tuple(Theme)


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities from `low` on and under `high`: how many, what they say on average, how many were true."""

    low: float
    high: float
    count: int
    said: float
    true: int

    def summary(self) -> dict[str, float | int]:
        """Return the bin for JSON; `true` is a share."""
        return {
            "from": round(self.low, 4),
            "to": round(self.high, 4),
            "n": self.count,
            "said": round(self.said, 4),
            "true": round(self.true / self.count, 4),
        }


@dataclass(frozen=True, slots=True)
class Reliability:
    """How probabilities and truth agree: the bins that hold something, and two numbers over all pairs.

    `brier` is the mean squared error; `ece` the mean distance of said and true, each bin weighed by its pairs.
    """

    bins: tuple[Bin, ...]
    brier: float
    pairs: int
    true: int

    @property
    def ece(self) -> float:
        """The expected calibration error, in [0, 1]."""
        return sum(abs(one.said * one.count - one.true) for one in self.bins) / self.pairs if self.pairs else 0.0

    def summary(self) -> dict[str, Any]:
        """Return everything for JSON; `n` counts the true ones."""
        return {
            "ece": round(self.ece, 4),
            "brier": round(self.brier, 4),
            "pairs": self.pairs,
            "n": self.true,
            "bins": [one.summary() for one in self.bins],
        }


def reliability(said: Table, true: Table) -> Reliability:
    """Compare probabilities with zeros and ones, arrays of one shape."""
    said, true = np.asarray(said, dtype=float).ravel(), np.asarray(true).ravel()
    places = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        chosen = places == place
        count = int(chosen.sum())
        if count:
            mean = float(said[chosen].mean())
            bins.append(Bin(place / BINS, (place + 1) / BINS, count, mean, int(true[chosen].sum())))
    brier = float(np.mean((said - true) ** 2)) if said.size else 0.0
    return Reliability(tuple(bins), brier, int(said.size), int(true.sum()))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over all pairs, over what was suggested, for each theme told often enough, and for the rarer ones together."""

    pooled: Reliability
    suggested: Reliability
    themes: dict[Theme, Reliability]
    rare: Reliability

    @property
    def mean_ece(self) -> float:
        """The mean calibration error of the themes that have figures of their own; 0 where none has."""
        return float(np.mean([one.ece for one in self.themes.values()])) if self.themes else 0.0

    def summary(self) -> dict[str, Any]:
        """Return everything for JSON, themes by id."""
        return {
            "binning": BINNING,
            **self.pooled.summary(),
            "mean_ece": round(self.mean_ece, 4),
            "suggested": self.suggested.summary(),
            "themes": {theme.value: one.summary() for theme, one in self.themes.items()},
            "rare": self.rare.summary(),
        }


def calibration(said: Table, true: Table, suggested: Table) -> Calibration:
    """Compare probabilities with the truth; all have a row for each text and a column for each theme.

    `suggested` marks the pairs in which the theme was suggested: the only probabilities that anybody sees.
    """
    often = [column for column in range(len(THEMES)) if true[:, column].sum() >= ENOUGH]
    rest = [column for column in range(len(THEMES)) if column not in often]
    chosen = suggested.astype(bool)
    return Calibration(
        pooled=reliability(said, true),
        suggested=reliability(said[chosen], true[chosen]),
        themes={THEMES[column]: reliability(said[:, column], true[:, column]) for column in often},
        rare=reliability(said[:, rest], true[:, rest]),
    )


def confidence_curve(said: Table, true: Table, suggested: Table) -> list[dict[str, float | int]]:
    """Return what is left, and how often it is right, when only the surest suggestions are made.

    For each tenth of the suggestions, surest first: the share `kept`, the lowest probability among them (`limit`),
    their `precision`, and `recall` of all that is told.
    """
    chosen = suggested.astype(bool)
    order = np.argsort(-said[chosen], kind="stable")
    probabilities, right = said[chosen][order], true[chosen][order].astype(int)
    there, many = int(true.sum()), len(right)
    points: list[dict[str, float | int]] = []
    for tenth in range(1, 11):
        kept = round(many * tenth / 10)
        if kept == 0:
            continue
        found = int(right[:kept].sum())
        points.append(
            {
                "kept": round(kept / many, 4),
                "limit": round(float(probabilities[kept - 1]), 4),
                "precision": round(found / kept, 4),
                "recall": round(found / there, 4) if there else 0.0,
                "n": kept,
            }
        )
    return points
