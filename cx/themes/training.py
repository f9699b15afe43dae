"""Fitting the reader: a scikit-learn pipeline and a dummy beside it, both measured by cross-validation.

Only commands and tests import this module; web workers serve from the exported arrays (`reader`).
"""

import random
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from cx.core.words import Theme
from cx.themes.analyzer import character_features, word_features
from cx.themes.corpus import Example
from cx.themes.evaluation import Score, score_themes
from cx.themes.export import Fitted
from cx.themes.language import KNOWN_LANGUAGES, detect_language
from cx.themes.thresholds import Thresholds, choose, version_of

THEMES: tuple[Theme, ...] = tuple(Theme)
SEED = 1789
FOLDS = 5
CALIBRATION_FOLDS = 3
MOST_PARTS = 8
ORDINARY_SHARE = 0.8

Table = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Training:
    """What a training gives: the numbers to serve, the pipeline they come from, the two cross-validated scores."""

    fitted: Fitted
    pipeline: Pipeline
    reader: Score
    dummy: Score


class StoryClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier that also learns from long stories, made by joining examples of one language.

    An example is short and about one thing; a real story is long, and the theme is one sentence of it. Each
    joined story tells the themes of all its parts; most parts are ordinary. `composites` of them are added for
    each example, when fitting only: cross-validation never sees a story made of the texts it is measured on.
    """

    def __init__(self, pipeline: Pipeline, composites: float = 2.0, seed: int = SEED) -> None:
        self.pipeline = pipeline
        self.composites = composites
        self.seed = seed

    def fit(self, texts: list[str], truth: Table) -> Self:
        """Fit the pipeline on `texts` and the stories made of them; `truth` has a column for each theme."""
        stories, told = self._join(list(texts), np.asarray(truth))
        self.pipeline_ = clone(self.pipeline).fit([*texts, *stories], np.vstack([truth, told]))
        self.classes_ = np.arange(np.asarray(truth).shape[1])
        return self

    def predict_proba(self, texts: list[str]) -> Table:
        """Return a row for each text, a column for each theme."""
        return np.asarray(self.pipeline_.predict_proba(texts))

    def predict(self, texts: list[str]) -> Table:
        """Return zeros and ones: the themes that are more likely than not."""
        return (self.predict_proba(texts) >= 0.5).astype(int)

    def _join(self, texts: list[str], truth: Table) -> tuple[list[str], Table]:
        """Return the joined stories and their themes."""
        languages = [detect_language(text) for text in texts]
        everything = {name: [n for n, found in enumerate(languages) if found == name] for name in KNOWN_LANGUAGES}
        ordinary = {name: [n for n in numbers if not truth[n].any()] for name, numbers in everything.items()}
        chance = random.Random(self.seed)
        stories: list[str] = []
        told: list[Table] = [np.zeros((0, truth.shape[1]), dtype=int)]
        for _ in range(round(self.composites * len(texts))):
            name = chance.choice([name for name in KNOWN_LANGUAGES if everything[name]])
            parts = [
                chance.choice(ordinary[name] or everything[name])
                if chance.random() < ORDINARY_SHARE
                else chance.choice(everything[name])
                for _ in range(chance.randint(2, MOST_PARTS))
            ]
            stories.append(" ".join(texts[part] for part in parts))
            told.append(truth[parts].max(axis=0, keepdims=True))
        return stories, np.vstack(told)


def make_pipeline() -> Pipeline:
    """Return the unfitted pipeline: texts in, a probability for each theme out."""
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(analyzer=word_features, min_df=2, sublinear_tf=True)),
            ("characters", TfidfVectorizer(analyzer=character_features, min_df=3, sublinear_tf=True)),
        ]
    )
    logistic = LogisticRegression(C=8.0, class_weight="balanced", max_iter=500)
    folds = StratifiedKFold(CALIBRATION_FOLDS, shuffle=True, random_state=SEED)
    calibrated = CalibratedClassifierCV(logistic, method="sigmoid", cv=folds, ensemble=False)
    return Pipeline([("features", features), ("themes", OneVsRestClassifier(calibrated))])


def make_dummy() -> OneVsRestClassifier:
    """Return the measure of knowing nothing: themes drawn by their share among the examples."""
    return OneVsRestClassifier(DummyClassifier(strategy="stratified", random_state=SEED))


def table_of(examples: list[Example]) -> Table:
    """Return the themes of `examples` as zeros and ones, a row for each example, a column for each theme."""
    return np.array([[theme in example.themes for theme in THEMES] for example in examples], dtype=int)


def fit(examples: list[Example]) -> Pipeline:
    """Return the pipeline fitted on all `examples`."""
    classifier = StoryClassifier(make_pipeline()).fit([example.text for example in examples], table_of(examples))
    pipeline: Pipeline = classifier.pipeline_
    return pipeline


def out_of_fold(examples: list[Example]) -> Table:
    """Return what a reader that has not seen them says about `examples`: rows of probabilities."""
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    texts = [example.text for example in examples]
    classifier = StoryClassifier(make_pipeline())
    return np.asarray(cross_val_predict(classifier, texts, table_of(examples), cv=folds, method="predict_proba"))


def choose_on(stories: list[Example], examples: list[Example]) -> Thresholds:
    """Choose thresholds on labelled `stories`, which the reader fitted on `examples` has never seen."""
    return choose(table_of(stories), probabilities_of(fit(examples), [story.text for story in stories]))


def train(examples: list[Example], thresholds: Thresholds | None = None) -> Training:
    """Fit the reader on all `examples`; the scores are cross-validated, never those of the fit itself.

    Without `thresholds` they are chosen on the out-of-fold probabilities. With them, the score still is that of
    thresholds chosen out of fold: those given belong to real stories, which are longer and mostly ordinary.
    """
    truth = table_of(examples)
    probabilities = out_of_fold(examples)
    unseen = choose(truth, probabilities)
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    guesses = cross_val_predict(make_dummy(), np.zeros((len(examples), 1)), truth, cv=folds)
    expected = [example.themes for example in examples]
    limits = np.array([unseen.maybe[theme] for theme in THEMES])
    reader_score = score_themes(expected, _sets(probabilities >= limits))
    dummy_score = score_themes(expected, _sets(guesses == 1))
    figures = {
        "examples": len(examples),
        "cross_validation": {"reader": reader_score.summary(), "dummy": dummy_score.summary()},
    }
    pipeline = fit(examples)
    fitted = export(pipeline, version_of(examples, thresholds), thresholds or unseen, figures)
    return Training(fitted, pipeline, reader_score, dummy_score)


def export(pipeline: Pipeline, version: str, thresholds: Thresholds, figures: dict[str, Any]) -> Fitted:
    """Take the numbers out of a fitted pipeline."""
    features: FeatureUnion = pipeline.named_steps["features"]
    words, characters = (vectorizer for _, vectorizer in features.transformer_list)
    calibrations = [estimator.calibrated_classifiers_[0] for estimator in pipeline.named_steps["themes"].estimators_]
    sigmoids = [calibration.calibrators[0] for calibration in calibrations]
    linear = [calibration.estimator for calibration in calibrations]
    return Fitted(
        version=version,
        word_vocabulary=words.get_feature_names_out().tolist(),
        character_vocabulary=characters.get_feature_names_out().tolist(),
        word_idf=words.idf_.astype(np.float32),
        character_idf=characters.idf_.astype(np.float32),
        coefficients=np.stack([model.coef_[0] for model in linear], axis=1).astype(np.float32),
        intercepts=np.array([model.intercept_[0] for model in linear], dtype=np.float32),
        slopes=np.array([sigmoid.a_ for sigmoid in sigmoids], dtype=np.float32),
        offsets=np.array([sigmoid.b_ for sigmoid in sigmoids], dtype=np.float32),
        maybe=thresholds.maybe,
        sure=thresholds.sure,
        figures=figures,
    )


def probabilities_of(pipeline: Pipeline, texts: list[str]) -> Table:
    """Return what the pipeline itself says: a row for each text, a column for each theme."""
    return np.asarray(pipeline.predict_proba(texts))


def _sets(chosen: Table) -> list[frozenset[Theme]]:
    """Return the chosen themes of each row."""
    return [frozenset(theme for theme, yes in zip(THEMES, row, strict=True) if yes) for row in chosen]
