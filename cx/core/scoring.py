"""Figures that stay honest: shares with their interval, means that small numbers cannot inflate, and what to hide.

Pure arithmetic; nothing here knows where the numbers come from. Rules of display: rates and means under n = 5 are
hidden, under n = 20 they are called fragile; one's own counts are always shown. Formulas: `docs/figures.md`.
"""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cx.core.words import Theme, Value

SHOWN_FROM = 5
SOUND_FROM = 20
Z95 = 1.959963984540054
PRIOR_STRENGTH = 4.0
INDEX_CENTRE = 0.40
SEVERITY_FACTOR: Mapping[int, float] = {1: 0.40, 2: 0.55, 3: 0.70, 4: 0.85, 5: 1.00}
VALUES_NEEDED = 3

Histogram = Mapping[int, int]
"""How often each whole number occurred; counts are not negative."""


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`. `value`, `low` and `high` are per cent, with the 95 % interval of Wilson."""

    count: int
    n: int

    @property
    def shown(self) -> bool:
        """Whether a rate may be said at all."""
        return self.n >= SHOWN_FROM

    @property
    def fragile(self) -> bool:
        """Whether the rate is shown with a warning."""
        return self.shown and self.n < SOUND_FROM

    @property
    def value(self) -> float:
        """The share in per cent; 0 without observations."""
        return 100 * self.count / self.n if self.n else 0.0

    @property
    def low(self) -> float:
        """The lower end of the interval, in per cent."""
        return 100 * wilson(self.count, self.n)[0]

    @property
    def high(self) -> float:
        """The upper end of the interval, in per cent."""
        return 100 * wilson(self.count, self.n)[1]


@dataclass(frozen=True, slots=True)
class Score:
    """A mean on a scale of 0 to 100 over `n` people, shrunk towards the middle; `low`, `high`: 95 % interval."""

    n: int
    value: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether the mean may be said at all."""
        return self.n >= SHOWN_FROM


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of whole numbers over `n` observations with its 95 % interval (Woodruff: the ranks of Wilson)."""

    n: int
    value: int
    low: int
    high: int

    @property
    def shown(self) -> bool:
        """Whether the quantile may be said at all."""
        return self.n >= SHOWN_FROM


def wilson(count: float, n: int, z: float = Z95) -> tuple[float, float]:
    """The interval of Wilson for `count` of `n`, as shares in [0, 1]; (0, 1) without observations.

    Raises ValueError when `count` does not lie in [0, n].
    """
    if not 0 <= count <= n:
        raise ValueError("a share needs 0 <= count <= n")
    if n == 0:
        return 0.0, 1.0
    share, square = count / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    # At the ends rounding may leave the share outside by a hair.
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def satisfied(answers: Histogram) -> Share:
    """The share of answers 4 and 5 on a scale of 1 to 5 ("satisfied"); others are counted, not averaged."""
    return Share(answers.get(4, 0) + answers.get(5, 0), sum(answers.get(mark, 0) for mark in range(1, 6)))


def value_of_answers(answers: Mapping[Value, int]) -> float | None:
    """The added value that one person reports, 0 to 100, over the four values; None under three answers."""
    if len(answers) < VALUES_NEEDED:
        return None
    return 100 * sum((mark - 1) / 4 for mark in answers.values()) / len(answers)


def value_score(answers: Histogram, strength: float = PRIOR_STRENGTH) -> Score:
    """One of the four values over all who answered it with 1 to 5: (m·50 + Σ 100·(r − 1)/4) / (m + n).

    The interval is the Beta one of the index: conservative, and never outside [0, 100].
    """
    n = sum(answers.get(mark, 0) for mark in range(1, 6))
    return _score(sum((mark - 1) / 4 * answers.get(mark, 0) for mark in range(1, 6)), n, 0.5, strength)


def intensity(themes: Collection[Theme], severity: int) -> float:
    """How strongly one incident tells of dehumanisation, in [0, 1): 1 − Π(1 − weight · g(severity)); 0 without themes.

    `severity` is the customer's, 1 to 5. Raises KeyError for any other.
    """
    factor = SEVERITY_FACTOR[severity]
    return 1 - math.prod(1 - theme.weight * factor for theme in set(themes))


def index(intensities: Collection[float], centre: float = INDEX_CENTRE, strength: float = PRIOR_STRENGTH) -> Score:
    """The dehumanisation index, 0 to 100 (lower is better): the mean intensity, shrunk to the mean of the sector."""
    return _score(math.fsum(intensities), len(intensities), centre, strength)


def _score(total: float, n: int, centre: float, strength: float) -> Score:
    a = strength * centre + total
    b = strength * (1 - centre) + n - total
    return Score(n, 100 * a / (a + b), 100 * beta_inverse(0.025, a, b), 100 * beta_inverse(0.975, a, b))


def quantile(numbers: Histogram, share: float) -> Quantile:
    """The smallest number that at least `share` of the observations do not exceed (0.5: median), with its interval."""
    n = sum(numbers.values())
    low, high = wilson(share * n, n)
    return Quantile(n, _at(numbers, share), _at(numbers, low), _at(numbers, high))


def _at(numbers: Histogram, share: float) -> int:
    needed = share * sum(numbers.values())
    seen = 0
    for number in sorted(numbers):
        seen += numbers[number]
        # A billionth forgives what floating point makes of 0.9 · 10.
        if seen and seen >= needed - 1e-9:
            return number
    return 0


def beta_inverse(share: float, a: float, b: float) -> float:
    """The point of [0, 1] below which lies `share` of the Beta distribution with a, b > 0 (bisection, to 1e-9)."""
    return _bisect(lambda x: beta_share(x, a, b) < share)


def _bisect(below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): which share of the distribution lies below `x`."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    # The continued fraction converges fast on this side of the mean only; the other side is its mirror.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, evaluated from the front (Lentz)."""
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = _inverse(1 + term * d)
            c = 1 + term / c
            found *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return found


def _inverse(value: float) -> float:
    """One over `value`, kept away from zero as the method asks."""
    return 1 / (value if abs(value) > 1e-300 else 1e-300)
