"""The frozen set: stories from which no reader ever learns, and whether one reader is worse on them than another.

They were invented for this product, like the examples and apart from them. The rulings that are held out of training
(one case in five, by its reference) join them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.words import Theme
from cx.themes.corpus import LANGUAGES, Example, read_lines
from cx.themes.intervals import Interval, resampled, spread
from cx.themes.language import detect_language
from cx.themes.reader import Reader

FOLDER = Path(__file__).parent / "frozen"
# One ruled case in so many is never learned from.
HELD_OUT = 5
# Of a theme that was told less often than this, nothing can be said by itself.
ENOUGH = 8
_TWO_SIDED = 0.025

Table = NDArray[Any]


def held_out(reference: str) -> bool:
    """Whether the ruling on this case measures and never teaches; the same for ever."""
    return int(hashlib.sha256(reference.encode()).hexdigest(), 16) % HELD_OUT == 0


def load_frozen(folder: Path = FOLDER) -> list[Example]:
    """Return the frozen stories of the product, French first."""
    return [one for language in LANGUAGES for one in read_lines(folder / f"{language}.jsonl", language=language)]


def suggestions(reader: Reader, stories: Sequence[Example]) -> Table:
    """Return what a reader suggests, zeros and ones: a row for each story, a column for each theme."""
    readings = [reader.read(one.text, detect_language(one.text, one.language or "fr")) for one in stories]
    return np.array([[theme in reading.maybe for theme in Theme] for reading in readings], dtype=float)


@dataclass(frozen=True, slots=True)
class Measured:
    """Micro-F1 of one reader on the frozen set with its 95 % interval, and its macro-F1."""

    micro: float
    interval: Interval
    macro: float

    def summary(self) -> dict[str, Any]:
        """Return plain values."""
        low, high = self.interval
        return {
            "micro": round(self.micro, 4),
            "interval": [round(low, 4), round(high, 4)],
            "macro": round(self.macro, 4),
        }

    def __str__(self) -> str:
        return f"{self.micro:.3f} ({self.interval[0]:.3f} to {self.interval[1]:.3f})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two readers on the same `texts` frozen stories. `difference` is new minus old, with its 95 % interval.

    `worse_themes` are those of which the new reader is worse beyond noise, whatever it gained elsewhere.
    """

    texts: int
    new: Measured
    old: Measured
    difference: float
    interval: Interval
    worse_themes: tuple[Theme, ...]

    @property
    def worse(self) -> bool:
        """Whether the new reader is worse than the old one beyond noise."""
        return self.interval[1] < 0.0 or bool(self.worse_themes)


def compare(truth: Table, new: Table, old: Table) -> Comparison:
    """Compare two readers by what they suggested; tables of zeros and ones, a row for each story.

    A paired bootstrap: both are weighed on the same 1,000 samples of the stories. A theme is looked at by itself where
    the frozen set tells it at least eight times, with an interval so wide that fourteen looks cry wolf once in twenty.
    """
    draws = resampled(len(truth))
    sides = [_counts(truth, said) for said in (new, old)]
    ours, theirs = (_measured(counts, draws) for counts in sides)
    micro = [_f1(_drawn(counts, draws).sum(axis=2)) for counts in sides]
    each = [_f1(_drawn(counts, draws)) for counts in sides]
    worst = np.quantile(each[0] - each[1], 1.0 - _TWO_SIDED / len(Theme), axis=0)
    told = truth.sum(axis=0)
    worse = tuple(theme for at, theme in enumerate(Theme) if told[at] >= ENOUGH and worst[at] < 0.0)
    return Comparison(len(truth), ours, theirs, ours.micro - theirs.micro, spread(micro[0] - micro[1]), worse)


def _counts(truth: Table, said: Table) -> Table:
    """Return right, wrong and missed: shape (3, stories, themes)."""
    return np.stack([truth * said, (1.0 - truth) * said, truth * (1.0 - said)])


def _drawn(counts: Table, draws: Table) -> Table:
    """Return the counts of each sample of stories: shape (3, samples, themes)."""
    return np.stack([draws @ part for part in counts])


def _f1(counts: Table) -> Table:
    right, wrong, missed = counts
    found: Table = 2.0 * right / np.maximum(2.0 * right + wrong + missed, 1.0)
    return found


def _measured(counts: Table, draws: Table) -> Measured:
    whole = counts.sum(axis=1)
    told = whole[0] + whole[2] > 0
    macro = float(_f1(whole)[told].mean()) if told.any() else 0.0
    samples = _f1(_drawn(counts, draws).sum(axis=2))
    return Measured(float(_f1(whole.sum(axis=1))), spread(samples), macro)
