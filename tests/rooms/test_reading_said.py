"""A customer contradicts the reader on the page of the case, and gets an answer from a person within two working days."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from cx.core.incident import Reading
from cx.core.words import Wish
from cx.disputes import reader_switch, redaction
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.disputes.storing import table
from cx.intake.reading_said import MOST_FROM_ONE
from models import Case, EventRow, LoginAttempt, Message, ReadingOpinion, ReadingRow, ThemeRuling
from tests.contesting import SEEN, STORY, leave, opinions, read, say

if TYPE_CHECKING:
    from tests.world import World


def test_every_theme_that_was_understood_can_be_contradicted(world: "World") -> None:
    filed = read(world)
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert "Is that right?" in page.main
    names = {one.get("name") for one in page.tree.iter("input")}
    assert {"reads_contempt", "reads_no_human_reachable", "reading_missing"} <= names
    assert "reads_no_choice" not in names
    assert page.fields(having="reading_why") == {"reading_why": ""}
    assert "Somebody who belongs to neither side" in page.main


def test_a_no_is_kept_dated_and_moves_nothing(world: "World") -> None:
    filed = read(world)
    with world.database.reading() as session:
        before = session.execute(select(table(Case)).where(table(Case).c.id == filed.case_id)).one()
    page = say(world.customer(filed), filed, contempt="wrong", no_human_reachable="right", why="They were kind.")
    (row,) = opinions(world)
    assert row.said == {"right": ["no_human_reachable"], "wrong": ["contempt"], "missing": False}
    assert (row.status, row.reader_version) == ("open", "test")
    assert "looks at it by" in page.main
    assert "They were kind." in page.main
    with world.database.reading() as session:
        after = session.execute(select(table(Case)).where(table(Case).c.id == filed.case_id)).one()
        line = session.scalars(select(EventRow).where(EventRow.case_id == filed.case_id, EventRow.seq == row.seq)).one()
        message = session.scalars(select(Message).where(Message.kind == "reading_said")).one()
    moved = {name for name in before._fields if getattr(before, name) != getattr(after, name)}
    assert moved <= {"version", "head"}
    assert (line.kind, message.seq, message.audience) == ("reading_opined", row.seq, "both")
    assert "kind" not in line.data


def test_only_right_needs_no_ruling_and_is_no_confirmation_by_staff(world: "World") -> None:
    filed = read(world)
    page = say(world.customer(filed), filed, contempt="right")
    assert "that this is right" in page.main
    assert [one.status for one in opinions(world)] == ["agreed"]
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ThemeRuling)) == 0


def test_nothing_chosen_and_too_long_a_line_are_said_beside_the_field_and_keep_what_was_typed(
    small_world: "World",
) -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    page = say(browser, filed, 422)
    assert "Please choose something first" in page.main
    page = say(browser, filed, 422, contempt="wrong", why="x" * 501)
    assert "This text has 501 characters" in page.main
    assert page.fields(having="reading_why")["reading_why"] == "x" * 501
    assert page.fields(having="reading_why")["reads_contempt"] == "wrong"
    assert page.text.count('<details id="understood" open') == 1
    assert opinions(small_world) == []


def test_a_fourth_opinion_of_the_day_is_refused_with_a_day_on_which_it_is_taken(small_world: "World") -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    for why in ("One.", "Two.", "Three."):
        say(browser, filed, missing="y", why=why)
    page = say(browser, filed, 422, missing="y", why="Four.")
    assert "from tomorrow on" in page.main
    assert page.fields(having="reading_why")["reading_why"] == "Four."
    assert [one.status for one in opinions(small_world)] == ["replaced", "replaced", "open"]
    with small_world.database.writing() as session:
        rows = update(table(ReadingOpinion)).where(table(ReadingOpinion).c.status == "replaced")
        session.execute(rows.values(at=datetime.now(UTC) - timedelta(days=2)))
    say(browser, filed, missing="y", why="Four.")


def test_two_clicks_are_one_opinion(small_world: "World") -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    for said in ({"contempt": "wrong"}, {"contempt": "wrong", "why": "They were kind."}):
        say(browser, filed, **said)
        say(browser, filed, **said)
    assert [one.status for one in opinions(small_world)] == ["replaced", "open"]


def test_one_address_cannot_flood(small_world: "World") -> None:
    filed = read(small_world)
    subject = None
    say(small_world.customer(filed), filed, contempt="right")
    with small_world.database.writing() as session:
        subject = session.scalar(select(LoginAttempt.subject))
        session.add_all(LoginAttempt(subject=subject, at=datetime.now(UTC)) for _ in range(MOST_FROM_ONE))
    page = say(small_world.customer(filed), filed, 429, contempt="wrong")
    assert "in an hour" in page.main
    assert page.fields(having="reading_why")["reads_contempt"] == "wrong"


def test_what_was_contradicted_is_named_and_saying_more_begins_with_it(small_world: "World") -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    page = say(browser, filed, contempt="wrong", why="They were kind.")
    assert "Not that · You tell of contempt in how you were dealt with." in page.main
    assert "You said so on" in page.main
    kept = page.fields(having="reading_why")
    assert (kept["reads_contempt"], kept["reading_why"]) == ("wrong", "They were kind.")
    assert "in the place of what you said before" in page.main
    browser.post(f"/case/{filed.reference}/reading", {**kept, "reading_missing": "y"})
    assert [one.status for one in opinions(small_world)] == ["replaced", "open"]
    assert opinions(small_world)[-1].said == {"right": [], "wrong": ["contempt"], "missing": True}


def test_each_theme_is_asked_once_beside_its_own_words(small_world: "World") -> None:
    filed = read(small_world)
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    items = [one for one in page.tree.iter("li") if one.get("data-theme") == "contempt"]
    assert [one.get("value") for item in items for one in item.iter("input")] == ["right", "wrong"]
    assert sum(one.get("name") == "reads_contempt" for one in page.tree.iter("input")) == 2


def test_whoever_has_no_script_lands_where_the_answer_stands(small_world: "World") -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    sent = browser.client.post(f"/case/{filed.reference}/reading", data={"reads_contempt": "wrong"})
    anchor = sent.headers["Location"].partition("#")[2]
    page = browser.get(f"/case/{filed.reference}")
    assert anchor in {one.get("id") for one in page.tree.iter("h3")}


def test_nothing_is_asked_of_a_reading_that_is_not_there(small_world: "World") -> None:
    filed = read(small_world)
    with small_world.database.writing() as session:
        reader_switch.turn(session, False, "Too many mistakes.", small_world.people["admin"], datetime.now(UTC))
    try:
        page = small_world.customer(filed).get(f"/case/{filed.reference}")
    finally:
        reader_switch.forget()
    assert "switched off here" in page.main
    assert "reading_why" not in page.text


def test_a_stranger_says_nothing(small_world: "World") -> None:
    filed = read(small_world)
    say(small_world.browser(), filed, 401, contempt="wrong")
    other = read(small_world)
    say(small_world.customer(other), filed, 401, contempt="wrong")
    assert opinions(small_world) == []


def test_themes_that_nobody_named_are_left_out(small_world: "World") -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    browser.post(f"/case/{filed.reference}/reading", {"reads_no_choice": "wrong", "reads_boredom": "wrong"}, 422)
    browser.post(f"/case/{filed.reference}/reading", {"reads_contempt": "maybe"}, 422)
    assert opinions(small_world) == []


@pytest.mark.parametrize("reading", [None, Reading("test", {}, (), False, "en"), Reading("test", {}, (), True, "")])
def test_where_nothing_was_seen_one_may_say_what_is_missing(small_world: "World", reading: Reading | None) -> None:
    filed = small_world.tell(text=STORY, reading=reading, wish=Wish.TELL)
    browser = small_world.customer(filed)
    page = browser.get(f"/case/{filed.reference}")
    assert (
        "What did we miss?" if reading and not reading.abstained else "What should a person see in it?"
    ) in page.main
    assert "Right" not in page.main
    assert "reading_missing" not in page.text
    page = say(browser, filed, 422)
    assert "Please write a line first" in page.main
    assert 'id="reading_why-error"' in page.text
    say(browser, filed, why="Nobody was there at all.")
    assert [one.said["missing"] for one in opinions(small_world)] == [True]


def test_nobody_is_promised_where_nobody_is(small_world: "World") -> None:
    filed = small_world.tell("nobody", text=STORY, reading=SEEN)
    with_neutral = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert "Is that right?" in with_neutral.main
    leave(small_world, "neutral")
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert "Is that right?" not in page.main
    page = say(small_world.customer(filed), filed, 422, contempt="wrong")
    assert "Nobody is here who could rule on it" in page.main


def test_with_the_story_goes_what_waited_for_a_ruling_on_it(small_world: "World") -> None:
    filed = read(small_world)
    browser = small_world.customer(filed)
    say(browser, filed, contempt="wrong", why="They were kind.")
    assert "With the story goes what was said of how it was read." in browser.get(f"/case/{filed.reference}/texts").main
    with small_world.database.writing() as session:
        number = session.scalars(select(Message.id).where(Message.kind == "story")).one()
        hand = Hand(small_world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        redaction.redact(session, small_world.app.extensions["workbench"], hand, number, "asked")
    assert [one.status for one in opinions(small_world)] == ["replaced"]
    neutral = small_world.staff("neutral")
    assert filed.reference not in neutral.get("/desk/contested").main
    neutral.get(f"/desk/{filed.reference}/reading", 404)
    page = say(browser, filed, 422, contempt="wrong", why="From an older page.")
    assert "Your story was taken out" in page.main
    assert "From an older page." in page.main
    assert "They were kind." not in page.text


def test_french_too(small_world: "World") -> None:
    filed = read(small_world, language="fr")
    page = small_world.customer(filed, "fr").get(f"/case/{filed.reference}")
    assert "Est-ce juste" in page.main
    page = say(small_world.customer(filed, "fr"), filed, contempt="wrong")
    assert "d’ici au" in page.main.replace("\u00a0", " ")


def test_the_row_of_the_reading_stays_as_it_was(small_world: "World") -> None:
    filed = read(small_world)
    say(small_world.customer(filed), filed, contempt="wrong")
    with small_world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReadingRow)) == 1
