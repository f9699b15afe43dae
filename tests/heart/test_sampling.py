"""The daily draw: everybody who repeats it draws the same, and no case is favoured."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cx.core.sampling import MOST, drawn, lot, many

DAYS = st.dates(date(2024, 1, 1), date(2040, 1, 1))
CASES = st.lists(st.integers(1, 10**12), max_size=200)


@given(DAYS, CASES, st.randoms())
def test_the_draw_is_the_same_whatever_the_order(day: date, cases: list[int], random: "object") -> None:
    shuffled = cases * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert drawn(day, cases) == drawn(day, shuffled)


@given(DAYS, CASES)
def test_some_are_drawn_of_the_cases_and_never_many(day: date, cases: list[int]) -> None:
    found = drawn(day, cases)
    assert set(found) <= set(cases)
    assert len(set(found)) == len(found) == many(len(set(cases)))
    assert len(found) <= MOST
    assert bool(found) == bool(cases)


@given(DAYS, CASES.filter(bool))
def test_whoever_is_left_out_has_a_higher_lot(day: date, cases: list[int]) -> None:
    found = set(drawn(day, cases))
    assert all(lot(day, one) > max(lot(day, each) for each in found) for one in set(cases) - found)


def test_a_known_draw_can_be_repeated_by_hand() -> None:
    assert [many(one) for one in (0, 1, 2, 20, 21, 40, 41, 1000)] == [0, 1, 1, 1, 2, 2, 3, 3]
    # printf '2026-11-29:7' | sha256sum
    assert lot(date(2026, 11, 29), 7)[:8] == "cec245a9"


def test_every_case_is_drawn_about_as_often() -> None:
    days = [date.fromordinal(740_000 + number) for number in range(400)]
    times = dict.fromkeys(range(10), 0)
    for day in days:
        for one in drawn(day, range(10)):
            times[one] += 1
    assert all(15 < count < 70 for count in times.values()), times
