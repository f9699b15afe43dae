"""Whether a month stands apart from the others more than chance alone would bring, for shares and for means.

Many months and many themes are looked at together: with 14 themes in 18 months one in twenty would stand apart by chance
alone more than twelve times. So the level of 5 % is divided by the number of comparisons (Bonferroni), which errs on the
side of silence. The month that stands farthest apart is set aside before the others are judged, so that one flood does
not make every usual month look strange.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cx.core.scoring import SOUND_FROM, Share, beta_share

LEVEL = 0.05
One = TypeVar("One")
Chance = tuple[float, float]
"""How likely chance alone brings it, and how near it lies to the others (negative distance): the smaller, the stranger."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` whole numbers with its 95 % interval (normal); 0 without observations."""

    n: int
    value: float
    low: float
    high: float


def shares_apart(shares: Sequence[Share], comparisons: int | None = None) -> tuple[bool, ...]:
    """For each of several months: whether its count could not come from the share of the usual months together.

    The test is the exact binomial one, two-sided. Months with fewer than 20 observations, and months that have fewer
    than 20 in the others to be compared with, never stand apart. `comparisons` counts all that are made on one page.
    """
    return _set_aside(shares, _chance_of_share, LEVEL / max(1, comparisons or len(shares)))


def means_apart(months: Sequence[Mapping[int, int]]) -> tuple[bool, ...]:
    """The same for means of whole numbers, given how often each occurred (Welch, normal)."""
    return _set_aside(months, _chance_of_mean, LEVEL / max(1, len(months)))


def mean(numbers: Mapping[int, int]) -> Mean:
    """The mean of whole numbers, given how often each occurred."""
    n = sum(numbers.values())
    if n <= 0:
        return Mean(0, 0.0, 0.0, 0.0)
    value = sum(number * many for number, many in numbers.items()) / n
    half = 1.96 * _error(numbers, value, n)
    return Mean(n, value, value - half, value + half)


def _set_aside(
    months: Sequence[One], chance: Callable[[One, Sequence[One]], Chance | None], level: float
) -> tuple[bool, ...]:
    """Set the strangest month aside as long as chance would hardly bring it among those that are left."""
    left = list(range(len(months)))
    while len(left) > 1:
        found = {place: chance(months[place], [months[other] for other in left if other != place]) for place in left}
        judged = {place: one for place, one in found.items() if one is not None}
        strangest = min(judged.values(), default=(1.0, 0.0))
        if strangest[0] >= level:
            break
        left = [place for place in left if judged.get(place) != strangest]
    return tuple(place not in left for place in range(len(months)))


def _chance_of_share(month: Share, others: Sequence[Share]) -> Chance | None:
    n, count = sum(one.n for one in others), sum(one.count for one in others)
    if month.n < SOUND_FROM or n < SOUND_FROM:
        return None
    # Half a story more on either side: nothing is impossible because it was not seen yet.
    share = (count + 0.5) / (n + 1)
    as_many = beta_share(share, month.count, month.n - month.count + 1) if month.count else 1.0
    as_few = 1 - beta_share(share, month.count + 1, month.n - month.count) if month.count < month.n else 1.0
    return 2 * min(as_many, as_few), -abs(month.count / month.n - share)


def _chance_of_mean(month: Mapping[int, int], others: Sequence[Mapping[int, int]]) -> Chance | None:
    together: dict[int, int] = {}
    for other in others:
        for number, many in other.items():
            together[number] = together.get(number, 0) + many
    one, rest = mean(month), mean(together)
    if one.n < SOUND_FROM or rest.n < SOUND_FROM:
        return None
    error = math.hypot(_error(month, one.value, one.n), _error(together, rest.value, rest.n))
    far = abs(one.value - rest.value)
    likely = math.erfc(far / error / math.sqrt(2)) if error else float(far == 0)
    return likely, -far


def _error(numbers: Mapping[int, int], value: float, n: int) -> float:
    """The standard error of a mean; the same in whichever order the numbers come."""
    return math.sqrt(math.fsum(many * (number - value) ** 2 for number, many in numbers.items())) / n
