"""A dispute by letter with a company that does not read us: its answer noted, the next body, both answers, the end."""

from datetime import UTC, datetime, timedelta

import pytest

from cx.core.words import State, Wish
from cx.disputes.casefile import open_case
from cx.disputes.filing import Filed
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from tests.answering import offered
from tests.pages import Browser
from tests.rooms.test_paths_neutral import do
from tests.world import World


def own(world: World, filed: Filed) -> CaseFile:
    with world.database.reading() as session:
        return open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))


def by_letter(world: World, days: int = 9, **given: object) -> tuple[Browser, Filed]:
    """A story about an organisation that does not read us, sent by letter some days ago."""
    told = datetime.now(UTC) - timedelta(days=days)
    filed = world.tell("nobody", Wish.MONEY, at=told, **given)
    customer = world.customer(filed)
    do(customer, filed, "send", sent_on=told.date().isoformat())
    return customer, filed


def test_a_case_by_letter_answers_its_clocks_and_a_refusal_opens_the_next_way(world: World) -> None:
    customer, filed = by_letter(world)
    today = datetime.now(UTC).date()
    page = customer.get(f"/case/{filed.reference}")
    assert "Take it further" not in page.main
    too_soon = (today - timedelta(days=30)).isoformat()
    do(customer, filed, "their-answer", 422, answered_on=too_soon, says="refused")
    do(customer, filed, "their-answer", 422, answered_on="", says="")
    assert "Please give the day." in do(customer, filed, "their-answer", 422, answered_on="", says="refused").main
    page = do(
        customer, filed, "their-answer", answered_on=today.isoformat(), says="refused", their_words="Not our fault."
    )
    assert "You noted their answer" in page.main
    assert page.heading == "They said no."
    assert "Not our fault." in page.main
    assert "Take it further" in page.main
    case = own(world, filed)
    assert all(one.done_on == today for one in case.clocks if one.purpose in {"answer", "acknowledge"})
    letter = customer.get(f"/case/{filed.reference}/next-letter")
    assert "Thirty-five minutes" in letter.main
    assert "They answered on" in letter.main
    asked = customer.get(f"/case/{filed.reference}/next-letter?body=court")
    assert "Addressed to the court" in asked.main
    assert do(customer, filed, "escalate", next_body="court").heading == "With the mediator."


def test_nothing_is_sent_on_no_day_and_no_number_is_no_answer(small_world: World) -> None:
    filed = small_world.tell("nobody", Wish.MONEY)
    customer = small_world.customer(filed)
    assert "Please give the day" in do(customer, filed, "send", 422, sent_on="").main
    answered = offered(small_world)
    do(small_world.customer(answered), answered, "solved", solved="no")
    assert "at least one number" in do(small_world.customer(answered), answered, "values", 422).main


@pytest.mark.parametrize(("says", "satisfied"), [("granted", "yes"), ("partly", "no")])
def test_a_case_by_letter_is_ended_by_its_customer_once_they_answered(
    small_world: World, says: str, satisfied: str
) -> None:
    customer, filed = by_letter(small_world)
    do(customer, filed, "end", 422, satisfied="yes")
    page = do(customer, filed, "their-answer", answered_on=datetime.now(UTC).date().isoformat(), says=says)
    assert "Is it over for you?" in page.main
    page = do(customer, filed, "end", satisfied=satisfied)
    if satisfied == "no":
        assert page.heading == "Which is right?"
        assert "You are not satisfied. If you end it, nobody goes on with it." in page.main
        page = customer.post(f"/case/{filed.reference}/end", page.fields(having="sure_of_it") | {"sure_of_it": "yes"})
    assert own(small_world, filed).state is State.CLOSED
    assert page.heading.startswith("Ended, by you")


@pytest.mark.parametrize("first", ["customer", "company"])
def test_an_opinion_about_a_company_that_does_not_read_us_is_agreed_by_letter(world: World, first: str) -> None:
    customer, filed = by_letter(world)
    today = datetime.now(UTC).date()
    do(customer, filed, "their-answer", answered_on=today.isoformat(), says="refused")
    do(customer, filed, "escalate", next_body="uk_air_adr")
    do(customer, filed, "opinion", opinion="They owe £220.", opinion_amount="220", opinion_pay_by=today.isoformat())
    acts = [("opinion-yes", {}), ("their-opinion", {"their_opinion": "accepted"})]
    for what, fields in acts if first == "customer" else reversed(acts):
        do(customer, filed, what, **fields)
    assert own(world, filed).state is State.ACCEPTED
    page = do(customer, filed, "done")
    assert page.heading.startswith("Ended, by you")


def test_a_company_that_refuses_the_opinion_by_letter_leaves_the_way_to_court(small_world: World) -> None:
    customer, filed = by_letter(small_world)
    today = datetime.now(UTC).date().isoformat()
    do(customer, filed, "their-answer", answered_on=today, says="refused")
    do(customer, filed, "escalate", next_body="uk_air_adr")
    do(customer, filed, "opinion", opinion="They should apologise.")
    page = do(customer, filed, "their-opinion", their_opinion="refused", their_reason="Never.")
    assert own(small_world, filed).state is State.FINAL_POSITION
    assert "Never." in page.main


def test_granted_leaves_the_next_way_where_the_law_puts_it(small_world: World) -> None:
    customer, filed = by_letter(small_world)
    page = do(customer, filed, "their-answer", answered_on=datetime.now(UTC).date().isoformat(), says="granted")
    assert "Take it further" not in page.main
    customer.post(f"/case/{filed.reference}/escalate", {"seen": "received.0", "next_body": "court"}, 422)
