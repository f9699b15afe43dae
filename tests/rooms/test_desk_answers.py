"""Offers, refusals, second looks and final answers through the forms of the desk."""

import pytest

from models import Organisation
from tests.answering import OFFER, case_of, contested, offered, send, taken
from tests.world import World


def test_an_offer_states_amount_and_date_and_the_customer_sees_them(world: World) -> None:
    filed = offered(world)
    case = case_of(world, filed)
    assert case.state == "offer_made"
    assert case.offer is not None
    assert (case.offer.amount_minor, case.offer.currency) == (895, "EUR")
    assert (case.points[0].answer, case.points[0].reasons) == ("upheld", "You were right.")
    assert "8.95" in world.customer(filed).get(f"/case/{filed.reference}").text
    # A better offer replaces it, with the moves in between made inside.
    send(world.staff("agent@poste"), filed, "offer", **{**OFFER, "amount": "12.5"})
    better = case_of(world, filed).offer
    assert better is not None
    assert better.amount_minor == 1250


@pytest.mark.parametrize("amount", ["", "1e309", "NaN", "-0", "-5", "٣", "1,234.56", "0", "9" * 400, "12,505", "ten"])
def test_what_is_no_amount_comes_back_beside_its_field(small_world: World, amount: str) -> None:
    desk, filed = taken(small_world)
    page = send(desk, filed, "offer", 422, **{**OFFER, "amount": amount, "text": "My long letter stays."})
    assert 'id="offer-amount-error"' in page
    assert "My long letter stays." in page
    assert case_of(small_world, filed).state == "acknowledged"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pay_by", "0001-01-01"), ("pay_by", "2024-02-30"), ("pay_by", "10000-01-01"), ("pay_by", ""),
        ("expires_on", "2020-01-01"), ("kind", "gold"), ("currency", "QQQ"), ("answer", "perhaps"), ("answer", ""),
        ("reasons", " \u200b"), ("text", ""), ("kind", "apology"),
    ],
)  # fmt: skip
def test_a_mistyped_offer_keeps_the_letter(small_world: World, field: str, value: str) -> None:
    desk, filed = taken(small_world)
    kept = (
        {"text": "My letter stays.", field: value} if field != "text" else {"reasons": "My letter stays.", "text": ""}
    )
    page = send(desk, filed, "offer", 422, **{**OFFER, **kept})
    assert "My letter stays." in page
    assert case_of(small_world, filed).state == "acknowledged"


def test_an_agent_may_offer_up_to_a_limit_and_a_supervisor_beyond(small_world: World) -> None:
    desk, filed = taken(small_world)
    with small_world.database.writing() as session:
        organisation = session.get(Organisation, small_world.organisations["poste"])
        assert organisation is not None
        organisation.agent_limit_minor = 1000
    page = send(desk, filed, "offer", 422, **{**OFFER, "amount": "10,01"})
    assert "A supervisor may" in page
    send(small_world.staff("supervisor@poste"), filed, "offer", **{**OFFER, "amount": "10,01"})
    assert case_of(small_world, filed).state == "offer_made"


def test_a_refusal_is_an_answer_with_reasons(world: World) -> None:
    desk, filed = taken(world)
    send(desk, filed, "refuse", 422, reasons="", text="No.")
    send(desk, filed, "refuse", reasons="The claim came too late.", text="We cannot pay.")
    case = case_of(world, filed)
    assert case.state == "offer_made"
    assert (case.points[0].answer, case.points[0].reasons) == ("refused", "The claim came too late.")


def test_the_second_look_is_by_another_person(world: World) -> None:
    filed = contested(world)
    first = world.staff("agent@poste")
    page = first.get(f"/desk/{filed.reference}")
    assert "somebody else takes the second look" in page.main
    version = str(case_of(world, filed).version)
    first.post(f"/desk/{filed.reference}/look", {"version": version}, 422)
    send(world.staff("agent2@poste"), filed, "look")
    case = case_of(world, filed)
    assert case.state == "investigating"
    assert case.person is not None
    assert case.person.name == "Karim Lemoine"


def test_the_final_answer_is_the_supervisors_and_names_who_comes_next(world: World) -> None:
    desk, filed = taken(world)
    final = {"answer": "refused", "reasons": "Three times checked.", "text": "This is our last word."}
    assert desk.raw("POST", f"/desk/{filed.reference}/final", data=final).status_code == 403
    lead = world.staff("supervisor@poste")
    send(lead, filed, "final", 422, **final, deadline="date", deadline_on="")
    send(lead, filed, "final", **final)
    case = case_of(world, filed)
    assert case.state == "final_position"
    data = case.happened[-1].data
    assert data["next_body"] == "fr_post_appeal"
    # The form starts from the last day that the law gives, so that nobody has to look it up.
    lost = next(one for one in case.clocks if one.purpose == "right_lost")
    assert (data["next_body_deadline"], data["next_body_free"]) == (lost.due_on.isoformat(), True)
