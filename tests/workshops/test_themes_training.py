"""Training: what is shipped is what the examples give, what is served is what was trained, and it beats chance."""

import random
from typing import Any

import numpy as np
import pytest

from cx.core.words import Theme
from cx.themes.corpus import FOLDER, Example, load_examples
from cx.themes.evaluation import score_themes
from cx.themes.export import FITTED, Fitted, restore
from cx.themes.reader import Reader
from cx.themes.thresholds import NEVER, Thresholds, choose, load_thresholds, version_of

TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return load_examples()


@pytest.fixture(scope="module")
def shipped() -> Fitted:
    return restore(FITTED)


@pytest.fixture(scope="module")
def pipeline(examples: list[Example]) -> Any:
    """Fit again from the examples; some seconds, once."""
    from cx.themes.training import fit

    return fit(examples)


def test_the_shipped_version_names_the_shipped_examples(examples: list[Example], shipped: Fitted) -> None:
    assert shipped.version == version_of(examples, load_thresholds(FOLDER)), "run `flask themes train`"


@pytest.fixture(scope="module")
def texts(examples: list[Example]) -> list[str]:
    chance = random.Random(4)
    short = [example.text for example in chance.sample(examples, 120)]
    long = [" ".join(example.text for example in chance.sample(examples, 6)) for _ in range(40)]
    return [*short, *long, "", "zzzz", "😀", "word", "a " * 500]


def _served(fitted: Fitted, texts: list[str]) -> np.ndarray[Any, Any]:
    reader = Reader(fitted)
    return np.array([[reader.scores(text)[theme] for theme in Theme] for text in texts])


def test_the_reader_says_what_the_pipeline_says(pipeline: Any, shipped: Fitted, texts: list[str]) -> None:
    from cx.themes.training import export, probabilities_of

    exported = export(pipeline, "test", Thresholds(shipped.maybe, shipped.sure, 0), {})
    assert np.abs(_served(exported, texts) - probabilities_of(pipeline, texts)).max() < TOLERANCE


def test_the_shipped_reader_is_what_the_examples_give(pipeline: Any, shipped: Fitted, texts: list[str]) -> None:
    """Wider than the law above: another processor rounds on its way to the same optimum in another order."""
    from cx.themes.training import probabilities_of

    assert np.abs(_served(shipped, texts) - probabilities_of(pipeline, texts)).max() < 0.01


def test_the_reader_beats_the_dummy_by_cross_validation(shipped: Fitted) -> None:
    """Figures written by the training of this very version (see the test of the version above)."""
    found = shipped.figures["cross_validation"]
    assert found["reader"]["n"] == found["dummy"]["n"] == shipped.figures["examples"]
    assert found["reader"]["micro_f1"] > found["dummy"]["micro_f1"] + 0.3
    assert found["reader"]["macro_f1"] > found["dummy"]["macro_f1"] + 0.3


@pytest.mark.long
def test_training_again_gives_the_figures_that_are_shipped(examples: list[Example], shipped: Fitted) -> None:
    from cx.themes.training import train

    training = train(examples, load_thresholds(FOLDER))
    assert training.fitted.maybe == pytest.approx(shipped.maybe)
    assert training.reader.summary()["micro_f1"] == pytest.approx(
        shipped.figures["cross_validation"]["reader"]["micro_f1"], abs=0.01
    )


def test_the_analyzer_of_training_is_that_of_serving(examples: list[Example]) -> None:
    from cx.themes.analyzer import both_features, character_features, word_features

    for example in examples[:50]:
        assert both_features(example.text) == (word_features(example.text), character_features(example.text))


def test_figures_are_counted_by_theme_and_by_text() -> None:
    fss, con = Theme.FORCED_SELF_SERVICE, Theme.CONTEMPT
    score = score_themes([{fss}, {fss, con}, set()], [{fss}, {fss}, {con}])
    assert score.themes[fss].f1 == 1.0
    assert score.themes[con].f1 == 0.0
    assert (score.micro.right, score.micro.wrong, score.micro.missed) == (2, 1, 1)
    assert score.macro_f1 == 0.5
    assert score.same_sets == 1


def test_thresholds_are_where_they_help() -> None:
    chance = np.random.default_rng(1)
    truth = (chance.random((400, len(Theme))) < 0.2).astype(int)
    clear = np.where(truth == 1, 0.8, 0.2)
    chosen = choose(truth, clear)
    assert all(0.2 < limit <= 0.8 for limit in chosen.maybe.values())
    assert all(chosen.maybe[theme] <= chosen.sure[theme] <= 0.8 for theme in Theme)
    blind = choose(truth, chance.random(truth.shape))
    assert all(limit == NEVER for limit in blind.sure.values())
