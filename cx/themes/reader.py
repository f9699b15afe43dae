"""The reader at work: themes of a text from plain arrays, with numpy alone.

It says what it would say in training to within 1e-5 (`tests/workshops/test_themes_training.py`). It abstains when it
did not understand, and it may fail without anybody noticing: a missing or damaged file gives a reader that abstains
and says why.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cx.core.incident import Reading, Reason
from cx.core.words import Theme
from cx.themes.analyzer import pieces_of
from cx.themes.export import FITTED, Fitted, UnreadableFile, restore
from cx.themes.language import ENOUGH_WORDS, KNOWN_LANGUAGES, detect_language
from cx.themes.story import Story, Window, take_apart, with_pairs

THEMES: tuple[Theme, ...] = tuple(Theme)
NO_VERSION = "none"
# A text must hold at least this many words that the reader has seen; otherwise it has only letters to go by.
ENOUGH_KNOWN_WORDS = 2
# Windows that are scored at once: a long story must not fill the memory.
_BATCH = 32

Floats = NDArray[np.float64]


class _Linear:
    """The linear scores of windows, from arrays: counts → tf-idf of length one in each block → decisions."""

    def __init__(self, fitted: Fitted) -> None:
        self._indexes: list[dict[str, int]] = []
        offset = 0
        for words in fitted.vocabularies:
            self._indexes.append({feature: offset + number for number, feature in enumerate(words)})
            offset += len(words)
        self._borders = np.cumsum([len(words) for words in fitted.vocabularies[:-1]])
        # A text has most of its words several times, in windows that overlap.
        self._runs = lru_cache(maxsize=20_000)(self._runs_of)
        self._idf = fitted.idf.astype(np.float64)
        self._coefficients = fitted.coefficients
        self._intercepts = fitted.intercepts.astype(np.float64)

    def decisions(self, story: Story, windows: list[Window]) -> Floats:
        """Return a decision for each theme from each window: a row for a window, a column for a theme."""
        letters = [list(chain.from_iterable(map(self._runs, words))) for words in story.words]
        batches = [windows[at : at + _BATCH] for at in range(0, len(windows), _BATCH)]
        return np.concatenate([self._decided(story, batch, letters) for batch in batches])

    def _decided(self, story: Story, windows: list[Window], letters: list[list[int]]) -> Floats:
        found: list[int] = []
        lengths: list[int] = []
        for window in windows:
            before = len(found)
            found += self._numbers(0, with_pairs(story.words_in(window)))
            found += chain.from_iterable(letters[window[0] : window[1] + 1])
            found += self._numbers(2, story.concepts_in(window))
            lengths.append(len(found) - before)
        columns, places = np.unique(np.array(found, dtype=np.intp), return_inverse=True)
        owners = np.repeat(np.arange(len(windows)), lengths)
        counts = np.bincount(owners * len(columns) + places, minlength=len(windows) * len(columns))
        counts = counts.reshape(len(windows), len(columns))
        weights = np.where(counts > 0, np.log(np.maximum(counts, 1)) + 1.0, 0.0) * self._idf[columns]
        for block in np.split(weights, np.searchsorted(columns, self._borders), axis=1):
            lengths_of = np.sqrt((block * block).sum(axis=1, keepdims=True))
            np.divide(block, np.where(lengths_of > 0.0, lengths_of, 1.0), out=block)  # a view of `weights`
        decided: Floats = weights @ self._coefficients[columns].astype(np.float64) + self._intercepts
        return decided

    def _numbers(self, block: int, features: Iterable[str]) -> Iterator[int]:
        index = self._indexes[block]
        return (index[feature] for feature in features if feature in index)

    def _runs_of(self, word: str) -> tuple[int, ...]:
        return tuple(self._numbers(1, pieces_of(word)))

    def known(self, words: list[str]) -> int:
        """Return how many different words and pairs of `words` have been seen."""
        return len({word for word in words if word in self._indexes[0]})


class Reader:
    """Reads texts. Thread-safe: nothing changes after it is made. `problem` says why it always abstains, if so."""

    def __init__(self, fitted: Fitted | None, problem: str = "") -> None:
        self.problem = problem
        self.version = fitted.version if fitted else NO_VERSION
        self._fitted = fitted
        self._linear = _Linear(fitted) if fitted else None

    def scores(self, text: str, language: str = "") -> dict[Theme, float]:
        """Return the probability of every theme, whatever the text. Zero for all without a fitted file."""
        if self._linear is None:
            return dict.fromkeys(THEMES, 0.0)
        story = take_apart(text, language or detect_language(text))
        return dict(zip(THEMES, self._judge(self._signals(story)[0]), strict=True))

    def _signals(self, story: Story) -> tuple[Floats, list[Window], int]:
        """Return the four signals of each theme, its best window, and how many known words the story has."""
        assert self._linear is not None
        windows = story.windows if len(story.spans) > 1 else [story.whole]
        decided = self._linear.decisions(story, [*windows, story.whole])
        table, whole = decided[:-1], decided[-1]
        found = np.zeros((len(THEMES), 4))
        for column, theme in enumerate(THEMES):
            strength, count = story.strength(theme)
            found[column, :2] = strength, math.log1p(count)
        found[:, 2], found[:, 3] = table.max(axis=0), whole
        best = [windows[number] for number in table.argmax(axis=0)]
        return found, best, self._linear.known(with_pairs(story.words_in(story.whole)))

    def _judge(self, found: Floats) -> list[float]:
        assert self._fitted is not None
        weights = self._fitted.combiner
        decision = np.clip((found * weights[:, :4]).sum(axis=1) + weights[:, 4], -500.0, 500.0)
        probabilities: list[float] = (1.0 / (1.0 + np.exp(-decision))).tolist()
        return probabilities

    def read(self, text: str, language: str = "") -> Reading:
        """Read one text. `language` is `fr` or `en` where it is known; otherwise it is detected.

        Abstains on fewer than four words, a language that is neither, too few known words, or no fitted file.
        """
        language = language or detect_language(text)
        if self._fitted is None:
            return Reading(self.version, dict.fromkeys(THEMES, 0.0), (), True, language)
        story = take_apart(text, language)
        found, best, known = self._signals(story)
        scores = dict(zip(THEMES, self._judge(found), strict=True))
        written = sum(not word.startswith("_") for words in story.words for word in words)
        abstained = language not in KNOWN_LANGUAGES or written < ENOUGH_WORDS or known < ENOUGH_KNOWN_WORDS
        maybe = () if abstained else self._above(scores, self._fitted.maybe)
        certain = self._above(scores, self._fitted.sure)
        reasons = {theme: Reason(*story.span(_window(story, theme, best))) for theme in maybe}
        sure = tuple(theme for theme in maybe if theme in certain)
        return Reading(self.version, scores, maybe, abstained, language, sure, reasons)

    def read_many(self, texts: Iterable[tuple[str, str]]) -> list[Reading]:
        """Read pairs of (text, language), in order."""
        return [self.read(text, language) for text, language in texts]

    @staticmethod
    def _above(scores: Mapping[Theme, float], thresholds: Mapping[Theme, float]) -> tuple[Theme, ...]:
        """Return the themes that reach their threshold, best first."""
        found = [theme for theme in THEMES if scores[theme] >= thresholds[theme]]
        return tuple(sorted(found, key=lambda theme: -scores[theme]))


def load(path: Path = FITTED) -> Reader:
    """Return the reader fitted in the folder `path`, or one that always abstains and says why. Never raises."""
    try:
        return Reader(restore(path))
    except UnreadableFile as error:
        return Reader(None, problem=f"The reader of themes cannot be used: {error}")


def _window(story: Story, theme: Theme, best: list[Window]) -> Window:
    """Return where the strongest event of a theme is told; without one, the window that speaks for it most."""
    told = [one for one in story.told if one.event.theme is theme]
    if not told:
        return best[THEMES.index(theme)]
    strongest = max(told, key=lambda one: (one.event.strength, one.first - one.last))
    return strongest.first, strongest.last
