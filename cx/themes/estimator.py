"""The whole recipe of the reader as estimators of scikit-learn, for cross-validation: stories in, themes out.

`Signals` learns the scorer of windows and gives what the combiner weighs; `Judging` fits combiner and limits on that;
`ThemeReader` joins them. Only commands and tests import this module.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from cx.core.words import Theme
from cx.themes import training
from cx.themes.corpus import Example

Table = NDArray[Any]
Stories = Sequence[Example | str]
THEMES = training.THEMES


def examples_of(stories: Stories, truth: ArrayLike | None = None) -> list[Example]:
    """Return stories as examples; `truth` (a row for each story, a column for each theme) replaces their themes.

    Evidence of themes that are not told is left out. Raises `ValueError` for another number of rows.
    """
    known = [one if isinstance(one, Example) else Example(one, frozenset(), "") for one in stories]
    if truth is None:
        return known
    rows = np.asarray(truth)
    if rows.shape != (len(known), len(THEMES)):
        raise ValueError(f"{len(known)} stories need as many rows of {len(THEMES)} themes, not {rows.shape}")
    labelled = []
    for one, row in zip(known, rows, strict=True):
        told = frozenset(theme for theme, here in zip(THEMES, row, strict=True) if here)
        evidence = {theme: words for theme, words in one.evidence.items() if theme in told}
        labelled.append(replace(one, themes=told, evidence=evidence))
    return labelled


class Signals(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Learns to score windows, and gives for each story what the combiner weighs, the themes one after another."""

    def fit(self, stories: Stories, truth: ArrayLike | None = None) -> Self:
        """Fit on stories and their themes; examples bring their own themes and evidence."""
        self.scorer_ = training.fit(examples_of(stories, truth))
        self.n_features_out_ = self.transform(["."]).shape[1]
        return self

    def transform(self, stories: Stories) -> Table:
        """Return a row for each story."""
        check_is_fitted(self, "scorer_")
        found = training.signals(self.scorer_, [training.apart(one) for one in examples_of(stories)])
        return np.asarray(found).reshape(len(stories), -1)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Return the name of each column: theme and number of the signal."""
        check_is_fitted(self, "scorer_")
        each = self.n_features_out_ // len(THEMES)
        return np.array([f"{theme.value}__{number}" for theme in THEMES for number in range(each)], dtype=object)


class Judging(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The combiner, and the limits from which on a theme is said; limits are chosen on what it had not seen.

    `folds` is the number of parts into which the stories are cut for that.
    """

    def __init__(self, folds: int = training.FOLDS) -> None:
        self.folds = folds

    def fit(self, signals: Table, truth: ArrayLike, careful: ArrayLike | None = None) -> Self:
        """Fit on signals (a row for each story) and zeros and ones (a column for each theme).

        `careful` says for each story whether it was labelled twice: those weigh more, and limits are chosen on them.
        """
        told = np.asarray(truth, dtype=int)
        settled = np.ones(len(told), dtype=bool) if careful is None else np.asarray(careful, dtype=bool)
        # Each fit takes a moment: threads of the linear algebra would only wait for one another.
        with threadpool_limits(1):
            self.combiner_, maybe, sure = training.weigh(_by_theme(signals), told, settled, self.folds)
        self.maybe_ = np.array([maybe[theme] for theme in THEMES])
        self.sure_ = np.array([sure[theme] for theme in THEMES])
        self.classes_ = np.arange(len(THEMES))
        return self

    def predict_proba(self, signals: Table) -> Table:
        """Return a probability for each story (row) and theme (column)."""
        check_is_fitted(self, "combiner_")
        return np.asarray(self.combiner_.predict_proba(_by_theme(signals)))

    def predict(self, signals: Table) -> Table:
        """Return zeros and ones: what is suggested."""
        return (self.predict_proba(signals) >= self.maybe_).astype(int)

    def predict_sure(self, signals: Table) -> Table:
        """Return zeros and ones: what is suggested and rather sure."""
        probabilities = self.predict_proba(signals)
        return ((probabilities >= self.maybe_) & (probabilities >= self.sure_)).astype(int)


def _by_theme(signals: Table) -> Table:
    return np.asarray(signals).reshape(len(signals), len(THEMES), -1)


class ThemeReader(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Reads stories: texts or examples in, a row of zeros and ones out, a column for each theme in the order of `Theme`.

    `signals` and `judging` are its two parts, unfitted; None takes `Signals()` and `Judging()`. A scorer that was
    learned from other examples is given as `FrozenEstimator(Signals().fit(…))`: then only the judgement is fitted.
    Otherwise the judgement is fitted on signals from scorers that had not seen the story, in `folds` parts.
    """

    def __init__(self, signals: Any = None, judging: Any = None, folds: int = 3) -> None:
        self.signals = signals
        self.judging = judging
        self.folds = folds

    def fit(self, stories: Stories, truth: ArrayLike | None = None) -> Self:
        """Fit on stories and their themes; without `truth` the stories are examples and bring them."""
        labelled = examples_of(stories, truth)
        told = training.table_of(labelled)
        unfitted = Signals() if self.signals is None else self.signals
        self.signals_ = clone(unfitted).fit(labelled, told)
        frozen = hasattr(unfitted, "scorer_")
        seen = self.signals_.transform(labelled) if frozen else self._unseen(unfitted, labelled, told)
        self.judging_ = clone(Judging() if self.judging is None else self.judging).fit(seen, told)
        self.classes_ = np.arange(len(THEMES))
        return self

    def _unseen(self, unfitted: Any, labelled: list[Example], told: Table) -> Table:
        """Return the signals of each story from a scorer that learned from the others."""
        parts: list[tuple[Table, Table]] = []
        for known, rest in KFold(self.folds, shuffle=True, random_state=training.SEED).split(labelled):
            scorer = clone(unfitted).fit([labelled[place] for place in known], told[known])
            parts.append((rest, scorer.transform([labelled[place] for place in rest])))
        places = np.concatenate([rest for rest, _ in parts])
        return np.concatenate([found for _, found in parts])[np.argsort(places)]

    def predict_proba(self, stories: Stories) -> Table:
        """Return a probability for each story (row) and theme (column)."""
        check_is_fitted(self, "judging_")
        return np.asarray(self.judging_.predict_proba(self.signals_.transform(stories)))

    def predict(self, stories: Stories) -> Table:
        """Return zeros and ones: the themes that are suggested."""
        check_is_fitted(self, "judging_")
        return np.asarray(self.judging_.predict(self.signals_.transform(stories)))

    def predict_sure(self, stories: Stories) -> Table:
        """Return zeros and ones: the themes that are suggested and rather sure."""
        check_is_fitted(self, "judging_")
        return np.asarray(self.judging_.predict_sure(self.signals_.transform(stories)))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Return the names of the themes, in the order of the columns."""
        return np.array([theme.value for theme in Theme], dtype=object)


def kept_apart(scorer: Any, stories: Sequence[Example], others: Sequence[Example] = (), folds: int = 5) -> list[Table]:
    """Return probabilities, suggestions and what is rather sure, each story judged by combiner and limits without it.

    `scorer` is a fitted scorer of windows (`training.fit`); `stories` were labelled with care, `others`, labelled once,
    always judge along.
    Each table has a row for each of `stories` and a column for each theme.
    """
    signals = Signals()
    signals.scorer_ = scorer
    found, told = signals.transform(stories), training.table_of(list(stories))
    more = signals.transform(others) if others else np.zeros((0, found.shape[1]))
    extra = training.table_of(list(others)) if others else np.zeros((0, told.shape[1]), dtype=int)
    tables = [np.zeros(told.shape), np.zeros(told.shape, dtype=int), np.zeros(told.shape, dtype=int)]
    for known, rest in KFold(folds, shuffle=True, random_state=training.SEED).split(found):
        careful = np.arange(len(known) + len(more)) < len(known)
        judging = Judging().fit(np.concatenate([found[known], more]), np.concatenate([told[known], extra]), careful)
        for table, answer in zip(tables, (judging.predict_proba, judging.predict, judging.predict_sure), strict=True):
            table[rest] = answer(found[rest])
    return tables
