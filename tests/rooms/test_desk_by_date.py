"""The desk by dates: what is due next comes first, every case once, and what runs out in the next seven days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from cx.core.incident import Contact
from cx.core.words import Action, Wish
from cx.disputes import by_date
from cx.disputes.queue import Filters, Tab
from cx.disputes.storing import table
from models import Case, Organisation
from tests.answering import taken
from tests.rooms.test_intake_case import ANSWERED, NEXT, do, staff

if TYPE_CHECKING:
    from tests.world import World

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = NOW.date()
# The date that a case shows, by kind and days from today; what is overdue comes first, an opened right stands at today.
DATES: tuple[tuple[str, int | None], ...] = (
    ("law", -30), ("target", -2), ("law", 0), ("right", -100), ("right", -1), ("promise", 1), ("law", 1), ("law", 1),
    ("right", 5), ("target", 9), ("", None), ("", None),
)  # fmt: skip


def dated(world: "World") -> dict[str, tuple[str, date | None]]:
    """One case for each of these dates, told in another order, by reference."""
    made = {}
    for kind, days in sorted(DATES, key=str):
        filed = world.tell(text=f"Story {kind} {days}", contact=Contact())
        on = None if days is None else TODAY + timedelta(days=days)
        made[filed.reference] = (kind, on)
        columns = table(Case)
        with world.database.writing() as session:
            which = update(columns).where(columns.c.id == filed.case_id)
            session.execute(which.values(next_due_on=on, next_due_kind=kind))
    return made


def place(shown: tuple[str, date | None]) -> tuple[date, str]:
    kind, on = shown
    on = by_date.NO_DATE if on is None else on
    return (max(on, TODAY) if kind == "right" else on), kind


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_pages_have_no_gap_and_no_double_and_the_nearest_date_comes_first(
    world: "World", monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    made = dated(world)
    monkeypatch.setattr(by_date, "PAGE", size)
    found, after = [], None
    with world.database.reading() as session:
        while True:
            filters = Filters(tab=Tab.TAKE, by_due=True, after=after)
            rows, after = by_date.page(session, world.visitor("agent@poste"), filters, NOW)
            found += [row.reference for row in rows]
            if after is None:
                break
    assert sorted(found) == sorted(made)
    assert all(place(made[one]) <= place(made[other]) for one, other in pairwise(found))


def test_the_whole_archive_is_listed_as_far_as_it_has_dates(small_world: "World") -> None:
    made = dated(small_world)
    with small_world.database.reading() as session:
        filters = Filters(tab=Tab.ALL, by_due=True)
        rows, after = by_date.page(session, small_world.visitor("agent@poste"), filters, NOW)
    assert {row.reference for row in rows} == {one for one, (_, on) in made.items() if on is not None}
    assert after is None


def test_what_is_due_next_comes_first_on_the_desk_and_runs_out_this_week_is_counted(world: "World") -> None:
    now = datetime.now(UTC)
    old = world.tell(at=now - timedelta(days=20), text="An older story.")
    young = world.tell(at=now - timedelta(days=1))
    agent = world.staff("agent@poste")
    nearest, newest = agent.get("/desk?tab=take").main, agent.get("/desk?tab=take&sort=new").main
    assert nearest.index(old.reference) < nearest.index(young.reference)
    assert newest.index(young.reference) < newest.index(old.reference)
    assert "Runs out this week" in agent.get("/desk").text
    for odd in ("due=week", "due=2026-13-45", "due=x", "sort=due&after=zzz", "sort=due&tab=all&after=2026-01-01~law~1"):
        agent.get(f"/desk?{odd}")


def test_a_date_is_late_when_its_day_is_over_where_the_organisation_is(small_world: "World") -> None:
    """Whatever the day of UTC is: one of these two zones always has another one."""
    now = datetime.now(UTC)
    zone = "Etc/GMT+12" if now.hour < 12 else "Pacific/Kiritimati"
    today = now.astimezone(ZoneInfo(zone)).date()
    due = {small_world.tell(text=f"Due {days}", contact=Contact()): today - timedelta(days=days) for days in (0, 1)}
    with small_world.database.writing() as session:
        session.get_one(Organisation, small_world.organisations["poste"]).zone = zone
        for filed, on in due.items():
            cases = table(Case)
            told = update(cases).where(cases.c.id == filed.case_id)
            session.execute(told.values(next_due_on=on, next_due_kind="law"))
    on_time, late = due
    desk = small_world.staff("agent@poste")
    overdue = desk.get("/desk?tab=take&overdue=1").links()
    assert f"/desk/{late.reference}" in overdue and f"/desk/{on_time.reference}" not in overdue
    due_today = desk.get(f"/desk?tab=all&due={today.isoformat()}").links()
    assert f"/desk/{on_time.reference}" in due_today and f"/desk/{late.reference}" not in due_today
    week = desk.get("/desk?tab=all&due=week").links()
    assert f"/desk/{on_time.reference}" in week and f"/desk/{late.reference}" not in week


def test_the_desk_says_the_way_on_as_the_customer_reads_it(small_world: "World") -> None:
    """After the last word the way is open since that day; with the mediator no way to the mediator is a date to come."""
    desk, filed = taken(small_world, wish=Wish.MONEY)
    staff(small_world, filed, Action.FINAL, "Our last word.", "supervisor@poste", **ANSWERED, **NEXT)
    top = desk.get(f"/desk/{filed.reference}").main.split("What happened")[0]
    assert "Since " in top and "may go on to the next body" in top and "From " not in top
    row = desk.get("/desk?tab=customer").main
    assert "may go on now" in row and "may go on from" not in row
    do(small_world.customer(filed), filed, "escalate", next_body="fr_post_ombudsman")
    assert "may go on" not in desk.get(f"/desk/{filed.reference}").main.split("What happened")[0]
    assert "may go on" not in desk.get("/desk?tab=customer").main


def test_the_last_word_names_only_bodies_that_may_come_next_here(small_world: "World") -> None:
    _desk, filed = taken(small_world, wish=Wish.MONEY)
    page = small_world.staff("supervisor@poste").get(f"/desk/{filed.reference}")
    offered = {str(one.get("value")) for one in page.tree.iter("option")}
    assert {"fr_post_appeal", "fr_post_ombudsman", "court"} <= offered
    assert not offered & {"uk_fos", "us_dot", "fr_bank_mediator"}
