"""The tracking page: every state says where it stands and what can be done; what the customer does moves the case."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.incident import Contact
from cx.core.words import Action, MessageKind, State, Wish
from cx.disputes import moves
from cx.disputes.filing import Filed
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, Survey
from tests.answering import TODAY

if TYPE_CHECKING:
    from tests.pages import Browser, Page
    from tests.world import World

REFUND = {"kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": TODAY + timedelta(days=10)}
APOLOGY = {"kind": "apology"}
ANSWERED = {"points": {"1": "partly"}, "reasons": "You are right about the machine.", "text": "x"}
NEXT = {"next_body": "fr_post_ombudsman", "next_body_deadline": "none", "next_body_free": True}


def staff(
    world: "World", filed: Filed, action: Action, words: str = "", who: str = "agent@poste", **facts: Any
) -> None:
    """One act of the service team."""
    kinds = {
        Action.OFFER: MessageKind.OFFER,
        Action.FINAL: MessageKind.FINAL_POSITION,
        Action.ASK: MessageKind.QUESTION,
    }
    text = Text(words, kinds.get(action, MessageKind.REPLY), language="en") if words else None
    bench = world.app.extensions["workbench"]
    with world.database.writing() as session:
        hand = moves.Hand(world.visitor(who), As.STAFF, filed.reference, datetime.now(UTC))
        moves.do(session, bench, hand, action, {**facts, "text": words or "x"}, text)


def offered(world: "World", offer: dict[str, Any]) -> Filed:
    filed = world.tell()
    staff(world, filed, Action.OFFER, "We looked at it and offer this.", **offer, **ANSWERED)
    return filed


def final(world: "World") -> Filed:
    filed = world.tell()
    staff(world, filed, Action.FINAL, "This is our last word.", "supervisor@poste", **ANSWERED, **NEXT)
    return filed


def do(browser: "Browser", filed: Filed, what: str, status: int = 200, **data: str) -> "Page":
    """Press a button of the tracking page as it stands now."""
    seen = browser.get(f"/case/{filed.reference}")
    given = next((form for form in range(len(seen.forms())) if "seen" in seen.fields(form)), None)
    shown = {"seen": seen.fields(given)["seen"]} if given is not None else {}
    return browser.post(f"/case/{filed.reference}/{what}", {**shown, **data}, status=status)


def state(world: "World", filed: Filed) -> str:
    with world.database.reading() as session:
        case = table(Case)
        return str(session.execute(select(case.c.state).where(case.c.reference == filed.reference)).scalar())


def test_an_offer_is_a_card_that_is_accepted_performed_and_ended_by_the_customer(world: "World") -> None:
    filed = offered(world, REFUND)
    browser = world.customer(filed)
    page = browser.get(f"/case/{filed.reference}")
    assert page.heading == "An offer for you." and "€8.95" in page.main and "We looked at it" in page.main
    page = do(browser, filed, "accept")
    assert page.heading == "Agreed. Now it has to be done." and "Was it paid, or done?" in page.main
    page = do(browser, filed, "done")
    assert page.heading == "Ended, by you."
    assert state(world, filed) == State.CLOSED


def test_an_apology_accepted_ends_the_case_in_one_act(small_world: "World") -> None:
    filed = offered(small_world, APOLOGY)
    browser = small_world.customer(filed)
    assert "Accept, and end it" in browser.get(f"/case/{filed.reference}").main
    assert do(browser, filed, "accept").heading == "Ended, by you."


@pytest.mark.parametrize(("what", "field"), [("refuse", "refusal"), ("other", "wanted")])
def test_an_offer_is_refused_or_something_else_is_asked_for(small_world: "World", what: str, field: str) -> None:
    filed = offered(small_world, REFUND)
    browser = small_world.customer(filed)
    page = do(browser, filed, what, **{field: "Please give back all of it."})
    assert page.heading == "Someone else is checking." and "Please give back all of it." in page.main
    assert do(browser, filed, what, **{field: "Please give back all of it."}).heading == "Someone else is checking."


def test_asking_for_something_else_needs_words(small_world: "World") -> None:
    filed = offered(small_world, REFUND)
    page = do(small_world.customer(filed), filed, "other", status=422, wanted=" ")
    assert "Please say what you ask for." in page.main


def test_who_was_slower_gets_the_fresh_page_and_the_text(world: "World") -> None:
    filed = offered(world, REFUND)
    browser = world.customer(filed)
    seen = browser.get(f"/case/{filed.reference}").fields(having="refusal")["seen"]
    better = {**REFUND, "amount_minor": 1790}
    staff(world, filed, Action.OFFER, "We offer more.", **better, **ANSWERED)
    data = {"seen": seen, "refusal": "Not enough, I said."}
    page = browser.post(f"/case/{filed.reference}/refuse", data, status=409)
    assert "€17.90" in page.main and "nothing was done" in page.main
    assert page.fields(having="message")["message"] == "Not enough, I said."
    assert state(world, filed) == State.OFFER_MADE


def test_a_question_is_answered(small_world: "World") -> None:
    filed = small_world.tell()
    staff(small_world, filed, Action.ASK, "Do you still have the ticket?", question="Do you still have the ticket?")
    browser = small_world.customer(filed)
    page = browser.get(f"/case/{filed.reference}")
    assert page.heading == "Your turn: Nadia Ferrand asks you something."
    do(browser, filed, "answer", status=422, answer="")
    page = do(browser, filed, "answer", answer="Yes, here is its number. Card 4111 1111 1111 1111")
    assert page.heading == "Nadia Ferrand is on it."
    assert "4111" not in page.text and "We hid a card number" in page.text


def test_a_question_stands_above_the_place_for_its_answer(small_world: "World") -> None:
    filed = small_world.tell()
    staff(small_world, filed, Action.ASK, "Do you still have the ticket?", question="Do you still have the ticket?")
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert page.main.count("Do you still have the ticket?") == 1
    assert page.main.index("Do you still have the ticket?") < page.main.index("Your answer")
    assert "Write to Nadia Ferrand" not in page.main


def test_an_offer_that_was_not_performed_is_not_part_of_the_final_answer(small_world: "World") -> None:
    filed = offered(small_world, {**REFUND, "pay_by": TODAY})
    browser = small_world.customer(filed)
    do(browser, filed, "accept")
    staff(small_world, filed, Action.PROPOSE_PERFORMED, "It was paid.", proof="transfer 12")
    assert "transfer 12" in browser.get(f"/case/{filed.reference}").main
    owed = do(browser, filed, "not-done").main.partition("Agreed, and still owed to you")[2]
    assert "€8.95" in owed
    staff(small_world, filed, Action.FINAL, "This is our last word.", "supervisor@poste", **ANSWERED, **NEXT)
    page = browser.get(f"/case/{filed.reference}")
    card, _, before = page.main.partition("What was offered before")
    assert page.heading == "Their final answer." and "€8.95" not in card
    assert "€8.95 (agreed, but not done)" in before


def test_pounds_are_written_in_french_as_people_write_them(small_world: "World") -> None:
    filed = offered(small_world, {**REFUND, "currency": "GBP"})
    page = small_world.customer(filed).get(f"/case/{filed.reference}?lang=fr")
    assert "8,95\xa0£" in page.main and "£GB" not in page.text


@pytest.mark.parametrize(("told", "after"), [(400, -1), (1, 300)])
def test_a_final_answer_never_says_to_take_ones_time_while_a_way_is_closing(
    small_world: "World", monkeypatch: pytest.MonkeyPatch, told: int, after: int
) -> None:
    filed = small_world.tell(at=datetime.now(UTC) - timedelta(days=told))
    deadline = TODAY + timedelta(days=after)
    way = {**NEXT, "next_body_deadline": deadline}
    staff(small_world, filed, Action.FINAL, "This is our last word.", "supervisor@poste", **ANSWERED, **way)
    monkeypatch.setattr("cx.intake.standing.resting", lambda *_: True)
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert ("You have until" in page.main) is (after > 0)
    assert ("The time for that ran until" in page.main) is (after < 0)
    assert ("Take your time" in page.main) is (after < 0)


def test_reasons_that_only_repeat_the_letter_are_said_once(small_world: "World") -> None:
    filed = small_world.tell()
    words = "The machine was out of order, and we say sorry."
    staff(small_world, filed, Action.OFFER, words, **APOLOGY, **{**ANSWERED, "reasons": words})
    assert small_world.customer(filed).get(f"/case/{filed.reference}").main.count(words) == 1


def test_a_story_that_was_passed_on_says_to_whom(small_world: "World") -> None:
    filed = small_world.tell()
    staff(small_world, filed, Action.PROPOSE_REDIRECT, "This is not ours.", target="banque", reason="Not ours.")
    hand = moves.Hand(small_world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
    with small_world.database.writing() as session:
        moves.do(session, small_world.app.extensions["workbench"], hand, Action.REDIRECT, {"target": "banque"})
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert page.heading == "Passed on to Banque Tessaure." and "Is your problem solved?" not in page.main


@pytest.mark.parametrize("email", ["", "madeleine@example.org"])
def test_whoever_left_no_address_sees_the_way_back_at_once(small_world: "World", email: str) -> None:
    filed = small_world.tell(contact=Contact(name="Madeleine Garnier", email=email))
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert ("Keep this: it leads you back" in page.main) is (not email)
    assert page.text.count('id="code"') == 1


def test_a_message_is_sent_once_however_often_it_is_pressed(small_world: "World") -> None:
    filed = small_world.tell()
    browser = small_world.customer(filed)
    for _ in range(3):
        page = do(browser, filed, "message", message="One more thing.")
    assert page.main.count("One more thing.") == 1
    page = do(browser, filed, "message", status=422, message="x" * 10_001)
    assert len(page.fields(having="message")["message"]) == 10_001


def test_solved_moves_nothing_and_offers_the_four_values(world: "World") -> None:
    filed = offered(world, REFUND)
    browser = world.customer(filed)
    page = do(browser, filed, "solved", solved="yes")
    assert "You said: Yes." in page.main and state(world, filed) == State.OFFER_MADE
    do(browser, filed, "values", status=422)
    page = do(browser, filed, "values", price="1", listening="5")
    assert page.heading == "An offer for you."
    with world.database.reading() as session:
        rows = session.execute(select(Survey.solved, Survey.price, Survey.listening).order_by(Survey.id)).all()
    assert [tuple(row) for row in rows] == [("yes", None, None), (None, 1, 5)]
    browser.post(f"/case/{filed.reference}/solved", {"solved": "perhaps"}, status=422)


@pytest.mark.parametrize("satisfied", ["yes", "no"])
def test_the_final_answer_names_who_comes_next_and_is_ended_by_the_customer(
    small_world: "World", satisfied: str
) -> None:
    filed = final(small_world)
    browser = small_world.customer(filed)
    page = browser.get(f"/case/{filed.reference}")
    assert page.heading == "Their final answer." and "ombudsman" in page.main and "It is free for you." in page.main
    assert do(browser, filed, "end", satisfied=satisfied, sure_of_it="yes").heading == "Ended, by you."
    page = do(browser, filed, "reopen", news="It came back.")
    assert page.heading.endswith("is on it.") and "It came back." in page.main


def test_withdrawing_is_confirmed_twice(small_world: "World") -> None:
    filed = small_world.tell()
    browser = small_world.customer(filed)
    page = browser.get(f"/case/{filed.reference}/withdraw")
    fields = page.fields(having="reason")
    page = browser.post(f"/case/{filed.reference}/withdraw", {**fields, "reason": "It is done."}, status=422)
    assert page.fields(having="reason")["reason"] == "It is done."
    page = browser.post(f"/case/{filed.reference}/withdraw", {**fields, "reason": "It is done.", "sure": "y"})
    assert page.heading == "Withdrawn, by you."


def test_a_story_becomes_a_demand_with_consent(small_world: "World") -> None:
    filed = small_world.tell(wish=Wish.TELL)
    browser = small_world.customer(filed)
    page = do(browser, filed, "send", status=422, wish="money")
    assert "Without this nothing is passed on." in page.main
    page = do(browser, filed, "send", wish="money", wish_words="Give it back.", agree="y")
    assert page.heading == "Sent. Nadia Ferrand reads it." and "Answer by" in page.main


def test_what_the_rules_do_not_allow_is_refused_with_the_fresh_page(small_world: "World") -> None:
    filed = small_world.tell()
    browser = small_world.customer(filed)
    for what in ("accept", "done", "not-done", "answer", "reopen", "refuse"):
        do(browser, filed, what, status=409, answer="x", satisfied="yes")
    do(browser, filed, "end", status=422, satisfied="yes")
    assert state(small_world, filed) == State.RECEIVED


def test_nothing_internal_reaches_the_customer(small_world: "World") -> None:
    filed = offered(small_world, REFUND)
    hand = moves.Hand(small_world.visitor("agent@poste"), As.STAFF, filed.reference, datetime.now(UTC))
    with small_world.database.writing() as session:
        moves.note(session, small_world.app.extensions["workbench"], hand, "canary-note-4471")
    with small_world.database.writing() as session:
        moves.note(session, small_world.app.extensions["workbench"], hand, "canary-call-4472", call=True)
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert "canary" not in page.text and "note" not in page.main.lower().split()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("make", [lambda world: world.tell(), lambda world: offered(world, REFUND), final])
def test_the_page_is_whole_in_both_languages_and_opened_with_few_questions(
    small_world: "World", language: str, make: Callable[["World"], Filed]
) -> None:
    filed = make(small_world)
    page = small_world.customer(filed, language).get(f"/case/{filed.reference}")
    assert page.tree.get("lang") == language
    assert page.response.headers["Cache-Control"] == "no-store"
