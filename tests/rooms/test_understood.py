"""What was understood of a story: on the customer's page, at the desk, and in the stories put before the team."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cx.core.incident import Contact, Reading, Reason
from cx.core.words import Theme
from cx.disputes import moves, redaction, reviewing, sampled
from cx.disputes.filing import Filed
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from models import AccessRecord, Message, ReviewPick, ThemeRuling
from tests.answering import case_of
from tests.pages import Browser, Page, words
from tests.world import World

STORY = "Nobody was at the counter. The machine took my card & kept it. <b>Then</b> I went home."
AT = STORY.index("The machine"), STORY.index(" <b>")
CARD = STORY.index("took my card"), STORY.index(" & kept")
SCORES = dict.fromkeys(Theme, 0.01) | {Theme.MACHINE_DEAD_END: 0.9, Theme.NO_HUMAN_REACHABLE: 0.5, Theme.CONTEMPT: 0.21}
REASONS = {
    Theme.MACHINE_DEAD_END: Reason(*AT, ((*CARD, 0.6), (AT[1] - 3, AT[1], 0.01))),
    Theme.NO_HUMAN_REACHABLE: Reason(0, 26),
}
READING = Reading("r1", SCORES, tuple(REASONS), False, "en", (Theme.MACHINE_DEAD_END,), REASONS)
NOTHING = Reading("r1", dict.fromkeys(Theme, 0.01), (), False, "en")
LOST = Reading("r1", dict.fromkeys(Theme, 0.0), (), True, "en")
DAY = timedelta(days=1)


def told(world: World, reading: Reading | None = READING, **given: Any) -> Filed:
    return world.tell(text=STORY, reading=reading, **given)


def rule(world: World, filed: Filed, *themes: Theme, who: str = "agent@poste") -> None:
    with world.database.writing() as session:
        hand = Hand(world.visitor(who), As.STAFF, filed.reference, datetime.now(UTC))
        moves.rule_themes(session, world.app.extensions["workbench"], hand, frozenset(themes), "r1")


def marked(page: Page, theme: Theme) -> list[str]:
    """The runs of the page that are underlined for a theme, in its order."""
    return [words(one) for one in page.tree.iter("mark") if theme.value in str(one.get("data-told")).split()]


def folded(page: Page) -> str:
    return next((words(one) for one in page.tree.iter("details") if one.get("id") == "understood"), "")


def test_the_customer_reads_sentences_about_the_service_with_their_own_words(world: World) -> None:
    filed = told(world)
    page = world.customer(filed).get(f"/case/{filed.reference}")
    text = folded(page)
    assert "The machine left no way out. rather sure" in text
    assert "There was no human whom you could reach. perhaps" in text
    assert text.index("no way out") < text.index("no human whom")
    assert "no price, no priority, no refusal" in text
    assert "contempt" not in text.lower()
    assert "0.9" not in page.text
    assert marked(page, Theme.MACHINE_DEAD_END)[0] == "took my card"
    assert marked(page, Theme.NO_HUMAN_REACHABLE)[0] == "Nobody was at the counter."
    assert "/reader" in page.links()
    # The quotation is the text as it was typed, escaped once; the whole story is there too.
    assert "The machine took my card & kept it." in text
    assert words_of(page, "whole-story").endswith(STORY)
    assert page.main.index("What we understood") > page.main.index("Nobody was at the counter")


def words_of(page: Page, name: str) -> str:
    return next(words(one) for one in page.tree.iter() if name in str(one.get("class", "")).split())


@pytest.mark.parametrize(
    ("reading", "sentence"),
    [
        (NOTHING, "An ordinary incident"),
        (LOST, "did not understand yours. A person reads it."),
        (None, "No program has read your story. A person reads it."),
    ],
    ids=["ordinary", "abstained", "no reading"],
)
def test_an_ordinary_incident_is_an_answer_and_so_is_not_to_understand(
    small_world: World, reading: Reading | None, sentence: str
) -> None:
    filed = told(small_world, reading)
    assert sentence in folded(small_world.customer(filed).get(f"/case/{filed.reference}"))
    fold = folded(small_world.customer(filed, "fr").get(f"/case/{filed.reference}"))
    assert "Ce que nous avons compris" in fold
    desk = small_world.staff("agent@poste").get(f"/desk/{filed.reference}").text
    assert ("The reader has not read this story." in desk) == (reading is None)


def test_where_nobody_reads_no_person_is_promised(small_world: World) -> None:
    filed = told(small_world, LOST, organisation="nobody")
    fold = folded(small_world.customer(filed).get(f"/case/{filed.reference}"))
    assert "did not understand yours." in fold
    assert "A person reads" not in fold


def test_what_people_say_stands_in_the_place_of_what_the_reader_said(world: World) -> None:
    filed = told(world)
    rule(world, filed, Theme.MACHINE_DEAD_END, Theme.NO_GUIDANCE)
    page = world.customer(filed).get(f"/case/{filed.reference}")
    fold = folded(page)
    assert "Nadia Ferrand read it on" in fold
    assert "rather sure" not in fold
    assert "Nobody and nothing explained the machine to you." in fold
    assert "no human whom" not in fold
    assert marked(page, Theme.MACHINE_DEAD_END)[0] == "took my card"
    rule(world, filed)
    fold = folded(world.customer(filed).get(f"/case/{filed.reference}"))
    assert "as an ordinary incident" in fold
    assert "took my card" not in fold
    desk = world.staff("supervisor@poste").get(f"/desk/{filed.reference}").text
    assert "that no theme is told" in desk


def test_an_erased_story_leaves_nothing_to_show(small_world: World) -> None:
    filed = told(small_world)
    with small_world.database.writing() as session:
        number = session.scalars(select(Message.id)).one()
        hand = Hand(small_world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        redaction.redact(session, small_world.app.extensions["workbench"], hand, number, "asked")
    assert folded(small_world.customer(filed).get(f"/case/{filed.reference}")) == ""
    assert "took my card" not in small_world.staff("agent@poste").get(f"/desk/{filed.reference}").text


def test_the_desk_sees_how_sure_in_which_words_and_what_came_next(world: World) -> None:
    filed = told(world)
    for language, sure, near in (
        ("en", "Machine dead end rather sure", "Contempt told: about 2 in 10"),
        ("fr", "plutôt sûr", "environ 2 chances sur 10"),
    ):
        page = world.staff("agent@poste", language).get(f"/desk/{filed.reference}")
        assert sure in words_of(page, "themes")
        assert near in page.text.replace("\u00a0", " ")
        # Once in the story, once in the quotation.
        assert marked(page, Theme.MACHINE_DEAD_END) == ["took my card", "took my card"]
        assert words_of(page, "words") == STORY
        assert "r1" in page.text
    assert "Less than" not in page.text


def look_over(world: World, *filed: Filed, why: str = "sample", days: int = 0) -> list[int]:
    with world.database.writing() as session:
        made = [
            ReviewPick(
                case_id=case_of(world, one).id, organisation_id=world.organisations["poste"], why=why,
                day=datetime.now(UTC).date() - days * DAY,
            )
            for one in filed
        ]  # fmt: skip
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def confirm(desk: Browser, page: Page, number: int, status: int = 200, **given: Any) -> Page:
    data = {"version": page.fields(having="theme")["version"], "theme": [], **given}
    return desk.post(f"/desk/readings/{number}", data, status)


def test_stories_are_looked_over_one_after_the_other(world: World) -> None:
    one, other, third = told(world), told(world, contact=Contact(name="Ann Other")), told(world, contact=Contact())
    suggested = look_over(world, third, why="unsure")
    drawn = look_over(world, other, one)[::-1]
    desk = world.staff("agent@poste")
    assert "3 stories to look over" in desk.get("/desk").main
    page = desk.get("/desk/readings")
    assert "1 of 3" in page.main
    assert "Drawn by lot" in page.main
    page = confirm(desk, page, drawn[0], theme=[Theme.MACHINE_DEAD_END.value])
    assert "Ann Other" in page.main
    page = desk.get(f"/desk/readings?after={drawn[1]}")  # skipped
    assert "The reader doubts here" in page.main
    page = confirm(desk, page, suggested[0])
    assert "1 story was skipped" in page.main
    assert "1 story to look over" in desk.get("/desk").main
    with world.database.reading() as session:
        rows = session.execute(select(ThemeRuling.theme, ThemeRuling.verdict, ThemeRuling.source)).all()
        assert ("machine_dead_end", "confirmed", "sample") in rows
        assert ("no_human_reachable", "rejected", "unsure") in rows
        open_still = session.scalars(select(ReviewPick.case_id).where(ReviewPick.done_at.is_(None))).all()
        assert open_still == [case_of(world, other).id]
        seen = session.scalars(select(AccessRecord.case_id)).all()
    assert set(seen) >= {case_of(world, one).id, case_of(world, third).id}


@pytest.mark.parametrize(
    ("reading", "said", "after"),
    [
        (READING, tuple(REASONS), "The reader had said the same."),
        (READING, (Theme.MACHINE_DEAD_END,), "The reader had also seen: No human reachable."),
        (
            READING,
            (Theme.MACHINE_DEAD_END, Theme.CONTEMPT),
            "also seen: No human reachable. The reader had not seen: Contempt told.",
        ),
        (READING, (), "no theme is told here. The reader had also seen: No human reachable, Machine dead end."),
        (NOTHING, (), "The reader had said the same."),
        (LOST, (), "The reader had not understood this story."),
    ],
    ids=["the same", "also", "both", "nothing told", "ordinary", "abstained"],
)
def test_a_drawn_story_is_judged_blind_and_the_reader_speaks_afterwards(
    small_world: World, reading: Reading, said: tuple[Theme, ...], after: str
) -> None:
    filed = told(small_world, reading)
    (number,) = look_over(small_world, filed)
    desk = small_world.staff("agent@poste")
    page = desk.get("/desk/readings")
    # The same page whatever the reader made of it: the text, and all fourteen with none ticked.
    assert words_of(page, "words") == STORY
    boxes = [one for one in page.tree.iter("input") if one.get("name") == "theme"]
    assert {one.get("value") for one in boxes} == {theme.value for theme in Theme}
    assert not [one for one in boxes if one.get("checked") is not None]
    assert list(page.tree.iter("mark")) == []
    for word in ("rather sure", "perhaps", "in which words", "Why not another one", "of the reader", "data-told"):
        assert word not in page.text
    assert f"/desk/{filed.reference}" not in page.links()
    assert "".join(str(one.get("data-key")) for one in boxes) == "123456789abcde"
    given = {"theme": [one.value for one in said]} if said else {"none": "1"}
    assert after in confirm(desk, page, number, **given).text
    with small_world.database.reading() as session:
        assert sampled.sample_figures(session).n == 1
    again = confirm(desk, page, number, **given).text
    assert "What you said of this story is kept." in again


def test_an_answer_that_says_nothing_or_two_things_is_asked_back_and_loses_no_tick(small_world: World) -> None:
    (number,) = look_over(small_world, told(small_world))
    desk = small_world.staff("agent@poste", "fr")
    page = desk.get("/desk/readings")
    assert "Cochez ce que le récit raconte" in confirm(desk, page, number, 422).main
    page = confirm(desk, page, number, 422, theme=[Theme.CONTEMPT.value], none="1")
    assert "lequel des deux" in page.main
    ticked = [one.get("value") for one in page.tree.iter("input") if one.get("checked") is not None]
    assert ticked == [Theme.CONTEMPT.value]
    assert "Le lecteur avait" not in page.text


def test_whoever_is_slower_or_types_nonsense_gets_a_civil_answer(small_world: World) -> None:
    filed, other = told(small_world), told(small_world, contact=Contact())
    number, _ = look_over(small_world, filed, other)
    desk = small_world.staff("agent@poste")
    page = desk.get("/desk/readings")
    again = confirm(desk, page, number, 422, theme=["anger"])
    assert again.main.index("theme") < again.main.index("What happened")
    rule(small_world, filed, Theme.CONTEMPT, who="supervisor@poste")
    assert "meanwhile" in confirm(desk, page, number, theme=[]).text
    assert case_of(small_world, filed).themes == {Theme.CONTEMPT: "confirmed"}
    for after in ("x", "0", "-1", "9" * 40, str(number + 99)):
        desk.get(f"/desk/readings?after={after}")
    confirm(desk, page, 10**17, 404)
    small_world.staff("agent@banque").post(f"/desk/readings/{number}", {"version": "1"}, 404)


def test_a_story_waits_a_week_before_its_own_team_alone(small_world: World) -> None:
    old, fresh = told(small_world), told(small_world, contact=Contact(name="Ann Other"))
    look_over(small_world, old, days=7)
    look_over(small_world, fresh, days=6)
    assert "1 story to look over" in small_world.staff("agent@poste").get("/desk").main
    assert "Ann Other" in small_world.staff("supervisor@poste").get("/desk/readings").main
    assert "No story to look over" in small_world.staff("agent@banque").get("/desk/readings").main
    assert "look over" not in small_world.staff("neutral").get("/desk").main
    small_world.staff("neutral").get("/desk/readings", 403)
    assert reviewing.LIVES == 7 * DAY


def test_every_theme_lights_up_its_words() -> None:
    style = (Path(__file__).parents[2] / "static" / "doleance.css").read_text(encoding="utf8")
    assert [theme for theme in Theme if f'mark[data-told~="{theme.value}"]' not in style] == []
