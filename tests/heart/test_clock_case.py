"""Which clocks a case starts, the one date it shows, and who comes after the organisation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from cx.core.clock import (
    DutyHolder,
    Purpose,
    Run,
    Shown,
    ShownKind,
    Status,
    applicable,
    date_shown,
    due,
    load,
    next_body,
    run_of,
    start_all,
)
from cx.core.counting import open_days_before
from cx.core.words import NextBody, Sector

TODAY = date(2027, 1, 10)
ON = date(2026, 11, 24)


def no_days_off(_calendar: str, _year: int) -> Mapping[date, str]:
    return {}


def started(sector: Sector, jurisdiction: str, **facts: object) -> list[str]:
    return [clock.regime_id for clock in start_all(sector, jurisdiction, facts, ON, no_days_off)]


@pytest.mark.parametrize(
    ("sector", "jurisdiction", "facts", "expected"),
    [
        (Sector.BANK, "FR", {}, "FR-BK-ACK FR-BK-ANS FR-BK-MED FR-MED-1Y"),
        (
            Sector.BANK,
            "FR",
            {"payment_service": True},
            "FR-BK-ACK FR-BK-ANS FR-BK-PAY15 FR-BK-PAY35 FR-BK-MED15 FR-MED-1Y",
        ),
        (Sector.BANK, "FR", {"data_request": True}, "FR-BK-ACK FR-BK-ANS FR-BK-MED FR-MED-1Y EU-GDPR-1M"),
        (Sector.BANK, "FR", {"unauthorised_payment": True}, "FR-BK-ACK FR-BK-ANS FR-BK-MED FR-BK-D1 FR-MED-1Y"),
        (Sector.AIRLINE, "FR", {}, "FR-AIR-MTV2M FR-AIR-MTV1Y"),
        (Sector.AIRLINE, "FR", {"flight_disrupted": True}, "FR-AIR-MTV2M FR-AIR-MTV1Y"),
        (Sector.POSTAL, "FR", {}, "FR-PO-2M FR-PO-MED FR-PO-ARCEP FR-PO-MED1Y"),
        (Sector.POSTAL, "FR", {"private_carrier": True}, "FR-PO-ARCEP FR-PO-MED1Y"),
        (Sector.BANK, "GB", {}, "UK-BK-3D UK-BK-8W"),
        (Sector.BANK, "GB", {"payment_service": True}, "UK-BK-3D UK-BK-8W UK-BK-15 UK-BK-35"),
        (Sector.AIRLINE, "GB-SCT", {}, "UK-AIR-8W"),
        (Sector.POSTAL, "GB", {}, "UK-PO-90"),
        (Sector.AIRLINE, "US", {}, "US-AIR-30 US-AIR-60"),
        (Sector.AIRLINE, "US", {"disability": True}, "US-AIR-30 US-AIR-60 US-AIR-DIS30"),
        (Sector.BANK, "US", {}, ""),
        (Sector.BANK, "US", {"billing_error": True}, "US-REGZ-30 US-REGZ-90"),
        (Sector.BANK, "US", {"transfer_error": True}, "US-REGE-10"),
        (Sector.BANK, "US", {"transfer_error": True, "new_account": True}, "US-REGE-20"),
        (Sector.OTHER, "FR", {}, "FR-MED-1Y"),
        (Sector.AIRLINE, "ES", {}, ""),  # Spain is counted from 28 December 2026
        (Sector.BANK, "DE", {"payment_service": True, "data_request": True}, ""),
        (Sector.BANK, "", {}, ""),
    ],
)
def test_the_clocks_of_a_case(sector: Sector, jurisdiction: str, facts: dict[str, object], expected: str) -> None:
    assert started(sector, jurisdiction, **facts) == expected.split()


def test_a_fact_that_is_not_a_yes_counts_as_false() -> None:
    assert started(Sector.BANK, "FR", payment_service="no") == started(Sector.BANK, "FR")
    assert started(Sector.POSTAL, "FR", private_carrier=None) == started(Sector.POSTAL, "FR")


def test_a_row_is_judged_on_the_day_of_sending() -> None:
    ids = [{row.id for row in applicable(Sector.BANK, "FR", {}, date(2022, 12, day))} for day in (30, 31)]
    assert ids[1] - ids[0] == {"FR-BK-ACK", "FR-BK-ANS"}
    ended = replace(load()["UK-BK-8W"], valid_to=date(2026, 5, 31))
    assert ended.valid(date(2026, 5, 31))
    assert not ended.valid(date(2026, 6, 1))


def test_a_region_counts_with_its_own_days_off() -> None:
    asked: set[str] = set()

    def holidays(calendar: str, year: int) -> Mapping[date, str]:
        asked.add(calendar)
        return {}

    start_all(Sector.BANK, "GB-SCT", {"payment_service": True}, ON, holidays)
    start_all(Sector.BANK, "FR-57", {}, ON, holidays)
    assert asked == {"GB-SCT", "FR-57"}
    assert {clock.calendar for clock in start_all(Sector.AIRLINE, "US-CA", {}, ON, holidays)} == {"US-FED"}


# ------------------------------------------------------------------------------ the date shown


def run(regime_id: str, due_on: date, done_on: date | None = None, *, lawful: bool = True) -> Run:
    row = load()[regime_id]
    return Run(regime_id, row.purpose, row.duty_holder, due_on, done_on, lawful)


def day(number: int) -> date:
    return date(2027, 1, number)


def test_the_earliest_answer_owed_by_law_is_shown() -> None:
    runs = [
        run("FR-BK-ACK", day(11)),
        run("FR-BK-ANS", day(30)),
        run("FR-BK-PAY15", day(20)),
        run("FR-PO-MED", day(12)),
    ]
    assert date_shown(runs, TODAY, day(11)) == Shown(ShownKind.LAW, day(20), "FR-BK-PAY15")


def test_a_late_answer_stays_shown_until_it_is_given() -> None:
    late = [run("FR-PO-2M", day(9)), run("FR-PO-MED", day(12))]
    assert date_shown(late, TODAY) == Shown(ShownKind.LAW, day(9), "FR-PO-2M", passed=True)
    answered = [run("FR-PO-2M", day(9), done_on=day(10)), run("FR-PO-MED", day(12))]
    assert date_shown(answered, TODAY) == Shown(ShownKind.RIGHT, day(12), "FR-PO-MED")


def test_the_next_right_to_open_comes_before_the_own_target() -> None:
    runs = [run("FR-AIR-MTV2M", day(10)), run("FR-PO-MED", day(9))]
    assert date_shown(runs, TODAY, day(11)) == Shown(ShownKind.RIGHT, day(10), "FR-AIR-MTV2M")


def test_a_right_that_opened_stays_shown() -> None:
    runs = [run("FR-AIR-MTV2M", day(8)), run("FR-PO-MED", day(9))]
    assert date_shown(runs, TODAY, day(20)) == Shown(ShownKind.RIGHT, day(9), "FR-PO-MED", passed=True)


def test_without_law_the_own_target_is_shown_and_else_nothing() -> None:
    assert date_shown([], TODAY, day(10)) == Shown(ShownKind.TARGET, day(10))
    assert date_shown([], TODAY, day(9)) == Shown(ShownKind.TARGET, day(9), passed=True)
    assert date_shown([run("FR-BK-ACK", day(11))], TODAY) == Shown(ShownKind.NONE)


def test_what_was_not_verified_is_never_shown_as_a_right() -> None:
    runs = [run("FR-BK-ANS", day(20), lawful=False), run("FR-PO-MED", day(21), lawful=False)]
    assert date_shown(runs, TODAY, day(25)).kind is ShownKind.TARGET


def test_the_answer_of_somebody_else_is_not_the_date_of_the_case() -> None:
    opinion = replace(run("FR-BK-ANS", day(20)), duty_holder=DutyHolder.MEDIATOR)
    assert date_shown([opinion], TODAY).kind is ShownKind.NONE


def test_a_run_tells_what_was_started() -> None:
    row = replace(load()["FR-BK-ANS"], status=Status.TO_CHECK)
    made = run_of(due(row, ON, no_days_off), row)
    assert made == Run("FR-BK-ANS", Purpose.ANSWER, DutyHolder.COMPANY, date(2027, 1, 24), None, lawful=False)


# --------------------------------------------------------------------------------- who comes next


@pytest.mark.parametrize(
    ("sector", "jurisdiction", "facts", "expected"),
    [
        (Sector.BANK, "FR", {}, "fr_bank_mediator court"),
        (Sector.AIRLINE, "FR", {}, "fr_mtv court"),
        (Sector.POSTAL, "FR", {}, "fr_post_appeal fr_post_ombudsman fr_arcep court"),
        (Sector.POSTAL, "FR", {"private_carrier": True}, "fr_mediator fr_arcep court"),
        (Sector.BANK, "FR", {"data_request": True}, "fr_bank_mediator fr_cnil court"),
        (Sector.BANK, "GB", {}, "uk_fos"),
        (Sector.AIRLINE, "GB", {"data_request": True}, "uk_air_adr uk_caa uk_ico"),
        (Sector.POSTAL, "GB", {}, "uk_post_panel uk_postrs"),
        (Sector.BANK, "US", {}, "us_cfpb us_state"),
        (Sector.AIRLINE, "US", {}, "us_dot"),
        (Sector.POSTAL, "US", {}, "us_usps_appeal us_usps_appeal_2"),
        (Sector.BANK, "DE", {}, ""),
        (Sector.OTHER, "FR", {}, "fr_mediator"),
    ],
)
def test_who_comes_next(sector: Sector, jurisdiction: str, facts: dict[str, object], expected: str) -> None:
    assert next_body(sector, jurisdiction, facts) == tuple(NextBody(name) for name in expected.split())


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 5, 7), date(2026, 5, 5)),  # Thursday: Tuesday and Wednesday were worked
        (date(2026, 5, 11), date(2026, 5, 6)),  # Monday after a Friday off: Wednesday and Thursday
        (date(2026, 5, 17), date(2026, 5, 13)),  # Sunday after Ascension: Wednesday and Friday
    ],
)
def test_open_days_are_counted_back_over_days_off(today: date, since: date) -> None:
    off = {date(2026, 5, 8): "Fête de la Victoire", date(2026, 5, 14): "Ascension"}
    assert open_days_before(today, 2, "FR", lambda _calendar, _year: off) == since
