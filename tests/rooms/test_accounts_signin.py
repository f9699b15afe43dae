"""Signing in and out: who gets in, who is slowed down, what a copied cookie is worth, where a page may lead back to."""

import argon2
import pytest
from sqlalchemy import func, select

from cx.accounts import passwords
from cx.accounts.addresses import email_of, own_path
from models import Account, Letter, LoginAttempt, StaffSession
from tests.pages import Browser, Page
from tests.world import World

GOOD = "three words and a bird"
NEW = "another bird, other words"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
EMAIL = "agent.poste@example.org"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", CHEAP)


def _with_password(world: World, who: str = "agent@poste", **changes: object) -> None:
    with world.database.writing() as session:
        account = session.get_one(Account, world.people[who])
        account.password = passwords.hash_password(GOOD)
        for name, value in changes.items():
            setattr(account, name, value)


def _sign_in(browser: Browser, email: str = EMAIL, password: str = GOOD, status: int = 200, **more: str) -> Page:
    return browser.post("/accounts/login", {"email": email, "password": password, **more}, status)


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("doleance_session")
    return found.value if found is not None else ""


def test_one_signs_in_and_is_known(world: World) -> None:
    _with_password(world)
    browser = world.browser()
    answer = browser.raw("POST", "/accounts/login", data={"email": f" {EMAIL.upper()} ", "password": GOOD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("doleance_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Nadia Ferrand" in browser.get("/accounts/profile").text
    # Whoever is signed in already has nothing to do at the form.
    assert browser.raw("GET", "/accounts/login").headers["Location"] == "/desk"


@pytest.mark.parametrize(
    ("who", "start"),
    [("supervisor@poste", "/desk"), ("neutral", "/desk"), ("manager@poste", "/insight"), ("admin", "/accounts/admin")],
)
def test_everybody_starts_where_their_work_is(small_world: World, who: str, start: str) -> None:
    _with_password(small_world, who)
    email = f"{who.replace('@', '.')}@example.org"
    answer = small_world.browser().raw("POST", "/accounts/login", data={"email": email, "password": GOOD})
    assert answer.headers["Location"] == start


def test_unknown_wrong_suspended_and_empty_look_the_same(small_world: World) -> None:
    _with_password(small_world, "agent@poste")
    _with_password(small_world, "agent2@poste", active=False)
    tries = [
        (EMAIL, "wrong"),
        ("agent2.poste@example.org", GOOD),
        ("nobody.here@example.org", GOOD),
        ("neutral@example.org", ""),
    ]
    pages = [_sign_in(small_world.browser(), email, word or "x", 422) for email, word in tries]
    bodies = {page.main for page in pages}
    assert len(bodies) == 1
    assert "do not go together" in bodies.pop()


def test_what_was_typed_is_kept_but_no_password(small_world: World) -> None:
    page = _sign_in(small_world.browser(), "someone@example.org", "a secret thing", 422)
    assert "someone@example.org" in page.text
    assert "a secret thing" not in page.text
    empty = _sign_in(small_world.browser(), "", "", 422)
    assert "Your e-mail address, please." in empty.text


def test_a_long_or_strange_password_is_taken_exactly_as_typed(small_world: World) -> None:
    strange = " 🐦" + "é" * 100
    with small_world.database.writing() as session:
        session.get_one(Account, small_world.people["agent@poste"]).password = passwords.hash_password(strange)
    assert _sign_in(small_world.browser(), password=strange.strip(), status=422)
    browser = small_world.browser()
    assert browser.raw("POST", "/accounts/login", data={"email": EMAIL, "password": strange}).status_code == 303
    assert _sign_in(small_world.browser(), password="x" * 100_000, status=422)


def test_guessing_is_slowed_down_and_open_sessions_are_not_harmed(world: World) -> None:
    _with_password(world)
    inside = world.browser()
    _sign_in(inside)
    guesser = world.browser()
    for _ in range(10):
        _sign_in(guesser, password="guess", status=422)
    refused = guesser.raw("POST", "/accounts/login", data={"email": EMAIL, "password": GOOD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60 + 1
    assert "Too many tries" in Page(refused).main
    assert "Nadia Ferrand" in inside.get("/accounts/profile").text
    with world.database.reading() as session:
        stored = session.scalars(select(LoginAttempt.subject)).all()
    assert len(stored) == 20
    assert all(EMAIL not in one and "127.0.0.1" not in one for one in stored)


def test_many_people_tried_from_one_place_are_slowed_down_too(small_world: World) -> None:
    browser = small_world.browser()
    for number in range(10):
        _sign_in(browser, f"person{number}@example.org", "guess", 422)
    assert _sign_in(browser, "person11@example.org", "guess", 429)


def test_a_success_forgets_the_slips(small_world: World) -> None:
    _with_password(small_world)
    for _ in range(4):
        for _ in range(2):
            _sign_in(small_world.browser(), password="slip", status=422)
        assert (
            small_world.browser().raw("POST", "/accounts/login", data={"email": EMAIL, "password": GOOD}).status_code
            == 303
        )


def test_a_copied_cookie_is_worth_nothing_after_signing_out(world: World) -> None:
    _with_password(world)
    browser, thief = world.browser(), world.browser()
    _sign_in(browser)
    thief.client.set_cookie("doleance_session", _cookie(browser))
    assert "Nadia Ferrand" in thief.get("/accounts/profile").text
    browser.post("/accounts/logout", {})
    assert thief.raw("GET", "/accounts/profile").status_code == 302
    assert browser.raw("GET", "/accounts/profile").status_code == 302


def test_a_session_set_beforehand_is_not_the_one_after_signing_in(small_world: World) -> None:
    _with_password(small_world)
    _with_password(small_world, "agent2@poste")
    browser = small_world.browser()
    _sign_in(browser, "agent2.poste@example.org")
    before = _cookie(browser)
    browser.post("/accounts/login", {"email": EMAIL, "password": GOOD})
    assert _cookie(browser) != before
    with small_world.database.reading() as session:
        assert session.scalar(select(func.count(StaffSession.id))) == 1


@pytest.mark.parametrize("cookie", ["", "x", "x" * 4000, "é", "../../etc", "a" * 43])
def test_a_forged_cookie_is_a_strangers(small_world: World, cookie: str) -> None:
    browser = small_world.browser()
    browser.client.set_cookie("doleance_session", cookie)
    assert browser.raw("GET", "/accounts/profile").status_code in {302, 400, 431}


@pytest.mark.parametrize(
    "trick",
    ["//evil.example", "https://evil.example", "https:evil", "/\\evil", "\\/evil", "///evil", "/x\r\nSet-Cookie: a=b",
     "javascript:alert(1)", "/\tevil", "\t//evil", "http://user@evil", "/accounts/logout", "", "/%s" % ("x" * 2000)],
)  # fmt: skip
def test_a_page_only_leads_back_to_our_own(small_world: World, trick: str) -> None:
    _with_password(small_world)
    data = {"email": EMAIL, "password": GOOD, "next": trick}
    answer = small_world.browser().raw("POST", "/accounts/login", data=data)
    assert answer.headers["Location"] == "/desk"
    assert own_path(trick) is None


def test_an_own_page_is_led_back_to(small_world: World) -> None:
    _with_password(small_world)
    browser = small_world.browser()
    sent = browser.raw("GET", "/accounts/password?lang=en")
    assert sent.status_code == 302
    page = browser.get(sent.headers["Location"])
    assert page.fields(having="email")["next"] == "/accounts/password?lang=en"
    answer = browser.raw(
        "POST", "/accounts/login", data={**page.fields(having="email"), "email": EMAIL, "password": GOOD}
    )
    assert answer.headers["Location"] == "/accounts/password?lang=en"


def test_demo_accounts_work_on_this_machine_only(small_world: World) -> None:
    _with_password(small_world, demo=True)
    browser = small_world.browser()
    data = {"email": EMAIL, "password": GOOD}
    far = browser.raw("POST", "/accounts/login", data=data, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert far.status_code == 422
    assert browser.raw("POST", "/accounts/login", data=data).status_code == 303
    small_world.app.config["DOLEANCE_URL"] = "https://doleance.example"
    assert browser.raw("GET", "/accounts/profile").status_code == 302
    assert small_world.browser().raw("POST", "/accounts/login", data=data).status_code == 422


def test_a_new_password_ends_all_other_sessions(world: World) -> None:
    _with_password(world)
    here, there = world.browser(), world.browser()
    _sign_in(here)
    _sign_in(there)
    wrong = {"password_now": "no", "password": NEW, "password_again": NEW}
    assert "This is not your present password." in here.post("/accounts/password", wrong, 422).text
    short = {"password_now": GOOD, "password": "short", "password_again": "other"}
    page = here.post("/accounts/password", short, 422)
    assert "At least 10 characters" in page.main
    assert "not the same" in page.main
    assert GOOD not in page.text
    here.post("/accounts/password", {"password_now": GOOD, "password": NEW, "password_again": NEW})
    assert "Nadia Ferrand" in here.get("/accounts/profile").text
    assert there.raw("GET", "/accounts/profile").status_code == 302
    assert _sign_in(world.browser(), password=GOOD, status=422)
    assert world.browser().raw("POST", "/accounts/login", data={"email": EMAIL, "password": NEW}).status_code == 303


def test_a_reset_link_works_once_and_its_first_click_spends_nothing(world: World) -> None:
    world.app.config["SMTP_URL"] = "smtp://localhost"
    _with_password(world)
    browser = world.browser()
    browser.post("/accounts/reset", {"email": EMAIL})
    browser.post("/accounts/reset", {"email": EMAIL})
    with world.database.reading() as session:
        secrets = [f"{one.data['path']}{one.data['secret']}" for one in session.scalars(select(Letter))]
    assert len(secrets) == 2
    assert browser.get(secrets[0]).heading == browser.get(secrets[0]).heading == "Choose a new password"
    browser.post(secrets[0], {"password": "password123", "password_again": "password123"}, 422)
    browser.post(secrets[0], {"password": NEW, "password_again": NEW})
    again = [browser.get(one, 400) for one in secrets]
    forged = browser.get("/accounts/reset/%25", 400)
    assert {page.main for page in again} == {forged.main}
    assert browser.post(secrets[1], {"password": GOOD, "password_again": GOOD}, 400)
    assert world.browser().raw("POST", "/accounts/login", data={"email": EMAIL, "password": NEW}).status_code == 303


def test_reset_letters_are_few_and_say_nothing_of_who_exists(small_world: World) -> None:
    small_world.app.config["SMTP_URL"] = "smtp://localhost"
    _with_password(small_world)
    browser = small_world.browser()
    pages = [browser.post("/accounts/reset", {"email": email}) for email in [EMAIL] * 5 + ["nobody@example.org"]]
    assert len({page.text.partition('role="status"')[2].partition("<main")[0] for page in pages}) == 1
    with small_world.database.reading() as session:
        assert session.scalar(select(func.count(Letter.id))) == 3
    assert browser.post("/accounts/reset", {"email": "a@b\r\nBcc: c@d"}, 422)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Nadia@Example.ORG ", "nadia@example.org"),
        ("ｎadia@example.org", "nadia@example.org"),
        ("n.f+x@bücher.example", "n.f+x@bücher.example"),
        ("a@localhost", None), ("a@b, c@d.org", None), ('"x" <a@b.org>', None), ("a@b.org\r\nBcc: c@d.org", None),
        ("a" * 250 + "@b.org", None), ("", None), ("a b@c.org", None), ("a@[127.0.0.1]", None),
    ],
)  # fmt: skip
def test_an_address_has_one_form(typed: str, stored: str | None) -> None:
    assert email_of(typed) == stored
