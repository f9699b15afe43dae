"""A story that goes on: to another organisation, to one that reads us now, by letter to the next body; and asked back."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from cx.core.incident import Contact
from cx.core.words import State, Wish
from cx.disputes import queue
from cx.disputes.casefile import open_case
from cx.disputes.filing import Filed
from cx.disputes.sight import As
from models import Case, Organisation, OrganisationClaim
from tests.answering import OFFER, case_of, offered, send, taken
from tests.pages import Browser, Page
from tests.rooms.test_paths_letters import by_letter, own
from tests.rooms.test_paths_neutral import do, final_long_ago, ways_of
from tests.world import World

SENT = timedelta(days=9)
CLAIM = {
    "name": "Ruth Ellery", "function": "Head of complaints", "email": "ruth.ellery@northmere.example",
    "proof": "Our contact page names me; call the switchboard.",
}  # fmt: skip


def passed(browser: Browser, filed: Filed) -> Page:
    page = browser.get(f"/case/{filed.reference}")
    form = next(one for one in page.forms() if str(one.get("action")).endswith("/pass-on"))
    return browser.post(f"/case/{filed.reference}/pass-on", page.fields(page.forms().index(form)))


def linked_of(world: World, filed: Filed) -> list[Case]:
    with world.database.reading() as session:
        rows = session.connection().exec_driver_sql(
            f"SELECT id FROM complaint_case WHERE redirected_from_id = {filed.case_id}"
        )
        return list(rows)


def test_a_case_is_passed_on_only_with_the_customers_word(world: World) -> None:
    filed = world.tell("poste", Wish.MONEY, at=datetime.now(UTC) - SENT)
    desk, customer = world.staff("agent@poste"), world.customer(filed)
    send(desk, filed, "redirect", 422, to="Nobody at all", text="Not ours.")
    send(desk, filed, "redirect", 422, to="Poste Arvane", text="Not ours.")
    send(desk, filed, "redirect", to="Banque Tessaure", text="The bank runs this machine.")
    assert case_of(world, filed).state is State.RECEIVED
    assert "pass this story on: the person decides" in desk.get(f"/desk/{filed.reference}").main
    world.staff("agent@banque").get(f"/desk/{filed.reference}", 404)
    page = customer.get(f"/case/{filed.reference}")
    assert "Pass your story on to Banque Tessaure?" in page.main
    assert "The bank runs this machine." in page.main
    page = passed(customer, filed)
    assert "Banque Tessaure" in page.text
    new = re.findall(r"DL-[0-9A-Z]{4}-[0-9A-Z]{4}", page.response.request.path)[0]
    assert new != filed.reference
    with world.database.reading() as session:
        seen = open_case(session, world.visitor("agent@banque"), As.STAFF, new, datetime.now(UTC))
    assert seen.state is State.RECEIVED
    assert seen.sent_at is not None and (datetime.now(UTC) - seen.sent_at).days == SENT.days
    assert seen.contact is not None and seen.contact.email == "madeleine@example.org"
    # The old page leads there, also from a browser that holds the old key only.
    other = world.customer(filed)
    assert other.get(f"/case/{filed.reference}").heading == "Passed on to Banque Tessaure."
    assert other.get(f"/case/{filed.reference}/onward").response.request.path == f"/case/{new}"
    # A second click makes no second case.
    customer.post(f"/case/{filed.reference}/pass-on", {"seen": "received.0", "to": "banque"})
    assert len(linked_of(world, filed)) == 1


def test_no_means_that_they_answer_themselves(small_world: World) -> None:
    filed = small_world.tell("poste", Wish.ANSWER)
    send(small_world.staff("agent@poste"), filed, "redirect", to="Banque Tessaure", text="Ask the bank.")
    customer = small_world.customer(filed)
    do(customer, filed, "stay")
    assert "Pass your story on" not in customer.get(f"/case/{filed.reference}").main
    customer.post(f"/case/{filed.reference}/pass-on", {"seen": "received.0", "to": "banque"}, 409)
    assert "redirect" in ways_of(small_world.staff("agent@poste").get(f"/desk/{filed.reference}"))


def test_an_invitation_tells_nothing_of_the_case(small_world: World) -> None:
    customer, filed = by_letter(small_world)
    page = customer.get(f"/case/{filed.reference}/invitation")
    assert "/organisations/nobody/claim" in page.main
    assert "Thirty-five" not in page.text
    admin = small_world.staff("admin")
    number = small_world.organisations["nobody"]
    assert "/organisations/nobody/claim" in admin.get(f"/admin/organisations/{number}/invitation").main
    assert f"/admin/organisations/{number}/invitation" in admin.get(f"/accounts/admin/organisations/{number}").links()


def claim_of(world: World) -> OrganisationClaim:
    with world.database.reading() as session:
        return session.query(OrganisationClaim).order_by(OrganisationClaim.id.desc()).first()  # type: ignore[return-value]


def test_a_claim_is_checked_by_an_administrator(world: World) -> None:
    stranger, admin = world.browser(), world.staff("admin")
    page = stranger.post("/organisations/nobody/claim", {**CLAIM, "email": "ruth@gmail.com"}, 422)
    assert "Anybody can have an address there" in page.main
    stranger.post("/organisations/nobody/claim", {**CLAIM, "name": "Customer service"}, 422)
    page = stranger.post("/organisations/nobody/claim", CLAIM)
    assert page.heading == "Thank you: a person checks it"
    mine = page.response.request.path
    stranger.post("/organisations/nobody/claim", CLAIM)
    assert "1 claim to check" in admin.get("/accounts/admin").text
    number = claim_of(world).id
    admin.post(f"/admin/claims/{number}/refuse", {"reason": ""}, 422)
    admin.post(f"/admin/claims/{number}/refuse", {"reason": "Nobody there knows you."})
    assert "Nobody there knows you." in stranger.get(mine).main
    admin.post(f"/admin/claims/{number}/grant", {})
    assert claim_of(world).status == "refused"
    stranger.post("/organisations/nobody/claim", {**CLAIM, "proof": "Call 0800 000."})
    page = admin.post(f"/admin/claims/{claim_of(world).id}/grant", {})
    assert "/accounts/invitation/" in page.text
    stranger.get("/organisations/claims/forged", 404)
    stranger.get("/organisations/unheard-of/claim", 404)


def granted(world: World) -> Organisation:
    """Northmere Air reads now; it gets an agent."""
    world.browser().post("/organisations/nobody/claim", CLAIM)
    world.staff("admin").post(f"/admin/claims/{claim_of(world).id}/grant", {})
    with world.database.writing() as session:
        found = session.query(Organisation).filter(Organisation.name == "Northmere Air", Organisation.claimed).one()
        for who in ("agent@banque", "supervisor@banque"):
            session.connection().exec_driver_sql(
                f"UPDATE membership SET organisation_id = {found.id} WHERE account_id = {world.people[who]}"
            )
        session.expunge(found)
        return found


def test_what_was_told_before_a_claim_is_seen_only_by_consent(world: World) -> None:
    customer, filed = by_letter(world)
    unsent = world.tell("nobody", Wish.TELL, text="canary: only told", contact=Contact())
    granted(world)
    for who in ("agent@banque", "supervisor@banque"):
        desk = world.staff(who)
        desk.get(f"/desk/{filed.reference}", 404)
        for tab in queue.Tab:
            page = desk.get(f"/desk?tab={tab.value}").text
            assert filed.reference not in page
            assert unsent.reference not in page
        assert filed.reference not in desk.get("/desk?q=Thirty-five").text
        assert filed.reference not in desk.get(f"/desk?q={filed.reference}").main.replace(
            "Search: " + filed.reference, ""
        )
    page = customer.get(f"/case/{filed.reference}")
    assert "Northmere Air reads what people write here now" in page.main
    page = passed(customer, filed)
    new = page.response.request.path.rsplit("/", 1)[-1]
    assert new != filed.reference
    seen = world.staff("agent@banque").get(f"/desk/{new}")
    assert "Thirty-five minutes" in seen.text
    assert customer.get(f"/case/{filed.reference}").heading == "Passed on to Northmere Air."
    # A story that asked for nothing and was never sent goes the same way; the old page leads to the new one.
    teller = world.customer(unsent)
    page = passed(teller, unsent)
    assert page.response.request.path != f"/case/{unsent.reference}"
    assert f"/case/{unsent.reference}/onward" in teller.get(f"/case/{unsent.reference}").links()


def test_a_tick_of_the_administrator_shows_no_old_story_either(small_world: World) -> None:
    _, filed = by_letter(small_world)
    admin, number = small_world.staff("admin"), small_world.organisations["nobody"]
    page = admin.get(f"/accounts/admin/organisations/{number}")
    fields = page.fields(having="target_days") | {"claimed": "y"}
    admin.post(f"/accounts/admin/organisations/{number}", fields)
    with small_world.database.reading() as session:
        rows = session.query(Organisation).filter(Organisation.name == "Northmere Air").order_by(Organisation.id).all()
    assert [one.claimed for one in rows] == [False, True]
    assert own(small_world, filed).organisation_id == rows[0].id


def test_nobody_stops_reading_while_people_wait(small_world: World) -> None:
    admin, number = small_world.staff("admin"), small_world.organisations["poste"]
    address = f"/accounts/admin/organisations/{number}"

    def untick(status: int) -> Page:
        fields = admin.get(address).fields(having="target_days")
        fields.pop("claimed", None)
        return admin.post(address, fields, status)

    filed = small_world.tell("poste", Wish.ANSWER)
    page = untick(422)
    assert "1 case still runs here" in page.main
    with small_world.database.reading() as session:
        assert session.get_one(Organisation, number).claimed
    do(small_world.customer(filed), filed, "withdraw", sure="y", confirmed="yes")
    assert "may be taken up again" in untick(422).main


def test_an_organisation_for_which_nobody_waits_pauses_and_comes_back_as_itself(small_world: World) -> None:
    admin, number = small_world.staff("admin"), small_world.organisations["poste"]
    address = f"/accounts/admin/organisations/{number}"
    fields = admin.get(address).fields(having="target_days")
    admin.post(address, {name: value for name, value in fields.items() if name != "claimed"})
    assert "does not read yet" in admin.get("/accounts/admin").main
    admin.post(address, fields | {"claimed": "y"})
    with small_world.database.reading() as session:
        rows = session.query(Organisation).filter(Organisation.name == "Poste Arvane").all()
    assert [(one.id, one.claimed) for one in rows] == [(number, True)]


# ---- asked back before an ending that does not fit ----------------------------------------------------------------


def asked(page: Page) -> bool:
    return page.heading == "Which is right?"


def test_saying_no_and_ending_it_satisfied_is_asked_back_once(world: World) -> None:
    filed = final_long_ago(world)
    customer = world.customer(filed)
    do(customer, filed, "solved", solved="no")
    page = do(customer, filed, "end", satisfied="yes")
    assert asked(page)
    assert case_of(world, filed).state is State.FINAL_POSITION
    form = next(one for one in page.forms() if str(one.get("action")).endswith("/end"))
    page = customer.post(f"/case/{filed.reference}/end", page.fields(page.forms().index(form)))
    assert page.heading == "Ended, by you."


def test_not_satisfied_is_asked_back_and_satisfied_is_not(small_world: World) -> None:
    filed = final_long_ago(small_world)
    customer = small_world.customer(filed)
    assert asked(do(customer, filed, "end", satisfied="no"))
    assert do(customer, filed, "end", satisfied="yes").heading == "Ended, by you."


@pytest.mark.parametrize(("words", "doubted"), [("It is still not solved!", True), ("Merci, tout va bien.", False),
                                                ("Je n’ai toujours rien reçu.", True), ("Thank you, all good.", False)])  # fmt: skip
def test_words_that_say_the_opposite_of_an_acceptance_that_ends_it(
    small_world: World, words: str, doubted: bool
) -> None:
    desk, filed = taken(small_world)
    send(desk, filed, "refuse", reasons="Too late.", text="We explain it.")
    customer = small_world.customer(filed)
    customer.post(f"/case/{filed.reference}/message", {"message": words})
    assert asked(do(customer, filed, "accept")) is doubted


def test_withdrawing_what_is_still_to_be_paid_is_asked_back(small_world: World) -> None:
    filed = offered(small_world)
    customer = small_world.customer(filed)
    do(customer, filed, "accept")
    page = customer.post(f"/case/{filed.reference}/withdraw", {"seen": "accepted.1", "sure": "y", "reason": "Enough."})
    assert asked(page)
    assert case_of(small_world, filed).state is State.ACCEPTED
    assert OFFER["kind"] == "refund"
