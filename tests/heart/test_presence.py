"""Staffed time: nobody is promised an hour in which nobody is there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.core.presence import NOTICE, SLOT, Hours, Way, Where, by_way, due_at, opening, slots, sound, staffed, windows

PARIS = ZoneInfo("Europe/Paris")
OFF = {date(2026, 5, 1): "Fête du Travail"}
WHERE = Where("Europe/Paris", "FR", lambda _calendar, year: OFF if year == 2026 else {})
WEEK = (Hours(Way.WRITTEN, "12345", 9 * 60, 17 * 60, 120),)


def paris(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (paris(3, 3, 10, 42), paris(3, 3, 12, 42)),
        (paris(3, 3, 16, 0), paris(3, 4, 10, 0)),  # an hour today, an hour tomorrow
        (paris(3, 6, 16, 30), paris(3, 9, 10, 30)),  # over a week-end
        (paris(3, 7, 11, 0), paris(3, 9, 11, 0)),  # asked on a Saturday
        (paris(4, 30, 16, 0), paris(5, 4, 10, 0)),  # over a day off and a week-end
        (paris(3, 3, 5, 0), paris(3, 3, 11, 0)),  # before opening
        (paris(3, 3, 17, 0), paris(3, 4, 11, 0)),  # at closing
    ],
)
def test_the_clock_of_a_request_runs_in_staffed_time(asked: datetime, due: datetime) -> None:
    assert due_at(WEEK, asked, WHERE) == due


def test_the_longest_wait_that_is_named_is_the_one_promised() -> None:
    hours = (*WEEK, Hours(Way.WRITTEN, "6", 9 * 60, 12 * 60, 180))
    assert due_at(hours, paris(3, 3, 10), WHERE) == paris(3, 3, 13)


def test_nothing_is_promised_that_nobody_staffs() -> None:
    assert due_at((), paris(3, 3, 10), WHERE) is None
    assert opening((), paris(3, 3, 10), WHERE) is None
    closed = Where(
        "Europe/Paris", "FR", lambda _c, year: {date(year, 1, 1) + timedelta(days=n): "shut" for n in range(366)}
    )
    assert due_at(WEEK, paris(3, 3, 10), closed) is None
    assert slots(WEEK, paris(3, 3, 10), closed) == ()


def test_it_says_when_somebody_is_there() -> None:
    assert opening(WEEK, paris(3, 3, 10), WHERE) == (paris(3, 3, 10), paris(3, 3, 17))
    assert opening(WEEK, paris(3, 3, 18), WHERE) == (paris(3, 4, 9), paris(3, 4, 17))


def test_stretches_that_touch_are_one() -> None:
    hours = (Hours(Way.CALLBACK, "2", 9 * 60, 12 * 60, 60), Hours(Way.CALLBACK, "2", 12 * 60, 14 * 60, 60))
    assert next(windows(hours, paris(3, 3, 8), WHERE)) == (paris(3, 3, 9), paris(3, 3, 14))


def test_a_whole_day_has_the_hours_that_the_clocks_leave_it() -> None:
    always = (Hours(Way.WRITTEN, "1234567", 0, 24 * 60, 60),)
    night = paris(3, 29, 0), paris(3, 30, 0)  # clocks go forward
    assert staffed(always, *night, WHERE) == timedelta(hours=23)
    autumn = paris(10, 25, 0), paris(10, 26, 0)
    assert staffed(always, *autumn, WHERE) == timedelta(hours=25)


def test_moments_to_meet_lie_on_half_hours_and_leave_time_to_get_ready() -> None:
    call = (Hours(Way.CALLBACK, "12345", 9 * 60, 10 * 60 + 30, 60),)
    at = paris(3, 3, 9, 5)
    assert slots(call, at, WHERE) == tuple(
        paris(3, day, hour, minute)
        for day, hour, minute in ((3, 10, 0), (4, 9, 0), (4, 9, 30), (4, 10, 0), (5, 9, 0), (5, 9, 30))
    )
    assert slots(call, at, WHERE, taken=[paris(3, 3, 10, 0)], most=1) == (paris(3, 4, 9),)


def test_hours_that_cannot_be_are_told_apart() -> None:
    assert sound("12345", 540, 1020, 120)
    assert not sound("", 540, 1020, 120)
    assert not sound("18", 540, 1020, 120)
    assert not sound("1", 1020, 540, 120)
    assert not sound("1", 540, 1500, 120)
    assert not sound("1", 540, 1020, 0)


def test_ways_come_in_their_order_and_only_when_staffed() -> None:
    call, wrote = Hours(Way.CALLBACK, "1", 0, 60, 60), Hours(Way.WRITTEN, "1", 0, 60, 60)
    assert list(by_way((call, wrote))) == [Way.WRITTEN, Way.CALLBACK]


HOURS = st.builds(
    lambda way, days, opens, length, within: Hours(
        way, "".join(sorted(days)), opens, min(1440, opens + length), within
    ),
    st.sampled_from(Way),
    st.sets(st.sampled_from("1234567"), min_size=1),
    st.integers(0, 1380),
    st.integers(30, 600),
    st.integers(1, 600),
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
ZONES = st.sampled_from(["Europe/Paris", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"])


@given(st.lists(HOURS, min_size=1, max_size=3), MOMENTS, ZONES)
def test_what_is_promised_is_staffed_to_the_minute(hours: list[Hours], asked: datetime, zone: str) -> None:
    where = Where(zone, "none", lambda _calendar, _year: {})
    due = due_at(hours, asked, where)
    if due is None:
        return
    assert due > asked
    assert staffed(hours, asked, due, where) == timedelta(minutes=max(one.within for one in hours))
    later = due_at(hours, asked + timedelta(minutes=1), where)
    assert later is None or later >= due  # whoever asks later is not answered earlier


@given(st.lists(HOURS, min_size=1, max_size=3), MOMENTS, ZONES)
def test_every_moment_offered_lies_in_staffed_time(hours: list[Hours], at: datetime, zone: str) -> None:
    where = Where(zone, "none", lambda _calendar, _year: {})
    found = slots(hours, at, where)
    assert list(found) == sorted(set(found))
    for one in found:
        assert one >= at + NOTICE
        assert staffed(hours, one, one + SLOT, where) == SLOT
