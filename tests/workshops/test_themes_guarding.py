"""The frozen set belongs to nobody's training, and tells a worse reader from an unlucky one."""

from collections import Counter

import numpy as np
import pytest

from cx.core.words import Theme
from cx.themes.analyzer import normalise
from cx.themes.corpus import LANGUAGES, Example, load_examples
from cx.themes.guarding import ENOUGH, HELD_OUT, compare, held_out, load_frozen

RUN = 8


@pytest.fixture(scope="module")
def frozen() -> list[Example]:
    return load_frozen()


def test_it_has_enough_of_everything(frozen: list[Example]) -> None:
    told = Counter(theme for one in frozen for theme in one.themes)
    assert len(frozen) >= 240
    assert {theme: told[theme] for theme in Theme if told[theme] < ENOUGH} == {}
    assert sum(not one.themes for one in frozen) >= 0.4 * len(frozen)
    for language in LANGUAGES:
        assert sum(one.language == language for one in frozen) >= 0.45 * len(frozen)
    assert {one.sector for one in frozen} >= {"bank", "airline", "postal"}


def test_styles_vary(frozen: list[Example]) -> None:
    texts = [one.text for one in frozen]
    assert sum(len(text) > 500 for text in texts) >= 20
    assert sum("@" in text for text in texts) >= 20
    assert sum(text.isupper() for text in texts) >= 2
    assert sum("XXXX" in text for text in texts) >= 5


def _runs(text: str) -> set[tuple[str, ...]]:
    words = normalise(text).split()
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def test_no_example_is_among_them_nor_echoes_one(frozen: list[Example]) -> None:
    examples = load_examples()
    known = {normalise(one.text) for one in examples}
    heard = {run for one in examples for run in _runs(one.text)}
    assert [one.text for one in frozen if normalise(one.text) in known] == []
    assert [" ".join(run) for one in frozen for run in _runs(one.text) & heard] == []
    assert len({normalise(one.text) for one in frozen}) == len(frozen)


def test_one_ruled_case_in_five_measures_for_ever() -> None:
    references = [f"DL-{number:04d}-CASE" for number in range(2000)]
    share = sum(map(held_out, references)) / len(references)
    assert abs(share - 1 / HELD_OUT) < 0.03
    assert held_out("DL-7K3M-9QXT") == held_out("DL-7K3M-9QXT")


# ---- worse or unlucky --------------------------------------------------------------------------------------------


def _truth(stories: int = 300) -> np.ndarray:
    return (np.random.default_rng(5).random((stories, len(Theme))) < 0.1).astype(float)


def _missing(table: np.ndarray, share: float, seed: int, columns: slice = slice(None)) -> np.ndarray:
    """A table in which this share of what was told is not found."""
    found = table.copy()
    lost = np.random.default_rng(seed).random(found[:, columns].shape) < share
    found[:, columns] = np.where(lost, 0.0, found[:, columns])
    return found


def test_the_same_reader_is_not_worse_than_itself() -> None:
    truth = _truth()
    found = compare(truth, _missing(truth, 0.3, 1), _missing(truth, 0.3, 1))
    assert not found.worse
    assert found.difference == 0.0
    assert found.interval == (0.0, 0.0)
    assert found.new == found.old


def test_other_mistakes_of_the_same_number_are_no_reason_to_refuse() -> None:
    truth = _truth()
    assert not compare(truth, _missing(truth, 0.3, 1), _missing(truth, 0.3, 2)).worse


def test_a_reader_that_misses_much_more_is_worse_and_the_other_way_round_is_not() -> None:
    truth = _truth()
    good, bad = _missing(truth, 0.2, 1), _missing(truth, 0.5, 2)
    found = compare(truth, bad, good)
    assert found.worse
    assert found.interval[0] < found.difference < found.interval[1] < 0.0
    assert found.new.interval[0] < found.new.micro < found.new.interval[1]
    assert not compare(truth, good, bad).worse


def test_a_theme_that_is_lost_is_not_made_up_for_by_others() -> None:
    truth = _truth()
    old, new = _missing(truth, 0.3, 1), _missing(truth, 0.1, 1)
    new[:, 6] = 0.0
    found = compare(truth, new, old)
    assert found.difference > 0.0
    assert found.worse_themes == (list(Theme)[6],)
    assert found.worse


def test_a_theme_that_is_hardly_told_is_not_judged_by_itself() -> None:
    truth = _truth()
    truth[:, 6] = 0.0
    truth[: ENOUGH - 1, 6] = 1.0
    new = truth.copy()
    new[:, 6] = 0.0
    assert compare(truth, new, truth).worse_themes == ()
