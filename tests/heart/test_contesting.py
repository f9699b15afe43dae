"""A reading is contested: what counts as a contest, by when and by whom it is ruled, and that it moves nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.core import contesting
from cx.core.acts import Dispute
from cx.core.contesting import MOST_A_DAY, Opinion, Ruler, follows, may_rule, opinion_of, ruler
from cx.core.dispute import Event, decide, evolve
from cx.core.words import Action, Role, State, Theme
from tests.heart.rehearsal import AGENT, CUSTOMER, SUPERVISOR, attempt, standing

DAY = timedelta(days=1)
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
THEMES = st.frozensets(st.sampled_from([one.value for one in Theme]), max_size=5)
TEAM = {"account:1": Role.AGENT, "account:2": Role.SUPERVISOR, "account:3": Role.SUPERVISOR}
FREE = Dispute()


@given(DAYS, st.sets(st.integers(-5, 25), max_size=8))
def test_it_is_due_at_the_end_of_the_second_day_that_is_worked(today: date, off: set[int]) -> None:
    closed = {today + number * DAY: "closed" for number in off}
    due = contesting.due_on(
        today, "FR", lambda _calendar, year: {day: why for day, why in closed.items() if day.year == year}
    )
    days = [today + number * DAY for number in range(1, (due - today).days + 1)]
    worked = [day for day in days if day.weekday() < 5 and day not in closed]
    assert len(worked) == 2
    assert worked[-1] == due


def test_a_weekend_and_a_day_off_are_no_working_days() -> None:
    none = lambda _calendar, _year: {}  # noqa: E731 - a calendar without days off
    assert contesting.due_on(date(2026, 11, 27), "FR", none) == date(2026, 12, 1)
    labour = lambda _calendar, year: {date(year, 5, 1): "Fête du travail"}  # noqa: E731
    assert contesting.due_on(date(2026, 4, 29), "FR", labour) == date(2026, 5, 4)


@given(st.lists(DAYS, max_size=9), DAYS)
def test_the_fourth_opinion_of_a_day_waits_until_tomorrow(given_on: list[date], today: date) -> None:
    again = contesting.again_on(given_on, today)
    assert again == (today + DAY if given_on.count(today) >= MOST_A_DAY else None)


@given(THEMES, THEMES, st.booleans(), THEMES, THEMES)
def test_a_ruling_follows_only_where_it_did_what_was_asked(
    right: frozenset[str], wrong: frozenset[str], missing: bool, before: frozenset[str], after: frozenset[str]
) -> None:
    said = Opinion(right, wrong, missing)
    assert not follows(said, before, before)
    followed = follows(said, before, after)
    assert followed == (any(one in before and one not in after for one in wrong) or (missing and not after <= before))
    assert not (followed and not said.contests)


def test_only_right_asks_for_no_ruling() -> None:
    assert not opinion_of({"right": ["contempt"], "wrong": [], "missing": False}).contests
    assert opinion_of({"wrong": ["contempt"]}).contests
    assert opinion_of({"missing": True}).contests
    assert opinion_of({"right": "contempt", "wrong": 3, "missing": "yes"}).empty


@pytest.mark.parametrize(
    ("dispute", "neutrals", "team", "by"),
    [
        (FREE, True, TEAM, Ruler.NEUTRAL),
        (FREE, False, TEAM, Ruler.SUPERVISOR),
        (replace(FREE, owner="account:2"), False, TEAM, Ruler.SUPERVISOR),
        (replace(FREE, owner="account:2", deciders=frozenset({"account:3"})), False, TEAM, Ruler.COLLEAGUE),
        (replace(FREE, named_by=frozenset(TEAM)), False, TEAM, Ruler.ANYBODY),
        (FREE, False, {}, Ruler.ANYBODY),
    ],
)
def test_whoever_is_furthest_from_the_case_rules(
    dispute: Dispute, neutrals: bool, team: dict[str, Role], by: Ruler
) -> None:
    assert ruler(dispute, neutrals, team) is by


@given(st.sampled_from(["", *TEAM]), st.frozensets(st.sampled_from(sorted(TEAM))), st.booleans(), st.booleans())
def test_there_is_always_somebody_who_may_and_never_the_handler_while_another_could(
    owner: str, named: frozenset[str], neutrals: bool, late: bool
) -> None:
    dispute = replace(FREE, owner=owner or None, named_by=named)
    by = ruler(dispute, neutrals, TEAM)
    may = {who for who, role in TEAM.items() if may_rule(by, dispute, who, role, late=late)}
    assert may or by is Ruler.NEUTRAL
    assert may_rule(by, dispute, "account:9", Role.NEUTRAL, late=late)
    if by is not Ruler.ANYBODY:
        assert not {who for who in may if contesting.handled_by(dispute, who)}
    assert not may_rule(by, dispute, "account:9", Role.MANAGER, late=late)


@pytest.mark.parametrize("state", sorted(State))
def test_what_is_said_of_a_reading_moves_nothing(state: State) -> None:
    before = replace(standing(state), quiet_since=datetime(2026, 1, 1, tzinfo=UTC), shelved_until=date(2030, 1, 1))
    for action, actor in ((Action.SAY_OF_READING, CUSTOMER), (Action.RULE_READING, SUPERVISOR)):
        after = evolve(before, decide(before, attempt(action, actor)))
        assert replace(after, version=before.version) == before


def test_whoever_said_which_themes_are_told_handled_the_case() -> None:
    ruled: Event = decide(standing(State.NONE), attempt(Action.RULE_THEMES, AGENT))
    assert contesting.handled_by(evolve(standing(State.NONE), ruled), AGENT.id)
    assert not contesting.handled_by(standing(State.NONE), AGENT.id)
