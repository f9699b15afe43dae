"""Ruling on a contested reading: who may, what it changes, and what each side reads of it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from cx.disputes import clockwork, dossier, reader_switch, redaction
from cx.disputes.audit import verify
from cx.disputes.moves import Hand
from cx.disputes.opinions import opinion_figures
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import AccessRecord, CaseTheme, Letter, Message, ReadingOpinion, ThemeRuling
from tests.answering import send, taken
from tests.contesting import SEEN, STORY, leave, opinions, read, say

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Browser, Page
    from tests.world import World

OUTCOME = "You are right: the second clerk was kind. I took contempt out."


def contested(world: "World", **said: str) -> "Filed":
    """A story whose reading its customer contradicts."""
    filed = read(world)
    say(world.customer(filed), filed, **(said or {"contempt": "wrong", "why": "They were kind in the end."}))
    return filed


def rule(browser: "Browser", filed: "Filed", *themes: str, status: int = 200, **typed: str) -> "Page":
    path = f"/desk/{filed.reference}/reading"
    fields = browser.get(path).fields(having="opinion")
    known = {name: fields[name] for name in ("opinion", "text")}
    return browser.post(path, {**known, "text": OUTCOME, **typed, "theme": list(themes)}, status)


def test_the_neutral_rules_and_both_sides_read_it(world: "World") -> None:
    filed = contested(world)
    neutral = world.staff("neutral")
    assert "1 person contradicts the reader" in neutral.get("/desk").main
    assert "Yours to rule on" in neutral.get("/desk/contested").main
    page = neutral.get(f"/desk/{filed.reference}/reading")
    assert "They were kind in the end." in page.main
    assert page.fields(having="opinion")["text"].startswith("Hello Madeleine Garnier,")
    assert "Yours to rule on, by " in page.main
    assert f"/desk/{filed.reference}" not in page.links()
    assert f"/desk/{filed.reference}" in world.staff("supervisor@poste").get(f"/desk/{filed.reference}/reading").links()
    neutral.get(f"/desk/{filed.reference}", 404)
    rule(neutral, filed, "no_human_reachable")
    (row,) = opinions(world)
    assert (row.status, row.account_id) == ("changed", world.people["neutral"])
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert page.main.count(OUTCOME) == 2  # under what we understood, and in the conversation
    assert "Hélène Varga read your story again" in page.main
    with world.database.reading() as session:
        rulings = session.execute(select(ThemeRuling.theme, ThemeRuling.verdict, ThemeRuling.source)).all()
        assert {tuple(one) for one in rulings} == {
            ("contempt", "rejected", "contest"), ("no_human_reachable", "confirmed", "contest"),
        }  # fmt: skip
        assert list(session.scalars(select(CaseTheme.theme))) == ["no_human_reachable"]
        kinds = set(session.scalars(select(Letter.kind)))
        assert {"reading_contested", "reading_ruled"} <= kinds
        assert session.scalar(select(func.count()).select_from(AccessRecord).where(AccessRecord.what == "reading")) == 3
        assert list(verify(session)) == []
        figures = opinion_figures(session, datetime.now(UTC))
    assert (figures.shown, figures.opinions, figures.contested, figures.ruled, figures.changed) == (1, 1, 1, 1, 1)
    assert (figures.open, figures.overdue) == (0, 0)
    assert figures.median_days is not None and figures.median_days < 1
    neutral.get(f"/desk/{filed.reference}/reading", 404)
    assert "contradicts" not in neutral.get("/desk").main
    sent = {"opinion": str(row.id), "text": OUTCOME}
    path = f"/desk/{filed.reference}/reading"
    assert "Your ruling is written" in neutral.post(path, sent).text  # the second of two clicks
    assert "Somebody else ruled" in world.staff("supervisor@poste").post(path, sent).text
    world.staff("supervisor@banque").post(path, sent, 404)
    assert len(opinions(world)) == 1
    with world.database.reading() as session:
        taken_along = dossier.collect(session, world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
    assert {"They were kind in the end.", OUTCOME} <= {one.text for one in taken_along.said}
    assert {"reading_opined", "reading_ruled"} <= {one.kind for one in taken_along.timeline}


def test_without_a_neutral_a_supervisor_rules_who_did_not_handle_the_case(world: "World") -> None:
    leave(world, "neutral")
    filed = contested(world, missing="y")
    agent, supervisor = world.staff("agent@poste"), world.staff("supervisor@poste")
    assert "The person contradicts the reader" in agent.get(f"/desk/{filed.reference}").main
    assert "A supervisor rules who did not handle the case" in agent.get("/desk/contested").main
    page = agent.get(f"/desk/{filed.reference}/reading")
    assert "Your ruling" not in page.main
    supervisor.get(f"/desk/{filed.reference}/reading")
    world.staff("supervisor@banque").get(f"/desk/{filed.reference}/reading", 404)
    opinion = opinions(world)[0].id
    refused = agent.post(f"/desk/{filed.reference}/reading", {"opinion": str(opinion), "text": OUTCOME}, 422)
    assert opinions(world)[0].status == "open"
    assert "Another person has to rule on this one." in refused.main
    rule(supervisor, filed, "contempt", "no_human_reachable")
    assert opinions(world)[0].status == "kept"
    again = say(world.customer(filed), filed, contempt="wrong")
    assert "A colleague who did not handle your case" in again.main  # the supervisor named the themes
    assert "Yours to rule on" in agent.get("/desk/contested").main


def test_whoever_rules_says_what_was_decided_and_loses_nothing_that_was_typed(small_world: "World") -> None:
    filed = contested(small_world)
    neutral = small_world.staff("neutral")
    path = f"/desk/{filed.reference}/reading"
    as_it_was = neutral.get(path).fields(having="opinion")["text"]
    for text in ("", as_it_was):
        page = rule(neutral, filed, "no_choice", status=422, text=text)
        assert "Say in a sentence or two" in page.main
        assert page.fields(having="opinion")["theme"] == "no_choice"
    assert "Choose themes from the list." in rule(neutral, filed, "boredom", status=422).main
    old = neutral.get(path).fields(having="opinion")["opinion"]
    say(small_world.customer(filed), filed, missing="y", why="Nobody came at all.")
    slower = rule(neutral, filed, "no_choice", status=409, opinion=old)
    assert "Nobody came at all." in slower.main
    assert OUTCOME in slower.main
    rule(neutral, filed, "no_choice", status=404, opinion="9" * 18)
    rule(neutral, filed, "no_choice", status=404, opinion="x")


def test_a_ruling_answers_nothing_else(small_world: "World") -> None:
    desk, filed = taken(small_world, text=STORY, reading=SEEN)
    small_world.customer(filed).post(f"/case/{filed.reference}/message", {"message": "And my money?"})
    say(small_world.customer(filed), filed, contempt="wrong")
    assert "New message" in desk.get("/desk?tab=mine").main
    rule(small_world.staff("neutral"), filed, "no_human_reachable")
    assert "New message" in desk.get("/desk?tab=mine").main
    send(desk, filed, "reply", text="It is on its way.")
    say(small_world.customer(filed), filed, missing="y")
    assert "New message" not in desk.get("/desk?tab=mine").main


def test_what_is_overdue_is_said_once_and_a_supervisor_may_step_in(world: "World") -> None:
    filed = contested(world)
    late = datetime.now(UTC) - timedelta(hours=1)
    with world.database.writing() as session:
        session.execute(update(table(ReadingOpinion)).values(due_at=late))
    bench = world.app.extensions["workbench"]
    for _ in range(2):
        clockwork.tick(world.database, bench, datetime.now(UTC))
    with world.database.reading() as session:
        told = session.scalars(select(Letter.account_id).where(Letter.kind == "reading_late")).all()
        assert list(told) == [world.people["agent@poste"]]
        assert opinion_figures(session, datetime.now(UTC)).overdue == 1
    assert "a ruling is overdue" in world.staff("agent@poste").get("/desk").main
    assert "has not come yet" in world.customer(filed).get(f"/case/{filed.reference}").main
    rule(world.staff("supervisor@poste"), filed, "no_human_reachable")
    assert opinions(world)[0].status == "changed"


def test_when_the_story_is_taken_out_what_was_said_of_it_goes_with_it(world: "World") -> None:
    filed = contested(world)
    rule(world.staff("neutral"), filed, "no_human_reachable")
    with world.database.writing() as session:
        story = session.scalars(select(Message.id).where(Message.kind == "story")).one()
        hand = Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        redaction.redact(session, world.app.extensions["workbench"], hand, story, "asked")
    with world.database.reading() as session:
        assert list(session.scalars(select(Message.text).where(Message.text.is_not(None)))) == []
        assert list(verify(session)) == []
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert OUTCOME not in page.text
    assert "kind in the end" not in world.staff("agent@poste").get(f"/desk/{filed.reference}").text


def test_managers_and_customers_do_not_rule(small_world: "World") -> None:
    filed = contested(small_world)
    small_world.staff("manager@poste").get(f"/desk/{filed.reference}/reading", 403)
    assert small_world.customer(filed).raw("POST", f"/desk/{filed.reference}/reading").status_code == 401
    assert opinions(small_world)[0].status == "open"


def test_while_the_reader_is_off_a_ruling_shows_what_the_person_says_alone(small_world: "World") -> None:
    filed = contested(small_world, contempt="wrong", no_human_reachable="right")
    with small_world.database.writing() as session:
        reader_switch.turn(session, False, "It calls everybody rude.", small_world.people["admin"], datetime.now(UTC))
    neutral = small_world.staff("neutral")
    page = neutral.get(f"/desk/{filed.reference}/reading")
    assert list(page.tree.iter("mark")) == []
    boxes = {one.get("value"): one for one in page.tree.iter("input") if one.get("name") == "theme"}
    assert not [one for one in boxes.values() if one.get("checked") is not None]
    assert set(list(boxes)[:2]) == {"contempt", "no_human_reachable"}
    rule(neutral, filed, "no_human_reachable")
    assert [one.status for one in opinions(small_world)] == ["changed"]
    reader_switch.forget()
