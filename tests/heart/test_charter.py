"""The promises of a charter: what the journal of a dispute says of each, day by day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.core.acts import Event
from cx.core.charter import NEVER, Asked, Place, PledgeStatus, Rule, Standing, judge
from cx.core.words import Role

PARIS = ZoneInfo("Europe/Paris")
# Friday 1 May is a day off; so is Thursday 14 May.
OFF = {date(2026, 5, 1): "labour day", date(2026, 5, 14): "ascension"}
MONDAY = datetime(2026, 4, 27, 9, tzinfo=UTC)


def days_off(_calendar: str, year: int) -> Mapping[date, str]:
    return {day: name for day, name in OFF.items() if day.year == year}


PLACE = Place(PARIS, "FR", days_off)
STAFF = {
    "acknowledged",
    "started",
    "assigned",
    "asked",
    "offered",
    "final_position_given",
    "reviewed",
    "performed_proposed",
}


def event(kind: str, days: float, role: Role | None = None, actor: str = "", **data: Any) -> Event:
    by = role or (Role.AGENT if kind in STAFF else Role.CUSTOMER)
    return Event(
        kind, by, actor or ("account:1" if by is Role.AGENT else "customer"), MONDAY + timedelta(days=days), data
    )


def at(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def end_of(day: int, month: int = 5) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, 999999, PARIS).astimezone(UTC)


def judged(rule: Rule, amount: int, journal: list[Event], days: float) -> Standing | None:
    return judge(rule, amount, journal, PLACE, at(days))


def status(rule: Rule, amount: int, journal: list[Event], days: float) -> str:
    found = judged(rule, amount, journal, days)
    return found.status.value if found else ""


SENT = event("sent", 0, to="received", owner="")
TAKEN = event("acknowledged", 1, to="acknowledged", owner="account:1")


def test_working_days_leave_out_weekends_and_days_off_and_end_with_their_day() -> None:
    assert PLACE.after_working_days(MONDAY, 3) == end_of(30, 4)
    assert PLACE.after_working_days(MONDAY, 4) == end_of(4)
    assert PLACE.after_days(MONDAY, 4) == end_of(1)


def test_late_in_the_evening_it_is_already_the_next_day_where_the_organisation_is() -> None:
    # 22:30 in UTC is half past midnight in Paris.
    assert PLACE.after_days(datetime(2026, 4, 27, 22, 30, tzinfo=UTC), 1) == end_of(29, 4)


def test_a_named_person_takes_it_in_time_or_not() -> None:
    assert judged(Rule.ACKNOWLEDGED, 2, [SENT], 0) == Standing(PledgeStatus.RUNNING, end_of(29, 4))
    kept = judged(Rule.ACKNOWLEDGED, 2, [SENT, TAKEN], 9)
    assert kept == Standing(PledgeStatus.KEPT, end_of(29, 4), at(1))
    broken = judged(Rule.ACKNOWLEDGED, 2, [SENT], 3)
    assert broken == Standing(PledgeStatus.BROKEN, end_of(29, 4), end_of(29, 4))
    assert status(Rule.ACKNOWLEDGED, 2, [SENT, event("acknowledged", 4, owner="account:1")], 9) == "broken"


def test_the_calendar_takes_no_case_for_a_person() -> None:
    assert status(Rule.ACKNOWLEDGED, 2, [SENT, event("acknowledged", 1, Role.TIMER)], 3) == "broken"


def test_only_an_answer_on_the_merits_is_an_answer() -> None:
    written = event("written", 1, Role.AGENT)
    assert status(Rule.ANSWERED, 10, [SENT, TAKEN, written], 10) == "running"
    assert status(Rule.ANSWERED, 10, [SENT, TAKEN, written], 11) == "broken"
    assert status(Rule.ANSWERED, 10, [SENT, TAKEN, event("offered", 9, to="offer_made")], 30) == "kept"


def test_nothing_stands_before_it_begins() -> None:
    assert judged(Rule.ANSWERED, 10, [event("told", 0)], 30) is None
    assert judged(Rule.SECOND_LOOK, 3, [SENT, TAKEN], 30) is None
    assert judged(Rule.PAID, 3, [SENT, TAKEN], 30) is None
    assert judged(Rule.REPLIED, 3, [SENT, TAKEN], 30) is None


def test_a_withdrawal_in_time_leaves_nothing_kept_and_nothing_broken() -> None:
    gone = event("withdrawn", 3, to="withdrawn")
    assert status(Rule.ANSWERED, 10, [SENT, gone], 40) == "void"
    late = event("withdrawn", 12, to="withdrawn")
    assert status(Rule.ANSWERED, 10, [SENT, late], 40) == "broken"


def test_each_message_is_answered() -> None:
    asked, answered = event("written", 2), event("written", 3, Role.AGENT)
    assert status(Rule.REPLIED, 2, [SENT, asked], 3) == "running"
    waits = judged(Rule.REPLIED, 2, [SENT, asked, answered], 30)
    assert waits == Standing(PledgeStatus.RUNNING, NEVER)
    # A second message counts from itself; two messages in a row count from the first.
    again = [SENT, asked, answered, event("written", 4), event("written", 6)]
    assert judged(Rule.REPLIED, 2, again, 5) == Standing(PledgeStatus.RUNNING, PLACE.after_working_days(at(4), 2))
    assert status(Rule.REPLIED, 2, [SENT, asked, answered, event("closed", 5, to="closed")], 30) == "kept"


def test_news_is_owed_while_the_word_is_the_organisations() -> None:
    assert status(Rule.NEWS, 10, [SENT, TAKEN], 10) == "running"
    assert status(Rule.NEWS, 10, [SENT, TAKEN], 13) == "broken"
    question = event("asked", 5, to="awaiting_customer")
    assert judged(Rule.NEWS, 10, [SENT, TAKEN, question], 60) == Standing(PledgeStatus.RUNNING, NEVER)
    answer = event("answered", 40, to="investigating")
    assert judged(Rule.NEWS, 10, [SENT, TAKEN, question, answer], 41) == Standing(
        PledgeStatus.RUNNING, PLACE.after_days(at(40), 10)
    )


def test_one_person_keeps_the_case_and_the_second_look_is_not_counted() -> None:
    handed = event("assigned", 2, owner="account:2")
    assert status(Rule.PERSONS, 2, [SENT, TAKEN, handed], 9) == "running"
    broken = judged(Rule.PERSONS, 1, [SENT, TAKEN, handed], 9)
    assert broken == Standing(PledgeStatus.BROKEN, at(2), at(2))
    looked = [
        SENT, TAKEN, event("reviewed", 3, actor="account:3"), event("assigned", 3, actor="account:3", owner="account:3"),
    ]  # fmt: skip
    assert status(Rule.PERSONS, 1, looked, 9) == "running"
    assert status(Rule.PERSONS, 1, [*looked, event("closed", 9, to="closed")], 9) == "kept"


def test_no_more_questions_than_promised() -> None:
    questions = [event("asked", 2), event("asked", 4)]
    assert status(Rule.QUESTIONS, 2, [SENT, *questions], 9) == "running"
    assert status(Rule.QUESTIONS, 1, [SENT, *questions], 9) == "broken"


def test_what_was_agreed_is_done_in_time() -> None:
    agreed = [SENT, TAKEN, event("accepted", 5, to="accepted")]
    assert status(Rule.PAID, 10, agreed, 14) == "running"
    assert status(Rule.PAID, 10, agreed, 16) == "broken"
    claimed = [*agreed, event("performed_proposed", 12)]
    assert judged(Rule.PAID, 10, claimed, 40) == Standing(PledgeStatus.RUNNING, NEVER)
    assert status(Rule.PAID, 10, [*claimed, event("performed", 30, to="closed")], 40) == "kept"
    assert status(Rule.PAID, 10, [*claimed, event("not_performed", 20)], 21) == "broken"


def test_a_second_look_begins_in_time() -> None:
    contested = [SENT, TAKEN, event("offered", 2, to="offer_made"), event("contested", 3, to="contested")]
    assert status(Rule.SECOND_LOOK, 2, contested, 3) == "running"
    assert status(Rule.SECOND_LOOK, 2, contested, 9) == "broken"
    assert status(Rule.SECOND_LOOK, 2, [*contested, event("reviewed", 4)], 9) == "running"


def test_whoever_asks_for_a_person_meets_one() -> None:
    in_time = Asked(at(1), at(1.2), at(1.1))
    late = Asked(at(2), at(2.2), at(2.5))
    waiting = Asked(at(3), at(3.2), None)
    assert judge(Rule.CALLED_BACK, 2, [SENT], PLACE, at(9), [in_time]) == Standing(PledgeStatus.RUNNING, NEVER)
    assert judge(Rule.CALLED_BACK, 2, [SENT], PLACE, at(3.1), [waiting]) == Standing(PledgeStatus.RUNNING, at(3.2))
    found = judge(Rule.CALLED_BACK, 2, [SENT], PLACE, at(9), [in_time, late, waiting])
    assert found == Standing(PledgeStatus.BROKEN, at(2.2), at(2.2))


KINDS = [
    ("acknowledged", {"to": "acknowledged", "owner": "account:1"}), ("asked", {"to": "awaiting_customer"}),
    ("answered", {"to": "investigating"}), ("offered", {"to": "offer_made"}), ("accepted", {"to": "accepted"}),
    ("contested", {"to": "contested"}), ("reviewed", {"to": "investigating"}), ("performed_proposed", {"to": "accepted"}),
    ("performed", {"to": "closed"}), ("not_performed", {"to": "accepted"}), ("written", {}),
    ("assigned", {"owner": "account:2"}), ("withdrawn", {"to": "withdrawn"}), ("reopened", {"to": "investigating"}),
]  # fmt: skip


@st.composite
def journals(draw: st.DrawFn) -> list[Event]:
    lines, day = [SENT], 0.0
    for kind, data in draw(st.lists(st.sampled_from(KINDS), max_size=12)):
        day += draw(st.floats(0, 9))
        role = draw(st.sampled_from([Role.AGENT, Role.CUSTOMER])) if kind == "written" else None
        lines.append(event(kind, day, role, **data))
    return lines


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.CALLED_BACK])
@given(journal=journals(), amount=st.integers(1, 5), later=st.lists(st.floats(0, 30), min_size=2, max_size=5))
def test_a_broken_promise_stays_broken_and_a_running_one_is_not_late(
    rule: Rule, journal: list[Event], amount: int, later: list[float]
) -> None:
    last, broken = (journal[-1].at - MONDAY) / timedelta(days=1), None
    for days in sorted(later):
        found = judged(rule, amount, journal, last + days)
        if broken is not None:
            assert found == broken
        if found is not None and found.status is PledgeStatus.BROKEN:
            broken = found
        if found is not None and found.status is PledgeStatus.RUNNING:
            assert found.due_at >= at(last + days)
            assert found.settled_at is None


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.CALLED_BACK])
@given(journal=journals(), amount=st.integers(1, 5), cut=st.integers(1, 12))
def test_what_was_settled_once_is_never_unsettled_by_what_comes_after(
    rule: Rule, journal: list[Event], amount: int, cut: int
) -> None:
    """A promise found broken when an event was written is found broken by the whole journal too."""
    early = journal[:cut]
    then = judge(rule, amount, early, PLACE, early[-1].at)
    if then is not None and then.status is PledgeStatus.BROKEN and rule is not Rule.PAID:
        assert judge(rule, amount, journal, PLACE, journal[-1].at) == then
