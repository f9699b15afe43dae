"""Beyond the first answer, in a real browser: a mediator's room, a company that nobody claimed, its claim, a file checked."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.journeys.conftest import House

TODAY = datetime.now(UTC).date()


def _open(page: "Page", inside: str) -> None:
    """Unfold what a form or a button lies in."""
    folded = page.locator(f"details:not([open]):has({inside})")
    for number in range(folded.count()):
        folded.nth(number).locator("summary").first.click()


def _press(page: "Page", form: str) -> None:
    """Send a form; what asks back is pressed again."""
    with page.expect_navigation():
        button = page.locator(f"{form} button[type=submit]").last
        button.click()
        if button.is_visible() and button.get_attribute("data-confirm"):
            button.click()


def _continue(page: "Page") -> None:
    """Go on with the first button of the page, and wait for the next one: what is folded there is looked at at once."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def _do(page: "Page", form: str, **fields: str) -> None:
    """Fill in a form by the names of its fields, and send it; a choice is named by its value."""
    _open(page, form)
    for name, value in fields.items():
        field = page.locator(f"{form} [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"{form} [name={name}][value='{value}']").check(force=True)
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    _press(page, form)


def _form(what: str) -> str:
    return f"form[action$='/{what}']"


def test_a_mediator_comes_by_a_link_and_both_sides_agree_on_the_proposal(house: "House") -> None:
    customer = house.visit("", "en", size=PHONE)
    customer.goto(house.link(7))
    reference = customer.url.rsplit("/", 1)[1].split("?")[0]
    customer.goto(f"/case/{reference}/elsewhere")
    _open(customer, _form("elsewhere/link"))
    _press(customer, _form("elsewhere/link"))
    address = customer.locator("a", has_text="/mediation/").first.get_attribute("href") or ""

    mediator = house.visit("", "en", size=DESKTOP)
    mediator.goto(address)
    _do(mediator, _form("enter"), name="Solange Achard", function="Ombudsman, postal group")
    expect(mediator.locator("h1")).to_contain_text(reference)
    pay_by = (TODAY + timedelta(days=20)).isoformat()
    _do(
        mediator, _form("opinion"), opinion="The file bears her out. I propose 40 euros and a signed letter.",
        kind="contractual_compensation", amount="40", currency="EUR", pay_by=pay_by,
    )  # fmt: skip

    customer.goto(f"/case/{reference}")
    expect(customer.locator("main")).to_contain_text("The file bears her out")
    _press(customer, _form("opinion-yes"))
    expect(customer.locator("main")).to_contain_text("You accepted it.")
    supervisor = house.visit("Claire Okafor", "en", size=DESKTOP)
    supervisor.goto(f"/desk/{reference}")
    _do(supervisor, _form("opinion-yes"), text="We accept it.")
    customer.goto(f"/case/{reference}")
    expect(customer.locator("h1")).to_contain_text("Agreed")
    expect(customer.locator("main")).to_contain_text("40")
    customer.goto(f"/case/{reference}/elsewhere")
    expect(customer.locator("main")).to_contain_text("Solange Achard")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_letter_to_a_company_that_nobody_claimed_goes_to_its_end(house: "House", script: bool) -> None:
    page = house.visit("", "fr", size=PHONE, script=script)
    page.goto("/tell")
    page.locator("[name=story]").fill(f"Deux paiements que je n’ai pas faits. Script : {script}.")
    page.locator("[name=whom]").fill(f"Banque du Vent {script}")
    _press(page, "main form")
    page.locator("[name=sector][value=bank]").check(force=True)
    page.locator("[name=country]").select_option("FR")
    _press(page, "main form")
    page.locator("[name=wish][value=money]").check(force=True)
    _continue(page)
    _open(page, "[name=unauthorised_payment]")
    page.locator("[name=unauthorised_payment]").check(force=True)
    _continue(page)
    page.locator("[name=name]").fill("Lise Arnal")
    _continue(page)
    expect(page.locator("h1")).to_contain_text("Votre lettre est prête")
    expect(page.locator("#letter")).to_contain_text("L133-45")
    _do(page, _form("send"))
    expect(page.locator("#clocks")).to_contain_text("Remboursement d’un paiement non autorisé")
    _do(page, _form("their-answer"), answered_on=TODAY.isoformat(), says="refused", their_words="Ils disent non.")
    page.locator("a[href$='/next-letter']").click()
    expect(page.locator("#letter")).to_contain_text("Deux paiements")
    page.go_back()
    _do(page, _form("escalate"), next_body="fr_bank_mediator")
    _do(page, _form("body-news"), news="complete", heard_on=TODAY.isoformat())
    pay_by = (TODAY + timedelta(days=9)).isoformat()
    _do(page, _form("opinion"), opinion="La banque doit rendre 80 €.", opinion_amount="80", opinion_pay_by=pay_by)
    _press(page, _form("opinion-yes"))
    _do(page, _form("their-opinion"), their_opinion="accepted")
    _press(page, _form("done"))
    expect(page.locator("h1")).to_contain_text("Terminé, par vous")


def test_a_company_claims_its_place_and_each_customer_is_asked(house: "House") -> None:
    bank = house.visit("", "en", size=DESKTOP)
    bank.goto("/organisations/banque-orvelle/claim")
    _do(
        bank, "main form", name="Ruth Ellery", function="Head of complaints", email="r.ellery@banque-orvelle.example",
        proof="Our contact page names me; the switchboard will put you through.",
    )  # fmt: skip
    expect(bank.locator("main")).to_contain_text("Banque Orvelle")
    admin = house.visit("admin", "en", size=DESKTOP)
    admin.goto("/admin/claims")
    mine = admin.locator("section", has_text="Ruth Ellery")
    grant = mine.locator("form[action$='/grant'] button")
    with admin.expect_navigation():
        grant.click()
        if grant.get_attribute("data-confirm"):
            grant.click()
    expect(admin.locator("main")).to_contain_text("/accounts/invitation/")
    customer = house.visit("", "en", size=PHONE)
    customer.goto(house.link(10))
    expect(customer.locator("#passing")).to_contain_text("Banque Orvelle reads what people write here now.")
    _press(customer, _form("pass-on"))
    expect(customer.locator("main")).to_contain_text("Mon virement de loyer")


def test_a_file_is_taken_along_and_checked_by_a_stranger(house: "House", tmp_path: "Path") -> None:
    customer = house.visit("", "fr", size=PHONE)
    customer.goto(house.link(5))
    customer.goto(customer.url.split("?")[0] + "/elsewhere")
    with customer.expect_download() as taken:
        customer.locator(f"{_form('elsewhere/file')} button[type=submit]").first.click()
    kept = tmp_path / taken.value.suggested_filename
    taken.value.save_as(kept)
    assert re.fullmatch(r"DL-\w{4}-\w{4}\.zip", kept.name)
    stranger = house.visit("", "fr", size=DESKTOP)
    stranger.goto("/check")
    stranger.set_input_files("[name=file]", kept)
    _press(stranger, "main form")
    expect(stranger.locator("main")).to_contain_text("Inchangé")
    changed = tmp_path / "changed.zip"
    changed.write_bytes(kept.read_bytes() + b" ")
    stranger.set_input_files("[name=file]", changed)
    _press(stranger, "main form")
    expect(stranger.locator("main")).to_contain_text("Pas tel que nous l’avons fait")
