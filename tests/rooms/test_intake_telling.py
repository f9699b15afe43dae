"""Telling a story: four pages, a draft that is never lost, numbers that are hidden, bad input that is met civilly."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from cx.disputes.storing import table
from models import Case, Draft, Message, Organisation

if TYPE_CHECKING:
    from tests.pages import Browser, Page
    from tests.world import World

STORY = "The machine kept my parcel and the counter told me to use the app."


def told(browser: "Browser", story: str = STORY, whom: str = "Poste Arvane", wish: str = "answer") -> "Page":
    """Walk to page 4 and return it."""
    page = browser.post("/tell", {"story": story, "whom": whom})
    assert page.heading == "What do you want?"
    page = browser.post("/tell/2", {"wish": wish, "consent": "y"})
    assert page.heading == "If you like"
    return browser.get("/tell/4")


def sent(browser: "Browser", page: "Page", **contact: str) -> "Page":
    """Send from page 4 and return the receipt."""
    return browser.post("/tell/4", {**page.fields(having="email"), **contact})


def stored_text(world: "World") -> str:
    with world.database.reading() as session:
        return str(session.scalars(select(Message.text).order_by(Message.id.desc())).first())


def count(world: "World", model: Any) -> int:
    with world.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table(model))) or 0)


def test_from_the_box_of_the_first_page_to_a_receipt_that_names_a_person_and_a_date(world: "World") -> None:
    browser = world.browser()
    landing = browser.get("/")
    assert landing.heading == "Tell us. Someone reads you."
    page = browser.post("/tell", {**landing.fields(), "story": STORY})
    assert page.heading == "What happened?"
    assert page.fields()["story"] == STORY
    page = told(browser)
    assert STORY in page.main and "Poste Arvane" in page.main
    receipt = sent(browser, page, name="Madeleine Garnier", email="madeleine@example.org")
    assert receipt.heading == "Sent. Nadia Ferrand reads it."
    assert "Answer by" in receipt.main and "Why this date?" in receipt.main
    assert STORY in receipt.main and "/k/" in receipt.text
    assert count(world, Case) == 1


def test_just_telling_asks_no_consent_and_starts_no_clock(small_world: "World") -> None:
    browser = small_world.browser()
    browser.post("/tell", {"story": STORY, "whom": "poste arv"})
    page = browser.post("/tell/2", {"wish": "tell"})
    page = sent(browser, browser.get("/tell/4"))
    assert page.heading == "Arrived. Nadia Ferrand reads you."
    assert "Answer by" not in page.main


def test_a_demand_needs_consent_and_says_to_whom(small_world: "World") -> None:
    browser = small_world.browser()
    browser.post("/tell", {"story": STORY, "whom": "Poste Arvane"})
    page = browser.post("/tell/2", {"wish": "money"}, status=422)
    assert "I agree that Poste Arvane receives my story" in page.main
    assert "your story must be passed on" in page.main


def test_the_draft_survives_back_reload_and_a_closed_browser_until_it_is_deleted(small_world: "World") -> None:
    browser = small_world.browser()
    told(browser, wish="repair")
    assert browser.get("/tell").fields()["story"] == STORY
    assert browser.get("/tell/2").fields()["wish"] == "repair"
    again = small_world.browser()
    cookie = browser.client.get_cookie("doleance_draft")
    assert cookie is not None and cookie.http_only and cookie.max_age == 30 * 86_400
    again.client.set_cookie("doleance_draft", cookie.value)
    assert STORY in again.get("/tell/4").main
    assert browser.post("/tell/anew", {}).fields()["story"] == ""
    assert again.get("/tell/4").heading == "What happened?"
    assert count(small_world, Draft) == 0


def test_a_half_filled_page_is_kept_without_refusing_anything(small_world: "World") -> None:
    browser = small_world.browser()
    answer = browser.raw("POST", "/tell/draft", data={"page": "1", "story": f"{STORY} 4111 1111 1111 1111"})
    assert answer.status_code == 204
    assert "4111" not in browser.get("/tell").text and STORY in browser.get("/tell").text
    for data in ({"page": "3", "minutes": "x"}, {"page": "9"}, {}, {"page": "4", "email": "nonsense"}):
        assert browser.raw("POST", "/tell/draft", data=data).status_code == 204


def test_numbers_that_nobody_needs_are_hidden_before_the_draft_is_stored_and_the_person_is_told(
    small_world: "World",
) -> None:
    browser = small_world.browser()
    secretive = "My card 4111 1111 1111 1111 and FR14 2004 1010 0505 0001 3M02 606 were taken."
    page = browser.post("/tell", {"story": secretive, "whom": "Poste Arvane"})
    assert "We hid a card number and an IBAN" in page.text
    with small_world.database.reading() as session:
        assert "1111 1111" not in str(session.scalars(select(Draft.data)).one())
    page = told(browser, secretive)
    assert "We hid a card number and an IBAN" in page.main and "•••• 1111" in page.main
    sent(browser, page)
    assert "4111" not in stored_text(small_world) and "2004" not in stored_text(small_world)


TYPED: list[tuple[str, str | None]] = [
    ("a\x00b then more words", "ab then more words"),
    ("z" + "\u0301" * 10_000 + " told", None),
    ("\u202edesrever words told here", None),
    (
        "<script>alert(1)</script></textarea><img onerror=x> told",
        "<script>alert(1)</script></textarea><img onerror=x> told",
    ),
    ("{{7*7}} {% raw %} ${x} %s %n {0.__class__}", "{{7*7}} {% raw %} ${x} %s %n {0.__class__}"),
    ("'; DROP TABLE message; --", "'; DROP TABLE message; --"),
    ("👩‍👩‍👧‍👦 مرحبا שלום", "👩‍👩‍👧‍👦 مرحبا שלום"),
    ("x" * 20_000, "x" * 20_000),
]


def test_whatever_is_typed_is_filed_and_shown_as_text(small_world: "World") -> None:
    browser = small_world.browser()
    for typed, kept in TYPED:
        page = sent(browser, told(browser, typed, wish="tell"))
        assert page.heading == "Arrived. Nadia Ferrand reads you."
        text = stored_text(small_world)
        assert kept is None or text == kept
        assert text.count("\u0301") <= 8


def test_an_empty_or_endless_story_comes_back_with_what_was_typed(small_world: "World") -> None:
    browser = small_world.browser()
    for story in ("", "   ", "\u200b\u200b", "x" * 20_001):
        page = browser.post("/tell", {"story": story, "whom": "Poste Arvane"}, status=422)
        assert page.fields()["whom"] == "Poste Arvane"
        assert len(page.fields()["story"]) in {0, 20_001}
        assert "Please look at this again, nothing is lost" in page.main


BAD_ANSWERS = [
    ("occurred_on", "2024-02-30"),
    ("occurred_on", "0000-01-01"),
    ("occurred_on", "9999-12-31"),
    ("occurred_on", "20240101"),
    ("occurred_on", "２０２６-01-01"),
    ("minutes", "many"),
    ("minutes", "-1"),
    ("minutes", "٣"),
    ("paid", "1e309"),
    ("paid", "NaN"),
    ("severity", "6"),
    ("touchpoint", "999999"),
    ("issue", "fees"),
    ("only_way", "perhaps"),
]


def test_a_bad_answer_on_the_optional_page_is_refused_beside_its_field(small_world: "World") -> None:
    browser = small_world.browser()
    browser.post("/tell", {"story": STORY, "whom": "Poste Arvane"})
    browser.post("/tell/2", {"wish": "answer", "consent": "y"})
    for field, value in BAD_ANSWERS:
        page = browser.post("/tell/3", {"place": "the office by the church", field: value}, status=422)
        assert page.fields(having="place")["place"] == "the office by the church", field
        assert "field-wrong" in page.text, (field, value)


def test_optional_facts_reach_the_case_and_odd_ones_are_doubted_not_refused(small_world: "World") -> None:
    browser = small_world.browser()
    browser.post("/tell", {"story": STORY, "whom": "Poste Arvane"})
    browser.post("/tell/2", {"wish": "money", "consent": "y", "wish_text": "€12.50"})
    about = {
        "occurred_on": "2026-11-02", "occurred_how": "about", "minutes": "35", "paid": "8,95", "tracking": "12",
        "only_way": "yes", "anybody_there": "no", "severity": "4", "issue": "machine_or_kiosk", "touchpoint": "1",
    }  # fmt: skip
    page = browser.post("/tell/3", about)
    assert "about 2 November" in page.main and "does not look like a tracking number" in page.main
    sent(browser, page)
    with small_world.database.reading() as session:
        case = session.execute(select(table(Case))).mappings().one()
    assert case["facts"] == {
        "tracking": "12", "minutes": 35, "paid_minor": 895, "paid_currency": "EUR", "only_way": True,
        "anybody_there": False, "issue": "machine_or_kiosk",
    }  # fmt: skip
    assert (case["severity_told"], case["occurred_about"], case["issue"]) == (4, True, "machine_or_kiosk")
    assert (case["channel"], case["place"], case["touchpoint_id"]) == ("kiosk", "Machine AF-07", 1)


def test_a_bad_contact_keeps_everything_else(small_world: "World") -> None:
    browser = small_world.browser()
    shown = told(browser).fields(having="email")
    for field, value in (("email", "nonsense"), ("email", "a@b\r\nBcc: c@d.e"), ("phone", "call me")):
        page = browser.post("/tell/4", {**shown, "name": "Inès", field: value}, status=422)
        assert page.fields(having="email")["name"] == "Inès"
        assert STORY in page.main
    assert count(small_world, Case) == 0


def test_an_organisation_is_found_by_typing_and_chosen_among_several(small_world: "World") -> None:
    browser = small_world.browser()
    found = browser.raw("GET", "/organisations.json?q=pôste").get_json()
    assert [one["value"] for one in found] == ["Poste Arvane"]
    assert browser.raw("GET", "/organisations.json?q=%25").get_json() == []
    assert browser.raw("GET", "/organisations.json?q=northmere").get_json() == []
    for part_of_a_name in ("arvane", "a"):
        page = browser.post("/tell", {"story": STORY, "whom": part_of_a_name})
        assert page.heading == "Which one is it?"
    browser.post("/tell/company", {}, status=422)
    page = browser.post("/tell/company", {"organisation": "banque"})
    assert page.heading == "What do you want?" and "Banque Tessaure" in page.main


def test_an_address_may_choose_the_organisation(small_world: "World") -> None:
    browser = small_world.browser()
    assert browser.get("/tell/poste").fields()["whom"] == "Poste Arvane"
    browser.get("/tell/nowhere", status=404)
    page = browser.post("/tell", {"story": STORY, "whom": "Poste Arvane", "organisation": "poste"})
    assert page.heading == "What do you want?"


def test_a_company_that_does_not_read_us_gets_a_letter_and_its_clock_starts_when_it_was_sent(world: "World") -> None:
    browser = world.browser()
    page = browser.post("/tell", {"story": STORY, "whom": "Unknown Rail & Post"})
    assert page.heading == "This company doesn’t read us yet"
    browser.post("/tell/company", {"organisation": "none", "sector": "postal"}, status=422)
    browser.post("/tell/company", {"organisation": "none", "sector": "postal", "country": "FR"})
    browser.post("/tell/2", {"wish": "money", "wish_text": "Give back €12."})
    letter = sent(browser, browser.get("/tell/4"), name="Inès Bouvier")
    assert letter.heading == "Your letter is ready."
    assert STORY in letter.main and "Give back €12." in letter.main and "within 2 months" in letter.main
    assert "Answer by" not in letter.text
    address = letter.response.request.path
    browser.post(f"{address}/send", {**letter.fields(having="sent_on"), "sent_on": "2999-01-01"}, status=422)
    page = browser.post(f"{address}/send", letter.fields(having="sent_on"))
    assert page.heading == "Sent by you. The time runs."
    assert "Answer by" in page.main and "You sent the letter on" in page.main and "Yours faithfully" in page.main
    assert "A person reads" not in letter.text + page.text
    with world.database.reading() as session:
        made = session.scalars(select(Organisation).where(Organisation.name == "Unknown Rail & Post")).one()
        assert (made.claimed, made.jurisdiction, made.zone) == (False, "FR", "Europe/Paris")


def test_pages_out_of_order_lead_to_the_first_that_misses_something(small_world: "World") -> None:
    browser = small_world.browser()
    for path in ("/tell/2", "/tell/3", "/tell/4", "/tell/company"):
        assert browser.get(path).heading == "What happened?"
    browser.post("/tell", {"story": STORY, "whom": "Poste Arvane"})
    assert browser.get("/tell/4").heading == "What do you want?"


def test_a_reader_that_fails_is_not_noticed_at_the_counter(
    small_world: "World", monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def read(self, text: str, language: str) -> None:
            raise RuntimeError(text)

    monkeypatch.setattr("cx.intake.story.bench", lambda: type("Bench", (), {"reader": staticmethod(Broken)}))
    browser = small_world.browser()
    assert sent(browser, told(browser)).heading == "Sent. Nadia Ferrand reads it."
