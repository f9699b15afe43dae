"""The arithmetic of figures: known values, bounds, and what small numbers may not do."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.scoring import (
    SEVERITY_FACTOR,
    Share,
    beta_inverse,
    beta_share,
    index,
    intensity,
    quantile,
    satisfied,
    value_of_answers,
    value_score,
    wilson,
)
from cx.core.words import Theme, Value

histograms = st.dictionaries(st.integers(0, 400), st.integers(0, 50), max_size=12)
marks = st.dictionaries(st.integers(1, 5), st.integers(0, 300))
theme_sets = st.frozensets(st.sampled_from(list(Theme)))
severities = st.integers(1, 5)


def test_the_sentence_of_the_manager_holds_its_interval() -> None:
    solved = Share(41, 66)
    assert (round(solved.value), round(solved.low), round(solved.high)) == (62, 50, 73)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055), (0, 0, 0.0, 1.0)],
)
def test_wilson_known_values(count: int, n: int, low: float, high: float) -> None:
    assert wilson(count, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5)])
def test_a_share_of_more_than_all_is_a_mistake(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="count"):
        wilson(count, n)


@given(st.integers(0, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_lies_in_its_bounds_and_holds_the_share(pair: tuple[int, int]) -> None:
    count, n = pair
    low, high = wilson(count, n)
    assert 0 <= low <= high <= 1
    assert n == 0 or low <= count / n <= high


@pytest.mark.parametrize(("n", "shown", "fragile"), [(0, False, False), (4, False, False), (5, True, True), (19, True, True), (20, True, False)])  # fmt: skip
def test_small_numbers_are_hidden_then_fragile(n: int, shown: bool, fragile: bool) -> None:
    share = Share(0, n)
    assert (share.shown, share.fragile, share.value) == (shown, fragile, 0)


def test_satisfied_is_four_and_five() -> None:
    assert satisfied({1: 2, 3: 1, 4: 5, 5: 2, 9: 40}) == Share(7, 10)


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({}, None),
        ({Value.PRICE: 5, Value.CHOICE: 5}, None),
        ({Value.PRICE: 5, Value.CHOICE: 1, Value.LISTENING: 3}, 50),
        (dict.fromkeys(Value, 5), 100),
        (dict.fromkeys(Value, 1), 0),
    ],
)
def test_the_value_that_one_person_reports(answers: dict[Value, int], value: float | None) -> None:
    assert value_of_answers(answers) == value


def test_the_four_values_are_shrunk_to_the_middle() -> None:
    score = value_score({5: 6})
    assert score.value == pytest.approx((4 * 50 + 600) / 10)
    assert value_score({}).value == 50
    assert (value_score({5: 4}).shown, score.shown) == (False, True)


@settings(max_examples=20)
@given(marks)
def test_a_score_stays_on_its_scale_inside_its_interval(answers: dict[int, int]) -> None:
    score = value_score(answers)
    assert 0 <= score.low < score.value < score.high <= 100


@pytest.mark.parametrize(("themes", "severity", "expected"), [
    ((), 5, 0.0),
    ((Theme.LOST_RELATIONSHIP,), 1, 0.10),
    ((Theme.CONTEMPT,), 5, 0.60),
    ((Theme.CONTEMPT, Theme.CONTEMPT), 5, 0.60),
    (tuple(Theme), 5, 0.9998),
])  # fmt: skip
def test_intensity_known_values(themes: tuple[Theme, ...], severity: int, expected: float) -> None:
    assert intensity(themes, severity) == pytest.approx(expected, abs=1e-4)


@given(theme_sets, st.sampled_from(list(Theme)), severities, severities)
def test_more_themes_and_more_harm_weigh_more(themes: frozenset[Theme], one: Theme, low: int, high: int) -> None:
    low, high = sorted((low, high))
    x = intensity(themes, low)
    assert 0 <= x < 1
    if one not in themes:
        assert intensity(themes | {one}, low) > x
    if themes and SEVERITY_FACTOR[high] > SEVERITY_FACTOR[low]:
        assert intensity(themes, high) > x


def test_the_index_starts_at_the_mean_of_its_sector_and_follows_what_is_told() -> None:
    assert index([]).value == pytest.approx(40)
    assert index([0.6, 0.0]).value == pytest.approx(100 * (4 * 0.4 + 0.6) / 6)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 0.9999), max_size=60), st.floats(0.01, 0.99))
def test_the_index_is_bounded_and_blind_to_order(intensities: list[float], centre: float) -> None:
    score = index(intensities, centre)
    assert 0 < score.value < 100
    assert score == index(sorted(intensities), centre)


@pytest.mark.parametrize(
    ("x", "a", "b", "share"),
    [
        (0.5, 2, 2, 0.5),
        (0.25, 1, 1, 0.25),
        (0.3, 2, 5, 0.579825),
        (0.9, 0.5, 0.5, 0.795167),
        (0, 1, 1, 0),
        (1, 1, 1, 1),
    ],
)
def test_beta_known_values(x: float, a: float, b: float, share: float) -> None:
    assert beta_share(x, a, b) == pytest.approx(share, abs=1e-6)


@settings(max_examples=20)
@given(st.floats(0.01, 0.99), st.floats(1, 500), st.floats(1, 500))
def test_the_inverse_undoes_the_distribution(share: float, a: float, b: float) -> None:
    x = beta_inverse(share, a, b)
    assert math.isclose(beta_share(x, a, b), share, abs_tol=1e-5)


@pytest.mark.parametrize(
    ("days", "share", "value"),
    [
        ({}, 0.5, 0),
        ({7: 1}, 0.9, 7),
        ({1: 1, 2: 1, 3: 1}, 0.5, 2),
        ({1: 2, 2: 2}, 0.5, 1),
        (dict.fromkeys(range(1, 11), 1), 0.9, 9),
        ({3: 0, 4: 5}, 0.0, 4),
    ],
)
def test_quantile_known_values(days: dict[int, int], share: float, value: int) -> None:
    assert quantile(days, share).value == value


@given(histograms, st.floats(0.01, 0.99))
def test_a_quantile_is_an_observed_number_inside_its_interval(days: dict[int, int], share: float) -> None:
    found = quantile(days, share)
    listed = sorted(number for number, many in days.items() for _ in range(many))
    assert found.n == len(listed)
    if listed:
        assert found.value in listed
        assert found.low <= found.value <= found.high
        assert sum(number <= found.value for number in listed) >= share * len(listed) - 1e-6
