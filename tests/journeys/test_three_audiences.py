"""The main job of each audience, in a real browser: told, taken, offered, accepted, ended, and seen by the manager."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.conftest import House

STORY = "Ma carte 4111 1111 1111 1111 a été avalée, et quarante minutes devant AF-07 sans personne."


def _go_on(page: "Page") -> None:
    """Press the page's main button and wait for the next page."""
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()


def _tell(page: "Page", story: str, wish: str = "money", whom: str = "Poste Arvane") -> str:
    """From the landing page to the receipt; the reference."""
    page.goto("/")
    page.locator("textarea").first.fill(story)
    _go_on(page)
    page.locator("[name=whom]").fill(whom)
    _go_on(page)
    page.locator(f"[name=wish][value={wish}]").check(force=True)
    if wish != "tell":
        page.locator("[name=consent]").check(force=True)
    _go_on(page)
    _go_on(page)
    page.locator("[name=name]").fill("Louise Martin")
    page.locator("[name=email]").fill("louise.martin@example.org")
    _go_on(page)
    page.wait_for_url(re.compile("/case/DL-"))
    return page.url.rsplit("/", 1)[1].split("?")[0]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_dispute_from_telling_to_the_customers_end(house: "House", script: bool) -> None:
    customer = house.visit("", "fr", size=PHONE, script=script)
    reference = _tell(customer, f"{STORY} {script}")
    expect(customer.locator("h1")).to_contain_text("Nadia Ferrand")
    expect(customer.locator("main")).to_contain_text("•••• 1111")
    expect(customer.locator("main")).not_to_contain_text("4111 1111")

    agent = house.visit("Nadia Ferrand", "fr", size=DESKTOP, script=script)
    agent.goto(f"/desk/{reference}")
    with agent.expect_navigation():
        agent.locator(f"form[action$='/desk/{reference}/take'] button[type=submit]").first.click()
    _offer(agent, reference)

    customer.reload()
    expect(customer.locator("main")).to_contain_text("8,95")
    customer.locator("form[action$='/accept'] button").first.click()
    customer.goto(f"/case/{reference}")
    customer.locator("form[action$='/done'] button").first.click()
    customer.goto(f"/case/{reference}")
    expect(customer.locator("h1")).to_contain_text("Terminé, par vous")

    manager = house.visit("Philippe Sarrazin", "fr", size=DESKTOP, script=script)
    manager.goto("/insight")
    expect(manager.locator("main")).to_contain_text("%")


def _offer(agent: "Page", reference: str) -> None:
    agent.goto(f"/desk/{reference}")
    agent.locator("summary", has_text="Proposer").first.click()
    form = agent.locator(f"form[action$='/desk/{reference}/offer']")
    form.locator("[name=kind]").select_option("refund")
    form.locator("[name=amount]").fill("8,95")
    form.locator("[name=pay_by]").fill((datetime.now(UTC).date() + timedelta(days=9)).isoformat())
    upheld = form.locator("input[value=upheld]")
    if upheld.count():
        upheld.first.check(force=True)
    else:
        form.locator("select:has(option[value=upheld])").first.select_option("upheld")
    form.locator("[name=reasons]").fill("La machine était en panne et personne n’a aidé.")
    form.locator("[name=text]").fill("Madame, nous vous devons 8,95 €, et des excuses. Nadia Ferrand")
    with agent.expect_navigation():
        form.locator("button[type=submit]").last.click()
    # Some people go on to the next case after sending.
    agent.goto(f"/desk/{reference}")
    expect(agent.locator("main")).to_contain_text("8,95")


def test_a_draft_survives_back_reload_and_a_closed_tab(house: "House") -> None:
    page = house.visit("", "en", size=PHONE)
    page.goto("/tell")
    page.locator("[name=story]").fill("The kiosk swallowed my passport photo, and nobody was there.")
    page.locator("[name=whom]").fill("Northmere Air")
    _go_on(page)
    page.go_back()
    expect(page.locator("[name=story]")).to_have_value("The kiosk swallowed my passport photo, and nobody was there.")
    page.reload()
    expect(page.locator("[name=whom]")).to_have_value("Northmere Air")
    again = page.context.new_page()
    page.close()
    again.goto("/tell")
    expect(again.locator("[name=story]")).to_have_value("The kiosk swallowed my passport photo, and nobody was there.")


def test_going_back_and_sending_again_makes_one_case(house: "House") -> None:
    page = house.visit("", "en", size=PHONE)
    reference = _tell(page, "Locker eleven would not open and the line cut off, twice.", wish="tell")
    page.go_back()
    if page.locator("[name=key]").count():
        _go_on(page)
    page.goto(f"/case/{reference}")
    assert page.locator("h1").inner_text()


def test_an_unknown_company_gets_the_ready_letter_and_its_clock_starts_when_it_was_sent(house: "House") -> None:
    page = house.visit("", "en", size=DESKTOP)
    page.goto("/tell")
    page.locator("[name=story]").fill("They closed my claim without a word and nobody answers the phone.")
    page.locator("[name=whom]").fill("Compagnie du Grand Nulle Part")
    _go_on(page)
    page.locator("[name=sector][value=airline]").check(force=True)
    page.locator("[name=country]").select_option("FR")
    _go_on(page)
    page.locator("[name=wish][value=money]").check(force=True)
    if page.locator("[name=consent]").count():
        page.locator("[name=consent]").check(force=True)
    _go_on(page)
    page.goto("/tell/4")
    _go_on(page)
    expect(page.locator("main")).to_contain_text("Compagnie du Grand Nulle Part")
    page.locator("form[action$='/send'] button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("mediator")


def test_the_keyboard_alone_tells_a_story(house: "House") -> None:
    page = house.visit("", "en", size=DESKTOP)
    page.goto("/")
    _tab_to(page, "textarea")
    page.keyboard.type("The menu never led to a person, three evenings in a row.")
    _tab_to(page, "main button[type=submit]")
    _enter(page)
    _tab_to(page, "[name=whom]")
    page.keyboard.type("Poste Arvane")
    _tab_to(page, "main button[type=submit]")
    _enter(page)
    _tab_to(page, "[name=wish]")
    page.keyboard.press("Space")
    _tab_to(page, "main button[type=submit]")
    _enter(page)
    _tab_to(page, "main button[type=submit]")
    _enter(page)
    _tab_to(page, "main button[type=submit]")
    _enter(page)
    expect(page.locator("h1")).to_contain_text("Nadia Ferrand reads")


def _enter(page: "Page") -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _tab_to(page: "Page", selector: str) -> None:
    page.wait_for_load_state()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    message = f"the keyboard never reached {selector} on {page.url}"
    raise AssertionError(message)
