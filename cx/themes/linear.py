"""The linear scores of windows, from arrays: counts of features → tf-idf of length one in each block → decisions.

Every feature of a story is looked up once. It is in a window when the window holds its first and its last sentence:
a word, a run of letters and a concept have one sentence, a pair may span two, an event several.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cx.themes.analyzer import pieces_of
from cx.themes.export import Fitted
from cx.themes.story import Story, Window, partners

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Index = dict[str, int]
# Cells that are computed at once: a long story must not fill the memory.
_CELLS = 400_000
_DAMPED = np.concatenate([[0.0], np.log(np.arange(1, 4_096)) + 1.0])


class Found(NamedTuple):
    """Features of a story by number, in the order of the sentences; `wide` are (number, first, last sentence)."""

    numbers: list[int]
    lengths: list[int]
    """How many of `numbers` each sentence has."""
    wide: list[tuple[int, int, int]]
    known: int
    """How many different words and pairs of neighbours have been seen in training."""
    seen: int
    """How many of the words, each as often as it is written, have been seen; numbers, links and masks left out."""


class Weighed(NamedTuple):
    """The features of one window: `values[i]` is what feature `numbers[i]` weighs, found `counts[i]` times."""

    numbers: Numbers
    counts: Numbers
    values: Floats


class Linear:
    """Scores windows as the fitted pipeline does. Thread-safe: it only remembers words it met."""

    def __init__(self, fitted: Fitted) -> None:
        """Index the vocabularies: what stands alone, and what follows what."""
        words, letters, concepts = fitted.vocabularies
        self._words, self._word_pairs = _split(words, " ", 0)
        self._letters = {run: len(words) + number for number, run in enumerate(letters)}
        self._concepts, self._concept_pairs = _split(concepts, ">", len(words) + len(letters))
        self._borders = np.cumsum([len(words), len(letters)])
        # A text has most of its words several times, and people use the same ones.
        self.runs = lru_cache(maxsize=20_000)(self._runs_of)
        self._idf = fitted.idf.astype(np.float64)
        self.coefficients = fitted.coefficients
        self.intercepts = fitted.intercepts.astype(np.float64)

    def word(self, word: str) -> int | None:
        """Return the number of a word, None for one never seen."""
        return self._words.get(word)

    def word_pair(self, left: str, right: str) -> int | None:
        """Return the number of two neighbours."""
        return self._word_pairs.get(left, {}).get(right)

    def concept(self, name: str) -> int | None:
        """Return the number of a concept or an event."""
        return self._concepts.get(name)

    def concept_pair(self, left: str, right: str) -> int | None:
        """Return the number of two concepts in order."""
        return self._concept_pairs.get(left, {}).get(right)

    def _runs_of(self, word: str) -> tuple[int, ...]:
        return tuple(self._letters[run] for run in pieces_of(word) if run in self._letters)

    def find(self, story: Story) -> Found:
        """Look up every feature of `story`."""
        sentences: list[list[int]] = []
        wide: list[tuple[int, int, int]] = []
        known: set[int] = set()
        seen = 0
        before, before_in = "", 0
        for at, words in enumerate(story.words):
            alone = [number for number in map(self._words.get, words) if number is not None]
            if words and (number := self.word_pair(before, words[0])) is not None:
                wide.append((number, before_in, at))
                known.add(number)
            follows = map(self._word_pairs.get, words)
            pairs = [after[word] for after, word in zip(follows, words[1:], strict=False) if after and word in after]
            known.update(alone, pairs)
            seen += sum(word in self._words for word in words if word[0] != "_")
            sentences.append([*alone, *pairs, *chain.from_iterable(map(self.runs, words))])
            if words:
                before, before_in = words[-1], at
        for number, first, last in self._concepts_of(story):
            if first == last:
                sentences[first].append(number)
            else:
                wide.append((number, first, last))
        return Found(list(chain.from_iterable(sentences)), [len(one) for one in sentences], wide, len(known), seen)

    def _concepts_of(self, story: Story) -> Iterator[tuple[int, int, int]]:
        """Yield the known features of concepts, with the first and the last sentence of each."""
        for name, first, _, other, last, _ in partners(story.concepts):
            number = self._concept_pairs.get(name, {}).get(other) if other else self._concepts.get(name)
            if number is not None:
                yield number, first, last
        for told in story.told:
            for name in (f"E:{told.event.name}", f"T:{told.event.theme.code}"):
                if (number := self._concepts.get(name)) is not None:
                    yield number, told.first, told.last

    def decisions(self, found: Found) -> tuple[Floats, Floats]:
        """Return the decisions of every sentence and then every pair of neighbours, a row each; and of the whole."""
        everything = np.array([*found.numbers, *(number for number, _, _ in found.wide)], dtype=np.intp)
        columns, places = np.unique(everything, return_inverse=True)
        whole = self._decided(columns, np.bincount(places, minlength=len(columns))[None, :])[0]
        sentences, wide = len(found.lengths), len(found.numbers)
        if sentences == 1:
            return whole[None, :], whole
        owners = np.repeat(np.arange(sentences), found.lengths)
        near = np.array([first for _, first, last in found.wide if last == first + 1], dtype=np.intp)
        spans = np.array([last == first + 1 for _, first, last in found.wide], dtype=bool)
        across = places[wide:][spans]
        singles, pairs = [], []
        step = max(1, _CELLS // max(1, len(columns)))
        for start in range(0, sentences, step):
            end = min(start + step, sentences)
            inside = slice(*np.searchsorted(owners, [start, end + 1]))
            alone = _counted(owners[inside] - start, places[inside], min(end + 1, sentences) - start, len(columns))
            chosen = (near >= start) & (near < end)
            both = _counted(near[chosen] - start, across[chosen], len(alone) - 1, len(columns))
            singles.append(self._decided(columns, alone[: end - start]))
            pairs.append(self._decided(columns, alone[:-1] + alone[1:] + both))
        return np.concatenate([*singles, *pairs]), whole

    def weighed(self, found: Found, window: Window) -> Weighed:
        """Return the features of one window and what they weigh in it."""
        owners = np.repeat(np.arange(len(found.lengths)), found.lengths)
        first, last = window
        inside = np.array(found.numbers, dtype=np.intp)[(owners >= first) & (owners <= last)]
        across = [number for number, start, end in found.wide if first <= start and end <= last]
        numbers, counts = np.unique(np.concatenate([inside, np.array(across, dtype=np.intp)]), return_counts=True)
        return Weighed(numbers, counts, self._values(numbers, counts[None, :])[0])

    def _decided(self, columns: Numbers, counts: Numbers) -> Floats:
        decided: Floats = (
            self._values(columns, counts) @ self.coefficients[columns].astype(np.float64) + self.intercepts
        )
        return decided

    def _values(self, columns: Numbers, counts: Numbers) -> Floats:
        """Return the tf-idf of counted features, each block of a row of length one (or zero)."""
        if counts.size and counts.max() >= len(_DAMPED):
            damped = np.where(counts > 0, np.log(np.maximum(counts, 1)) + 1.0, 0.0)
        else:
            damped = _DAMPED[counts]
        values: Floats = damped * self._idf[columns]
        first, second = np.searchsorted(columns, self._borders)
        for block in (values[:, :first], values[:, first:second], values[:, second:]):
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            lengths[lengths == 0.0] = 1.0
            np.divide(block, lengths[:, None], out=block)  # a view of `values`
        return values


def _split(features: list[str], sign: str, offset: int) -> tuple[Index, dict[str, Index]]:
    """Return the numbers of features that stand alone, and those of pairs by what comes first, then second."""
    alone: Index = {}
    pairs: dict[str, Index] = {}
    for number, feature in enumerate(features, start=offset):
        left, found, right = feature.partition(sign)
        if found:
            pairs.setdefault(left, {})[right] = number
        else:
            alone[feature] = number
    return alone, pairs


def _counted(rows: Numbers, columns: Numbers, height: int, width: int) -> Numbers:
    counts: Numbers = np.bincount(rows * width + columns, minlength=height * width).reshape(height, width)
    return counts
