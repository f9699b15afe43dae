"""A story is filed once, whole, on either database."""

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from cx.core.incident import Contact, Report
from cx.core.refusals import KeyReused
from cx.core.words import Sector, Wish
from cx.disputes import filing
from cx.disputes.storing import table
from models import Case, ClockRun, EventRow, Letter, Message, Organisation, SearchRow
from models import Contact as ContactRow

if TYPE_CHECKING:
    from tests.world import World

KEY = "a-key-of-this-form-01"


def _report(world: "World", **given: object) -> Report:
    values = {
        "text": "Trente-cinq minutes devant la machine.",
        "organisation_id": world.organisations["poste"],
        "sector": Sector.POSTAL,
        "wish": Wish.MONEY,
        "key": KEY,
        "told_at": datetime.now(UTC),
        "consent": True,
        "contact": Contact("Madeleine Garnier", "madeleine@example.org"),
    }
    return Report(**{**values, **given})  # type: ignore[arg-type]


def _file(world: "World", report: Report) -> filing.Filed:
    with world.database.writing() as session:
        found = session.get(Organisation, report.organisation_id)
        assert found is not None
        secret = filing.secret_of_key("server", report.key)
        return filing.file(session, world.app.extensions["workbench"], found, report, None, secret)


def _count(world: "World", model: type) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table(model))) or 0


def test_one_report_makes_one_case_with_all_that_belongs_to_it(world: "World") -> None:
    filed = _file(world, _report(world))
    assert filed.fresh
    for model, many in (
        (Case, 1),
        (ContactRow, 1),
        (Message, 1),
        (SearchRow, 1),
        (EventRow, 2),
        (ClockRun, 4),
        (Letter, 2),
    ):
        assert _count(world, model) == many, model.__name__


def test_the_same_key_gives_the_same_case_and_the_same_way_in(world: "World") -> None:
    first, again = _file(world, _report(world)), _file(world, _report(world))
    assert (again.reference, again.secret, again.fresh) == (first.reference, first.secret, False)
    assert _count(world, Case) == 1


def test_the_same_key_with_another_story_is_refused_and_changes_nothing(world: "World") -> None:
    _file(world, _report(world))
    with pytest.raises(KeyReused):
        _file(world, _report(world, text="Une tout autre histoire."))
    assert _count(world, Case) == 1


def test_sixteen_at_once_make_one_case(world: "World") -> None:
    filed: list[filing.Filed] = []
    threads = [threading.Thread(target=lambda: filed.append(_file(world, _report(world)))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.reference for one in filed}) == 1
    assert [one.fresh for one in filed].count(True) == 1
    assert _count(world, Case) == 1


def test_just_telling_makes_no_dispute_and_no_clock(world: "World") -> None:
    _file(world, _report(world, wish=Wish.TELL, consent=False))
    with world.database.reading() as session:
        columns = table(Case).c
        assert session.execute(select(columns.state, columns.sent_at, columns.next_due_on)).one() == (
            "none",
            None,
            None,
        )
    assert _count(world, ClockRun) == 0


def test_a_case_about_an_unclaimed_organisation_waits_until_it_was_sent(world: "World") -> None:
    _file(world, _report(world, organisation_id=world.organisations["nobody"]))
    with world.database.reading() as session:
        assert session.scalar(select(table(Case).c.state)) == "none"


def test_the_same_story_under_another_key_is_noticed_for_a_day(world: "World") -> None:
    report = _report(world)
    _file(world, report)
    with world.database.reading() as session:
        assert filing.same_story(session, _report(world, key="another-key-of-form-2"))
        later = report.told_at + timedelta(hours=25)
        assert not filing.same_story(session, _report(world, key="another-key-of-form-2", told_at=later))
        assert not filing.same_story(session, _report(world, key="another-key-of-form-2", text="Autre chose."))


def test_the_secret_of_a_key_is_long_and_depends_on_the_server() -> None:
    assert len(filing.secret_of_key("one", KEY)) == 16
    assert filing.secret_of_key("one", KEY) != filing.secret_of_key("two", KEY)
