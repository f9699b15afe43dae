"""Points, offers and what is owed, as both sides see them on their pages."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from cx.core.words import Action, MessageKind, Sector, Wish
from cx.disputes import moves
from cx.disputes.ledger import Text
from cx.disputes.moves import Hand
from cx.disputes.recount import recount
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Case, Message, OfferVersion, Organisation
from tests.answering import OFFER, TODAY, case_of, contested, offered, send, taken

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Page
    from tests.world import World

TWO = {"also": ["Somebody at the counter on Saturdays."]}


def _offer(world: "World", filed: "Filed", at: int = -1) -> dict[str, object]:
    with world.database.reading() as session:
        columns = table(OfferVersion)
        found = session.execute(select(columns).order_by(columns.c.version)).mappings().all()
        return dict(found[at])


def _do(world: "World", filed: "Filed", what: str, status: int = 200, **fields: str) -> "Page":
    """One act of the customer, as the page stands."""
    browser = world.customer(filed)
    page = browser.get(f"/case/{filed.reference}")
    found = [index for index, one in enumerate(page.forms()) if str(one.get("action")).endswith(f"/{what}")]
    data = page.fields(found[0]) if found else {}
    return browser.post(f"/case/{filed.reference}/{what}", data | fields, status)


def test_a_story_told_with_several_wishes_becomes_points_that_are_answered_one_by_one(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY, wish_text="My 8.95 back.", facts=TWO)
    page = desk.get(f"/desk/{filed.reference}")
    assert "Point 2: Somebody at the counter on Saturdays." in page.text
    several = {"answer_2": "refused", "reasons_2": "The town closes at noon."}
    send(desk, filed, "offer", 422, **OFFER, answer_2="refused", reasons_2=" ")
    send(desk, filed, "offer", **OFFER, **several)
    points = case_of(world, filed).points
    assert [(one.answer, one.reasons) for one in points] == [
        ("upheld", "You were right."), ("refused", "The town closes at noon."),
    ]  # fmt: skip
    card = world.customer(filed).get(f"/case/{filed.reference}").main
    assert "The town closes at noon." in card and "You were right." in card


def test_the_form_of_telling_takes_up_to_three_things_more(small_world: "World") -> None:
    browser = small_world.browser()
    browser.post("/tell", {"story": "The machine kept my coins.", "whom": "Poste Arvane"})
    wish = {"wish": "money", "wish_text": "My coins.", "also1": "An apology.", "also2": "", "also3": "A human there."}
    browser.post("/tell/2", {**wish, "consent": "y"})
    page = browser.get("/tell/4")
    assert "An apology." in page.main and "A human there." in page.main
    browser.post("/tell/4", page.fields(0))
    with small_world.database.reading() as session:
        facts = session.execute(select(table(Case).c.facts)).scalar_one()
    assert facts["also"] == ["An apology.", "A human there."]
    page = small_world.staff("agent@poste").get("/desk?tab=take")
    assert "Poste" in page.text or page.text


def test_one_thing_more_comes_later_moves_no_date_and_awaits_the_next_answer(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    before = case_of(world, filed).due_on
    for _ in range(2):
        _do(world, filed, "point", point="My second letter is lost too.")
    case = case_of(world, filed)
    assert [one.text for one in case.points][1:] == ["My second letter is lost too."]
    assert (case.due_on, case.customer_waits) == (before, True)
    assert "Please say what else you ask for." in _do(world, filed, "point", 422, point=" ").main
    send(desk, filed, "offer", 422, **OFFER)
    send(desk, filed, "offer", **OFFER, answer_2="upheld", reasons_2="Lost by us.")
    _do(world, filed, "point", point="And a third.")
    assert "wait before you accept" in world.customer(filed).get(f"/case/{filed.reference}").main


def test_the_desk_takes_a_demand_apart_and_the_person_still_waits(small_world: "World") -> None:
    desk, filed = taken(small_world)
    _do(small_world, filed, "message", message="Are you there?")
    send(desk, filed, "point", point="Why the counter sent me away.")
    send(desk, filed, "point", 422, point="")
    case = case_of(small_world, filed)
    assert (len(case.points), case.customer_waits) == (2, True)
    page = small_world.customer(filed).get(f"/case/{filed.reference}").main
    assert "Why the counter sent me away." in page and "Not answered yet" in page


def test_an_offer_says_its_ground_its_conditions_and_what_came_before(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    send(desk, filed, "offer", **OFFER, basis="CPCE, art. R2-1", conditions="Once you send the receipt.")
    send(desk, filed, "offer", **OFFER | {"amount": "12", "text": "A better one."})
    page = world.customer(filed).get(f"/case/{filed.reference}").main
    assert "What was offered before" in page and "€8.95 (taken back)" in page
    first = _offer(world, filed, 0)
    assert (first["basis"], first["conditions"]) == ("CPCE, art. R2-1", "Once you send the receipt.")
    with world.database.writing() as session:
        assert recount(session) == []


def test_a_voucher_is_accepted_only_by_whoever_ticks_that_they_choose_it(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    until = TODAY + timedelta(days=300)
    voucher = OFFER | {"kind": "voucher", "voucher_chosen": "y", "voucher_expires_on": until.isoformat()}
    send(desk, filed, "offer", **voucher)
    assert _offer(world, filed)["voucher_expires_on"] == until
    page = _do(world, filed, "accept", 422)
    assert "A voucher counts only when you choose it." in page.main
    _do(world, filed, "accept", choose_voucher="y")
    assert case_of(world, filed).state == "accepted"


def test_above_the_limit_the_offer_waits_until_a_supervisor_sends_it_in_their_name(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    with world.database.writing() as session:
        session.get_one(Organisation, world.organisations["poste"]).agent_limit_minor = 500
    page = send(desk, filed, "offer", 422, **OFFER)
    assert "Ask a supervisor to send it" in page
    signed = "We owe you this.\n\nNadia Ferrand, Complaints\nPoste Arvane"
    send(desk, filed, "offer", **OFFER | {"text": signed}, then="approve", basis="goodwill")
    assert "asks a supervisor" not in world.customer(filed).get(f"/case/{filed.reference}").text
    assert case_of(world, filed).state == "acknowledged"
    assert "asked a supervisor to send an offer" in desk.get(f"/desk/{filed.reference}").text
    chief = world.staff("supervisor@poste")
    page = chief.get(f"/desk/{filed.reference}")
    assert "Nadia Ferrand asks you to send this offer" in page.text and 'value="8,95"' in page.text
    send(chief, filed, "offer")
    sent = str(case_of(world, filed).said[-1].text)
    assert "We owe you this." in sent and "Claire Okafor" in sent and "Nadia Ferrand" not in sent
    row = _offer(world, filed)
    assert (row["amount_minor"], row["approved_by"], row["made_by"], row["basis"]) == (
        895, world.people["supervisor@poste"], world.people["supervisor@poste"], "goodwill",
    )  # fmt: skip
    assert "asks you to send" not in chief.get(f"/desk/{filed.reference}").text


def test_what_is_asked_for_instead_stands_on_the_desk_and_is_offered_in_one_act(world: "World") -> None:
    filed = offered(world)
    _do(world, filed, "other", wanted="The ticket of my son too.", wanted_amount="17,90")
    assert _offer(world, filed)["counter"] == "The ticket of my son too."
    chief = world.staff("supervisor@poste")
    page = chief.get(f"/desk/{filed.reference}")
    assert "€17.90" in page.text and "The ticket of my son too." in page.text
    page = chief.get(f"/desk/{filed.reference}?use=counter")
    index = next(i for i, one in enumerate(page.forms()) if str(one.get("action")).endswith("/offer"))
    fields = page.fields(index)
    assert (fields["amount"], fields["currency"], fields["kind"]) == ("17.90", "EUR", "refund")
    data = fields | {"answer": "upheld", "reasons": "You are right.", "text": "Here it is."}
    chief.post(f"/desk/{filed.reference}/offer", data)
    assert case_of(world, filed).state == "offer_made"


def _accepted(world: "World", pay_by: str) -> "Filed":
    desk, filed = taken(world, wish=Wish.MONEY)
    send(desk, filed, "offer", **OFFER | {"pay_by": pay_by})
    _do(world, filed, "accept")
    return filed


def test_before_the_day_nobody_asks_and_on_the_day_a_no_is_a_word_that_waits(world: "World") -> None:
    later = _accepted(world, (TODAY + timedelta(days=3)).isoformat())
    page = world.customer(later).get(f"/case/{later.reference}").main
    assert "No, not yet" not in page and "say so here that day" in page


def test_a_no_on_the_day_is_noted_and_a_yes_ends_it_in_time(world: "World") -> None:
    filed = _accepted(world, TODAY.isoformat())
    _do(world, filed, "not-done")
    case = case_of(world, filed)
    assert (case.state, case.customer_waits, _offer(world, filed)["paid_said"]) == ("accepted", True, "")
    _do(world, filed, "done")
    assert case_of(world, filed).state == "closed"
    assert _offer(world, filed)["paid_said"] == "yes"
    page = world.staff("manager@poste").get("/insight")
    assert "Money offered and paid" in page.main and "€8.95 (1)" in page.main
    with world.database.writing() as session:
        assert recount(session) == []


def test_a_no_after_the_day_sends_it_back_to_work_and_is_never_counted_as_paid(world: "World") -> None:
    filed = _accepted(world, TODAY.isoformat())
    with world.database.writing() as session:
        hand = Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, datetime.now(UTC))
        said = Text("Paid.", MessageKind.PERFORMED)
        facts = {"text": "Paid.", "proof": "transfer 12"}
        moves.do(session, world.app.extensions["workbench"], hand, Action.PROPOSE_PERFORMED, facts, said)
    _do(world, filed, "not-done")
    case = case_of(world, filed)
    assert (case.state, case.dispute.redress_unpaid, case.offers[-1].paid_said) == ("investigating", True, "no")
    desk = world.staff("agent@poste")
    send(desk, filed, "offer", **OFFER | {"text": "This time for good."})
    _do(world, filed, "accept")
    assert case_of(world, filed).state == "accepted"
    _do(world, filed, "done", sure_of_it="yes")
    assert case_of(world, filed).state == "closed"
    offers = case_of(world, filed).offers
    assert [one.performed_at is not None for one in offers] == [False, True]
    with world.database.writing() as session:
        assert recount(session) == []


def test_what_could_be_right_is_shown_and_put_into_the_form_only_when_asked(small_world: "World") -> None:
    facts = {"from_airport": "Paris (CDG)", "to_airport": "JFK", "arrival_late": "4", "issue": "delay"}
    with small_world.database.writing() as session:
        session.get_one(Organisation, small_world.organisations["poste"]).sector = "airline"
    filed = small_world.tell(wish=Wish.MONEY, facts=facts, sector=Sector.AIRLINE)
    desk = small_world.staff("agent@poste")
    send(desk, filed, "take")
    page = desk.get(f"/desk/{filed.reference}")
    assert "What could be right here?" in page.text and "€600.00" in page.text
    for use, amount in (("eu_flight", "600.00"), ("montreal", ""), ("x' OR 1=1", "")):
        page = desk.get(f"/desk/{filed.reference}?use={use}")
        index = next(i for i, one in enumerate(page.forms()) if str(one.get("action")).endswith("/offer"))
        assert page.fields(index)["amount"] == amount
    assert small_world.customer(filed).get(f"/case/{filed.reference}").text.count("600") == 0


@pytest.mark.parametrize("what", ["point", "other", "accept", "not-done"])
def test_a_strange_form_breaks_nothing(small_world: "World", what: str) -> None:
    filed = contested(small_world)
    junk = {"point": "x" * 301, "wanted": "y", "wanted_amount": "twelve", "choose_voucher": "maybe", "seen": "?"}
    answer = small_world.customer(filed).raw("POST", f"/case/{filed.reference}/{what}", data=junk)
    assert answer.status_code in {303, 409, 422}


def test_a_point_is_kept_as_a_message_of_the_journal(small_world: "World") -> None:
    _desk, filed = taken(small_world)
    _do(small_world, filed, "point", point="My card 4970 1012 3456 7890 was kept.")
    with small_world.database.reading() as session:
        many = session.scalar(
            select(func.count()).select_from(table(Message)).where(table(Message).c.kind == "addition")
        )
    assert many == 1
