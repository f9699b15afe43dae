"""How far a figure can be trusted: 95 % intervals, Wilson's for a rate and resampled texts for everything else."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[Any]
Interval = tuple[float, float]
# The quantile of the normal distribution that leaves 2.5 % on either side.
_TWO_SIDED = 1.959964
_RESAMPLES = 1000
_SEED = 1789


def wilson(right: int, total: int) -> Interval:
    """Return the 95 % interval of a rate of `right` in `total` (Wilson 1927); (0, 1) when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    rate, square = right / total, _TWO_SIDED**2
    middle = (rate + square / (2 * total)) / (1 + square / total)
    half = _TWO_SIDED / (1 + square / total) * math.sqrt(rate * (1 - rate) / total + square / (4 * total * total))
    # What rounding takes at the ends of the scale is given back.
    return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


@lru_cache(maxsize=16)
def resampled(texts: int) -> Table:
    """Return how often each of `texts` texts is drawn in each of 1,000 samples of the same size, always the same.

    Without texts nothing is drawn.
    """
    if not texts:
        return np.zeros((_RESAMPLES, 0))
    chance = np.random.default_rng(_SEED)
    return chance.multinomial(texts, np.full(texts, 1 / texts), size=_RESAMPLES).astype(np.float64)


def spread(samples: Table) -> Interval:
    """Return the middle 95 % of what the samples say."""
    low, high = np.quantile(samples, (0.025, 0.975))
    return float(low), float(high)


def bootstrap(counts: Table, figure: Callable[[Table], Table]) -> Interval:
    """Return the 95 % interval of a figure over resampled texts.

    `counts` has a row for each text; `figure` takes sums of such rows, a row for each sample, and gives one number for
    each. (0, 1) without texts.
    """
    return spread(figure(resampled(len(counts)) @ counts)) if len(counts) else (0.0, 1.0)
