"""How good a reader is: precision, recall and F1 for each theme, over all themes, and of a dummy beside it."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cx.core.words import Theme
from cx.themes.corpus import Example
from cx.themes.language import detect_language
from cx.themes.reader import Reader

_DUMMY_SEED = 1789


@dataclass(frozen=True, slots=True)
class Figure:
    """Counts of one theme: rightly found, wrongly found, missed. Rates are 0 where they have no meaning."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        found = self.right + self.wrong
        return self.right / found if found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        there = self.right + self.missed
        return self.right / there if there else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0

    def summary(self) -> dict[str, float | int]:
        """Return the figures for a table or JSON; `n` is how often the theme is there."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "n": self.right + self.missed,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one reader on one set of texts. `macro` takes the themes that occur in the set."""

    themes: dict[Theme, Figure]
    texts: int
    same_sets: int

    @property
    def micro(self) -> Figure:
        """All themes counted together."""
        figures = self.themes.values()
        return Figure(
            sum(figure.right for figure in figures),
            sum(figure.wrong for figure in figures),
            sum(figure.missed for figure in figures),
        )

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the themes that occur."""
        occurring = [figure.f1 for figure in self.themes.values() if figure.right + figure.missed]
        return sum(occurring) / len(occurring) if occurring else 0.0

    def summary(self) -> dict[str, float | int]:
        """Return the overall figures; `same` is the share of texts whose set of themes is exactly right."""
        return {
            "micro_precision": round(self.micro.precision, 4),
            "micro_recall": round(self.micro.recall, 4),
            "micro_f1": round(self.micro.f1, 4),
            "macro_f1": round(self.macro_f1, 4),
            "same": round(self.same_sets / self.texts, 4) if self.texts else 0.0,
            "n": self.texts,
        }


def score_themes(expected: Sequence[Iterable[Theme]], found: Sequence[Iterable[Theme]]) -> Score:
    """Compare two lists of sets of themes, text by text. Raises `ValueError` if their lengths differ."""
    pairs = [(frozenset(left), frozenset(right)) for left, right in zip(expected, found, strict=True)]
    themes = {
        theme: Figure(
            right=sum(theme in left and theme in right for left, right in pairs),
            wrong=sum(theme not in left and theme in right for left, right in pairs),
            missed=sum(theme in left and theme not in right for left, right in pairs),
        )
        for theme in Theme
    }
    return Score(themes, len(pairs), sum(left == right for left, right in pairs))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A reader and a dummy on the same texts."""

    version: str
    reader: Score
    dummy: Score
    abstained: int

    def summary(self) -> dict[str, object]:
        """Return everything for JSON, themes by id."""
        return {
            "version": self.version,
            "abstained": self.abstained,
            "reader": self.reader.summary(),
            "dummy": self.dummy.summary(),
            "themes": {theme.value: figure.summary() for theme, figure in self.reader.themes.items()},
        }


def evaluate(reader: Reader, examples: Sequence[Example]) -> Evaluation:
    """Read every text of `examples` and compare; an abstention counts as finding nothing.

    The dummy knows the share of each theme in these very texts and nothing else: it draws by it.
    """
    readings = [
        reader.read(example.text, detect_language(example.text, example.language or "fr")) for example in examples
    ]
    expected = [example.themes for example in examples]
    shares = {theme: sum(theme in themes for themes in expected) / max(len(expected), 1) for theme in Theme}
    chance = random.Random(_DUMMY_SEED)
    guesses = [[theme for theme in Theme if chance.random() < shares[theme]] for _ in examples]
    return Evaluation(
        version=reader.version,
        reader=score_themes(expected, [reading.maybe for reading in readings]),
        dummy=score_themes(expected, guesses),
        abstained=sum(reading.abstained for reading in readings),
    )
