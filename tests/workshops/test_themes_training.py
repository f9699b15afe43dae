"""Training: what is served is what was fitted, what is shipped belongs to its examples, and limits keep their word."""

import random
from typing import Any

import numpy as np
import pytest

from cx.core.words import Theme
from cx.themes.corpus import FOLDER, BadExample, Example, load_examples
from cx.themes.evaluation import score_themes
from cx.themes.export import FITTED, Fitted, restore
from cx.themes.reader import Reader
from cx.themes.thresholds import (
    NEVER,
    SURE_PRECISION,
    Judgement,
    choose,
    load_judgement,
    save_judgement,
    version_of,
)

# One process fits the scorer for all of them.
pytestmark = pytest.mark.xdist_group("training")

TOLERANCE = 1e-5
EVERY = 12


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return load_examples()


@pytest.fixture(scope="module")
def judgement() -> Judgement:
    return load_judgement(FOLDER)


@pytest.fixture(scope="module")
def scorer(examples: list[Example]) -> Any:
    """A scorer of every twelfth example: some seconds, once."""
    from cx.themes.training import fit

    return fit(examples[::EVERY])


@pytest.fixture(scope="module")
def stories(examples: list[Example]) -> list[Example]:
    """Examples that the scorer has seen and has not, long ones, and texts with nothing in them."""
    chance = random.Random(4)
    long = [Example(" ".join(one.text for one in chance.sample(examples, 4)), frozenset(), "") for _ in range(15)]
    odd = [Example(text, frozenset(), "") for text in ("", "zzzz", "😀", "word", "a " * 500)]
    return [*chance.sample(examples, 60), *long, *odd]


def _served(fitted: Fitted, stories: list[Example]) -> Any:
    from cx.themes.language import detect_language

    reader = Reader(fitted)
    rows = [reader.scores(one.text, detect_language(one.text, one.language or "fr")) for one in stories]
    return np.array([[row[theme] for theme in Theme] for row in rows])


def test_the_reader_says_what_scorer_and_combiner_say(
    scorer: Any, judgement: Judgement, stories: list[Example]
) -> None:
    from cx.themes.training import export, probabilities_of

    exported = export(scorer, "test", judgement, 1)
    assert np.abs(_served(exported, stories) - probabilities_of(scorer, judgement, stories)).max() < TOLERANCE


def test_signals_are_the_events_the_best_window_and_the_whole(scorer: Any) -> None:
    from cx.themes.training import apart, signals

    text = "She was rude and hung up on me. My parcel arrived on Monday morning as planned."
    found = signals(scorer, [apart(Example(text, frozenset(), "en")), apart(Example("Ok.", frozenset(), "en"))])
    assert found.shape == (2, len(Theme), 4)
    contempt = list(Theme).index(Theme.CONTEMPT)
    others = [column for column in range(len(Theme)) if column != contempt]
    assert found[0, contempt, 0] > np.log1p(-np.log(0.5))  # more than one event of strength a half weighs
    assert found[0, others, 1].min() >= found[0, contempt, 0]  # what tells contempt is another theme to the others
    assert found[1, :, :2].max() == 0.0
    assert np.allclose(found[1, :, 2], found[1, :, 3])  # one sentence is its own best window


def test_a_judgement_on_labelled_stories_is_whole(scorer: Any, examples: list[Example]) -> None:
    from cx.themes.training import judge

    found = judge(scorer, examples[1::40], [])
    assert np.array(found.combiner).shape == (len(Theme), 5)
    assert np.isfinite(found.combiner).all()
    assert found.judged_on == len(examples[1::40])
    assert all(found.sure[theme] >= found.maybe[theme] for theme in Theme)


def test_the_combiner_keeps_a_theme_that_nobody_told_out_of_the_way() -> None:
    from cx.themes.training import Combiner

    chance = np.random.default_rng(3)
    found = chance.normal(size=(200, len(Theme), 4))
    truth = (found[:, :, 0] > 0.5).astype(int)
    truth[:, 2] = 0
    combiner = Combiner().fit(found, truth)
    assert combiner.predict_proba(found)[:, 2].max() < 0.001
    others = [column for column in range(len(Theme)) if column != 2]
    assert (combiner.predict(found)[:, others] == truth[:, others]).mean() > 0.9


# ---- what is shipped ---------------------------------------------------------------------------------------------


def test_the_shipped_version_names_the_shipped_examples(examples: list[Example], judgement: Judgement) -> None:
    assert restore(FITTED).version == version_of(examples, judgement), (
        "run `flask themes train --into cx/themes/fitted`"
    )


def test_the_shipped_reader_serves_the_judgement_kept_beside_the_examples(judgement: Judgement) -> None:
    shipped = restore(FITTED)
    assert shipped.combiner.tolist() == judgement.combiner
    assert shipped.maybe == pytest.approx(judgement.maybe)
    assert shipped.sure == pytest.approx(judgement.sure)


@pytest.mark.long
def test_training_again_gives_the_reader_that_is_shipped(
    examples: list[Example], judgement: Judgement, stories: list[Example]
) -> None:
    """Wider than the law above: another processor rounds on its way to the same optimum in another order."""
    from cx.themes.training import train

    again = train(examples, judgement).fitted
    assert np.abs(_served(again, stories) - _served(restore(FITTED), stories)).max() < 0.01


def test_the_version_follows_examples_and_judgement(examples: list[Example], judgement: Judgement) -> None:
    other = Judgement(judgement.combiner, judgement.maybe, judgement.sure, judgement.judged_on + 1)
    versions = {
        version_of(examples, judgement),
        version_of(examples[1:], judgement),
        version_of(examples, other),
    }
    assert len(versions) == 3


# ---- judgement and figures ---------------------------------------------------------------------------------------


def test_a_judgement_is_kept_and_read_again(tmp_path: Any, judgement: Judgement) -> None:
    save_judgement(judgement, tmp_path)
    assert load_judgement(tmp_path) == judgement


@pytest.mark.parametrize("content", [None, "", "[]", '{"combiner": {}}', '{"judged_on": 3}'])
def test_a_judgement_that_is_none_is_refused(tmp_path: Any, content: str | None) -> None:
    if content is not None:
        (tmp_path / "judgement.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadExample, match=r"judgement\.json"):
        load_judgement(tmp_path)


def test_limits_are_where_they_help() -> None:
    chance = np.random.default_rng(1)
    truth = (chance.random((400, len(Theme))) < 0.2).astype(int)
    maybe, sure = choose(truth, np.where(truth == 1, 0.8, 0.2))
    assert all(0.2 < limit <= 0.8 for limit in maybe.values())
    assert all(maybe[theme] <= sure[theme] <= 0.8 for theme in Theme)
    _, blind = choose(truth, np.round(chance.random(truth.shape), 1) * 0.9)
    assert all(limit == NEVER for limit in blind.values())


def test_rather_sure_is_right_in_enough_of_what_it_was_chosen_on() -> None:
    chance = np.random.default_rng(2)
    said = chance.random((600, len(Theme)))
    truth = (chance.random(said.shape) < said**2).astype(int)
    _, sure = choose(truth, said)
    chosen = said >= np.array([sure[theme] for theme in Theme])
    assert chosen.any()
    assert truth[chosen].mean() >= SURE_PRECISION


def test_figures_are_counted_by_theme_and_by_text() -> None:
    fss, con = Theme.FORCED_SELF_SERVICE, Theme.CONTEMPT
    score = score_themes([{fss}, {fss, con}, set()], [{fss}, {fss}, {con}])
    assert score.themes[fss].f1 == 1.0
    assert score.themes[con].f1 == 0.0
    assert (score.micro.right, score.micro.wrong, score.micro.missed) == (2, 1, 1)
    assert score.macro_f1 == 0.5
    assert score.same_sets == 1
