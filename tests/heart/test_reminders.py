"""The letters that time alone brings: which day, to whom, how long they are useful, and when somebody looks again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.core.acts import Dispute, Offer
from cx.core.limits import DutyHolder, Purpose
from cx.core.reminders import ONE_DAY, Planned, Running, Standing, To, due, next_look, plan
from cx.core.words import ENDED_STATES, OfferKind, State

SENT = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
DAY = SENT.date()


def no_days_off(_calendar: str, _year: int) -> dict[date, str]:
    return {}


def standing(state: State = State.INVESTIGATING, *limits: Running, **more: object) -> Standing:
    dispute = replace(Dispute(state=state, sent_at=SENT, escalation_opens_on=DAY + timedelta(days=60)), **more)  # type: ignore[arg-type]
    return Standing(dispute, limits, ZoneInfo("Europe/Paris"), "none", no_days_off)


def answer(days: int = 60) -> Running:
    return Running("FR-X", Purpose.ANSWER, DutyHolder.COMPANY, DAY, DAY + timedelta(days=days))


def said(found: Standing, today: date) -> set[tuple[str, str, int]]:
    return {(one.kind, one.to.value, (one.day - DAY).days) for one in plan(found, today)}


def test_a_legal_limit_is_told_at_half_at_four_fifths_near_its_end_and_after_it() -> None:
    found = {one for one in said(standing(State.INVESTIGATING, answer()), DAY) if one[0] != "quiet_month"}
    assert found == {
        ("clock_half", "owner", 30), ("clock_most", "supervisors", 48),
        ("due_soon", "owner", 58), ("due_soon", "supervisors", 58),
        ("overdue", "customer", 61), ("overdue_team", "owner", 61), ("overdue_team", "supervisors", 61),
        ("overdue_team", "managers", 61),
    }  # fmt: skip


def test_two_working_days_leave_out_the_weekend() -> None:
    """Due on Monday the 16th: on Thursday the 12th two working days are left."""
    near = next(one for one in plan(standing(State.INVESTIGATING, answer(14)), DAY) if one.kind == "due_soon")
    assert near.day == date(2026, 3, 12)


def test_an_own_aim_is_told_to_the_team_only_and_only_where_no_law_counts() -> None:
    aim = replace(standing(), target_on=DAY + timedelta(days=10))
    kinds = {(one.kind, one.to) for one in plan(aim, DAY) if one.kind != "quiet_month"}
    assert kinds == {("due_soon", To.OWNER), ("due_soon", To.SUPERVISORS), ("overdue_team", To.OWNER),
                     ("overdue_team", To.SUPERVISORS), ("overdue_team", To.MANAGERS)}  # fmt: skip
    lawful = replace(aim, limits=(answer(),))
    assert all(one.rule == "FR-X" for one in plan(lawful, DAY) if one.kind == "due_soon")


def test_a_question_is_recalled_after_seven_and_fourteen_days_and_never_again() -> None:
    asked = standing(State.AWAITING_CUSTOMER, asked_at=SENT)
    first = next(one for one in plan(asked, DAY) if one.kind == "question_reminder")
    assert (first.day, first.counts) == (DAY + timedelta(days=7), True)
    once = replace(asked, dispute=replace(asked.dispute, reminders=1, reminded_at=SENT + timedelta(days=7)))
    assert ("question_reminder", "customer", 14) in said(once, DAY)
    late = replace(asked, dispute=replace(asked.dispute, reminders=1, reminded_at=SENT + timedelta(days=30)))
    assert ("question_reminder", "customer", 37) in said(late, DAY)
    twice = replace(asked, dispute=replace(asked.dispute, reminders=2, reminded_at=SENT + timedelta(days=14)))
    assert all(kind != "question_reminder" for kind, _, _ in said(twice, DAY))


def offered(ends: int | None) -> Standing:
    last = DAY + timedelta(days=ends) if ends is not None else None
    offer = Offer(1, OfferKind.REFUND, 895, "EUR", None, last, "account:1")
    return standing(State.OFFER_MADE, offer=offer, quiet_since=SENT)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (None, {("offer_reminder", 7)}),
        (30, {("offer_reminder", 7), ("offer_ends", 27)}),
        (9, {("offer_ends", 6)}),
        (2, {("offer_ends", 1)}),
    ],
)
def test_an_offer_is_recalled_once_and_once_before_it_ends(ends: int | None, expected: set[tuple[str, int]]) -> None:
    assert {(kind, day) for kind, _, day in said(offered(ends), DAY)} == expected


def test_a_right_opens_and_ends_with_a_letter() -> None:
    opens = Running("FR-MED", Purpose.RIGHT_OPENS, DutyHolder.CUSTOMER, DAY, DAY + timedelta(days=60), leads_on=True)
    ends = Running("FR-1Y", Purpose.RIGHT_LOST, DutyHolder.CUSTOMER, DAY, DAY + timedelta(days=365))
    found = {(kind, day) for kind, to, day in said(standing(State.INVESTIGATING, opens, ends), DAY) if to == "customer"}
    assert found == {("right_opens", 60), ("right_ends", 305), ("right_ends", 335), ("right_ends", 358)}
    final = {kind for kind, _, _ in said(standing(State.FINAL_POSITION, opens, ends, quiet_since=SENT), DAY)}
    assert final == {"right_ends", "final_reminder"}


def test_where_no_law_opens_a_way_the_house_does() -> None:
    assert ("right_opens", "customer", 60) in said(standing(escalation_opens_on=None), DAY)


def test_what_was_agreed_is_recalled_when_due_and_three_days_later() -> None:
    agreed = standing(State.ACCEPTED, performance_due=DAY)
    found = {(kind, day) for kind, to, day in said(agreed, DAY) if to == "customer"}
    assert found == {("redress_due", 0), ("redress_unpaid", 3)}
    done = standing(State.ACCEPTED, performance_due=DAY, performed_proposed_at=SENT)
    assert said(done, DAY) == {("redress_unpaid", "customer", 3)}


def test_nobody_for_two_working_days_and_no_word_for_a_month() -> None:
    alone = said(standing(State.RECEIVED), DAY)
    assert {("alone", "supervisors", 3), ("quiet_month", "owner", 30)} <= alone
    word = standing(news_at=SENT + timedelta(days=20))
    assert {("quiet_month", "owner", 50), ("quiet_month", "owner", 80)} <= said(word, DAY)
    assert ("quiet_month", "owner", 110) in said(word, DAY + timedelta(days=111))


def test_an_organisation_that_does_not_read_us_has_nobody_to_write_to() -> None:
    found = replace(standing(State.RECEIVED, answer()), reads=False)
    assert {one.to for one in plan(found, DAY)} == {To.CUSTOMER}


@pytest.mark.parametrize("state", [State.IN_MEDIATION, State.MEDIATION_PROPOSED])
def test_with_a_mediator_only_the_loss_of_a_right_is_told(state: State) -> None:
    court = Running("FR-1Y", Purpose.RIGHT_LOST, DutyHolder.CUSTOMER, DAY, DAY + timedelta(days=365))
    found = standing(state, answer(), court, performance_due=DAY, asked_at=SENT, quiet_since=SENT)
    assert said(found, DAY) == {("right_ends", "customer", day) for day in (305, 335, 358)}


@pytest.mark.parametrize("state", sorted(ENDED_STATES | {State.NONE, State.IN_MEDIATION, State.MEDIATION_PROPOSED}))
def test_time_says_nothing_where_it_means_nothing(state: State) -> None:
    assert plan(standing(state, answer(), performance_due=DAY, asked_at=SENT, quiet_since=SENT), DAY) == ()


def test_after_days_of_standstill_the_latest_is_said_once() -> None:
    ends = Running("FR-1Y", Purpose.RIGHT_LOST, DutyHolder.CUSTOMER, DAY, DAY + timedelta(days=365))
    found = standing(State.INVESTIGATING, answer(), ends, news_at=SENT + timedelta(days=340))
    today = DAY + timedelta(days=360)
    told = [(one.kind, (one.day - DAY).days) for one in due(plan(found, today), today) if one.to is To.CUSTOMER]
    assert sorted(told) == [("overdue", 61), ("right_ends", 358)]


@given(
    state=st.sampled_from(sorted(State)), after=st.integers(0, 900), length=st.integers(1, 400),
    reminders=st.integers(0, 3), quiet=st.booleans(), ends=st.none() | st.integers(0, 200),
)  # fmt: skip
def test_looking_on_the_days_that_are_named_misses_nothing(
    state: State, after: int, length: int, reminders: int, quiet: bool, ends: int | None
) -> None:
    """Whoever looks only on the day that `next_look` names finds every letter on the day on which it falls due."""
    offer = Offer(
        1, OfferKind.REFUND, 1, "EUR", None, None if ends is None else DAY + timedelta(days=ends), "account:1"
    )
    found = standing(
        state, answer(length), Running("R", Purpose.RIGHT_LOST, DutyHolder.CUSTOMER, DAY, DAY + timedelta(days=length)),
        offer=offer, asked_at=SENT, quiet_since=SENT if quiet else None, reminders=reminders,
        reminded_at=SENT if reminders else None, performance_due=DAY + timedelta(days=length),
    )  # fmt: skip
    today = DAY + timedelta(days=after)
    following = next_look(plan(found, today), today, looked=True)
    horizon = today + timedelta(days=40)
    between = {one.day for one in plan(found, today) if today < one.day <= horizon}
    assert following is None or following > today
    assert not between or following == min(between)
    unseen = next_look(plan(found, today), today, looked=False)
    fresh: list[Planned] = list(due(plan(found, today), today))
    assert (unseen == today) == bool(fresh or today in {one.day for one in plan(found, today)})
    assert all(one.day <= today <= (one.until or today) for one in fresh)
    assert all(one.until is None or one.until >= one.day for one in plan(found, today))
    assert timedelta(days=1) == ONE_DAY
