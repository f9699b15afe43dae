"""Fitting the reader: linear scores of windows, learned from examples, and a combiner that weighs them with events.

Only commands and tests import this module; web workers serve from the exported arrays (`reader`).
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline
from threadpoolctl import threadpool_limits

from cx.core.words import Theme
from cx.themes.corpus import Example
from cx.themes.export import Fitted
from cx.themes.language import detect_language
from cx.themes.story import BLOCKS, Story, Window, take_apart
from cx.themes.thresholds import Judgement, choose, version_of

THEMES: tuple[Theme, ...] = tuple(Theme)
SEED = 1789
FOLDS = 5
# A window tells a theme when it holds this share of the words that tell it, or is itself inside of them.
ENOUGH_OF_IT = 0.6
# A story that two people labelled and then settled weighs as much as this many that one person labelled.
CAREFUL_WEIGHT = 3.0
# How freely the offset of a theme departs from that of all: themes differ in how common they are.
_OFFSET = 2.0
# The log-odds of a theme that nobody told.
_UNTOLD = -9.0

Table = NDArray[Any]
Piece = tuple[Story, Window]


def block_features(block: int) -> Any:
    """Return the analyzer of one block of features: a window in, its features out."""

    def analyze(piece: Piece) -> list[str]:
        story, window = piece
        return story.features(window)[block]

    return analyze


def make_pipeline() -> Pipeline:
    """Return the unfitted scorer of windows: pieces in, a decision for each theme out."""
    rare = {"words": 2, "characters": 3, "concepts": 2}
    blocks = [
        (name, TfidfVectorizer(analyzer=block_features(number), min_df=rare[name], sublinear_tf=True))
        for number, name in enumerate(BLOCKS)
    ]
    linear = LogisticRegression(C=4.0, class_weight="balanced", solver="liblinear", max_iter=300, random_state=SEED)
    return Pipeline([("features", FeatureUnion(blocks)), ("themes", OneVsRestClassifier(linear))])


def apart(example: Example) -> Story:
    """Take an example or a labelled story apart, in its language."""
    return take_apart(example.text, detect_language(example.text, example.language or "fr"))


def pieces_of_examples(examples: list[Example]) -> tuple[list[Piece], Table]:
    """Return the windows to learn from, and their themes: the whole of each example, then its parts by evidence."""
    pieces: list[Piece] = []
    rows: list[list[bool]] = []
    for example in examples:
        story = apart(example)
        pieces.append((story, story.whole))
        rows.append([theme in example.themes for theme in THEMES])
        if len(story.spans) > 1:
            for window in story.windows:
                pieces.append((story, window))
                rows.append([_tells(example, theme, story.span(window)) for theme in THEMES])
    return pieces, np.array(rows, dtype=int)


def _tells(example: Example, theme: Theme, span: tuple[int, int]) -> bool:
    words = example.evidence.get(theme, "")
    if not words:
        return False
    start = example.text.find(words)
    shared = min(span[1], start + len(words)) - max(span[0], start)
    return shared > 0 and shared >= ENOUGH_OF_IT * min(len(words), span[1] - span[0])


def signals(scorer: Pipeline, stories: list[Story]) -> Table:
    """Return what the combiner weighs, shape (stories, themes, 4).

    The logarithm of 1 + the weight of the events of the theme, of 1 + that of all other themes, the best window, and
    the whole story.
    """
    pieces: list[Piece] = []
    owners: list[int] = []
    for number, story in enumerate(stories):
        windows = [story.whole, *(story.windows if len(story.spans) > 1 else [story.whole])]
        pieces += [(story, window) for window in windows]
        owners += [number] * len(windows)
    scores = np.asarray(scorer.decision_function(pieces))
    found = np.zeros((len(stories), len(THEMES), 4))
    first = np.searchsorted(owners, np.arange(len(stories)))
    found[:, :, 3] = scores[first]
    best = np.full((len(stories), len(THEMES)), -np.inf)
    windows_only = np.ones(len(owners), dtype=bool)
    windows_only[first] = False
    np.maximum.at(best, np.asarray(owners)[windows_only], scores[windows_only])
    found[:, :, 2] = best
    for number, story in enumerate(stories):
        weights = np.array([story.weight(theme) for theme in THEMES])
        found[number, :, 0] = np.log1p(weights)
        found[number, :, 1] = np.log1p(np.maximum(weights.sum() - weights, 0.0))
    return found


class Combiner(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Four weights and an offset for each theme: how much events and linear scores count in a real story.

    Themes are pooled in part: one set of weights for all, and for each theme a small departure from it (`apart`, the
    scale of departures) that many stories can pull far and few cannot. So a theme with hardly a story still has sound
    weights (partial pooling; Gelman & Hill, "Data Analysis Using Regression and Multilevel Models", 2007, ch. 12).
    """

    def __init__(self, apart: float = 0.3) -> None:
        self.apart = apart

    def fit(self, found: Table, truth: Table, sample_weight: Table | None = None) -> Self:
        """Fit on `signals` and the themes that people gave; `sample_weight` has a number for each story.

        A theme that nobody told keeps out of the way.
        """
        self.classes_ = np.arange(len(THEMES))
        each = found.shape[2]
        center, scale = found.reshape(-1, each).mean(axis=0), found.reshape(-1, each).std(axis=0)
        scale = np.where(scale > 0.0, scale, 1.0)
        scaled = (found - center) / scale
        table = np.vstack([self._rows(scaled[:, column], column) for column in range(len(THEMES))])
        weights = None if sample_weight is None else np.tile(sample_weight, len(THEMES))
        fitted = LogisticRegression(C=1.0, max_iter=500).fit(table, truth.T.ravel(), sample_weight=weights)
        common, own = fitted.coef_[0][:each], fitted.coef_[0][each:].reshape(len(THEMES), each + 1)
        self.weights_ = np.zeros((len(THEMES), each + 1))
        self.weights_[:, :each] = (common + self.apart * own[:, :each]) / scale
        self.weights_[:, each] = fitted.intercept_[0] + _OFFSET * own[:, each] - self.weights_[:, :each] @ center
        self.weights_[~truth.any(axis=0)] = [*[0.0] * each, _UNTOLD]
        return self

    def _rows(self, scaled: Table, column: int) -> Table:
        """Return the rows of one theme: the signals for all themes, then a place of its own for each theme."""
        each = scaled.shape[1]
        rows = np.zeros((len(scaled), each + len(THEMES) * (each + 1)))
        rows[:, :each] = scaled
        own = each + column * (each + 1)
        rows[:, own : own + each] = self.apart * scaled
        rows[:, own + each] = _OFFSET
        return rows

    def predict_proba(self, found: Table) -> Table:
        """Return a row for each story, a column for each theme."""
        decision = np.einsum("stk,tk->st", found, self.weights_[:, :-1]) + self.weights_[:, -1]
        probabilities: Table = 1.0 / (1.0 + np.exp(-decision))
        return probabilities

    def predict(self, found: Table) -> Table:
        """Return zeros and ones: the themes that are more likely than not."""
        return (self.predict_proba(found) >= 0.5).astype(int)


def make_dummy() -> OneVsRestClassifier:
    """Return the measure of knowing nothing: themes drawn by their share among the examples."""
    return OneVsRestClassifier(DummyClassifier(strategy="stratified", random_state=SEED))


def table_of(examples: list[Example]) -> Table:
    """Return the themes of `examples` as zeros and ones, a row for each example, a column for each theme."""
    return np.array([[theme in example.themes for theme in THEMES] for example in examples], dtype=int)


def fit(examples: list[Example]) -> Pipeline:
    """Return the scorer of windows fitted on all `examples`."""
    pieces, truth = pieces_of_examples(examples)
    return make_pipeline().fit(pieces, truth)


@dataclass(frozen=True, slots=True)
class Training:
    """What a training gives: the numbers to serve and the scorer they come from."""

    fitted: Fitted
    scorer: Pipeline


def judge(scorer: Pipeline, stories: list[Example], careful: list[Example]) -> Judgement:
    """Fit the combiner on labelled stories, and choose the limits on those among them that were labelled carefully.

    Without `careful` ones, all are taken as such.
    """
    found, truth = signals(scorer, [apart(story) for story in stories + careful]), table_of(stories + careful)
    settled = np.arange(len(truth)) >= (len(stories) if careful else 0)
    # Each fit takes a moment: threads of the linear algebra would only wait for one another.
    with threadpool_limits(1):
        combiner, maybe, sure = weigh(found, truth, settled)
    return Judgement(np.round(combiner.weights_, 5).tolist(), maybe, sure, len(truth))


def weigh(
    found: Table, truth: Table, careful: Table, folds: int = FOLDS
) -> tuple[Combiner, dict[Theme, float], dict[Theme, float]]:
    """Fit the combiner on all stories; choose the limits on what one that had not seen them says of the careful ones.

    `found` are `signals`, `truth` zeros and ones, `careful` says for each story whether two people labelled it.
    """
    weights = np.where(careful, CAREFUL_WEIGHT, 1.0)
    places = np.flatnonzero(careful)
    unseen = np.zeros((len(places), len(THEMES)))
    for _, rest in KFold(folds, shuffle=True, random_state=SEED).split(places):
        known = np.setdiff1d(np.arange(len(truth)), places[rest])
        part = Combiner().fit(found[known], truth[known], weights[known])
        unseen[rest] = part.predict_proba(found[places[rest]])
    maybe, sure = choose(truth[places], unseen)
    return Combiner().fit(found, truth, weights), maybe, sure


def train(examples: list[Example], judgement: Judgement) -> Training:
    """Fit the scorer on all `examples` and join it to a judgement that is kept beside them."""
    scorer = fit(examples)
    return Training(export(scorer, version_of(examples, judgement), judgement, len(examples)), scorer)


def export(scorer: Pipeline, version: str, judgement: Judgement, learned_from: int, at: str = "") -> Fitted:
    """Take the numbers out of a fitted scorer and its judgement; `at` is when it was fitted, as an ISO moment."""
    features: FeatureUnion = scorer.named_steps["features"]
    blocks = [vectorizer for _, vectorizer in features.transformer_list]
    linear = scorer.named_steps["themes"].estimators_
    return Fitted(
        version=version,
        vocabularies=tuple(block.get_feature_names_out().tolist() for block in blocks),
        idf=np.concatenate([block.idf_ for block in blocks]).astype(np.float32),
        coefficients=np.stack([model.coef_[0] for model in linear], axis=1).astype(np.float32),
        intercepts=np.array([model.intercept_[0] for model in linear], dtype=np.float32),
        combiner=np.array(judgement.combiner, dtype=np.float64),
        maybe=judgement.maybe,
        sure=judgement.sure,
        figures={"at": at, "examples": learned_from, "rulings": 0, "judged_on": judgement.judged_on},
    )


def probabilities_of(scorer: Pipeline, judgement: Judgement, examples: list[Example]) -> Table:
    """Return what scorer and combiner themselves say: a row for each story, a column for each theme."""
    combiner = Combiner()
    combiner.weights_ = np.array(judgement.combiner)
    return combiner.predict_proba(signals(scorer, [apart(example) for example in examples]))
