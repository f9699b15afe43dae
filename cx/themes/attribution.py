"""What each word of a story did to the decision on a theme: the computation itself, laid out over the text.

The decision is a sum (in log-odds): an offset, the events of the theme, those of other themes, the best window, the
whole story. Events are told by words, and a linear score is a sum over features that stand somewhere; so each part is
handed to the words it comes from, in equal shares where several make one feature, and the shares add up to the
decision again to within 1e-6 (`tests/workshops/test_themes_attribution.py`).
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cx.core.words import Theme
from cx.themes.linear import Found, Linear
from cx.themes.places import Places
from cx.themes.story import Story, Told, Window
from cx.themes.traced import Span

# A word is named when it carries at least this share of all that speaks for the theme; no more than eight are.
FLOOR = 0.05
MOST_WORDS = 8

_RUN = re.compile(r"[^\W_]+")

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Word = tuple[int, int, float]
"""The characters of a word (start, end) and what it adds to the log-odds of a theme; negative if it speaks against."""


@dataclass(frozen=True, slots=True)
class Account:
    """The decision on one theme: `offset`, told whatever the story, and what every word of it adds, in their order."""

    offset: float
    words: tuple[Word, ...]

    @property
    def total(self) -> float:
        """The log-odds of the theme."""
        return self.offset + math.fsum(weight for _, _, weight in self.words)

    def loudest(self, within: Span) -> tuple[Word, ...]:
        """Return the words inside `within` that carry most, in their order, each with its share of what speaks for it.

        Words under the floor are left out: none may be left.
        """
        speaks = math.fsum(weight for _, _, weight in self.words if weight > 0.0)
        found = [
            (start, end, weight / speaks)
            for start, end, weight in self.words
            if within[0] <= start and end <= within[1] and weight >= FLOOR * speaks > 0.0
        ]
        return tuple(sorted(sorted(found, key=lambda word: -word[2])[:MOST_WORDS]))


class Accountant:
    """Accounts for the decisions on one story; what all themes share is worked out once."""

    def __init__(self, linear: Linear, story: Story, found: Found) -> None:
        """Find where every feature of `story` stands."""
        self._linear, self._story, self._found = linear, story, found
        self._places = Places(story)
        numbers, sentences, at = self._places.alone(linear)
        composed = [
            (number, first, last, place, 1.0 / len(places))
            for number, first, last, places in self._places.composed(linear)
            for place in places
        ]
        self._numbers = np.array(numbers + [one[0] for one in composed], dtype=np.intp)
        self._first = np.array(sentences + [one[1] for one in composed], dtype=np.intp)
        self._last = np.array(sentences + [one[2] for one in composed], dtype=np.intp)
        self._at = np.array(at + [one[3] for one in composed], dtype=np.intp)
        self._share = np.array([1.0] * len(at) + [one[4] for one in composed])
        self._windows: dict[Window, _Handed] = {}
        self._units = _units(story.text, self._places.spans)

    def account(self, theme: Theme, weights: Sequence[float], best: Window) -> Account:
        """Account for `theme`, whose best window is `best`.

        `weights` are those of the combiner: events, events of other themes, best window, whole story, offset.
        """
        told, others, window, whole, offset = weights
        column = tuple(Theme).index(theme)
        carried = np.zeros(len(self._places.spans))
        for weight, mine in ((told, True), (others, False)):
            self._hand_out_events(
                carried, weight, [one for one in self._story.told if (one.event.theme is theme) is mine]
            )
        for weight, chosen in ((window, best), (whole, self._story.whole)):
            self._hand_out_score(carried, weight, chosen, column)
        constant = offset + (window + whole) * float(self._linear.intercepts[column])
        sums = np.bincount(self._units[1], weights=carried, minlength=len(self._units[0]))
        words = [(start, end, weight) for (start, end), weight in zip(self._units[0], sums.tolist(), strict=True)]
        return Account(constant, tuple(word for word in words if word[2]))

    def _hand_out_events(self, carried: Floats, weight: float, told: list[Told]) -> None:
        """Give each different event its part of the logarithm of 1 + their weights, as it weighs; its words share it."""
        first = {(one.event.theme, one.event.name): one for one in reversed(told)}
        together = math.fsum(one.event.weight for one in first.values())
        if not together:
            return
        for one in first.values():
            _share(carried, self._places.of_event(one), weight * math.log1p(together) * one.event.weight / together)

    def _hand_out_score(self, carried: Floats, weight: float, window: Window, column: int) -> None:
        """Give what each feature adds to the score of `window` to its places, evenly over its occurrences."""
        if window not in self._windows:
            self._windows[window] = self._handed(window)
        numbers, values, which, at, share = self._windows[window]
        each = weight * values * self._linear.coefficients[numbers, column]
        carried += np.bincount(at, weights=each[which] * share, minlength=len(carried))

    def _handed(self, window: Window) -> "_Handed":
        """Find which places get a share of which features of `window`."""
        weighed = self._linear.weighed(self._found, window)
        inside = (self._first >= window[0]) & (self._last <= window[1])
        which = np.searchsorted(weighed.numbers, self._numbers[inside])
        return _Handed(weighed.numbers, weighed.values / weighed.counts, which, self._at[inside], self._share[inside])


class _Handed(NamedTuple):
    """The features of a window with what one occurrence of each weighs, and every share: of which, for which place."""

    numbers: Numbers
    values: Floats
    which: Numbers
    at: Numbers
    share: Floats


def strongest_of(told: Iterable[Told]) -> Told:
    """Return the strongest event; of two, the one told in fewer sentences, then the earlier one."""
    return max(told, key=lambda one: (one.event.strength, one.first - one.last))


def _share(carried: Floats, places: tuple[int, ...], amount: float) -> None:
    for place in places:
        carried[place] += amount / len(places)


def _units(text: str, spans: list[Span]) -> tuple[list[Span], NDArray[np.intp]]:
    """Return the words of `text` that hold the places, whole and apart from each other; and for each place its word.

    The analyzer and the grammar cut "don't" differently: what overlaps is one word.
    """
    runs = [found.span() for found in _RUN.finditer(text)]
    starts = [start for start, _ in runs]
    known = set(runs)
    whole = [span if span in known else _whole(runs, starts, span) for span in spans]
    units: list[Span] = []
    owner = np.zeros(len(spans), dtype=np.intp)
    for place in sorted(range(len(spans)), key=whole.__getitem__):
        start, end = whole[place]
        if units and start < units[-1][1]:
            units[-1] = (units[-1][0], max(end, units[-1][1]))
        else:
            units.append((start, end))
        owner[place] = len(units) - 1
    return units, owner


def _whole(runs: list[Span], starts: list[int], span: Span) -> Span:
    """Return `span` without cutting a run of letters and digits: one that an end of it is in belongs to it."""
    start, end = span
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
    if first >= 0 and start < runs[first][1]:
        start = runs[first][0]
    return start, max(end, runs[last][1]) if last >= 0 else end
