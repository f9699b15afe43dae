"""The arithmetic of clocks: the published table of dates, month ends, days off, and the rules that always hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.clock import Due, Purpose, Regime, Roll, StepKind, Unit, due, explain, left, load
from cx.core.counting import Holidays
from cx.core.refusals import GuardFailed
from cx.core.regimes import Limit

FRANCE = {
    date(2026, 5, 1): "Fête du Travail",
    date(2026, 5, 8): "Fête de la Victoire",
    date(2026, 5, 14): "Ascension",
    date(2026, 5, 25): "Lundi de Pentecôte",
    date(2026, 12, 25): "Noël",
    date(2027, 1, 1): "Jour de l'an",
    date(2027, 3, 29): "Lundi de Pâques",
}
ENGLAND = {
    date(2026, 5, 4): "May Day",
    date(2026, 5, 25): "Spring Bank Holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day (observed)",
    date(2027, 1, 1): "New Year's Day",
    date(2027, 3, 26): "Good Friday",
}
AMERICA = {
    date(2026, 5, 25): "Memorial Day",
    date(2026, 12, 25): "Christmas Day",
    date(2027, 1, 1): "New Year's Day",
    date(2027, 1, 18): "Martin Luther King Jr. Day",
    date(2027, 2, 15): "Washington's Birthday",
}
CALENDARS = {"FR": FRANCE, "GB-ENG": ENGLAND, "US-FED": AMERICA, "none": {}}


def days_off(calendar: str, year: int) -> Mapping[date, str]:
    return {day: name for day, name in CALENDARS[calendar].items() if day.year == year}


def regime(amount: int, unit: Unit, calendar: str = "none", **others: object) -> Regime:
    return replace(load()["FR-BK-ANS"], amount=amount, unit=unit, calendar=calendar, extension=None, **others)  # type: ignore[arg-type]


def end(amount: int, unit: Unit, start: str, calendar: str = "none") -> str:
    return due(regime(amount, unit, calendar), date.fromisoformat(start), days_off).due_on.isoformat()


TABLE = {
    "2026-04-30": """2026-05-15 2026-06-30 2026-05-27 2026-06-24 2026-05-06 2026-05-22 2026-06-22 2026-06-25 2026-05-14
        2026-06-14 2026-05-30 2026-06-29 2026-05-07 2026-05-21 2026-07-29 2026-05-30 2026-07-30""",
    "2026-12-23": """2027-01-06 2027-02-23 2027-01-15 2027-02-12 2026-12-30 2027-01-18 2027-02-15 2027-02-17 2027-01-08
        2027-02-06 2027-01-22 2027-02-21 2026-12-30 2027-01-13 2027-03-23 2027-01-23 2027-03-23""",
    "2026-12-31": """2027-01-13 2027-02-28 2027-01-22 2027-02-19 2027-01-06 2027-01-22 2027-02-19 2027-02-25 2027-01-15
        2027-02-14 2027-01-30 2027-03-01 2027-01-07 2027-01-21 2027-03-31 2027-01-31 2027-03-31""",
    "2027-01-31": """2027-02-11 2027-03-31 2027-02-19 2027-03-19 2027-02-03 2027-02-19 2027-03-19 2027-03-28 2027-02-12
        2027-03-17 2027-03-02 2027-04-01 2027-02-07 2027-02-21 2027-05-01 2027-02-28 2027-04-30""",
}
COLUMNS = [
    (10, Unit.WORKING_DAY_6, "FR"),
    (2, Unit.MONTH, "FR"),
    (15, Unit.BUSINESS_DAY_5, "FR"),
    (35, Unit.BUSINESS_DAY_5, "FR"),
    (3, Unit.BUSINESS_DAY_5, "GB-ENG"),
    (15, Unit.BUSINESS_DAY_5, "GB-ENG"),
    (35, Unit.BUSINESS_DAY_5, "GB-ENG"),
    (8, Unit.WEEK, "GB-ENG"),
    (10, Unit.BUSINESS_DAY_5, "US-FED"),
    (45, Unit.CALENDAR_DAY, "US-FED"),
    (30, Unit.CALENDAR_DAY, "US-FED"),
    (60, Unit.CALENDAR_DAY, "US-FED"),
    (7, Unit.CALENDAR_DAY, "none"),
    (21, Unit.CALENDAR_DAY, "none"),
    (90, Unit.CALENDAR_DAY, "FR"),
    (1, Unit.MONTH, "FR"),
    (3, Unit.MONTH, "FR"),
]


@pytest.mark.parametrize("start", TABLE)
def test_the_published_table_of_dates(start: str) -> None:
    found = [end(amount, unit, start, calendar) for amount, unit, calendar in COLUMNS]
    assert found == TABLE[start].split()


@pytest.mark.parametrize(
    ("amount", "unit", "start", "expected"),
    [
        (2, Unit.MONTH, "2026-12-31", "2027-02-28"),
        (2, Unit.MONTH, "2027-12-31", "2028-02-29"),
        (1, Unit.MONTH, "2028-01-30", "2028-02-29"),
        (1, Unit.MONTH, "2028-02-29", "2028-03-29"),
        (1, Unit.MONTH, "2026-08-31", "2026-09-30"),
        (12, Unit.MONTH, "2026-11-30", "2027-11-30"),
        (13, Unit.MONTH, "2026-12-01", "2028-01-01"),
        (1, Unit.YEAR, "2028-02-29", "2029-02-28"),
        (4, Unit.YEAR, "2028-02-29", "2032-02-29"),
        (1, Unit.CALENDAR_DAY, "2026-12-31", "2027-01-01"),
        (1, Unit.CALENDAR_DAY, "2028-02-28", "2028-02-29"),
    ],
)
def test_ends_of_months_and_years(amount: int, unit: Unit, start: str, expected: str) -> None:
    assert end(amount, unit, start) == expected


@pytest.mark.parametrize("start", ["2027-02-05", "2027-02-06", "2027-02-07"])
def test_a_weekend_start_counts_from_monday(start: str) -> None:
    assert end(1, Unit.BUSINESS_DAY_5, start) == "2027-02-08"


def test_saturday_is_a_working_day_of_six_but_not_of_five() -> None:
    assert end(1, Unit.WORKING_DAY_6, "2027-02-05") == "2027-02-06"
    assert end(1, Unit.WORKING_DAY_6, "2027-02-06") == "2027-02-08"


def test_every_day_left_out_says_why() -> None:
    counted = due(regime(2, Unit.BUSINESS_DAY_5, "FR"), date(2026, 12, 24), days_off)
    assert counted.due_on == date(2026, 12, 29)
    assert counted.skipped == (
        (date(2026, 12, 25), "holiday:Noël"),
        (date(2026, 12, 26), "saturday"),
        (date(2026, 12, 27), "sunday"),
    )


def test_the_opening_of_a_right_takes_the_later_count_and_a_duty_the_earlier() -> None:
    both = regime(2, Unit.MONTH, also=(Limit(60, Unit.CALENDAR_DAY),))
    right, lost = replace(both, purpose=Purpose.RIGHT_OPENS), replace(both, purpose=Purpose.RIGHT_LOST)
    winter, summer = date(2027, 1, 15), date(2027, 7, 1)  # 59 and 62 days make two months
    assert due(right, winter, days_off).due_on == date(2027, 3, 16)
    assert due(right, summer, days_off).due_on == date(2027, 9, 1)
    for duty in (both, lost):
        assert due(duty, winter, days_off).due_on == date(2027, 3, 15)
        assert due(duty, summer, days_off).due_on == date(2027, 8, 30)


def test_a_roll_moves_a_day_off_to_the_next_working_day() -> None:
    rolling = regime(1, Unit.MONTH, "FR", roll=Roll.FOLLOWING)
    counted = due(rolling, date(2026, 11, 25), days_off)
    assert counted.due_on == date(2026, 12, 28)
    assert [reason for _, reason in counted.skipped] == ["holiday:Noël", "saturday", "sunday"]
    assert [step.kind for step in explain(counted, rolling).steps] == [
        StepKind.START,
        StepKind.COUNT,
        *[StepKind.ROLL] * 3,
        StepKind.DUE,
    ]


def test_an_extension_counts_from_the_start() -> None:
    gdpr = load()["EU-GDPR-1M"]
    assert due(gdpr, date(2027, 1, 31), days_off, extended=True).due_on == date(2027, 4, 30)


@pytest.mark.parametrize("name", ["FR-BK-ACK", "FR-BK-ANS"])
def test_no_extension_without_a_limit(name: str) -> None:
    with pytest.raises(GuardFailed) as refused:
        due(load()[name], date(2026, 1, 1), days_off, extended=True)
    assert refused.value.field == "extended"


@pytest.mark.parametrize("start", [date.min, date(1899, 12, 31), date(2200, 1, 1), date.max])
def test_a_start_no_calendar_knows_is_refused(start: date) -> None:
    with pytest.raises(GuardFailed):
        due(load()["FR-BK-ANS"], start, days_off)


def test_a_limit_counts_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limit(0, Unit.WEEK)


def test_the_explanation_of_open_days_adds_up() -> None:
    row = load()["FR-BK-ACK"]
    told = explain(due(row, date(2026, 12, 23), days_off), row)
    assert [(step.kind, step.first.day, step.last.day, step.number) for step in told.steps] == [
        (StepKind.START, 23, 23, 0),
        (StepKind.COUNT, 24, 24, 1),
        (StepKind.SKIP, 25, 25, 1),
        (StepKind.COUNT, 26, 26, 2),
        (StepKind.SKIP, 27, 27, 2),
        (StepKind.COUNT, 28, 31, 6),
        (StepKind.SKIP, 1, 1, 6),
        (StepKind.COUNT, 2, 2, 7),
        (StepKind.SKIP, 3, 3, 7),
        (StepKind.COUNT, 4, 6, 10),
        (StepKind.DUE, 6, 6, 10),
    ]
    assert (told.safest, told.source, told.version) == ("", row.source, row.version)


def test_the_explanation_names_a_short_month_and_the_counts_considered() -> None:
    row = load()["FR-AIR-MTV2M"]
    told = explain(due(row, date(2026, 12, 31), days_off), row)
    assert told.safest == "later"
    assert told.due_on == date(2027, 3, 1)
    assert [(step.kind, step.last) for step in told.steps[2:4]] == [
        (StepKind.CONSIDER, date(2027, 2, 28)),
        (StepKind.CONSIDER, date(2027, 3, 1)),
    ]
    answer = load()["FR-BK-ANS"]
    kinds = [step.kind for step in explain(due(answer, date(2026, 12, 31), days_off), answer).steps]
    assert kinds == [StepKind.START, StepKind.COUNT, StepKind.MONTH_END, StepKind.DUE]
    duty = replace(row, purpose=Purpose.ANSWER)
    assert explain(due(duty, date(2026, 12, 31), days_off), duty).safest == "earlier"


@pytest.mark.parametrize(
    ("due_on", "today", "expected"),
    [
        ("2026-12-24", "2026-12-24", 0),
        ("2026-12-28", "2026-12-24", 1),
        ("2027-01-04", "2026-12-24", 5),
        ("2027-02-06", "2027-02-05", 0),
        ("2027-02-05", "2027-02-06", -1),
        ("2027-02-05", "2027-02-08", -1),
        ("2027-02-05", "2027-02-09", -2),
        ("2026-12-24", "2027-01-04", -5),
    ],
)
def test_working_days_left(due_on: str, today: str, expected: int) -> None:
    assert left(date.fromisoformat(due_on), date.fromisoformat(today), "FR", days_off) == expected


# ---------------------------------------------------------------- rules that hold for every date

dates = st.dates(date(1990, 1, 1), date(2100, 12, 31))
units = st.sampled_from(Unit)
amounts = st.integers(1, 60)
offs = st.frozensets(st.integers(1, 120), max_size=30)


def with_days_off(start: date, after: frozenset[int]) -> Holidays:
    days = {start + timedelta(days=number): "x" for number in after}
    return lambda _calendar, year: {day: name for day, name in days.items() if day.year == year}


def count(amount: int, unit: Unit, start: date, after: frozenset[int] = frozenset()) -> Due:
    return due(regime(amount, unit), start, with_days_off(start, after))


@settings(max_examples=30, deadline=None)
@given(amounts, units, dates, offs)
def test_due_after_its_start_and_later_for_more(amount: int, unit: Unit, start: date, after: frozenset[int]) -> None:
    first = count(amount, unit, start, after).due_on
    assert start < first < count(amount + 1, unit, start, after).due_on


@settings(max_examples=30, deadline=None)
@given(amounts, units, dates, offs, st.integers(1, 120))
def test_one_more_day_off_never_shortens(
    amount: int, unit: Unit, start: date, after: frozenset[int], more: int
) -> None:
    assert count(amount, unit, start, after | {more}).due_on >= count(amount, unit, start, after).due_on


@settings(max_examples=30, deadline=None)
@given(amounts, units, dates, offs)
def test_the_steps_cover_every_day_once(amount: int, unit: Unit, start: date, after: frozenset[int]) -> None:
    counted = count(amount, unit, start, after)
    spans = [
        step for step in explain(counted, regime(amount, unit)).steps if step.kind in (StepKind.COUNT, StepKind.SKIP)
    ]
    assert sum((step.last - step.first).days + 1 for step in spans) == (counted.due_on - start).days
    assert spans[-1].number == amount


@settings(max_examples=30, deadline=None)
@given(amounts, units, amounts, units, dates)
def test_a_right_never_opens_before_a_duty_ends(one: int, unit: Unit, two: int, other: Unit, start: date) -> None:
    duty = regime(one, unit, also=(Limit(two, other),))
    right = replace(duty, purpose=Purpose.RIGHT_OPENS)
    ends = {count(one, unit, start).due_on, count(two, other, start).due_on}
    assert due(duty, start, days_off).due_on == min(ends)
    assert due(right, start, days_off).due_on == max(ends)


@settings(max_examples=30, deadline=None)
@given(dates, st.integers(0, 90), offs)
def test_left_counts_what_a_business_clock_counts(start: date, amount: int, after: frozenset[int]) -> None:
    holidays = with_days_off(start, after)
    if amount:
        limit = due(regime(amount, Unit.BUSINESS_DAY_5), start, holidays).due_on
        assert left(limit, start, "none", holidays) == amount
        assert left(start, limit, "none", holidays) == -amount
    else:
        assert left(start, start, "none", holidays) == 0
