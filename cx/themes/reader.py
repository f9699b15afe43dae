"""The reader at work: themes of a text from plain arrays, with numpy alone.

It says what it would say in training to within 1e-5 (`tests/workshops/test_themes_training.py`). It abstains when it
did not understand, and it may fail without anybody noticing: a missing or damaged file gives a reader that abstains
and says why.
"""

import math
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from cx.core.incident import NO_READER, Reading, Reason
from cx.core.words import Theme
from cx.themes.attribution import Account, Accountant, strongest_of
from cx.themes.export import FITTED, Fitted, UnreadableFile, restore
from cx.themes.language import ENOUGH_WORDS, KNOWN_LANGUAGES, detect_language
from cx.themes.linear import Linear
from cx.themes.story import Story, Window, take_apart

THEMES: tuple[Theme, ...] = tuple(Theme)
# A text must hold at least this many words that the reader has seen; otherwise it has only letters to go by.
ENOUGH_KNOWN_WORDS = 2


class Reader:
    """Reads texts. Thread-safe: nothing changes after it is made. `problem` says why it always abstains, if so."""

    def __init__(self, fitted: Fitted | None, problem: str = "") -> None:
        self.problem = problem
        self.version = fitted.version if fitted else NO_READER
        self._linear = Linear(fitted) if fitted else None
        # Every feature has its number now; as texts they would only fill the memory.
        self._fitted = replace(fitted, vocabularies=()) if fitted else None

    @property
    def limits(self) -> Mapping[Theme, float]:
        """The probabilities from which on each theme is suggested; empty without a fitted file."""
        return self._fitted.maybe if self._fitted else {}

    def scores(self, text: str, language: str = "") -> dict[Theme, float]:
        """Return the probability of every theme, whatever the text. Zero for all without a fitted file."""
        if self._fitted is None or self._linear is None:
            return dict.fromkeys(THEMES, 0.0)
        story = take_apart(text, language or detect_language(text))
        return _judged(_Seen(story, self._linear), self._fitted)

    def read(self, text: str, language: str = "", reasons: bool = True) -> Reading:
        """Read one text. `language` is `fr` or `en` where it is known; otherwise it is detected.

        Abstains on fewer than four words, a language that is neither, too few known words, or no fitted file. Without
        `reasons` the words are not weighed one by one, which is quicker.
        """
        language = language or detect_language(text)
        if self._fitted is None or self._linear is None:
            return Reading(self.version, dict.fromkeys(THEMES, 0.0), (), True, language)
        seen = _Seen(take_apart(text, language), self._linear)
        scores = _judged(seen, self._fitted)
        written = sum(word[0] != "_" for words in seen.story.words for word in words)
        abstained = (
            language not in KNOWN_LANGUAGES or written < ENOUGH_WORDS or seen.features.known < ENOUGH_KNOWN_WORDS
        )
        maybe = () if abstained else _above(scores, self._fitted.maybe)
        certain = _above(scores, self._fitted.sure)
        return Reading(
            self.version,
            scores,
            maybe,
            abstained,
            language,
            sure=tuple(theme for theme in maybe if theme in certain),
            reasons=self._reasons(seen, maybe, weighed=reasons),
            known=seen.features.seen / written if written else None,
        )

    def read_many(self, texts: Iterable[tuple[str, str]], reasons: bool = True) -> list[Reading]:
        """Read pairs of (text, language), in order."""
        return [self.read(text, language, reasons) for text, language in texts]

    def account(self, text: str, theme: Theme, language: str = "") -> Account:
        """Return what each word of `text` did to the log-odds of `theme`. Raises `LookupError` without a fitted file."""
        if self._fitted is None or self._linear is None:
            raise LookupError(self.problem)
        seen = _Seen(take_apart(text, language or detect_language(text)), self._linear)
        weights = self._fitted.combiner[THEMES.index(theme)].tolist()
        return Accountant(self._linear, seen.story, seen.features).account(theme, weights, seen.best(theme))

    def _reasons(self, seen: "_Seen", themes: Iterable[Theme], weighed: bool) -> dict[Theme, Reason]:
        """Return for each of `themes` the sentences that tell it, and the words that weighed most in them."""
        spans = {theme: seen.story.span(seen.window(theme)) for theme in themes}
        if not weighed or not spans:
            return {theme: Reason(*span) for theme, span in spans.items()}
        assert self._fitted is not None
        assert self._linear is not None
        accountant = Accountant(self._linear, seen.story, seen.features)
        reasons: dict[Theme, Reason] = {}
        for theme, span in spans.items():
            account = accountant.account(theme, self._fitted.combiner[THEMES.index(theme)].tolist(), seen.best(theme))
            reasons[theme] = Reason(*span, account.loudest(span))
        return reasons


class _Seen:
    """A story as the combiner weighs it: its features, its windows, and four signals for each theme."""

    def __init__(self, story: Story, linear: Linear) -> None:
        self.story = story
        self.features = linear.find(story)
        table, whole = linear.decisions(self.features)
        self.signals = np.zeros((len(THEMES), 4))
        weights = [story.weight(theme) for theme in THEMES]
        together = sum(weights)
        self.signals[:, 0] = [math.log1p(weight) for weight in weights]
        self.signals[:, 1] = [math.log1p(max(together - weight, 0.0)) for weight in weights]
        self.signals[:, 2], self.signals[:, 3] = table.max(axis=0), whole
        self._best: list[int] = table.argmax(axis=0).tolist()

    def best(self, theme: Theme) -> Window:
        """Return the window that speaks most for `theme`."""
        return self.story.windows[self._best[THEMES.index(theme)]]

    def window(self, theme: Theme) -> Window:
        """Return where the strongest event of `theme` is told; without one, its best window."""
        told = [one for one in self.story.told if one.event.theme is theme]
        return (strongest_of(told).first, strongest_of(told).last) if told else self.best(theme)


def _judged(seen: _Seen, fitted: Fitted) -> dict[Theme, float]:
    """Return the probability of every theme."""
    weights = fitted.combiner
    decision = np.clip((seen.signals * weights[:, :4]).sum(axis=1) + weights[:, 4], -500.0, 500.0)
    return dict(zip(THEMES, (1.0 / (1.0 + np.exp(-decision))).tolist(), strict=True))


def _above(scores: Mapping[Theme, float], thresholds: Mapping[Theme, float]) -> tuple[Theme, ...]:
    """Return the themes that reach their threshold, best first."""
    found = [theme for theme in THEMES if scores[theme] >= thresholds[theme]]
    return tuple(sorted(found, key=lambda theme: -scores[theme]))


def load(path: Path = FITTED, trusted: Container[str] | None = None) -> Reader:
    """Return the reader fitted in the folder `path`, or one that always abstains and says why. Never raises.

    `trusted` are the digests that may be loaded (`export.restore`); the files of the product need none.
    """
    try:
        return Reader(restore(path, trusted))
    except UnreadableFile as error:
        return Reader(None, problem=f"The reader of themes cannot be used: {error}")
