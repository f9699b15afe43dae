"""The daily draw before each team, what is suggested beside it, and the figures that come of it; on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import null, select, update

from cx.core.incident import Contact, Reading, Reason
from cx.core.sampling import Candidate, drawn, many
from cx.core.words import Origin, Theme
from cx.disputes import moves, reviewing, sampled
from cx.disputes.moves import Hand
from cx.disputes.sampled import ThemeSampled
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, ReadingRow, ReviewPick
from tests.world import World

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)
SEEN = (Theme.CONTEMPT, Theme.NO_CHOICE)
READING = Reading(
    "r1", dict.fromkeys(Theme, 0.4), SEEN, False, "en", (Theme.CONTEMPT,), {one: Reason(0, 10) for one in SEEN}
)


def told(world: World, days: int, **given: object) -> int:
    filed = world.tell(**{"at": NOON - days * DAY, "reading": READING, "contact": Contact(), **given})  # type: ignore[arg-type]
    return filed.case_id


def picks(world: World) -> list[ReviewPick]:
    with world.database.reading() as session:
        return list(session.scalars(select(ReviewPick).order_by(ReviewPick.day, ReviewPick.case_id)))


def rule(world: World, case_id: int, *themes: Theme, at: datetime = NOON, source: str = "sample") -> None:
    with world.database.writing() as session:
        columns = table(Case)
        reference = session.scalar(select(columns.c.reference).where(columns.c.id == case_id))
        hand = Hand(world.visitor("agent@poste"), As.STAFF, str(reference), at)
        moves.rule_themes(session, world.app.extensions["workbench"], hand, frozenset(themes), "r1", source)


def test_the_draw_of_a_day_takes_from_the_cases_of_the_day_before(world: World) -> None:
    yesterday = [told(world, 1, text=f"Story {number}") for number in range(3)]
    told(world, 0)
    told(world, 1, organisation="nobody")
    told(world, 1, origin=Origin.IMPORT, text="From an archive")
    told(world, 1, reading=None, text="Never read")
    bank = told(world, 1, organisation="banque")
    assert reviewing.pick(world.database, NOON) == many(len(yesterday)) + 1
    made = picks(world)
    assert {one.case_id for one in made} == {*drawn(NOON.date(), yesterday), bank}
    assert {(one.day, one.why, one.done_at) for one in made} == {(NOON.date(), "sample", None)}
    # A second clock, and the same clock again, change nothing.
    assert reviewing.pick(world.database, NOON + timedelta(hours=5)) == 0
    assert len(picks(world)) == len(made)


def test_days_without_a_clock_are_made_up_for_as_long_as_stories_wait(world: World) -> None:
    numbers = {days: told(world, days, text=f"Story {days}") for days in (1, 3, 7, 8, 12)}
    reviewing.pick(world.database, NOON)
    assert {one.case_id: (NOON.date() - one.day).days for one in picks(world)} == {
        numbers[1]: 0, numbers[3]: 2, numbers[7]: 6,
    }  # fmt: skip
    told(world, 0, text="Of today")
    assert reviewing.pick(world.database, NOON + DAY) == 1


def test_a_case_that_somebody_cared_for_takes_part_and_is_done(small_world: World) -> None:
    case_id = told(small_world, 1)
    rule(small_world, case_id, Theme.CONTEMPT)
    reviewing.pick(small_world.database, NOON)
    assert [(one.case_id, one.done_at is not None) for one in picks(small_world)] == [(case_id, True)]
    with small_world.database.reading() as session:
        assert reviewing.waiting(session, small_world.visitor("agent@poste"), NOON) == ()


def test_what_the_reader_learns_most_from_is_suggested_once(world: World) -> None:
    offered: list[Sequence[Candidate]] = []

    def choose(candidates: Sequence[Candidate], most: int) -> list[int]:
        offered.append(candidates)
        return [*[one.id for one in candidates][:most], 10**9]

    old, ruled, free = told(world, 20, text="Long ago"), told(world, 5, text="Ruled"), told(world, 9, text="Free")
    rule(world, ruled, Theme.CONTEMPT)
    assert reviewing.pick(world.database, NOON, choose) == 2
    assert {one.case_id: one.why for one in picks(world)} == {ruled: "sample", free: "unsure"}
    assert [(one.id, one.text, one.scores[Theme.CONTEMPT]) for one in offered[0]] == [(free, "Free", 0.4)]
    reviewing.pick(world.database, NOON + DAY, choose)
    assert {one.case_id for one in picks(world)} == {ruled, free}
    assert old not in {one.case_id for one in picks(world)}


def test_the_figures_compare_the_reading_of_its_time_with_the_ruling(world: World) -> None:
    one, other, third, demo, waits = (told(world, days, text=f"Story {days}") for days in (1, 2, 3, 4, 5))
    lost = told(world, 6, text="Lost", reading=Reading("r1", {}, (), True, "en"))
    with world.database.writing() as session:
        session.execute(update(table(Case)).where(table(Case).c.id == demo).values(demo=True))
    reviewing.pick(world.database, NOON)
    for case_id, themes in (
        (one, (Theme.CONTEMPT, Theme.NO_GUIDANCE)), (other, (Theme.NO_CHOICE,)), (third, ()), (demo, SEEN),
        (lost, (Theme.NO_GUIDANCE,)),
    ):  # fmt: skip
        rule(world, case_id, *themes)
    with world.database.writing() as session:
        # A later reading is none of that time.
        late = {"at": NOON + DAY, "version": "r2", "language": "en", "abstained": False, "scores": {}, "reasons": {}}
        session.add(ReadingRow(case_id=one, **late))
    with world.database.reading() as session:
        found = sampled.sample_figures(session)
    assert (found.drawn, found.n, found.abstained) == (5, 4, 1)
    assert found.themes == {
        Theme.CONTEMPT: ThemeSampled(right=1, wrong=2, sure_right=1, sure_wrong=2),
        Theme.NO_CHOICE: ThemeSampled(right=1, wrong=2),
        Theme.NO_GUIDANCE: ThemeSampled(missed=2),
    }
    assert waits not in {one.case_id for one in picks(world) if one.done_at}
    with world.database.reading() as session:
        assert sampled.sample_figures(session, since=NOON.date()).drawn == 0


def test_only_what_was_said_blind_counts_even_where_nothing_is_told(small_world: World) -> None:
    blind, aware, empty = (told(small_world, days, text=f"Story {days}") for days in (1, 2, 3))
    nothing = Reading("r1", dict.fromkeys(Theme, 0.0), (), False, "en")
    both = told(small_world, 4, text="Nothing seen, nothing said", reading=nothing)
    reviewing.pick(small_world.database, NOON)
    rule(small_world, blind, *SEEN)
    rule(small_world, aware, *SEEN, source="desk")
    rule(small_world, empty)
    rule(small_world, both)
    # A later ruling on a contest is not what was said blind.
    rule(small_world, blind, Theme.NO_GUIDANCE, at=NOON + DAY, source="contest")
    with small_world.database.reading() as session:
        found = sampled.sample_figures(session)
    assert (found.drawn, found.n, found.in_view) == (4, 3, 1)
    assert found.themes == {one: ThemeSampled(right=1, wrong=1, sure_right=is_sure, sure_wrong=is_sure) for one, is_sure in (
        (Theme.CONTEMPT, 1), (Theme.NO_CHOICE, 0),
    )}  # fmt: skip


def test_a_story_of_today_is_not_suggested_before_it_could_be_drawn(small_world: World) -> None:
    told(small_world, 0)

    def choose(candidates: Sequence[Candidate], most: int) -> list[int]:
        return [one.id for one in candidates][:most]

    assert reviewing.pick(small_world.database, NOON, choose) == 0
    assert reviewing.pick(small_world.database, NOON + DAY, choose) == 1
    assert [one.why for one in picks(small_world)] == ["sample"]


def test_a_reading_from_before_reasons_were_kept_says_nothing_of_the_reader(small_world: World) -> None:
    case_id = told(small_world, 1)
    with small_world.database.writing() as session:
        session.execute(update(table(ReadingRow)).values(reasons=null()))
    reviewing.pick(small_world.database, NOON)
    rule(small_world, case_id, *SEEN)
    with small_world.database.reading() as session:
        assert sampled.sample_figures(session).n == 0
