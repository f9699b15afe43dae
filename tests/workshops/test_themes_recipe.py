"""The whole recipe of the reader, and what it has to beat, as estimators of scikit-learn."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import cross_val_predict
from threadpoolctl import threadpool_limits

from cx.core.words import Theme
from cx.themes.baselines import KEYWORDS, KeywordBaseline, by_keywords, by_lot
from cx.themes.corpus import Example, load_examples
from cx.themes.estimator import Judging, Signals, ThemeReader, kept_apart
from cx.themes.evaluation import marked
from cx.themes.training import table_of

CON, DIS = Theme.CONTEMPT, Theme.DISPUTE_IGNORED


@pytest.fixture(scope="module")
def _one_thread() -> Iterator[None]:
    """Threads of the linear algebra wait for one another on a busy machine, for fits that take a moment."""
    with threadpool_limits(1):
        yield


# ---- baselines and the recipe --------------------------------------------------------------------------------------


def test_the_list_of_words_finds_words_and_endings_and_nothing_within_a_word() -> None:
    texts = ["Quel MÉPRIS !", "They hung up on me.", "A prudent clerk.", "", "Never heard back about my complaint."]
    assert by_keywords(texts) == [{CON}, {CON}, set(), set(), {DIS}]
    assert set(KEYWORDS) == set(Theme)


def test_the_baselines_are_estimators() -> None:
    baseline = clone(KeywordBaseline(keywords=dict.fromkeys(Theme, ("kiosk",))))
    assert baseline.get_params()["keywords"][CON] == ("kiosk",)
    texts = ["a kiosk", "no"] * 5
    truth = np.tile([[1], [0]], (5, len(Theme)))
    assert (cross_val_predict(baseline, texts, truth, cv=2) == truth).all()
    assert (baseline.fit(texts).predict_proba(texts) == truth).all()


def test_drawing_lots_keeps_the_shares() -> None:
    truth = np.zeros((2000, len(Theme)), dtype=int)
    truth[:500, 0] = 1
    drawn = marked(by_lot(truth))
    assert drawn[:, 0].mean() == pytest.approx(0.25, abs=0.04)
    assert drawn[:, 1:].sum() == 0
    assert by_lot(truth[:0]) == []


@pytest.fixture(scope="module")
def few() -> list[Example]:
    """Examples enough to fit anything at all: four of each theme, in turn, and as many ordinary ones."""
    by_theme: defaultdict[Theme | None, list[Example]] = defaultdict(list)
    for one in load_examples()[::3]:
        by_theme[min(one.themes, default=None)].append(one)
    return [one for turn in zip(*(by_theme[theme][:4] for theme in (None, *Theme)), strict=True) for one in turn]


@pytest.mark.usefixtures("_one_thread")
@pytest.mark.filterwarnings("ignore:Label not:UserWarning")  # a fold may lack one of so few
def test_the_whole_recipe_is_an_estimator(few: list[Example]) -> None:

    truth = table_of(few)
    recipe = ThemeReader(judging=Judging(folds=2), folds=2)
    assert clone(recipe).get_params()["judging__folds"] == 2
    assert clone(recipe).set_params(folds=3).folds == 3
    said = cross_val_predict(recipe, few, truth, cv=2, method="predict_proba")
    assert said.shape == truth.shape
    assert ((said >= 0) & (said <= 1)).all()
    assert said[truth == 1].mean() > said[truth == 0].mean()


@pytest.mark.usefixtures("_one_thread")
def test_with_a_scorer_that_is_kept_only_the_judgement_is_fitted(few: list[Example]) -> None:

    truth = table_of(few)
    signals = Signals().fit(few, truth)
    names = signals.get_feature_names_out()
    assert len(names) == signals.transform(few[:1]).shape[1]
    assert names[0].startswith(f"{next(iter(Theme)).value}__")
    reader = clone(ThemeReader(FrozenEstimator(signals), Judging(folds=2))).fit(few, truth)
    texts = [one.text for one in few]
    assert (reader.predict_sure(texts) <= reader.predict(texts)).all()
    assert reader.predict(texts).shape == truth.shape
    assert list(reader.get_feature_names_out()) == [theme.value for theme in Theme]
    with pytest.raises(ValueError, match="need as many rows"):
        ThemeReader().fit(texts, truth[:1])

    said, suggested, sure = kept_apart(signals.scorer_, few, few[:10], folds=3)
    assert said.shape == suggested.shape == sure.shape == truth.shape
    assert (sure <= suggested).all()
