"""What the reader can learn from: the last ruling of a person on each story that is still there, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from cx.core.words import Theme
from cx.disputes import moves
from cx.disputes.lessons import Lesson, lessons
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, Message, ReadingRow

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

STORY = "Fifty minutes on hold. Then the man laughed at me and put the phone down."


def _rule(world: "World", filed: "Filed", *themes: Theme, who: str = "agent@poste", after: int = 0) -> None:
    at = datetime.now(UTC) + timedelta(seconds=after)
    hand = moves.Hand(world.visitor(who), As.STAFF, filed.reference, at)
    with world.database.writing() as session:
        moves.rule_themes(session, world.app.extensions["workbench"], hand, frozenset(themes), "r7", "sample")


def _lessons(world: "World", *, demo: bool = False) -> list[Lesson]:
    with world.database.reading() as session:
        return list(lessons(session, demo=demo))


def test_only_the_latest_full_set_of_a_case_teaches(world: "World") -> None:
    filed = world.tell(text=STORY)
    _rule(world, filed, Theme.CONTEMPT)
    _rule(world, filed, Theme.CONTEMPT, Theme.BURDEN_SHIFTED, after=1)
    _rule(world, filed, Theme.BURDEN_SHIFTED, who="supervisor@poste", after=2)
    (one,) = _lessons(world)
    assert (one.reference, one.text, one.language) == (filed.reference, STORY, "en")
    assert one.themes == {Theme.BURDEN_SHIFTED}
    assert one.refused == {Theme.CONTEMPT}
    assert (one.account_id, one.role) == (world.people["supervisor@poste"], "supervisor")
    assert (one.source, one.version) == ("sample", "r7")


def test_an_ordinary_story_that_was_looked_over_teaches_too(world: "World") -> None:
    _rule(world, world.tell(text="The parcel came on Monday, all was well, thank you."))
    (one,) = _lessons(world)
    assert one.themes == one.refused == frozenset()
    assert one.role == "agent"


def test_the_sentences_shown_for_a_theme_that_was_confirmed_are_its_evidence(small_world: "World") -> None:
    filed = small_world.tell(text=STORY)
    reasons = {
        theme.value: {"sure": True, "span": [23, 73], "words": []} for theme in (Theme.CONTEMPT, Theme.NO_CHOICE)
    }
    with small_world.database.writing() as session:
        case_id = session.scalar(select(table(Case).c.id).where(table(Case).c.reference == filed.reference))
        session.add(
            ReadingRow(
                case_id=case_id, at=datetime.now(UTC), version="r7", language="en", abstained=False, scores={},
                reasons=reasons,
            )
        )  # fmt: skip
    _rule(small_world, filed, Theme.CONTEMPT, Theme.BURDEN_SHIFTED)
    (one,) = _lessons(small_world)
    assert one.evidence == {Theme.CONTEMPT: (23, 73)}


def test_a_story_that_was_taken_out_and_one_nobody_ruled_on_teach_nothing(world: "World") -> None:
    filed = world.tell(text=STORY)
    world.tell(text="Another story, on which nobody ruled so far.")
    _rule(world, filed, Theme.CONTEMPT)
    with world.database.writing() as session:
        session.execute(update(Message).where(Message.kind == "story").values(text=None, salt=""))
    assert _lessons(world) == []


def test_invented_cases_teach_only_when_asked_to(small_world: "World") -> None:
    filed = small_world.tell(text=STORY)
    _rule(small_world, filed, Theme.CONTEMPT)
    with small_world.database.writing() as session:
        session.execute(update(table(Case)).values(demo=True))
    assert _lessons(small_world) == []
    assert [one.reference for one in _lessons(small_world, demo=True)] == [filed.reference]
