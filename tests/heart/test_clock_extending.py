"""A later day of a duty: only where the law allows one, once, before the day, not too far, with a reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.clock import due, load
from cx.core.extending import LONGEST, Running, extendable, judge, latest, moved_with
from cx.core.refusals import GuardFailed

START = date(2026, 11, 24)


def no_days_off(_calendar: str, _year: int) -> Mapping[date, str]:
    return {}


def running(name: str, start: date = START) -> Running:
    return Running(start, due(load()[name], start, no_days_off).due_on)


PAY15 = running("FR-BK-PAY15")


def refused(name: str, run: Running, to: date | None, reason: str = "A witness is away.", today: date = START) -> str:
    with pytest.raises(GuardFailed) as failed:
        judge(load()[name], run, to, reason, today, no_days_off)
    return f"{failed.value.guard} {failed.value.field}"


def test_a_later_day_is_announced_where_the_law_allows_one() -> None:
    to = latest(load()["FR-BK-PAY15"], PAY15, no_days_off)
    assert to == START + timedelta(weeks=7)
    assert judge(load()["FR-BK-PAY15"], PAY15, to, "A witness is away.", PAY15.due_on, no_days_off) == to


def test_a_date_that_only_the_company_sets_lies_within_a_year() -> None:
    run = running("FR-BK-ANS")
    assert judge(load()["FR-BK-ANS"], run, run.due_on + LONGEST, "An expert is asked.", START, no_days_off)
    assert refused("FR-BK-ANS", run, run.due_on + LONGEST + timedelta(days=1)) == "within_extension to"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("FR-BK-PAY35", "in any case"),
        ("FR-BK-ACK", "an acknowledgement"),
        ("FR-PO-2M", "no extension"),
        ("FR-AIR-MTV2M", "a right"),
        ("FR-BK-MED90", "a duty of the mediator"),
        ("EU-ADR-20", "owed to a body"),
    ],
)
def test_elsewhere_no_day_moves(name: str, why: str) -> None:
    run = running(name)
    assert not extendable(load()[name], run, START), why
    assert refused(name, run, run.due_on + timedelta(days=1)) == "no_extension regime"


def test_once_in_time_and_not_when_done() -> None:
    later = PAY15.due_on + timedelta(days=1)
    assert refused("FR-BK-PAY15", replace(PAY15, extended_from=START), later) == "no_extension regime"
    assert refused("FR-BK-PAY15", replace(PAY15, done_on=START), later) == "no_extension regime"
    assert refused("FR-BK-PAY15", PAY15, later, today=later) == "no_extension regime"


def test_what_an_announcement_must_hold() -> None:
    later = PAY15.due_on + timedelta(days=1)
    assert refused("FR-BK-PAY15", PAY15, None) == "later_day to"
    assert refused("FR-BK-PAY15", PAY15, PAY15.due_on) == "later_day to"
    assert refused("FR-BK-PAY15", PAY15, START + timedelta(weeks=7, days=1)) == "within_extension to"
    assert refused("FR-BK-PAY15", PAY15, later, reason=" \n") == "reason_given text"


def test_the_right_that_follows_a_duty_moves_with_it() -> None:
    rows = [load()[name] for name in ("FR-BK-ACK", "FR-BK-PAY15", "FR-BK-MED15", "FR-MED-1Y")]
    assert moved_with("FR-BK-PAY15", rows) == ("FR-BK-MED15",)
    assert moved_with("FR-BK-ACK", rows) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(load())),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(-400, 800),
    st.integers(-400, 800),
    st.text(max_size=3),
)
def test_a_day_moves_only_forward_within_the_law_and_with_a_reason(
    name: str, start: date, today: int, to: int, reason: str
) -> None:
    row, run = load()[name], running(name, start)
    try:
        day = judge(row, run, start + timedelta(days=to), reason, start + timedelta(days=today), no_days_off)
    except GuardFailed:
        return
    assert row.extension is not None
    assert run.due_on < day <= latest(row, run, no_days_off)
    assert start + timedelta(days=today) <= run.due_on
    assert reason.strip()
