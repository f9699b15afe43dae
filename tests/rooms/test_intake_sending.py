"""However often the button is pressed, one story makes one case; the same story told anew is asked about first."""

import threading
from typing import TYPE_CHECKING

from models import Case, Draft
from tests.rooms.test_intake_telling import STORY, count, sent, told

if TYPE_CHECKING:
    from tests.world import World


def test_a_double_click_and_back_with_send_again_show_the_same_case(world: "World") -> None:
    browser = world.browser()
    fields = told(browser).fields(having="email")
    first = browser.post("/tell/4", fields)
    again = browser.post("/tell/4", fields)
    assert first.response.request.path == again.response.request.path
    assert count(world, Case) == 1


def test_the_form_of_a_deleted_draft_still_shows_its_case(small_world: "World") -> None:
    browser = small_world.browser()
    fields = told(browser).fields(having="email")
    first = browser.post("/tell/4", fields)
    browser.post("/tell/anew", {})
    assert browser.post("/tell/4", fields).response.request.path == first.response.request.path


def test_sixteen_posts_at_once_make_one_case(world: "World") -> None:
    browser = world.browser()
    fields = told(browser).fields(having="email")
    cookie = browser.client.get_cookie("doleance_draft")
    assert cookie is not None
    found: list[tuple[int, str]] = []

    def post() -> None:
        other = world.browser()
        other.client.set_cookie("doleance_draft", cookie.value)
        answer = other.raw("POST", "/tell/4", data=fields)
        found.append((answer.status_code, answer.headers.get("Location", "")))

    threads = [threading.Thread(target=post) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16 and len(set(found)) == 1 and found[0][0] == 303
    assert count(world, Case) == 1


def test_the_same_form_with_something_else_in_it_is_refused_and_keeps_the_text(small_world: "World") -> None:
    browser = small_world.browser()
    fields = told(browser).fields(having="email")
    browser.post("/tell/4", fields)
    page = browser.post("/tell/4", {**fields, "email": "other@example.org"}, status=409)
    assert page.heading == "This was already sent"
    assert "other@example.org" in page.text
    assert count(small_world, Case) == 1


def test_a_text_changed_in_another_tab_is_shown_again_before_it_is_sent(small_world: "World") -> None:
    browser = small_world.browser()
    fields = told(browser).fields(having="email")
    browser.post("/tell", {"story": "Another story by now.", "whom": "Poste Arvane"})
    page = browser.post("/tell/4", {**fields, "name": "Inès"}, status=409)
    assert "Another story by now." in page.main
    assert page.fields(having="email")["name"] == "Inès"
    assert count(small_world, Case) == 0


def test_the_same_story_within_a_day_is_asked_about_and_may_be_sent_all_the_same(small_world: "World") -> None:
    browser = small_world.browser()
    first = sent(browser, told(browser))
    page = sent(browser, told(browser))
    assert page.heading == "Did you mean the same?"
    assert count(small_world, Case) == 1
    shown = browser.post("/tell/same", page.fields(having="reference"))
    assert shown.response.request.path == first.response.request.path
    page = sent(browser, told(browser))
    browser.post("/tell/4", page.fields(having="same"))
    assert count(small_world, Case) == 2


def test_what_stays_of_a_sent_draft_holds_no_word_of_it(small_world: "World") -> None:
    browser = small_world.browser()
    sent(browser, told(browser), email="ines@example.org")
    with small_world.database.reading() as session:
        data = session.query(Draft.data).scalar()
    assert STORY not in str(data) and "ines" not in str(data)
    assert browser.get("/tell").fields()["story"] == ""
