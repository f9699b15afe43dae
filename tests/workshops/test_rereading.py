"""Reading an archive again: every story once by each version, whatever is stopped, and never over what people said."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import OperationalError

from cx.cli import rereading as command
from cx.core.visitor import Visitor
from cx.core.words import Theme
from cx.disputes import moves, reader_switch
from cx.disputes.filing import Filed
from cx.disputes.moves import Hand
from cx.disputes.rereading import keep, waiting
from cx.disputes.sight import As
from cx.disputes.storing import table
from cx.themes.export import FITTED, restore
from cx.themes.reader import Reader, load
from models import Case, Message, ReadingOpinion, ThemeRuling
from tests.rereading import STORIES, filed, holds, readings_of, reread, tell, themes_of
from tests.world import World


@pytest.fixture(scope="module")
def generous() -> Reader:
    """A later version, which suggests more."""
    fitted = restore(FITTED)
    return Reader(replace(fitted, version="later", maybe=dict.fromkeys(Theme, 0.02)))


@pytest.fixture
def later(generous: Reader, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """The same, in use."""
    monkeypatch.setattr(command, "_reader", lambda: generous)
    return generous


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "STORIES_A_BATCH", 2)
    monkeypatch.setattr(command, "BATCHES_A_ROUND", 2)


# ---- what is read, and what stays --------------------------------------------------------------------------------


def test_what_nobody_read_is_read_once_and_a_later_version_adds_its_own(
    world: World, generous: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = tell(world, STORIES)
    done = reread(world)
    assert done.exit_code == 0, done.output
    assert re.match(r"4 stories read by \S+ \(", done.output)
    shipped = load().version
    assert readings_of(world) == [(case, shipped) for case in cases]
    assert themes_of(world, cases[0])["contempt"] == "maybe"
    assert themes_of(world, cases[2]) == {}
    assert reread(world).output.startswith("0 stories read")

    monkeypatch.setattr(command, "_reader", lambda: generous)
    done = reread(world)
    assert "4 stories read by later" in done.output
    assert readings_of(world)[4:] == [(case, "later") for case in cases]
    found = generous.read(STORIES[0], "en")
    assert themes_of(world, cases[0]) == {theme.value: "maybe" for theme in found.maybe}
    with world.database.reading() as session:
        assert set(session.scalars(select(table(Case).c.reading_state))) == {"read"}
    holds(world)


def test_what_people_ruled_stays_and_so_does_none_of_them(world: World, later: Reader) -> None:
    told = filed(world, STORIES)
    cases = [one.case_id for one in told]
    agent = world.visitor("agent@poste")
    _rule(world, agent, told[0], Theme.BURDEN_SHIFTED)
    _rule(world, agent, told[1])
    before = [themes_of(world, case) for case in cases[:2]]
    done = reread(world)
    assert "2 were ruled on and keep their themes" in done.output
    assert [themes_of(world, case) for case in cases[:2]] == before == [{"burden_shifted": "confirmed"}, {}]
    assert [version for _, version in readings_of(world)] == ["later"] * 4
    assert themes_of(world, cases[3])
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ThemeRuling)) == 1
    holds(world)


def _rule(world: World, agent: Visitor, told: Filed, *themes: Theme) -> None:
    hand = Hand(agent, As.STAFF, told.reference, datetime.now(UTC))
    with world.database.writing() as session:
        moves.rule_themes(session, world.app.extensions["workbench"], hand, frozenset(themes), "first")


def test_a_contested_story_waits_until_somebody_ruled_and_an_erased_one_for_ever(
    small_world: World, later: Reader
) -> None:
    world = small_world
    cases = tell(world, STORIES)
    now = datetime.now(UTC)
    opinion = {"at": now, "seq": 1, "reader_version": "x", "said": {}, "status": "open", "due_at": now}
    with world.database.writing() as session:
        row = {"case_id": cases[0], "organisation_id": world.organisations["poste"], **opinion}
        session.execute(insert(ReadingOpinion).values(**row))
        session.execute(update(Message).where(Message.case_id == cases[1]).values(text=None, erased_at=now))
    assert reread(world).output.startswith("2 stories read")
    with world.database.writing() as session:
        session.execute(update(ReadingOpinion).values(status="kept", ruled_at=now))
    assert reread(world).output.startswith("1 stories read")
    assert [case for case, _ in readings_of(world)] == [cases[2], cases[3], cases[0]]


def test_a_story_that_is_no_longer_understood_says_nothing_any_more(small_world: World, later: Reader) -> None:
    (case,) = tell(small_world, STORIES[:1])
    reread(small_world)
    assert themes_of(small_world, case)
    blind = replace(later.read("zz zz", "en"), version="blind")
    assert blind.abstained
    with small_world.database.writing() as session:
        assert keep(session, "blind", [(case, blind)], datetime.now(UTC)).unclear == 1
    assert themes_of(small_world, case) == {}
    with small_world.database.reading() as session:
        assert session.scalar(select(table(Case).c.reading_state)) == "to_read"
    holds(small_world)


def test_a_reader_that_is_off_is_not_used(small_world: World) -> None:
    tell(small_world, STORIES)
    with small_world.database.writing() as session:
        reader_switch.turn(session, False, "It is looked at.", small_world.people["admin"], datetime.now(UTC))
    done = reread(small_world)
    assert done.exit_code == 1
    assert "switched off" in done.stderr


def test_a_database_that_does_not_answer_is_no_reader_that_was_switched_off(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    reader_switch.forget()
    monkeypatch.setattr(reader_switch, "history", silent)
    done = reread(small_world)
    assert done.exit_code == 1
    assert done.stderr == "Error: The database cannot be used: the server is gone.\n"
    assert readings_of(small_world) == []


# ---- stopped, shared, twice --------------------------------------------------------------------------------------


def test_stopped_it_goes_on_and_reads_nothing_twice(
    small_world: World, later: Reader, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = tell(small_world, STORIES * 3)
    kept, batches = command.rereading.keep, []

    def dying(*arguments: Any) -> Any:
        batches.append(1)
        if len(batches) == 4:
            raise KeyboardInterrupt
        return kept(*arguments)

    monkeypatch.setattr(command.rereading, "keep", dying)
    reread(small_world)
    assert readings_of(small_world) == [(case, "later") for case in cases[:6]]
    monkeypatch.setattr(command.rereading, "keep", kept)
    assert reread(small_world, "--limit", "1").output.startswith("1 stories read")
    assert reread(small_world).output.startswith("5 stories read")
    assert readings_of(small_world) == [(case, "later") for case in cases]


def test_reading_everything_again_goes_on_too(small_world: World, later: Reader, small_batches: None) -> None:
    cases = tell(small_world, STORIES)
    reread(small_world)
    assert reread(small_world, "--all", "--limit", "3").output.startswith("3 stories read")
    assert reread(small_world, "--all").output.startswith("1 stories read")
    assert readings_of(small_world) == [(case, "later") for case in cases * 2]
    assert reread(small_world, "--all").output.startswith("4 stories read")
    holds(small_world)


def test_two_at_once_write_each_story_once(world: World, later: Reader) -> None:
    cases = tell(world, STORIES)
    with world.database.reading() as session:
        both = [waiting(session, "later", 0, 10) for _ in range(2)]
    assert [one.case_id for one in both[0]] == cases
    for found in both:
        with world.database.writing() as session:
            keep(session, "later", [(one.case_id, later.read(one.text, "en")) for one in found], datetime.now(UTC))
    assert readings_of(world) == [(case, "later") for case in cases]


def test_a_text_at_which_the_reader_fails_does_not_stop_the_others(
    small_world: World, later: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = tell(small_world, STORIES)

    class Fails(Reader):
        def read(self, text: str, language: str = "") -> Any:
            if text == STORIES[1]:
                raise ValueError
            return later.read(text, language)

    failing = Fails(None)
    failing.version = later.version
    monkeypatch.setattr(command, "_reader", lambda: failing)
    done = reread(small_world)
    assert done.exit_code == 1
    assert "failed at 1 stories" in done.stderr
    assert [case for case, _ in readings_of(small_world)] == [cases[0], cases[2], cases[3]]
