"""The charter in its rooms: written by a manager, read by everybody, and followed on a case by both sides."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.charter import Rule
from cx.core.words import OfferKind
from cx.disputes import charter
from cx.disputes.charter import Draft
from models import Organisation, Pledge, Promise, Remedy

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

NOW = datetime.now(UTC)
ONE_DAY = timedelta(days=1)
PROMISE = {"rule": "acknowledged", "amount": "2", "kind": "goodwill_gesture", "money": "10", "words": "", "cap": "3"}


def publish(world: "World", rule: Rule = Rule.ACKNOWLEDGED, amount: int = 2, cap: int = 3) -> None:
    at = NOW - 100 * ONE_DAY
    with world.database.writing() as session:
        house = session.get_one(Organisation, world.organisations["poste"])
        promise = Draft(rule, amount, OfferKind.GOODWILL_GESTURE, 1000, "EUR", "", cap)
        charter.write(session, house.id, promise, at)
        session.flush()
        charter.publish(session, house, at.date(), at)


def sweep(world: "World", at: datetime = NOW) -> None:
    charter.sweep(world.database, world.app.extensions["workbench"], at)


def broken(world: "World", offered: bool = False) -> tuple["Filed", int]:
    """A dispute that nobody took in time, and the number of the remedy that this brought."""
    filed = world.tell(at=NOW - 30 * ONE_DAY)
    sweep(world, NOW - 20 * ONE_DAY if offered else NOW)
    if offered:
        sweep(world)
    return filed, row(world, Remedy).id


def row(world: "World", model: Any) -> Any:
    with world.database.reading() as session:
        return session.scalars(select(model).order_by(model.id.desc()).limit(1)).one()


@pytest.fixture
def poste(small_world: "World") -> "World":
    publish(small_world)
    return small_world


def test_there_is_no_charter_until_one_is_published(small_world: "World") -> None:
    stranger = small_world.browser()
    assert stranger.get("/charter/poste", status=404)
    assert stranger.get("/charter/nobody", status=404)
    assert stranger.get("/charter/no-such-house", status=404)
    filed = small_world.tell()
    assert "/charter/" not in "".join(small_world.customer(filed).get(f"/case/{filed.reference}").links())


def test_a_manager_writes_previews_publishes_and_retires(small_world: "World") -> None:
    manager, stranger = small_world.staff("manager@poste"), small_world.browser()
    assert "no charter" in manager.get("/charter/remedies").main
    page = manager.get("/charter/poste/edit")
    assert "Nothing is promised yet" in page.main
    page = manager.post("/charter/poste/draft", data=PROMISE)
    assert "A person with a name takes your case within 2 working days." in page.main
    assert "Goodwill gesture, €10.00" in page.main
    stranger.get("/charter/poste", status=404)
    number = row(small_world, Promise).id
    page = manager.get(f"/charter/poste/edit?draft={number}")
    assert page.fields(having="rule")["money"] == "10"
    manager.post("/charter/poste/draft", data=PROMISE | {"draft": str(number), "amount": "1"})
    assert row(small_world, Promise).amount == 1
    manager.post("/charter/poste/publish", data={"on": NOW.date().isoformat()})
    public = stranger.get("/charter/poste")
    assert public.heading == "What Poste Arvane promises"
    assert "within 1 working day." in public.main
    assert "Not due yet." in public.main
    manager.post("/charter/poste/draft", data=PROMISE | {"draft": str(number)}, status=404)  # published: never edited
    manager.post(f"/charter/poste/drop/{number}", data={}, status=404)
    manager.post(f"/charter/poste/retire/{number}", data={})
    stranger.get("/charter/poste", status=404)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": ""}, "A number, please."),
        ({"amount": "11"}, "At most 10"),
        ({"amount": "x"}, "integer"),
        ({"money": ""}, "Say how much"),
        ({"money": "9" * 30}, "from 1 to 10,000"),
        ({"kind": "service_performed"}, "which service"),
        ({"cap": "0"}, "from 1 to 12"),
        ({"rule": "nonsense"}, "choice"),
        ({"kind": "voucher"}, "choice"),
    ],
)
def test_what_is_no_promise_is_said_beside_its_field(
    small_world: "World", changed: dict[str, str], sentence: str
) -> None:
    page = small_world.staff("manager@poste").post("/charter/poste/draft", data=PROMISE | changed, status=422)
    assert sentence.lower() in page.main.lower()
    assert page.fields(having="rule")["cap"] == changed.get("cap", "3")


def test_a_charter_is_published_from_today_on_or_later(small_world: "World") -> None:
    manager = small_world.staff("supervisor@poste")
    manager.post("/charter/poste/draft", data=PROMISE)
    for day in ("", "yesterday", (NOW - 9 * ONE_DAY).date().isoformat(), "9999-12-31"):
        manager.post("/charter/poste/publish", data={"on": day}, status=422)
    later = (NOW + 9 * ONE_DAY).date()
    manager.post("/charter/poste/publish", data={"on": later.isoformat()})
    small_world.browser().get("/charter/poste", status=404)
    assert row(small_world, Promise).published_at.date() in (later, later - ONE_DAY)


def test_nobody_writes_a_foreign_charter(poste: "World") -> None:
    other = poste.staff("manager@banque")
    other.get("/charter/poste/edit", status=404)
    other.post("/charter/poste/draft", data=PROMISE, status=404)
    other.post(f"/charter/poste/retire/{row(poste, Promise).id}", data={}, status=404)
    poste.staff("agent@poste").get("/charter/poste/edit", status=403)


def test_the_page_is_linked_from_the_case_and_from_the_telling(poste: "World") -> None:
    filed = poste.tell()
    assert "/charter/poste" in poste.customer(filed).get(f"/case/{filed.reference}").links()
    assert "/charter/poste" in poste.staff("agent@poste").get(f"/desk/{filed.reference}").links()
    browser = poste.browser()
    browser.post("/tell", data={"story": "I waited an hour.", "whom": "Poste Arvane", "page": "1"})
    assert "/charter/poste" in browser.get("/tell/2").links()


def test_the_promises_stand_folded_on_both_pages(poste: "World") -> None:
    filed = poste.tell()
    page = poste.customer(filed).get(f"/case/{filed.reference}")
    assert "What they promised you" in page.main
    assert "Due by" in page.main
    assert "What we promised" in poste.staff("agent@poste").get(f"/desk/{filed.reference}").text


def test_a_promise_is_done_without_and_wanted_again(poste: "World") -> None:
    filed = poste.tell()
    customer, number = poste.customer(filed), row(poste, Promise).id
    page = customer.post(f"/case/{filed.reference}/promise/{number}/waive", data={})
    assert "You do without it." in page.main
    assert row(poste, Pledge).status == "waived"
    assert "The customer does without it." in poste.staff("agent@poste").get(f"/desk/{filed.reference}").text
    customer.post(f"/case/{filed.reference}/promise/{number}/waive", data={})
    page = customer.post(f"/case/{filed.reference}/promise/{number}/want", data={})
    assert "Due by" in page.main
    customer.post(f"/case/{filed.reference}/promise/{number + 1}/waive", data={}, status=404)
    customer.post(f"/case/{filed.reference}/promise/{'9' * 30}/waive", data={}, status=404)
    stranger = poste.browser()
    stranger.post(f"/case/{filed.reference}/promise/{number}/waive", data={}, status=404)


def test_a_broken_promise_brings_a_remedy_that_the_customer_accepts(poste: "World") -> None:
    filed, number = broken(poste, offered=True)
    customer = poste.customer(filed)
    page = customer.get(f"/case/{filed.reference}")
    assert "Because a promise was not kept" in page.main
    assert "Goodwill gesture, €10.00" in page.main
    assert "1 of 3 remedies" in page.main
    page = customer.post(f"/case/{filed.reference}/remedy/{number}/accept", data={})
    assert "accepted, to be given by" in page.main
    customer.post(f"/case/{filed.reference}/remedy/{number}/accept", data={})  # a second click changes nothing
    agent = poste.staff("agent@poste")
    assert f"/charter/remedies/{number}" in agent.get(f"/desk/{filed.reference}").links()
    agent.post(f"/charter/remedies/{number}/given", data={"proof": ""}, status=422)
    agent.post(f"/charter/remedies/{number}/given", data={"proof": "transfer of today"})
    page = customer.get(f"/case/{filed.reference}")
    assert "transfer of today" in page.main
    customer.post(f"/case/{filed.reference}/remedy/{number}/missing", data={})
    assert row(poste, Remedy).status == "accepted"


def test_the_customer_refuses_or_asks_for_something_else(poste: "World") -> None:
    filed, number = broken(poste, offered=True)
    customer = poste.customer(filed)
    own = customer.get(f"/case/{filed.reference}/remedy/{number}")
    assert own.heading == "Because a promise was not kept"
    customer.post(f"/case/{filed.reference}/remedy/{number}/other", data={"wanted": ""}, status=422)
    customer.post(f"/case/{filed.reference}/remedy/{number}/other", data={"wanted": "Call me, please."})
    assert row(poste, Remedy).counter == "Call me, please."
    customer.post(f"/case/{filed.reference}/remedy/{number}/other", data={"wanted": "Twice."})  # the first word stands
    assert row(poste, Remedy).counter == "Call me, please."
    manager = poste.staff("manager@poste")
    assert "Call me, please." in manager.get(f"/charter/remedies/{number}").main
    manager.post(f"/charter/remedies/{number}/raise", data={"more": "25", "what": "and we call you"})
    page = customer.get(f"/case/{filed.reference}")
    assert "€25.00 (and we call you)" in page.main
    customer.post(f"/case/{filed.reference}/remedy/{number}/refuse", data={})
    assert row(poste, Remedy).status == "refused"


def test_staying_with_what_was_promised_needs_a_reason_and_leaves_the_customer_the_word(poste: "World") -> None:
    filed, number = broken(poste, offered=True)
    customer, manager = poste.customer(filed), poste.staff("manager@poste")
    customer.post(f"/case/{filed.reference}/remedy/{number}/other", data={"wanted": "A hundred euros."})
    assert "A hundred euros." in customer.get(f"/case/{filed.reference}/remedy/{number}").main
    manager.post(f"/charter/remedies/{number}/remain", data={"why": "no"}, status=422)
    manager.post(f"/charter/remedies/{number}/remain", data={"why": "Everybody gets the same."})
    page = customer.get(f"/case/{filed.reference}").main
    assert "Everybody gets the same." in page and "They stay with it" in page
    manager.post(f"/charter/remedies/{number}/remain", data={"why": "Everybody gets the same."}, status=409)
    customer.post(f"/case/{filed.reference}/remedy/{number}/accept", data={})
    assert row(poste, Remedy).status == "accepted"


def test_a_manager_blocks_with_a_reason_that_the_customer_reads(poste: "World") -> None:
    filed, number = broken(poste)
    manager = poste.staff("manager@poste")
    assert filed.reference in manager.get("/charter/remedies").main
    for reason in ("", "no", " \u200b "):
        page = manager.post(f"/charter/remedies/{number}/block", data={"reason": reason}, status=422)
        assert page.fields(having="reason")["reason"] in (reason.strip(), "")
    manager.post(f"/charter/remedies/{number}/block", data={"reason": "The office was shut by a flood."})
    assert "The office was shut by a flood." in poste.customer(filed).get(f"/case/{filed.reference}").main
    page = manager.post(f"/charter/remedies/{number}/offer", data={}, status=409)
    assert "Somebody was faster" in page.main


def test_a_remedy_is_raised_never_lowered(poste: "World") -> None:
    _, number = broken(poste)
    manager = poste.staff("supervisor@poste")
    for more in ("", "9", "x", "9" * 40):
        manager.post(f"/charter/remedies/{number}/raise", data={"more": more}, status=422)
    manager.post(f"/charter/remedies/{number}/raise", data={"more": "12"})
    assert (row(poste, Remedy).status, row(poste, Remedy).amount_minor) == ("offered", 1200)


def test_the_remedies_of_a_house_are_its_own(poste: "World") -> None:
    filed, number = broken(poste)
    for who in ("manager@banque", "agent@banque"):
        poste.staff(who).get(f"/charter/remedies/{number}", status=404)
    assert filed.reference not in poste.staff("manager@banque").get("/charter/remedies").main
    poste.staff("agent@poste").get("/charter/remedies", status=403)
    poste.staff("agent@poste").post(f"/charter/remedies/{number}/block", data={"reason": "x y z"}, status=403)
    other = poste.tell()
    poste.customer(other).get(f"/case/{other.reference}/remedy/{number}", status=404)
    poste.customer(other).post(f"/case/{filed.reference}/remedy/{number}/accept", data={}, status=404)
    for page in (f"/charter/remedies/{'9' * 30}", f"/case/{filed.reference}/remedy/{'9' * 30}"):
        poste.staff("manager@poste").get(page, status=404)


def test_what_broken_promises_brought_is_summed_currency_by_currency_apart_from_offers(poste: "World") -> None:
    for done in ("", "accept"):
        filed, number = broken(poste, offered=True)
        if done:
            poste.customer(filed).post(f"/case/{filed.reference}/remedy/{number}/{done}", data={})
    manager = poste.staff("manager@poste")
    page = manager.get("/insight").main
    assert "for broken promises" in page and "€20.00 (2)" in page and "€10.00 (1)" in page
    table = manager.raw("GET", "/insight.csv").get_data(as_text=True)
    assert "broken_promise_offered" in table
    assert "for broken promises" not in poste.staff("manager@banque").get("/insight").main


def test_the_rate_is_said_from_five_on(poste: "World") -> None:
    for _ in range(4):
        poste.tell(at=NOW - 30 * ONE_DAY)
    sweep(poste)
    assert "Too few to say" in poste.browser().get("/charter/poste").main
    poste.tell(at=NOW - 30 * ONE_DAY)
    sweep(poste)
    assert "Kept 0% of the time" in poste.browser().get("/charter/poste").main


def test_every_page_reads_in_french(poste: "World") -> None:
    filed, number = broken(poste, offered=True)
    manager, customer = poste.staff("manager@poste", "fr"), poste.customer(filed, "fr")
    assert poste.browser("fr").get("/charter/poste").heading == "Ce que promet Poste Arvane"
    assert manager.get("/charter/remedies").heading == "Promesses non tenues"
    manager.get("/charter/poste/edit")
    manager.get(f"/charter/remedies/{number}")
    assert "une promesse n’a pas été tenue" in customer.get(f"/case/{filed.reference}").main
