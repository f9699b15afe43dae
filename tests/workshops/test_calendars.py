"""Days off as the heart counts with them, and the shipped limits on real calendars."""

from datetime import date

import pytest

from cx.core.clock import due, load
from cx.disputes.calendars import calendar_of, days_off


@pytest.mark.parametrize(
    ("calendar", "day", "name"),
    [
        ("FR", date(2026, 12, 25), "Noël"),
        ("FR-57", date(2026, 12, 26), "Saint-Étienne"),
        ("FR-67", date(2026, 12, 26), "Saint-Étienne"),
        ("FR-974", date(2026, 12, 20), "Abolition de l'esclavage"),
        ("GB-ENG", date(2026, 12, 28), "Boxing Day (observed)"),
        ("GB-SCT", date(2026, 11, 30), "Saint Andrew's Day"),
        ("GB-NIR", date(2026, 3, 17), "Saint Patrick's Day"),
        ("US-FED", date(2026, 7, 3), "Independence Day (observed)"),
        ("TARGET", date(2026, 5, 1), "Labour Day"),
    ],
)
def test_a_day_off_has_its_name_in_the_language_of_the_place(calendar: str, day: date, name: str) -> None:
    assert days_off(calendar, day.year)[day] == name


def test_calendars_differ_where_the_places_do() -> None:
    assert len(days_off("FR", 2026)) == 11
    assert len(days_off("TARGET", 2026)) == 6
    assert date(2026, 12, 26) not in days_off("FR", 2026)
    assert date(2026, 11, 30) not in days_off("GB-ENG", 2026)
    assert days_off("none", 2026) == {}


def test_an_unknown_region_counts_with_its_country_and_an_unknown_country_is_an_error() -> None:
    assert days_off("FR-99", 2026) == days_off("FR", 2026)
    assert days_off("GB", 2026) == days_off("GB-ENG", 2026) == days_off("GB-XX", 2026)
    with pytest.raises(LookupError):
        days_off("ZZ", 2026)


def test_nobody_can_change_the_days_off_of_everybody() -> None:
    with pytest.raises(TypeError):
        days_off("FR", 2026)[date(2026, 1, 2)] = "mine"  # type: ignore[index]


@pytest.mark.parametrize(
    ("jurisdiction", "calendar"),
    [
        ("FR", "FR"),
        ("fr-57", "FR-57"),
        ("GB", "GB-ENG"),
        ("GB-SCT", "GB-SCT"),
        ("US", "US-FED"),
        ("US-CA", "US-FED"),
        ("DE", "DE"),
        ("ZZ", "none"),
        ("", "none"),
    ],
)
def test_the_calendar_of_a_jurisdiction_can_always_be_counted_with(jurisdiction: str, calendar: str) -> None:
    assert calendar_of(jurisdiction) == calendar
    days_off(calendar, 2026)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-04-30", "2026-05-15 2026-06-30 2026-05-27 2026-06-24 2026-05-22 2026-06-22 2026-06-25 2026-06-29"),
        ("2026-12-23", "2027-01-06 2027-02-23 2027-01-15 2027-02-12 2027-01-18 2027-02-15 2027-02-17 2027-02-21"),
        ("2026-12-31", "2027-01-13 2027-02-28 2027-01-22 2027-02-19 2027-01-22 2027-02-19 2027-02-25 2027-03-01"),
        ("2027-01-31", "2027-02-11 2027-03-31 2027-02-19 2027-03-19 2027-02-19 2027-03-19 2027-03-28 2027-04-01"),
    ],
)
def test_the_shipped_limits_on_real_calendars(start: str, expected: str) -> None:
    names = "FR-BK-ACK FR-BK-ANS FR-BK-PAY15 FR-BK-PAY35 UK-BK-15 UK-BK-35 UK-BK-8W US-AIR-60".split()
    found = [due(load()[name], date.fromisoformat(start), days_off).due_on.isoformat() for name in names]
    assert found == expected.split()


@pytest.mark.parametrize("start", [date(1900, 1, 1), date(2199, 12, 31)])
def test_the_first_and_the_last_day_that_can_start_a_clock(start: date) -> None:
    assert all(due(row, start, days_off).due_on > start for row in load().values())
