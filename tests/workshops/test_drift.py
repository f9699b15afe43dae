"""What the reader saw, month by month: counted when a story is read, counted again from the rows, no demonstration."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import null, update

from cx.core.incident import Reading, Reason, Report
from cx.core.words import Sector, Theme, Wish
from cx.disputes import drift, figures, filing, reader_switch
from cx.disputes.recount import recount
from cx.disputes.storing import save, table
from models import Organisation, ReadingRow

if TYPE_CHECKING:
    from tests.world import World

SEEN = Reading(
    "v1", dict.fromkeys(Theme, 0.5), (Theme.CONTEMPT,), False, "en", (), {Theme.CONTEMPT: Reason(0, 9)}, known=0.876
)
PLAIN = replace(SEEN, maybe=(), reasons={}, known=1.0)
LOST = replace(PLAIN, abstained=True, known=0.1)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
# Midnight in Paris comes two hours before that of UTC: this is June there.
LATE_IN_MAY = datetime(2026, 5, 31, 23, tzinfo=UTC)


def _report(house: Organisation, key: str, at: datetime) -> Report:
    return Report("The machine laughed at me.", house.id, Sector(house.sector), Wish.TELL, key, at)


def _told(world: "World", readings: Sequence[Reading], at: datetime, organisation: str = "poste") -> None:
    bench = world.app.extensions["workbench"]
    with world.database.writing() as session:
        house = session.get_one(Organisation, world.organisations[organisation])
        ledgers = [
            filing.compose(house, _report(house, f"{at}{number}{organisation}", at), one)
            for number, one in enumerate(readings)
        ]
        save(session, bench, ledgers)


def _months(world: "World") -> dict[date, drift.Month]:
    with world.database.reading() as session:
        return {one.month: one for one in drift.months(session, MAY, JUNE)}


def test_each_reading_counts_in_the_month_in_which_its_story_was_told(world: "World") -> None:
    _told(world, [SEEN, SEEN, PLAIN, LOST], LATE_IN_MAY)
    found = _months(world)
    assert found[MAY] == drift.Month(MAY, "")
    june = found[JUNE]
    assert (june.version, june.read, june.told, june.unread) == ("v1", 3, 2, 1)
    assert (june.suggested, june.known) == ({Theme.CONTEMPT: 2}, {88: 2, 100: 1, 10: 1})
    assert (june.share(Theme.CONTEMPT).count, june.share(Theme.CONTEMPT).n) == (2, 3)


def test_another_version_that_reads_the_same_stories_changes_nothing_that_was_counted(world: "World") -> None:
    _told(world, [SEEN, SEEN, PLAIN], LATE_IN_MAY)
    _told(world, [replace(PLAIN, version="v2"), replace(PLAIN, version="none")], LATE_IN_MAY + timedelta(days=1))
    june = _months(world)[JUNE]
    assert (june.version, june.read, june.suggested) == ("v1", 3, {Theme.CONTEMPT: 2})


def test_the_rollups_are_what_the_rows_say_before_and_after_folding(world: "World") -> None:
    _told(world, [SEEN, PLAIN, LOST], LATE_IN_MAY)
    before = _months(world)
    with world.database.writing() as session:
        assert recount(session) == []
    with world.database.writing() as session:
        figures.fold(session)
    assert _months(world) == before
    with world.database.writing() as session:
        assert recount(session) == []


def test_readings_from_before_reasons_were_kept_are_in_no_figure(world: "World") -> None:
    _told(world, [SEEN, LOST], LATE_IN_MAY)
    with world.database.writing() as session:
        session.execute(update(table(ReadingRow)).values(reasons=null()))
        assert {one.measure: one.counted for one in recount(session)} == dict.fromkeys(drift.MEASURES, 0)


def test_a_demonstration_never_counts(world: "World") -> None:
    _told(world, [SEEN, SEEN], LATE_IN_MAY)
    _told(world, [SEEN], LATE_IN_MAY, "banque")
    with world.database.writing() as session:
        houses = table(Organisation)
        session.execute(update(houses).where(houses.c.id == world.organisations["poste"]).values(demo=True))
    assert _months(world)[JUNE].read == 1


def test_the_newest_word_on_the_switch_counts_and_none_is_lost(world: "World") -> None:
    reader_switch.forget()
    admin, at = world.people["admin"], datetime(2026, 6, 1, 9, tzinfo=UTC)
    with world.database.writing() as session:
        assert reader_switch.running(session)
        assert not reader_switch.turn(session, True, "It is on already", admin, at)
        assert reader_switch.turn(session, False, "It calls everybody rude", admin, at)
        assert not reader_switch.turn(session, False, "Twice", admin, at)
    with world.database.reading() as session:
        found = reader_switch.standing(session)
        assert (found.running, found.since, found.by) == (False, at, "Anna Admin")
        assert found.reason == "It calls everybody rude"
    with world.database.writing() as session:
        assert reader_switch.turn(session, True, "Fitted again", admin, at + timedelta(days=1))
    with world.database.reading() as session:
        assert [one.running for one in reader_switch.history(session)] == [True, False]
        assert reader_switch.running(session)
