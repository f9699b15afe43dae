"""The reader at work: themes of a text from plain arrays, with numpy alone.

It says what it would say in training to within 1e-5 (`tests/workshops/test_themes_reader.py`). It abstains when it
did not understand, and it may fail without anybody noticing: a missing or damaged file gives a reader that abstains
and says why.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cx.core.incident import Reading
from cx.core.words import Theme
from cx.themes.analyzer import both_features
from cx.themes.export import FITTED, Fitted, UnreadableFile, restore
from cx.themes.language import ENOUGH_WORDS, KNOWN_LANGUAGES, detect_language

THEMES: tuple[Theme, ...] = tuple(Theme)
NO_VERSION = "none"
# A text must hold at least this many words that the reader has seen; otherwise it has only letters to go by.
ENOUGH_KNOWN_WORDS = 2


class _Block:
    """One half of the features (words, or runs of characters): counts → tf-idf of length one → scores."""

    def __init__(self, vocabulary: list[str], idf: NDArray[np.float32], coefficients: NDArray[np.float32]) -> None:
        self._index = {feature: number for number, feature in enumerate(vocabulary)}
        self._idf = idf.astype(np.float64)
        self._coefficients = coefficients

    def scores(self, features: list[str]) -> tuple[NDArray[np.float64], int]:
        """Return the contribution to each theme, and how many different features are known."""
        index = self._index
        counts = [(index[feature], count) for feature, count in Counter(features).items() if feature in index]
        if not counts:
            return np.zeros(len(THEMES)), 0
        columns = np.fromiter((column for column, _ in counts), dtype=np.intp, count=len(counts))
        times = np.fromiter((count for _, count in counts), dtype=np.float64, count=len(counts))
        weights = (1.0 + np.log(times)) * self._idf[columns]
        weights /= math.sqrt(float(weights @ weights))
        return weights @ self._coefficients[columns], len(counts)


class Reader:
    """Reads texts. Thread-safe: nothing changes after it is made. `problem` says why it always abstains, if so."""

    def __init__(self, fitted: Fitted | None, problem: str = "") -> None:
        self.problem = problem
        self.version = fitted.version if fitted else NO_VERSION
        self._fitted = fitted
        if fitted:
            border = len(fitted.word_vocabulary)
            self._words = _Block(fitted.word_vocabulary, fitted.word_idf, fitted.coefficients[:border])
            self._characters = _Block(fitted.character_vocabulary, fitted.character_idf, fitted.coefficients[border:])

    def scores(self, text: str) -> dict[Theme, float]:
        """Return the probability of every theme, whatever the text. Zero for all without a fitted file."""
        return dict(zip(THEMES, self._probabilities(*both_features(text))[0], strict=True))

    def _probabilities(self, words: list[str], characters: list[str]) -> tuple[list[float], int]:
        """Return the probabilities in the order of `THEMES`, and the number of known words and pairs."""
        if self._fitted is None:
            return [0.0] * len(THEMES), 0
        from_words, known = self._words.scores(words)
        from_characters, _ = self._characters.scores(characters)
        decision = from_words + from_characters + self._fitted.intercepts
        exponent = np.clip(self._fitted.slopes * decision + self._fitted.offsets, -500.0, 500.0)
        probabilities: list[float] = (1.0 / (1.0 + np.exp(exponent))).tolist()
        return probabilities, known

    def read(self, text: str, language: str = "") -> Reading:
        """Read one text. `language` is `fr` or `en` where it is known; otherwise it is detected.

        Abstains on fewer than four words, a language that is neither, too few known words, or no fitted file.
        """
        language = language or detect_language(text)
        words, characters = both_features(text)
        probabilities, known = self._probabilities(words, characters)
        scores = dict(zip(THEMES, probabilities, strict=True))
        written = sum(" " not in word and not word.startswith("_") for word in words)
        abstained = (
            self._fitted is None
            or language not in KNOWN_LANGUAGES
            or written < ENOUGH_WORDS
            or known < ENOUGH_KNOWN_WORDS
        )
        maybe = () if abstained or self._fitted is None else self._above(scores, self._fitted.maybe)
        return Reading(self.version, scores, maybe, abstained, language)

    def read_many(self, texts: Iterable[tuple[str, str]]) -> list[Reading]:
        """Read pairs of (text, language), in order."""
        return [self.read(text, language) for text, language in texts]

    def sure(self, reading: Reading) -> tuple[Theme, ...]:
        """Return the themes of `reading` of which the reader is rather sure, best first."""
        if self._fitted is None or reading.version != self.version:
            return ()
        certain = self._above(reading.scores, self._fitted.sure)
        return tuple(theme for theme in certain if theme in reading.maybe)

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
