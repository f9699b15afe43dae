"""Contradicting the reader and ruling on it, by keyboard alone: on a phone, then at the desk of a neutral."""

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.conftest import House

WHY = "Nobody told me that the desk would have helped."
OUTCOME = "You are right, and I added it."


def _tab_to(page: "Page", selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def test_a_reading_is_contradicted_and_ruled_on_by_keyboard(house: "House") -> None:
    page = house.visit("", "en", size=PHONE)
    page.goto(house.link(6))
    page.locator("#understood > summary").focus()
    page.keyboard.press("Enter")
    first = page.locator("#understood fieldset input").first.get_attribute("name")
    _tab_to(page, f"[name={first}]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"[name={first}][value=wrong]")).to_be_checked()
    _tab_to(page, "[name=reading_why]")
    page.keyboard.type(WHY)
    _tab_to(page, "#understood button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main .notice, .notice").first).to_contain_text(
        "Somebody who belongs to neither side looks at it by"
    )

    reference = house.links[5]["reference"]
    desk = house.visit("neutral", "en")
    desk.goto("/desk")
    expect(desk.locator("main")).to_contain_text("contradict the reader")
    desk.locator("a[href='/desk/contested']").focus()
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert not Axe().run(desk).response["violations"]
    desk.locator(f"a[href='/desk/{reference}/reading']").focus()
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text(WHY)
    assert not Axe().run(desk).response["violations"]
    theme = desk.locator("[data-key='1']").first
    expect(theme).to_be_checked()
    desk.keyboard.press("1")
    expect(theme).not_to_be_checked()
    _tab_to(desk, "[name=text]")
    desk.keyboard.press("Control+Home")
    desk.keyboard.type(OUTCOME)
    _tab_to(desk, "main button[type=submit]")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    expect(desk.locator("main")).not_to_contain_text(reference)

    page.reload()
    expect(page.locator("#understood")).to_contain_text(OUTCOME)
    expect(page.locator("#understood")).to_contain_text("changed what is told above")
