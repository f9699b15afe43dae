"""What was understood of a story, in a real browser: words that light up, and stories looked over by keyboard."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.journeys.conftest import House

UNDERLINED = "element => getComputedStyle(element).textDecorationLine + getComputedStyle(element).textDecorationStyle"


def _line(mark: "Locator") -> str:
    return str(mark.evaluate(UNDERLINED))


def test_stories_are_looked_over_with_the_keyboard_alone(house: "House") -> None:
    page = house.visit("Nadia Ferrand")
    page.goto("/desk")
    page.locator("a[href$='/desk/readings']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 of")
    boxes = page.locator(".blind input[type=checkbox]")
    expect(page.locator("main mark")).to_have_count(0)
    expect(page.locator(".blind input:checked")).to_have_count(0)
    page.keyboard.press("e")
    expect(boxes.last).to_be_checked()
    page.keyboard.press("e")
    expect(boxes.last).not_to_be_checked()
    first = page.locator(".words").first.inner_text()
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(page.locator("main")).not_to_contain_text(first)
    page.goto("/desk/readings")
    expect(page.locator("main")).to_contain_text(first)
    # The key of the digit without Shift, as a French keyboard sends it.
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '&', code: 'Digit1', bubbles: true}))"
    )
    expect(boxes.first).to_be_checked()
    page.keyboard.press("1")
    with page.expect_navigation():
        page.keyboard.press("0")
    expect(page.locator("[role=status]").first).to_contain_text("Noted: no theme is told here. The reader had")
    page.goto("/desk/readings")
    expect(page.locator("main")).not_to_contain_text(first)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_words_of_a_theme_light_up_when_it_is_pointed_at(house: "House", script: bool) -> None:
    reference = house.links[0]["reference"]
    desk = house.visit("Nadia Ferrand", script=script)
    desk.goto(f"/desk/{reference}")
    words = desk.locator(".words mark[data-told~=forced_self_service]")
    assert _line(words.first) == "nonesolid"
    desk.locator(".theme-line summary").first.click()
    assert _line(words.first) == "underlinesolid"
    desk.locator(".theme-line summary").first.click()
    desk.locator("h1").click()
    assert _line(words.first) == "nonesolid"

    customer = house.visit("", "fr", size=PHONE, script=script)
    customer.goto(house.link(1))
    fold = customer.locator("#understood")
    expect(fold.locator("blockquote").first).not_to_be_visible()
    fold.locator("> summary").click()
    expect(fold).to_contain_text("La machine était le seul moyen permis.")
    assert _line(fold.locator("blockquote mark").first).startswith("underline")
