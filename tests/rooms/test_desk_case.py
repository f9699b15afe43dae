"""The case page: who sees what, who may do what, and what happens when two people act at once."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from cx.core.incident import Contact
from cx.core.words import Action, Origin, Theme, Wish
from cx.disputes import moves
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import AccessRecord, Case, CaseTheme, EventRow, Letter, Message, ThemeRuling
from tests.answering import OFFER, TODAY, case_of, offered, send, taken
from tests.world import World


def test_taking_a_case_sends_the_ready_letter_in_the_language_of_the_person(world: World) -> None:
    filed = world.tell(text="Encore la borne.", language="fr", detected_language="fr")
    desk = world.staff("agent@poste")
    page = desk.get(f"/desk/{filed.reference}")
    assert page.fields(having="text")["text"].startswith("Bonjour Madeleine Garnier,")
    send(desk, filed, "take")
    case = case_of(world, filed)
    assert (case.state, case.person.name if case.person else "") == ("acknowledged", "Nadia Ferrand")
    assert "Nadia Ferrand" in (case.said[-1].text or "")
    assert "Bonjour Madeleine Garnier" in world.customer(filed).get(f"/case/{filed.reference}").text
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Letter).where(Letter.kind == "acknowledged")) == 1


def test_a_story_that_asks_for_nothing_is_thanked_and_leaves_the_list(world: World) -> None:
    desk, filed = taken(world, wish=Wish.TELL)
    assert case_of(world, filed).state == "none"
    assert filed.reference not in desk.get("/desk?tab=take").text


def test_a_reply_a_question_and_its_answer(world: World) -> None:
    desk, filed = taken(world)
    send(desk, filed, "reply", text="I am still looking.")
    send(desk, filed, "ask", text="At what time was it?")
    case = case_of(world, filed)
    assert case.state == "awaiting_customer"
    assert [one.kind for one in case.said] == ["story", "acknowledgement", "reply", "question"]
    assert "A question is open" in desk.get(f"/desk/{filed.reference}").main


def test_what_was_agreed_is_said_to_be_done_with_its_proof(world: World) -> None:
    filed = offered(world)
    with world.database.writing() as session:
        hand = Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        moves.do(session, world.app.extensions["workbench"], hand, Action.ACCEPT, {"version": 1})
    send(world.staff("agent@poste"), filed, "done", proof="Transfer 4711")
    case = case_of(world, filed)
    assert (case.state, case.offers[0].proof) == ("accepted", "Transfer 4711")


def test_a_case_passes_to_a_colleague_rests_and_comes_back(small_world: World) -> None:
    desk, filed = taken(small_world)
    send(desk, filed, "shelf", 422, back_on=TODAY.isoformat())
    send(desk, filed, "shelf", back_on=(TODAY + timedelta(days=5)).isoformat())
    assert filed.reference in desk.get("/desk?tab=resting").text
    send(desk, filed, "hand", to=str(small_world.people["agent2@poste"]))
    assert filed.reference in small_world.staff("agent2@poste").get("/desk?tab=mine").text
    send(small_world.staff("agent2@poste"), filed, "hand", 422, to=str(small_world.people["agent@banque"]))


def test_a_call_is_noted_with_what_was_promised(small_world: World) -> None:
    desk, filed = taken(small_world)
    back = (TODAY + timedelta(days=3)).isoformat()
    send(desk, filed, "call", text="She called at noon.", promised="A stamp by Friday", back_on=back)
    case = case_of(small_world, filed)
    assert (case.said[-1].internal, case.bring_back_on) == (True, TODAY + timedelta(days=3))
    assert "A stamp by Friday" in (case.said[-1].text or "")


def test_internal_words_never_reach_the_customer(world: World) -> None:
    desk, filed = taken(world)
    canaries = [f"canary{secrets.token_hex(6)}" for _ in range(4)]
    send(desk, filed, "note", text=canaries[0])
    send(desk, filed, "note", text=canaries[0])
    send(desk, filed, "call", text=canaries[1], promised=canaries[2])
    send(world.staff("supervisor@poste"), filed, "note", text=canaries[3])
    assert sum(one.text == canaries[0] for one in case_of(world, filed).said) == 1
    told = world.customer(filed).get(f"/case/{filed.reference}").text
    assert not [canary for canary in canaries if canary in told]
    with world.database.reading() as session:
        for letter in session.scalars(select(Letter)):
            assert not [canary for canary in canaries if canary in str(letter.data)]
    assert filed.reference in desk.get(f"/desk?q={canaries[0]}").text


def test_two_people_at_once_one_wins_and_the_other_keeps_the_text(world: World) -> None:
    filed = world.tell()
    slow, fast = world.staff("agent2@poste"), world.staff("agent@poste")
    seen = slow.get(f"/desk/{filed.reference}").fields(having="text")
    send(fast, filed, "take")
    page = slow.post(f"/desk/{filed.reference}/take", {**seen, "text": "My own careful letter"}, 409)
    assert "Nadia Ferrand was faster" in page.main
    assert page.fields(having="text")["text"].strip() == "My own careful letter"
    assert page.fields(having="text")["version"] == str(case_of(world, filed).version)
    # The same for a second answer to the same case, and nothing was written twice.
    stale = {**OFFER, "version": seen["version"], "text": "Another careful letter"}
    page = slow.post(f"/desk/{filed.reference}/offer", stale, 409)
    assert "Another careful letter" in page.text
    with world.database.reading() as session:
        case_id = case_of(world, filed).id
        kinds = session.scalars(select(EventRow.kind).where(EventRow.case_id == case_id)).all()
    assert kinds.count("acknowledged") == 1
    assert "offered" not in kinds


def test_a_foreign_case_is_like_one_that_does_not_exist(world: World) -> None:
    filed = world.tell()
    other = world.staff("agent@banque")
    answers = set()
    for reference in (filed.reference, "DL-0000-0000", "nonsense"):
        got = other.get(f"/desk/{reference}", 404)
        posted = other.post(f"/desk/{reference}/note", {"text": "A word", "version": "1"}, 404)
        answers.add((got.main.replace(reference, "X"), posted.main.replace(reference, "X")))
    assert len(answers) == 1
    assert len(case_of(world, filed).said) == 1


def test_a_neutral_sees_only_what_is_entrusted_and_writes_without_deciding(world: World) -> None:
    filed, other = world.tell(), world.tell(text="Another story.", contact=Contact())
    with world.database.writing() as session:
        columns = table(Case)
        where = columns.c.reference == filed.reference
        session.execute(columns.update().where(where).values(neutral_id=world.people["neutral"]))
    neutral = world.staff("neutral")
    page = neutral.get("/desk")
    assert filed.reference in page.text
    assert other.reference not in page.text
    neutral.get(f"/desk/{other.reference}", 404)
    ways = [str(form.get("action")).rsplit("/", 1)[-1] for form in neutral.get(f"/desk/{filed.reference}").forms()]
    assert {"reply", "note", "themes"} <= set(ways)
    assert not {"take", "ask", "offer", "refuse", "final", "hand", "shelf"} & set(ways)
    send(neutral, filed, "reply", text="I am listening to both sides.")
    assert case_of(world, filed).said[-1].author == "Hélène Varga"
    assert neutral.raw("POST", f"/desk/{filed.reference}/ask", data={"text": "x"}).status_code == 403


def test_themes_are_ruled_by_a_person_and_every_ruling_is_kept(world: World) -> None:
    desk, filed = taken(world)
    case_id = case_of(world, filed).id
    with world.database.writing() as session:
        for theme in (Theme.CONTEMPT, Theme.NO_CHOICE):
            row = {"case_id": case_id, "theme": theme.value, "organisation_id": world.organisations["poste"]}
            session.add(CaseTheme(**row, status="maybe"))
    page = desk.get(f"/desk/{filed.reference}")
    assert "perhaps" in page.text
    version = page.fields(having="theme")["version"]
    data = {"version": version, "theme": [Theme.CONTEMPT.value, Theme.BURDEN_SHIFTED.value]}
    desk.post(f"/desk/{filed.reference}/themes", data)
    with world.database.reading() as session:
        rulings = session.execute(select(ThemeRuling.theme, ThemeRuling.verdict, ThemeRuling.account_id))
        assert {(theme, verdict) for theme, verdict, _ in rulings} == {
            ("contempt", "confirmed"), ("no_choice", "rejected"), ("burden_shifted", "added"),
        }  # fmt: skip
    assert set(case_of(world, filed).themes.values()) == {"confirmed"}
    desk.post(f"/desk/{filed.reference}/themes", data, 409)
    desk.post(f"/desk/{filed.reference}/themes", {**data, "theme": ["anger"]}, 422)


def test_a_story_from_an_archive_cannot_be_answered(small_world: World) -> None:
    filed = small_world.tell(origin=Origin.IMPORT, wish=Wish.TELL, contact=Contact())
    desk = small_world.staff("agent@poste")
    page = desk.get(f"/desk/{filed.reference}")
    assert "nobody can be answered" in page.main
    assert not [form for form in page.forms() if str(form.get("action", "")).endswith(("/reply", "/take", "/offer"))]
    page = desk.post(f"/desk/{filed.reference}/reply", {"text": "Hello?", "version": "1"}, 409)
    assert "Hello?" in page.text
    with small_world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_opening_a_case_is_recorded(world: World) -> None:
    filed = world.tell()
    world.staff("agent@poste").get(f"/desk/{filed.reference}")
    with world.database.reading() as session:
        row = session.scalars(select(AccessRecord)).one()
    assert (row.account_id, row.what) == (world.people["agent@poste"], "case")


def test_after_sending_one_stays_or_goes_to_the_next(small_world: World) -> None:
    desk, first = taken(small_world)
    second = small_world.tell(text="Another.", contact=Contact(name="Next Person"))
    send(desk, second, "take")
    assert "Next Person" in send(desk, first, "reply", text="A word.", then="next")
    assert "Madeleine Garnier" in send(desk, first, "reply", text="Another word.", then="stay")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_people_type_is_shown_as_they_typed_it(small_world: World, language: str) -> None:
    hostile = "<script>alert(1)</script> {{ 7*7 }} </textarea> %s"
    filed = small_world.tell(text=hostile, contact=Contact(name="<b>Bold</b>"), wish_text="<i>money</i>")
    desk = small_world.staff("agent@poste", language)
    page = desk.get(f"/desk/{filed.reference}")
    assert "<script>alert" not in page.text
    assert page.heading == "<b>Bold</b>"
    assert "{{ 7*7 }}" in page.main
    assert desk.get("/desk?tab=take").status == 200
