"""Which stories are worth a person's look: doubtful ones, unlike each other, always the same."""

import random

from hypothesis import given
from hypothesis import strategies as st

from cx.core.sampling import Candidate
from cx.core.words import Theme
from cx.themes.choosing import choose_next, doubt, vectors

WORDS = st.lists(st.sampled_from("queue phone rude parcel fee closed machine nobody waited".split()), max_size=8)
SCORES = st.dictionaries(st.sampled_from(list(Theme)), st.floats(0.0, 1.0), max_size=14)
CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 10_000), SCORES, WORDS.map(" ".join)),
    max_size=12,
    unique_by=lambda one: one.id,
)
SURE = dict.fromkeys(Theme, 0.001)


@given(CANDIDATES, st.integers(-1, 15), st.randoms())
def test_it_chooses_as_many_as_asked_each_once_in_whatever_order_they_come(
    candidates: list[Candidate], many: int, chance: random.Random
) -> None:
    chosen = choose_next(candidates, many)
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert len(chosen) == max(0, min(many, len(candidates)))
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= {one.id for one in candidates}
    assert choose_next([*shuffled, *candidates], many) == chosen


@given(CANDIDATES, st.integers(0, 12))
def test_more_begin_with_the_same(candidates: list[Candidate], many: int) -> None:
    assert choose_next(candidates, 12)[:many] == choose_next(candidates, many)


@given(st.floats(0.02, 0.98), st.floats(0.0, 1.0))
def test_nothing_is_more_doubtful_than_a_theme_at_its_limit(limit: float, score: float) -> None:
    limits = {Theme.CONTEMPT: limit}
    assert 0.0 < doubt({Theme.CONTEMPT: score}, limits) <= doubt({Theme.CONTEMPT: limit}, limits) <= 1.0


def test_doubt_comes_first() -> None:
    candidates = [
        Candidate(1, SURE, "the queue was long"),
        Candidate(2, SURE | {Theme.CONTEMPT: 0.3}, "she was rude to me"),
        Candidate(3, SURE, "the fee was high"),
    ]
    assert choose_next(candidates, 1) == [2]


def test_a_story_like_one_already_taken_waits() -> None:
    unsure = SURE | {Theme.CONTEMPT: 0.3}
    candidates = [
        Candidate(1, unsure, "the clerk was rude to my mother at the counter"),
        Candidate(2, unsure, "the clerk was rude to my mother at the counter"),
        Candidate(3, SURE | {Theme.CONTEMPT: 0.2}, "a voucher instead of my money"),
    ]
    assert choose_next(candidates, 3) == [1, 3, 2]


def test_a_story_without_a_word_is_like_no_other() -> None:
    table = vectors(["", "the queue", "the queue"])
    assert (table @ table.T).round(6).tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 1]]
