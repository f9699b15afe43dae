"""The file of clocks itself: every row is sound, what waits to be checked rests, and what starts each of them."""

from collections.abc import Mapping
from datetime import date

import pytest

from cx.core.clock import (
    DutyHolder,
    Purpose,
    Trigger,
    applicable,
    load,
    signalled_to,
    start_all,
    started_by,
)
from cx.core.limits import KeptBy
from cx.core.regimes import may_show, read_regime, rights
from cx.core.words import NextBody, Sector

ON = date(2026, 11, 24)


def no_days_off(_calendar: str, _year: int) -> Mapping[date, str]:
    return {}


def started(sector: Sector, jurisdiction: str, **facts: object) -> list[str]:
    return [clock.regime_id for clock in start_all(sector, jurisdiction, facts, ON, no_days_off)]


def test_every_row_names_its_source_and_no_clock_of_the_law_pauses() -> None:
    for name, row in load().items():
        assert row.id == name
        assert row.source
        assert row.version
        assert not row.pausable
        assert row.kept_by is None or row.duty_holder is DutyHolder.CUSTOMER
        assert row.follows is None or row.follows in load()


def test_what_waits_to_be_checked_starts_no_clock_until_somebody_uses_it() -> None:
    waiting = {row.id for row in load().values() if not row.lawful}
    assert waiting == {"EU-AIR-REV", "EU-ADR-20", "UK-AIR-5Y-SCT", "UK-PO-12M", "UK-PO-CLAIM", "ES-5"}
    facts = {"flight_disrupted": True}
    before = {row.id for row in applicable(Sector.AIRLINE, "FR", facts, ON)}
    used = {row.id for row in applicable(Sector.AIRLINE, "FR", facts, ON, {"EU-AIR-REV": True})}
    frozen = {row.id for row in applicable(Sector.AIRLINE, "FR", facts, ON, {"FR-AIR-MTV2M": False})}
    assert used - before == {"EU-AIR-REV"}
    assert before - frozen == {"FR-AIR-MTV2M"}


def test_freezing_a_row_hides_no_clock_that_runs() -> None:
    verified, waiting = load()["FR-BK-ANS"], load()["EU-AIR-REV"]
    assert may_show(verified, {"FR-BK-ANS": False})
    assert not may_show(waiting, {})
    assert may_show(waiting, {"EU-AIR-REV": True})


def test_every_day_by_which_a_right_opens_says_where_it_leads() -> None:
    opens = [row for row in load().values() if row.purpose is Purpose.RIGHT_OPENS]
    # An insured item is claimed from the organisation itself, so that right leads to no other body.
    assert {row.id for row in opens if row.on_expiry is None} == {"US-PO-15", "US-PO-7"}


def test_a_rule_without_a_limit_says_why_it_is_no_clock() -> None:
    assert len(rights()) > 20
    assert all(one.says and one.why and one.source for one in rights())
    assert {one.id for one in rights()}.isdisjoint(load())


def test_authorities_that_only_watch_come_apart() -> None:
    assert signalled_to(Sector.BANK, "FR", {}) == (NextBody.FR_ACPR,)
    assert signalled_to(Sector.AIRLINE, "FR", {}) == (NextBody.FR_DGAC,)
    assert signalled_to(Sector.BANK, "GB", {}) == ()


# ---------------------------------------------------------------------------- what starts a clock


def test_a_day_told_with_the_facts_starts_the_clocks_that_count_from_it() -> None:
    facts, flight = {"flight_disrupted": True}, {Trigger.FLIGHT: date(2026, 10, 31)}
    found = {one.regime_id: one for one in start_all(Sector.AIRLINE, "FR", facts, ON, no_days_off, flight)}
    assert found["FR-AIR-5Y"].due_on == date(2031, 10, 31)
    assert found["FR-AIR-MTV2M"].start == ON


def test_a_day_that_no_calendar_knows_starts_nothing() -> None:
    facts, flight = {"flight_disrupted": True}, {Trigger.FLIGHT: date(1214, 7, 27)}
    assert "FR-AIR-5Y" not in {one.regime_id for one in start_all(Sector.AIRLINE, "FR", facts, ON, no_days_off, flight)}


@pytest.mark.parametrize(
    ("trigger", "sector", "jurisdiction", "body", "expected"),
    [
        (Trigger.FINAL_RESPONSE, Sector.BANK, "GB", None, "UK-FOS-6M"),
        (Trigger.DENIAL, Sector.POSTAL, "US", None, "US-PO-APP"),
        (Trigger.REDRESS_DUE, Sector.AIRLINE, "US", None, "US-AIR-RF20"),
        (Trigger.ESCALATED, Sector.BANK, "FR", "fr_bank_mediator", "FR-MED-3W"),
        (Trigger.NOTIFICATION, Sector.BANK, "FR", "fr_bank_mediator", "FR-BK-MED90"),
        (Trigger.NOTIFICATION, Sector.BANK, "FR", "court", ""),
        (Trigger.NOTIFICATION, Sector.POSTAL, "FR", "fr_post_ombudsman", "FR-MED-90"),
        (Trigger.BODY_ASKED, Sector.BANK, "US", "us_cfpb", "US-CFPB-15 US-CFPB-60"),
        (Trigger.BODY_ASKED, Sector.BANK, "US", "us_state", ""),
        (Trigger.BODY_ASKED, Sector.AIRLINE, "GB", "uk_air_adr", "UK-AIR-ADR28"),
        (Trigger.BODY_ASKED, Sector.AIRLINE, "GB", "uk_caa", ""),
        (Trigger.OUTCOME, Sector.POSTAL, "GB", "uk_postrs", "UK-PO-ADJ20 UK-PO-ADJ20P"),
        (Trigger.OUTCOME, Sector.AIRLINE, "FR", None, "FR-MED-SUSP"),
        # The three weeks, the ninety days and the standstill belong to consumer mediators, to no authority or court.
        (Trigger.ESCALATED, Sector.BANK, "FR", "fr_cnil", ""),
        (Trigger.ESCALATED, Sector.POSTAL, "FR", "fr_post_appeal", ""),
        (Trigger.NOTIFICATION, Sector.POSTAL, "FR", "fr_arcep", ""),
        (Trigger.OUTCOME, Sector.BANK, "FR", "fr_cnil", ""),
        (Trigger.ESCALATED, Sector.OTHER, "FR", None, "FR-MED-3W"),
    ],
)
def test_what_happens_later_starts_its_clocks(
    trigger: Trigger, sector: Sector, jurisdiction: str, body: str | None, expected: str
) -> None:
    at = NextBody(body) if body else None
    found = started_by(trigger, sector, jurisdiction, {}, ON, no_days_off, body=at)
    assert [one.regime_id for one in found] == expected.split()


def test_a_region_with_a_row_of_its_own_has_no_other() -> None:
    facts, flight, used = {"flight_disrupted": True}, {Trigger.FLIGHT: ON}, {"UK-AIR-5Y-SCT": True}
    ids = {
        place: {one.regime_id for one in start_all(Sector.AIRLINE, place, facts, ON, no_days_off, flight, used)}
        for place in ("GB", "GB-SCT", "GB-NIR")
    }
    assert "UK-AIR-6Y" in ids["GB"] & ids["GB-NIR"]
    assert "UK-AIR-6Y" not in ids["GB-SCT"]
    assert "UK-AIR-5Y-SCT" in ids["GB-SCT"]
    assert "UK-AIR-5Y-SCT" not in ids["GB"]


def test_a_limit_to_go_to_one_body_is_not_kept_at_another() -> None:
    ends = {row.id: row.kept_at for row in load().values() if row.kept_by is KeptBy.ESCALATED}
    assert all(ends.values())
    assert NextBody.UK_ICO not in ends["UK-FOS-6M"]
    assert NextBody.FR_POST_APPEAL not in ends["FR-PO-MED1Y"]


def test_money_by_card_and_by_other_means_have_one_limit_each() -> None:
    for facts, expected in (({"paid_by_card": True}, "US-AIR-RF7"), ({}, "US-AIR-RF20")):
        found = started_by(Trigger.REDRESS_DUE, Sector.AIRLINE, "US", facts, ON, no_days_off)
        assert [one.regime_id for one in found] == [expected]


def test_law_of_the_union_binds_in_spain_since_it_binds_at_all() -> None:
    assert started(Sector.BANK, "ES", data_request=True) == ["EU-GDPR-1M-ES"]
    assert started(Sector.BANK, "ES", payment_service=True) == ["EU-BK-PSD15", "EU-BK-PSD35"]


def test_spain_is_counted_from_the_day_its_law_binds() -> None:
    begins = date(2026, 12, 28)
    assert started(Sector.AIRLINE, "ES") == []
    found = start_all(Sector.AIRLINE, "ES-MD", {}, begins, no_days_off)
    assert [one.regime_id for one in found] == ["ES-15"]
    # Saturdays are counted by one reading of the law: a duty takes the earlier day.
    assert found[0].due_on == date(2027, 1, 14)
    assert [day for _, day in found[0].considered] == [date(2027, 1, 18), date(2027, 1, 14)]


@pytest.mark.parametrize(("key", "value"), [("unit", "fortnight"), ("amount", 0), ("status", "?"), ("sector", ["zoo"])])
def test_a_bad_row_does_not_load(key: str, value: object) -> None:
    row: dict[str, object] = {
        "id": "X",
        "sector": ["bank"],
        "jurisdiction": "FR",
        "duty_holder": "company",
        "purpose": "answer",
        "trigger": "sent",
        "amount": 1,
        "unit": "week",
        "calendar": "FR",
        "source": "s",
        "status": "V",
        "version": "1",
    }
    assert read_regime(row).id == "X"
    with pytest.raises(ValueError, match=r"."):
        read_regime(row | {key: value})
