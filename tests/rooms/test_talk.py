"""Talking to a person: what is staffed and nothing else, a clock that both sides see, and an answer that stops it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cx.disputes.filing import Filed
from models import HumanRequest, Organisation, Staffing
from tests.answering import case_of, taken
from tests.pages import Page
from tests.world import World


def _staffed(world: World, *ways: str, **given: Any) -> None:
    """These ways are staffed day and night, so that no test depends on the hour."""
    values: dict[str, Any] = {"weekdays": "1234567", "opens": 0, "closes": 1440, "within_minutes": 120}
    with world.database.writing() as session:
        for way in ways:
            place = "1 place du Relais" if way == "counter" else ""
            row = {"organisation_id": world.organisations["poste"], "way": way, "place": place, **values, **given}
            session.add(Staffing(**row))


def _requests(world: World) -> list[HumanRequest]:
    with world.database.reading() as session:
        return list(session.scalars(select(HumanRequest).order_by(HumanRequest.id)))


def _slots(page: Page, name: str) -> list[str]:
    return [str(one.get("value")) for one in page.tree.iter("input") if one.get("name") == name]


def _person(filed: Filed) -> str:
    return f"/case/{filed.reference}/person"


def test_who_works_here_is_not_sent_to_the_service_team(small_world: World) -> None:
    for who, page in (("supervisor@poste", "/charter/remedies"), ("admin", "/admin/claims"), ("agent@poste", "/desk")):
        assert "Talk to a person" not in small_world.staff(who).get(page).text
    for page in ("/", "/accounts/login"):
        assert "Talk to a person" in small_world.browser().get(page).text


def test_a_written_answer_has_a_clock_that_both_sides_see_and_a_letter_stops_it(world: World) -> None:
    _staffed(world, "written")
    desk, filed = taken(world)
    customer = world.customer(filed)
    asked = customer.post(f"{_person(filed)}/written", {"written_words": "Why is it still shut?"})
    assert "Poste Arvane knows that you ask for a person." in asked.main
    assert "a person answers by" in asked.main
    assert "a person answers by" in customer.get(f"/case/{filed.reference}").text
    assert "1 person asks for somebody" in desk.get("/desk").main
    assert "an answer is due" in desk.get(f"/desk/{filed.reference}").main
    (one,) = _requests(world)
    row = desk.get("/desk/people")
    assert f"/desk/people/{one.id}" in row.links()
    assert "Why is it still shut?" in desk.get(f"/desk/people/{one.id}").main
    page = desk.post(f"/desk/people/{one.id}/wrote", {"letter": "Because the key broke. It opens on Monday."})
    assert "Everybody who asked was answered" in page.main
    assert _requests(world)[0].status == "met"
    assert case_of(world, filed).said[-1].text == "Because the key broke. It opens on Monday."
    after = customer.get(_person(filed)).main
    assert "Nadia Ferrand answered on" in after
    assert "Ask for a written answer" in after


def test_a_call_needs_a_number_and_a_free_moment(world: World) -> None:
    _staffed(world, "callback")
    filed, other = world.tell(), world.tell(text="Another story altogether.")
    customer, rival = world.customer(filed), world.customer(other)
    moment = _slots(customer.get(_person(filed)), "call_slot")[2]
    typed = {"call_slot": moment, "phone": "ring me", "call_words": "About the machine."}
    refused = customer.post(f"{_person(filed)}/callback", typed, 422)
    assert "does not look like a telephone number" in refused.main
    assert "About the machine." in refused.main
    assert refused.fields(having="call_slot")["call_slot"] == moment
    agreed = customer.post(f"{_person(filed)}/callback", {**typed, "phone": "06 12 34 56 78"})
    assert "a person calls you" in agreed.main
    assert "We call 06 12 34 56 78." in agreed.main
    late = rival.post(f"{_person(other)}/callback", {**typed, "phone": "06 12 34 56 79"}, 422)
    assert "Somebody else took this moment." in late.main
    assert moment not in _slots(late, "call_slot")
    assert "About the machine." in late.main


def test_whoever_comes_to_the_counter_is_expected(world: World) -> None:
    _staffed(world, "counter")
    desk, filed = taken(world)
    customer = world.customer(filed)
    page = customer.get(_person(filed))
    assert "1 place du Relais" in page.main
    moment = _slots(page, "counter_slot")[0]
    asked = customer.post(f"{_person(filed)}/counter", {"counter_slot": moment, "counter_words": ""})
    assert "a person expects you" in asked.main
    (one,) = _requests(world)
    assert one.slot_at is not None
    assert one.due_at == one.slot_at + timedelta(minutes=30)
    assert "Comes to the counter" in desk.get(f"/desk/{filed.reference}").main
    desk.post(f"/desk/people/{one.id}/called", {"said": "She came. I promised a new key."})
    assert _requests(world)[0].status == "met"
    assert "I promised a new key." not in customer.get(f"/case/{filed.reference}").text


def test_only_what_is_staffed_is_offered(small_world: World) -> None:
    filed = small_world.tell()
    customer = small_world.customer(filed)
    page = customer.get(_person(filed))
    assert "A call back" not in page.main
    assert "At a counter" not in page.main
    assert "Nadia Ferrand answers you by" in page.main  # on duty, within the organisation's own aim
    with small_world.database.writing() as session:
        session.get_one(Organisation, small_world.organisations["poste"]).duty_account_id = None
    page = customer.get(_person(filed))
    assert "Nobody is there for this at the moment, so nothing is promised here." in page.main
    assert not [one for one in page.forms() if str(one.get("action", "")).startswith("/case/")]
    refused = customer.post(f"{_person(filed)}/written", {"written_words": "Please."}, 422)
    assert "nothing was promised" in refused.main
    assert _requests(small_world) == []


def test_where_nobody_reads_us_nobody_can_be_asked(small_world: World) -> None:
    filed = small_world.tell("nobody")
    assert "nobody can be asked here" in small_world.customer(filed).get(_person(filed)).main


def test_the_second_of_two_clicks_asks_nothing_more_and_a_request_may_be_taken_back(small_world: World) -> None:
    _staffed(small_world, "written")
    filed = small_world.tell()
    customer = small_world.customer(filed)
    for _ in range(2):
        customer.post(f"{_person(filed)}/written", {"written_words": ""})
    assert [one.status for one in _requests(small_world)] == ["waiting"]
    assert "Taken back." in customer.post(f"{_person(filed)}/back", {}).text
    assert "Nothing was waiting any more." in customer.post(f"{_person(filed)}/back", {}).text
    assert [one.status for one in _requests(small_world)] == ["taken_back"]


def test_whoever_is_slower_finds_their_letter_and_the_clock_stopped_once(small_world: World) -> None:
    _staffed(small_world, "written")
    desk, filed = taken(small_world)
    small_world.customer(filed).post(f"{_person(filed)}/written", {"written_words": ""})
    (one,) = _requests(small_world)
    desk.post(f"/desk/people/{one.id}/wrote", {"letter": "Here is my answer."})
    slow = small_world.staff("agent2@poste").post(f"/desk/people/{one.id}/wrote", {"letter": "My careful one."}, 409)
    assert "My careful one." in slow.main
    assert "Somebody answered, or it was taken back." in slow.main
    assert [said.text for said in case_of(small_world, filed).said].count("My careful one.") == 0


def test_a_late_answer_says_so_on_the_page(small_world: World) -> None:
    _staffed(small_world, "written")
    filed = small_world.tell()
    customer = small_world.customer(filed)
    customer.post(f"{_person(filed)}/written", {"written_words": ""})
    with small_world.database.writing() as session:
        session.scalars(select(HumanRequest)).one().due_at = datetime.now(UTC) - timedelta(hours=1)
    assert "They are late." in customer.get(_person(filed)).main
    assert "Overdue" in small_world.staff("agent@poste").get("/desk/people").main


def test_an_empty_letter_stops_no_clock(small_world: World) -> None:
    _staffed(small_world, "written")
    desk, filed = taken(small_world)
    small_world.customer(filed).post(f"{_person(filed)}/written", {"written_words": ""})
    (one,) = _requests(small_world)
    desk.post(f"/desk/people/{one.id}/wrote", {"letter": " "}, 422)
    desk.post(f"/desk/people/{one.id}/called", {"said": ""}, 422)
    assert _requests(small_world)[0].status == "waiting"


def test_a_stranger_is_asked_for_the_code_and_other_teams_see_nobody(small_world: World) -> None:
    _staffed(small_world, "written")
    filed = small_world.tell()
    small_world.customer(filed).post(f"{_person(filed)}/written", {"written_words": ""})
    (one,) = _requests(small_world)
    stranger = small_world.browser()
    for path in (_person(filed), _person(filed).replace(filed.reference, "DL-0000-0000")):
        assert stranger.raw("GET", path).status_code == 303
    assert stranger.raw("POST", f"{_person(filed)}/written", data={}).status_code == 303
    foreign = small_world.staff("agent@banque")
    assert foreign.raw("GET", f"/desk/people/{one.id}").status_code == 404
    assert foreign.raw("POST", f"/desk/people/{one.id}/wrote", data={"letter": "x"}).status_code == 404
    assert filed.reference not in foreign.get("/desk/people").text
    assert small_world.staff("manager@poste").raw("GET", "/desk/people").status_code == 403


def test_the_link_is_on_every_page_for_customers_and_leads_to_the_case_in_view(small_world: World) -> None:
    filed = small_world.tell()
    customer = small_world.customer(filed)
    for path in ("/", "/tell", "/case", "/accessibility", "/accounts/login"):
        links = customer.get(path).links()
        assert "/person" in links, path
    assert _person(filed) in customer.get(f"/case/{filed.reference}").links()
    assert "/person" in Page(small_world.browser().client.get("/no-such-page")).links()
    desk = small_world.staff("agent@poste")
    for path in ("/desk", "/desk/people"):
        assert "/person" not in desk.get(path).links(), path


def test_without_a_case_in_view_one_is_asked_with_whom(small_world: World) -> None:
    _staffed(small_world, "written", "callback", "counter", phone="01 99 00 12 34")
    stranger = small_world.browser()
    assert "/person/poste" in stranger.get("/person?with=arv").links()
    page = stranger.get("/person/poste")
    assert "/tell/poste" in page.links()
    assert "every day, 0:00 to 24:00" in page.main
    assert "A person answers within 2 hours" in page.main
    assert "tel:0199001234" in page.links()
    for nobody in ("nobody", "no-such-house"):  # it does not read us, or does not exist
        assert stranger.raw("GET", f"/person/{nobody}").status_code == 404
    assert "Nobody of that name reads us yet" in stranger.get("/person?with=zzzzzz").main
    filed = small_world.tell()
    customer = small_world.customer(filed)
    assert customer.get("/person").response.request.path == _person(filed)
    assert _person(filed) in customer.get("/person?with=").links()


@pytest.mark.parametrize("way", ["written", "callback", "counter"])
def test_in_french_the_same_page_says_it_in_french(small_world: World, way: str) -> None:
    _staffed(small_world, way)
    filed = small_world.tell()
    page = small_world.customer(filed, "fr").get(_person(filed))
    assert page.heading == "Parler à quelqu’un"
    assert {"written": "Une réponse écrite", "callback": "Un rappel par téléphone", "counter": "Au guichet"}[
        way
    ] in page.main
