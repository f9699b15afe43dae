"""How one clock stands on a day, and when it lets the customer go on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.clock import due, load
from cx.core.strand import Stand, Strand, leads_on, stand_of

DUE = date(2027, 1, 24)
EVE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "today", "done_on", "ended_on", "expected"),
    [
        ("FR-BK-ANS", EVE, None, None, Stand.RUNNING),
        ("FR-BK-ANS", DUE, None, None, Stand.RUNNING),
        ("FR-BK-ANS", AFTER, None, None, Stand.LATE),
        ("FR-BK-ANS", AFTER, AFTER, None, Stand.DONE),
        ("FR-BK-ANS", AFTER, None, EVE, Stand.OVER),
        ("FR-BK-ANS", AFTER, None, AFTER, Stand.LATE),
        ("FR-AIR-MTV2M", EVE, None, None, Stand.OPENS),
        ("FR-AIR-MTV2M", DUE, None, None, Stand.OPEN),
        ("FR-AIR-MTV2M", AFTER, DUE, None, Stand.DONE),
        ("FR-AIR-MTV2M", AFTER, None, AFTER, Stand.OVER),
        ("FR-MED-1Y", DUE, None, None, Stand.RUNNING),
        ("FR-MED-1Y", AFTER, None, None, Stand.LOST),
        ("FR-MED-1Y", EVE, None, EVE, Stand.RUNNING),
        ("FR-MED-1Y", AFTER, None, EVE, Stand.LOST),
    ],
)
def test_how_a_clock_stands(
    name: str, today: date, done_on: date | None, ended_on: date | None, expected: Stand
) -> None:
    assert stand_of(load()[name], DUE, done_on, today, ended_on) is expected


@pytest.mark.parametrize(
    ("name", "stand", "expected"),
    [
        ("FR-AIR-MTV2M", Stand.OPEN, True),
        ("FR-AIR-MTV2M", Stand.OPENS, False),
        ("UK-BK-8W", Stand.LATE, True),
        ("UK-BK-8W", Stand.RUNNING, False),
        ("FR-BK-ACK", Stand.LATE, False),
        ("US-AIR-30", Stand.LATE, False),
        ("FR-BK-MED90", Stand.LATE, False),
        ("FR-BK-D1", Stand.LATE, False),
    ],
)
def test_a_late_answer_and_an_open_right_lead_on(name: str, stand: Stand, expected: bool) -> None:
    strand = Strand(load()[name], "1", EVE, DUE, None, None, stand)
    assert leads_on(strand) is expected


FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1990, 2041))
ZONES = ("Europe/Paris", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu")


@settings(max_examples=200, deadline=None)
@given(
    st.integers(FIRST, LAST).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(ZONES),
    st.sampled_from(["FR-BK-PAY15", "FR-BK-ANS", "UK-BK-8W", "US-AIR-60", "FR-AIR-MTV1Y", "FR-BK-ACK"]),
)
def test_clocks_count_local_days_whatever_the_hour_and_the_summer_time(moment: datetime, zone: str, name: str) -> None:
    local = moment.astimezone(ZoneInfo(zone)).date()
    counted = due(load()[name], local, lambda _calendar, _year: {})
    # Two moments of one local day start one clock; a night in which clocks are set, or a day that a place left out
    # (Apia, 30 December 2011), adds and takes none.
    for hours in (-26, -1, 1, 26):
        other = (moment + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).date()
        again = due(load()[name], other, lambda _calendar, _year: {})
        assert (again.due_on == counted.due_on) or other != local
        assert (again.due_on >= counted.due_on) if other >= local else (again.due_on <= counted.due_on)
    assert counted.start == local
    assert counted.due_on > local
