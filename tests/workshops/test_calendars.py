"""Days off as the heart counts with them, and the shipped limits on real calendars."""

from dataclasses import replace
from datetime import date

import pytest

from cx.core.clock import counted_in, due, load
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


@pytest.mark.parametrize(
    ("name", "jurisdiction", "start", "expected"),
    [
        # Good Friday and St Stephen's day are days off in Moselle and Alsace only.
        ("FR-BK-PAY15", "FR", "2026-03-25", "2026-04-16"),
        ("FR-BK-PAY15", "FR-57", "2026-03-25", "2026-04-17"),
        ("FR-BK-PAY15", "FR-67", "2026-12-23", "2027-01-15"),
        ("FR-BK-ACK", "FR", "2026-12-23", "2027-01-06"),
        ("FR-BK-ACK", "FR-68", "2026-12-23", "2027-01-07"),
        # St Andrew's day in Scotland, St Patrick's in Northern Ireland, the early August holiday in Scotland.
        ("UK-BK-15", "GB", "2026-11-24", "2026-12-15"),
        ("UK-BK-15", "GB-SCT", "2026-11-24", "2026-12-16"),
        ("UK-BK-15", "GB-NIR", "2027-03-15", "2027-04-08"),
        ("UK-BK-15", "GB", "2027-03-15", "2027-04-07"),
        # Federal days off in every state: Juneteenth, Independence Day observed on Friday the 3rd.
        ("US-REGE-10", "US", "2026-06-18", "2026-07-06"),
        ("US-REGE-10", "US-CA", "2026-06-18", "2026-07-06"),
        ("ES-15", "ES", "2026-12-28", "2027-01-16"),
        ("ES-15", "ES", "2027-04-20", "2027-05-08"),
        ("ES-15", "ES-MD", "2027-04-20", "2027-05-10"),
        ("FR-BK-ANS", "FR", "2027-12-29", "2028-02-29"),
        ("FR-MED-1Y", "FR", "2028-02-29", "2029-02-28"),
    ],
)
def test_the_place_decides_which_days_are_off(name: str, jurisdiction: str, start: str, expected: str) -> None:
    row = counted_in(load()[name], jurisdiction)
    assert due(row, date.fromisoformat(start), days_off).due_on.isoformat() == expected


def test_euro_payments_have_days_off_of_their_own() -> None:
    row = replace(load()["FR-BK-PAY15"], calendar="TARGET")
    assert due(row, date(2026, 4, 30), days_off).due_on == date(2026, 5, 22)


def test_a_last_day_off_moves_on_where_the_law_says_so() -> None:
    # Thirty days from 27 November 2026 end on a Sunday, the Monday is Boxing Day observed.
    assert due(load()["UK-DPC-30"], date(2026, 11, 27), days_off).due_on == date(2026, 12, 29)


def test_every_row_can_be_counted_where_it_stands() -> None:
    for row in load().values():
        days_off(row.calendar, 2027)
