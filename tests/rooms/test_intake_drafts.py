"""What was typed is never lost on the way: too long a story, going back without a script, another language midway."""

from typing import TYPE_CHECKING

from tests.rooms.test_intake_telling import told

if TYPE_CHECKING:
    from tests.world import World


def test_a_story_that_is_too_long_is_kept_hidden_numbers_and_all_until_it_is_shortened(small_world: "World") -> None:
    browser = small_world.browser()
    furious = "My card 4111 1111 1111 1111 was eaten. " + "Nobody answers. " * 1_600
    assert browser.raw("POST", "/tell/draft", data={"page": "1", "story": furious}).status_code == 204
    page = browser.post("/tell", {"story": furious, "whom": "Poste Arvane"}, status=422)
    assert "25,638 characters, and we can take 20,000" in page.main and "We hid a card number" in page.main
    assert "4111" not in page.text and page.fields()["story"].startswith("My card •••• 1111 was eaten.")
    page = small_world.browser().get("/tell")
    assert page.fields()["story"] == ""
    page = browser.get("/tell/4")
    assert page.heading == "What happened?" and len(page.fields()["story"]) > 20_000 and "field-wrong" in page.text
    assert told(browser, page.fields()["story"][:19_000]).heading == "Where do we reply?"


def test_going_back_without_a_script_loses_nothing(small_world: "World") -> None:
    browser = small_world.browser()
    told(browser)
    page = browser.post("/tell/draft", {"page": "2", "go": "story", "wish": "repair", "wish_text": "Mend it."})
    assert page.heading == "What happened?"
    fields = browser.get("/tell/2").fields()
    assert (fields["wish"], fields["wish_text"]) == ("repair", "Mend it.") and "consent" not in fields
    browser.post("/tell/2", {"wish": "repair", "consent": "y"})
    page = browser.post("/tell/draft", {"page": "3", "go": "wish", "place": "The counter", "minutes": "many"})
    assert page.heading == "What do you want?"
    assert browser.get("/tell/3").fields(having="place")["place"] == "The counter"
    typed = {"page": "4", "go": "about", "name": "Inès 4111 1111 1111 1111", "postal": "1 rue Haute"}
    assert browser.post("/tell/draft", typed).heading == "If you like"
    fields = browser.get("/tell/4").fields(having="email")
    assert (fields["name"], fields["postal"]) == ("Inès •••• 1111", "1 rue Haute")


def test_the_language_can_be_changed_on_a_page_that_came_back_with_an_error(small_world: "World") -> None:
    browser = small_world.browser()
    told(browser)
    page = browser.post("/tell/2", {}, status=422)
    assert "/tell/2?lang=fr" in page.links() or "?lang=fr" in page.links()
    filed = small_world.tell()
    customer = small_world.customer(filed)
    page = customer.post(f"/case/{filed.reference}/answer", {}, status=422)
    assert f"/case/{filed.reference}?lang=fr" in page.links()
    answer = customer.raw("GET", f"/case/{filed.reference}/answer")
    assert (answer.status_code, answer.location) == (302, f"/case/{filed.reference}")
