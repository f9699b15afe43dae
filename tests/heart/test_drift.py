"""A month stands apart only when chance would hardly bring it, and the rule is the same for every order of months."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.drift import LEVEL, mean, means_apart, shares_apart
from cx.core.scoring import Share

shares = st.lists(
    st.integers(0, 200).flatmap(lambda n: st.integers(0, n).map(lambda count: Share(count, n))), min_size=1, max_size=5
)
numbers = st.dictionaries(st.integers(0, 100), st.integers(1, 30), max_size=6)


@settings(max_examples=20)
@given(shares)
def test_small_months_never_stand_apart_and_order_means_nothing(months: list[Share]) -> None:
    found = shares_apart(months)
    assert not [one for one, far in zip(months, found, strict=True) if far and one.n < 20]
    assert shares_apart(months[::-1]) == found[::-1]


@settings(max_examples=20)
@given(st.integers(20, 400), st.integers(2, 12), st.data())
def test_months_alike_never_stand_apart(n: int, many: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    assert not any(shares_apart([Share(count, n)] * many))


@settings(max_examples=20)
@given(shares, st.integers(1, 300))
def test_more_comparisons_never_mark_more(months: list[Share], comparisons: int) -> None:
    once, often = shares_apart(months, comparisons), shares_apart(months, 4 * comparisons)
    assert not any(more and not less for less, more in zip(once, often, strict=True))


def test_a_jump_stands_apart_and_a_ripple_does_not() -> None:
    usual = [Share(20, 200)] * 11
    assert shares_apart([*usual, Share(60, 200)], 168) == (False,) * 11 + (True,)
    assert not any(shares_apart([*usual, Share(27, 200)], 168))
    assert shares_apart([*usual, Share(0, 200)], 12)[-1]


def test_by_chance_alone_a_page_is_marked_about_once_in_twenty() -> None:
    """The exact tails of the binomial, summed: over all outcomes of one month among many like it."""
    from math import comb

    many, n, p = 12, 60, 0.2
    others = [Share(1188, 99 * n)]
    marked = sum(
        comb(n, k) * p**k * (1 - p) ** (n - k)
        for k in range(n + 1)
        if shares_apart([*others, Share(k, n)], many)[-1]
    )  # fmt: skip
    assert marked <= LEVEL / many


@settings(max_examples=20)
@given(numbers)
def test_a_mean_lies_in_its_interval_and_among_its_numbers(found: dict[int, int]) -> None:
    one = mean(found)
    assert one.low <= one.value <= one.high
    if found:
        assert min(found) - 1e-9 <= one.value <= max(found) + 1e-9


@settings(max_examples=20)
@given(st.lists(numbers, min_size=1, max_size=8))
def test_means_of_small_months_never_stand_apart(months: list[dict[int, int]]) -> None:
    found = means_apart(months)
    assert not [one for one, far in zip(months, found, strict=True) if far and sum(one.values()) < 20]
    assert means_apart(months[::-1]) == found[::-1]


def test_words_that_are_suddenly_unknown_stand_apart() -> None:
    usual = [{88: 20, 92: 30, 95: 10}] * 5
    assert means_apart([*usual, {60: 20, 70: 20}]) == (False,) * 5 + (True,)
    assert not any(means_apart([*usual, {88: 21, 92: 29, 95: 10}]))
