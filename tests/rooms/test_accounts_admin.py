"""The administration and the first hour: organisations, places, what is missing, and from a token to a working house."""

from typing import TYPE_CHECKING

import argon2
import pytest
from sqlalchemy import func, select

from cx.accounts import passwords, setup
from cx.accounts.places import minor_units, zone_of
from models import Account, Membership, Organisation, Touchpoint
from tests.pages import Browser, Page
from tests.world import World

if TYPE_CHECKING:
    from flask import Flask

GOOD = "three words and a bird"
JOINING = {
    "name": "Luc Marchand", "function": "complaints officer", "email": "luc@example.org", "language": "en",
    "password": GOOD, "password_again": GOOD,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def _link(page: Page) -> str:
    shown = next(str(one.text) for one in page.tree.iter("code"))
    return "/" + shown.split("/", 3)[3]


def test_an_organisation_is_added_and_changed(world: World) -> None:
    admin = world.staff("admin")
    data = {"name": "Alizane", "sector": "airline", "country": "GB", "language": "fr", "address": "1 rue du Port",
            "target_days": "7", "limit": "1 200,50", "claimed": "y", "duty": ""}  # fmt: skip
    bad = {**data, "name": "poste ARVANE", "country": "XX", "target_days": "0", "limit": "much"}
    page = admin.post("/accounts/admin/organisations/new", bad, 422)
    assert "poste ARVANE" in page.text
    assert page.text.count('<p class="error"') == 3
    assert "already" in admin.post("/accounts/admin/organisations/new", {**data, "name": "poste ARVANE"}, 422).main
    assert admin.post("/accounts/admin/organisations/new", data).heading == "Alizane"
    with world.database.reading() as session:
        made = session.scalars(select(Organisation).where(Organisation.name == "Alizane")).one()
    assert (made.slug, made.zone, made.jurisdiction, made.calendar) == ("alizane", "Europe/London", "GB", "GB-ENG")
    assert (made.agent_limit_minor, made.target_days, made.claimed) == (120_050, 7, True)
    poste = world.organisations["poste"]
    fields = admin.get(f"/accounts/admin/organisations/{poste}").fields(having="target_days")
    fields |= {"duty": str(world.people["agent@banque"]), "target_days": "5"}
    admin.post(f"/accounts/admin/organisations/{poste}", fields)
    with world.database.reading() as session:
        kept = session.get_one(Organisation, poste)
        assert (kept.target_days, kept.duty_account_id) == (5, None)
    admin.get("/accounts/admin/organisations/999", 404)
    admin.get(f"/accounts/admin/organisations/{2**70}", 404)


def test_touchpoints_have_one_code_each(small_world: World) -> None:
    admin, poste = small_world.staff("admin"), small_world.organisations["poste"]
    url = f"/accounts/admin/organisations/{poste}/touchpoints/new"
    data = {"code": "af-07", "name": "Another", "channel": "kiosk", "place": ""}
    assert "already" in admin.post(url, data, 422).main
    admin.post(url, {**data, "code": "AF-08"})
    with small_world.database.reading() as session:
        number = session.scalars(select(Touchpoint.id).where(Touchpoint.code == "AF-08")).one()
    admin.post(f"/accounts/admin/touchpoints/{number}", {**data, "code": "AF-08", "name": "Renamed"})
    assert "Renamed" in admin.get(f"/accounts/admin/organisations/{poste}").main


def test_the_first_page_of_the_administration_says_what_is_missing(small_world: World) -> None:
    admin = small_world.staff("admin")
    page = admin.get("/accounts/admin")
    assert "No mail leaves this installation" in page.main
    assert "Poste Arvane" not in admin.get("/accounts/admin?q=tessaure").main
    assert "No organisation is called that" in admin.get("/accounts/admin?q=%25%5F").main


def test_the_first_hour_leads_from_a_token_to_a_working_house(app: "Flask") -> None:
    database = app.extensions["database"]
    with database.writing() as session:
        stale = setup.begin(session)
    with database.writing() as session:
        token = setup.begin(session)
    browser = Browser(app)
    browser.get(f"/setup/{stale}", 404)
    first = browser.get(f"/setup/{token}").fields(having="address")
    assert first["name"] == "Doléance"
    browser.post(f"/setup/{token}", {**first, "address": "nowhere"}, 422)
    account = browser.post(f"/setup/{token}", {**first, "name": "Parole"})
    assert account.heading == "Your account"
    assert account.text.count("Parole") >= 2, "the house is called so from the next page on"
    page = browser.post(f"/setup/{token}/account", {**JOINING, "name": ""}, 422)
    assert "luc@example.org" in page.text
    browser.post(f"/setup/{token}/account", JOINING)
    browser.get(f"/setup/{token}", 404)
    browser.raw("POST", f"/setup/{token}/account", data={**JOINING, "email": "two@example.org"})
    with database.writing() as session:
        assert setup.begin(session) is None
        assert session.scalar(select(func.count(Membership.id)).where(Membership.role == "admin")) == 1
    people = browser.post(
        "/setup/organisation", {"name": "Poste", "sector": "postal", "country": "FR", "language": "fr"}
    )
    assert people.heading == "The first people"
    url = next(str(form.get("action")) for form in people.forms() if "/setup/people" in str(form.get("action")))
    browser.post(url, {"role": "admin", "name": "", "email": ""}, 422)
    shown = browser.post(url, {"role": "agent", "name": "Nadia Ferrand", "email": ""})
    browser.post(url, {"role": "neutral", "name": "", "email": ""})
    Browser(app).post(_link(shown), {**JOINING, "email": "nadia@example.org", "name": "Nadia Ferrand"})
    with database.reading() as session:
        nadia = session.scalars(select(Account).where(Account.email == "nadia@example.org")).one()
        assert session.scalars(select(Organisation)).one().duty_account_id == nadia.id


def test_the_house_can_be_called_otherwise_later(small_world: World) -> None:
    admin = small_world.staff("admin")
    form = admin.get("/accounts/admin/installation").fields(having="address")
    assert form["name"] == "Doléance"
    admin.post("/accounts/admin/installation", {**form, "name": ""}, 422)
    changed = {**form, "name": "Le cahier", "language": "en", "address": "https://cahier.example.org"}
    page = admin.post("/accounts/admin/installation", changed)
    assert "DOLEANCE_URL=https://cahier.example.org" in page.main
    other = Browser(small_world.app, "de").get("/")
    assert "Le cahier" in other.text and '<html lang="en">' in other.text
    assert admin.get("/accounts/admin/installation").fields(having="address") == changed


def test_the_frame_shows_only_what_is_there(small_world: World) -> None:
    stranger = small_world.browser().get("/accessibility")
    assert "/accounts/login" in stranger.links()
    chief = small_world.staff("supervisor@poste").get("/accounts/team")
    assert "/accounts/admin" not in chief.links()
    assert "/accounts/team" in chief.links()
    assert "Claire Okafor" in chief.text
    assert small_world.browser("fr").get("/accessibility").heading == "Accessibilité"


@pytest.mark.parametrize(
    ("text", "country", "minor"), [("", "FR", None), ("150", "FR", 15000), ("1 200,5", "FR", 120050), ("12", "JP", 12)]
)
def test_amounts_are_read_as_people_write_them(text: str, country: str, minor: int | None) -> None:
    assert minor_units(text, country) == minor
    for wrong in ("-1", "1,234", "abc", "1e9", "9" * 12):
        with pytest.raises(ValueError):
            minor_units(wrong, country)


def test_a_country_has_a_zone() -> None:
    assert [zone_of(code) for code in ("FR", "GB", "US", "XX")] == [
        "Europe/Paris", "Europe/London", "America/New_York", "UTC",
    ]  # fmt: skip
