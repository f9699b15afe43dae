"""How good a reader is: precision, recall and F1 for each theme and over all, with intervals, beside simple baselines.

An abstention counts as finding nothing. Intervals hold 95 of 100 times (`cx.themes.intervals`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.incident import Reading
from cx.core.words import Theme
from cx.themes.calibration import Calibration, calibration, confidence_curve
from cx.themes.confusions import Confusion, confusions
from cx.themes.corpus import Example
from cx.themes.intervals import Interval, bootstrap, resampled, spread, wilson
from cx.themes.language import detect_language
from cx.themes.reader import Reader

Table = NDArray[Any]
Themes = Sequence[Iterable[Theme]]


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

    def rates(self) -> tuple[Interval, Interval]:
        """Return the intervals of precision and recall, as if each telling stood for itself."""
        return wilson(self.right, self.right + self.wrong), wilson(self.right, self.right + self.missed)

    def summary(self) -> dict[str, Any]:
        """Return the figures for a table or JSON; `n` is how often the theme is there, `said` how often it was found."""
        precision, recall = self.rates()
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "n": self.right + self.missed,
            "said": self.right + self.wrong,
            "precision_interval": rounded(precision),
            "recall_interval": rounded(recall),
        }


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one reader on one set of texts. `macro` takes the themes that occur in the set.

    `counts` has for each text and each theme what was right, wrong and missed (0 or 1), shape (3, texts, themes).
    """

    themes: dict[Theme, Figure]
    texts: int
    same_sets: int
    counts: Table

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

    def interval(self, figure: Callable[[Table, Table, Table], Table]) -> Interval:
        """Return the interval of a figure made of right, wrong and missed (each a row for a sample, a column a theme)."""
        many = len(Theme)
        return bootstrap(
            np.concatenate(list(self.counts), axis=1),
            lambda sums: figure(sums[:, :many], sums[:, many : 2 * many], sums[:, 2 * many :]),
        )

    def f1_intervals(self) -> dict[Theme, Interval]:
        """Return the interval of the F1 of each theme over resampled texts."""
        right, wrong, missed = (resampled(self.texts) @ part for part in self.counts)
        each = 2 * right / np.maximum(2 * right + wrong + missed, 1.0)
        return {theme: spread(each[:, column]) for column, theme in enumerate(Theme)}

    def rates(self) -> tuple[Interval, Interval]:
        """Return the intervals of precision and recall over resampled texts: the themes of one text go together."""
        precision = self.interval(lambda right, wrong, _: _ratio(right, right + wrong))
        return precision, self.interval(lambda right, _, missed: _ratio(right, right + missed))

    def summary(self) -> dict[str, Any]:
        """Return the overall figures; `same` is the share of texts whose set of themes is exactly right."""
        precision, recall = self.rates()
        return {
            "micro_precision": round(self.micro.precision, 4),
            "micro_recall": round(self.micro.recall, 4),
            "micro_f1": round(self.micro.f1, 4),
            "macro_f1": round(self.macro_f1, 4),
            "same": round(self.same_sets / self.texts, 4) if self.texts else 0.0,
            "n": self.texts,
            "micro_precision_interval": rounded(precision),
            "micro_recall_interval": rounded(recall),
            "micro_f1_interval": rounded(self.interval(micro_f1)),
            "macro_f1_interval": rounded(self.interval(macro_f1)),
        }


def rounded(interval: Interval) -> list[float]:
    """Return an interval for JSON."""
    return [round(interval[0], 4), round(interval[1], 4)]


def _ratio(part: Table, whole: Table) -> Table:
    sums = whole.sum(axis=1)
    return np.asarray(part.sum(axis=1) / np.maximum(sums, 1.0))


def micro_f1(right: Table, wrong: Table, missed: Table) -> Table:
    """Return from sums of samples (a row each, a column for each theme) the F1 of all themes together."""
    return _ratio(2 * right, 2 * right + wrong + missed)


def macro_f1(right: Table, wrong: Table, missed: Table) -> Table:
    """Return from sums of samples (a row each, a column for each theme) the mean F1 over the themes that occur in each sample."""
    occurs = (right + missed) > 0
    each = 2 * right / np.maximum(2 * right + wrong + missed, 1.0)
    return np.asarray((each * occurs).sum(axis=1) / np.maximum(occurs.sum(axis=1), 1))


def marked(themes: Themes) -> Table:
    """Return sets of themes as zeros and ones: a row for each text, a column for each theme."""
    rows = [frozenset(one) for one in themes]
    return np.array([[theme in row for theme in Theme] for row in rows], dtype=int).reshape(len(rows), len(Theme))


def score_themes(expected: Themes, found: Themes) -> Score:
    """Compare two lists of sets of themes, text by text. Raises `ValueError` if their lengths differ."""
    there, said = marked(expected), marked(found)
    if len(there) != len(said):
        raise ValueError(f"{len(there)} texts are labelled and {len(said)} were read")
    counts = np.stack([there & said, (1 - there) & said, there & (1 - said)])
    sums = counts.sum(axis=1).T.tolist()
    themes = {theme: Figure(*row) for theme, row in zip(Theme, sums, strict=True)}
    return Score(themes, len(there), int((there == said).all(axis=1).sum()), counts)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A reader on labelled texts, and beside it what knows only shares (`dummy`) and only words (`keywords`).

    `sure` scores what was called rather sure alone; `themed` counts texts: whether any theme is told. `languages` and
    `sectors` are the reader's scores on parts of the texts, each with what it was rather sure of.
    """

    version: str
    reader: Score
    dummy: Score
    keywords: Score
    sure: Score
    themed: Figure
    abstained: int
    languages: dict[str, tuple[Score, Score]]
    sectors: dict[str, tuple[Score, Score]]
    calibration: Calibration
    curve: list[dict[str, float | int]]
    confusions: tuple[Confusion, ...]

    def summary(self) -> dict[str, Any]:
        """Return everything for JSON, themes by id."""
        f1_of = self.reader.f1_intervals()
        return {
            "version": self.version,
            "abstained": self.abstained,
            "reader": self.reader.summary(),
            "dummy": self.dummy.summary(),
            "keywords": self.keywords.summary(),
            "sure": sure_summary(self.sure),
            "themed": self.themed.summary(),
            "themes": {
                theme.value: {
                    **figure.summary(),
                    "f1_interval": rounded(f1_of[theme]),
                    "sure": self.sure.themes[theme].summary(),
                }
                for theme, figure in self.reader.themes.items()
            },
            "languages": {name: _part(*both) for name, both in self.languages.items()},
            "sectors": {name: _part(*both) for name, both in self.sectors.items()},
            "calibration": self.calibration.summary(),
            "confidence": self.curve,
            "confusions": [one.summary() for one in self.confusions],
        }


def _part(all_of_it: Score, sure: Score) -> dict[str, Any]:
    return {**all_of_it.summary(), "sure": sure_summary(sure)}


def sure_summary(sure: Score) -> dict[str, Any]:
    """Return how often "rather sure" is right, and which share of all that is told it finds; texts are resampled."""
    precision, recall = sure.rates()
    return {**sure.micro.summary(), "precision_interval": rounded(precision), "recall_interval": rounded(recall)}


def read_all(reader: Reader, examples: Iterable[Example]) -> list[Reading]:
    """Read the text of every example, in order, in its language where that is known."""
    pairs = ((one.text, detect_language(one.text, one.language or "fr")) for one in examples)
    return reader.read_many(pairs, reasons=False)


def evaluate(reader: Reader, examples: Sequence[Example]) -> Evaluation:
    """Read every text of `examples` and compare. Needs scikit-learn, for what stands beside the reader."""
    return compare(examples, read_all(reader, examples), reader.version)


def compare(examples: Sequence[Example], readings: Sequence[Reading], version: str) -> Evaluation:
    """Compare readings with the labels of the same texts, in the same order. Raises `ValueError` for another number."""
    from cx.themes.baselines import by_keywords, by_lot

    expected = [example.themes for example in examples]
    found = [frozenset(reading.maybe) for reading in readings]
    certain = [frozenset(reading.sure) for reading in readings]
    score = score_themes(expected, found)
    truth, suggested = marked(expected), marked(found)
    said = np.array([[one.scores[theme] for theme in Theme] for one in readings]).reshape(truth.shape)
    understood = np.array([not reading.abstained for reading in readings], dtype=bool)
    return Evaluation(
        version=version,
        reader=score,
        dummy=score_themes(expected, by_lot(truth)),
        keywords=score_themes(expected, by_keywords([example.text for example in examples])),
        sure=score_themes(expected, certain),
        themed=_themed(truth, suggested),
        abstained=sum(reading.abstained for reading in readings),
        languages=_parts([example.language for example in examples], expected, found, certain),
        sectors=_parts([example.sector for example in examples], expected, found, certain),
        calibration=calibration(said[understood], truth[understood], suggested[understood]),
        curve=confidence_curve(said, truth, suggested),
        confusions=confusions(expected, found),
    )


def _themed(truth: Table, suggested: Table) -> Figure:
    there, said = truth.any(axis=1), suggested.any(axis=1)
    return Figure(int((there & said).sum()), int((~there & said).sum()), int((there & ~said).sum()))


def _parts(names: list[str], expected: Themes, found: Themes, certain: Themes) -> dict[str, tuple[Score, Score]]:
    """Return the scores of the texts of each name, by name; a text without one belongs to none."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        if name:
            places[name].append(place)
    parts = {}
    for name, chosen in sorted(places.items()):
        there, said, sure = ([themes[place] for place in chosen] for themes in (expected, found, certain))
        parts[name] = score_themes(there, said), score_themes(there, sure)
    return parts
