"""axe finds nothing to object to, on every page of the three journeys, on a phone and on a desk, in both languages."""

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.conftest import House

SIZES = {"phone": PHONE, "desktop": DESKTOP}
# Light and dark in pairs, so that each scheme meets each size and each language once.
PAIRED = [("phone", "fr", "light"), ("phone", "en", "dark"), ("desktop", "fr", "dark"), ("desktop", "en", "light")]
OTHERS = [("phone", "fr", "dark"), ("phone", "en", "light"), ("desktop", "fr", "light"), ("desktop", "en", "dark")]
COMBINATIONS = [*PAIRED, *(pytest.param(*one, marks=pytest.mark.long) for one in OTHERS)]


def _sound(page: "Page", where: str) -> None:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    told = [(one["id"], one["nodes"][0]["html"][:160]) for one in found]
    assert not told, f"{where}: {told}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where}: scrolls sideways by {wide} px"


def _look(page: "Page", paths: list[str]) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        _open_everything(page)
        _sound(page, path)


def _continue(page: "Page") -> None:
    """Go on with the first button, and wait for the page that comes: the one before must not be looked at."""
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()


def _open_everything(page: "Page") -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")


@pytest.mark.parametrize(("size", "language", "scheme"), COMBINATIONS)
def test_the_customers_pages(house: "House", size: str, language: str, scheme: str) -> None:
    page = house.visit("", language, scheme, SIZES[size])
    _look(page, ["/", "/tell", "/case", "/case/DL-0000-0000", "/accessibility", "/nothing-here"])
    _look(page, ["/person", "/person?with=zzzzzz", "/person/poste-arvane"])
    _look(page, ["/charter/poste-arvane", "/reader"])
    _look(page, [house.link(number) for number in (1, 2, 3, 5, 7, 8)])
    _look(page, [f"/case/{house.links[number - 1]['reference']}/person" for number in (5, 8)])
    page.goto("/tell")
    _continue(page)
    _sound(page, "/tell with errors")
    page.fill("[name=story]", "Forty minutes in front of the machine, card 4111 1111 1111 1111.")
    page.fill("[name=whom]", "Poste Arvane")
    _continue(page)
    _sound(page, "/tell/2")
    _continue(page)
    _sound(page, "/tell/2 with errors")
    page.locator("[name=wish][value=money]").check(force=True)
    page.locator("[name=consent]").check(force=True)
    _continue(page)
    _sound(page, "/tell/3")
    page.goto("/tell/4")
    _sound(page, "/tell/4")


@pytest.mark.parametrize(("size", "language", "scheme"), COMBINATIONS)
def test_the_teams_pages(house: "House", size: str, language: str, scheme: str) -> None:
    page = house.visit("Nadia Ferrand", language, scheme, SIZES[size])
    _look(page, [f"/desk?tab={tab}" for tab in ("mine", "take", "second", "customer", "resting", "all")])
    _look(page, ["/desk?q=machine", "/desk?q=zzzzzz", "/accounts/profile", "/accounts/password"])
    _look(page, ["/desk/people", "/desk/readings", "/accounts/absences"])
    _look(page, [f"/desk/{house.links[number - 1]['reference']}" for number in (1, 2, 7, 8)])


@pytest.mark.parametrize(("size", "language", "scheme"), COMBINATIONS)
def test_the_pages_of_a_charter(house: "House", size: str, language: str, scheme: str) -> None:
    page = house.visit("Philippe Sarrazin", language, scheme, SIZES[size])
    _look(page, ["/charter/poste-arvane/edit", "/charter/remedies"])
    # One of each standing: what is held, what the customer asks for instead, what is to be given, what was settled.
    links = page.locator("a[href^='/charter/remedies/']").evaluate_all("all => all.map(one => one.pathname)")
    assert links
    _look(page, [*links[:4], links[-1]])


@pytest.mark.parametrize(("size", "language", "scheme"), COMBINATIONS)
def test_the_managers_and_the_administrators_pages(house: "House", size: str, language: str, scheme: str) -> None:
    page = house.visit("manager", language, scheme, SIZES[size])
    _look(page, ["/insight", "/insight?from=2030-01&to=2029-01", "/insight/stories"])
    page.context.clear_cookies()
    _look(page, ["/accounts/login", "/accounts/reset"])
    page = house.visit("admin", language, scheme, SIZES[size])
    _look(page, ["/accounts/admin", "/accounts/admin/organisations/new", "/accounts/admin/invitations/new"])
    _look(page, ["/accounts/admin/reader"])
    page = house.visit("supervisor", language, scheme, SIZES[size])
    _look(page, ["/accounts/team", "/accounts/hours", "/accounts/absences", "/desk", "/desk/people", "/insight"])
