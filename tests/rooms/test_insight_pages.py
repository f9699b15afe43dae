"""Who sees which figures, what small numbers hide, what the address may say, and what a spreadsheet may not execute."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cx.core.incident import Contact
from cx.core.words import Wish
from cx.disputes.stories import without_identity
from cx.insight.asked import PRESETS
from cx.web.sheets import csv_text, inert
from models import AccessRecord
from tests.world import World

PAGES = ("/insight", "/insight.csv", "/insight/stories")


@pytest.mark.parametrize("who", ["manager@poste", "supervisor@poste", "neutral"])
def test_those_who_may_see_figures_do(small_world: World, who: str) -> None:
    browser = small_world.staff(who)
    assert {path: browser.raw("GET", path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_others_do_not(small_world: World) -> None:
    for who in ("agent@poste", "admin"):
        browser = small_world.staff(who)
        assert {path: browser.raw("GET", path).status_code for path in PAGES} == dict.fromkeys(PAGES, 403)
    stranger = small_world.browser()
    assert {stranger.raw("GET", path).status_code for path in PAGES} <= {302, 303}


def test_a_foreign_organisation_does_not_exist(world: World) -> None:
    browser = world.staff("manager@poste")
    for path in PAGES:
        for slug in ("banque", "nowhere", "'; DROP TABLE figure; --", "a\x00b", "é" * 200):
            assert browser.raw("GET", path, query_string={"organisation": slug}).status_code == 404


def test_each_sees_their_own_and_the_neutral_all_or_one(small_world: World) -> None:
    small_world.tell("poste", place="AF-07")
    small_world.tell("banque", place="Till 3")
    assert "Till 3" not in small_world.staff("manager@poste").get("/insight?organisation=poste").main
    assert "AF-07" not in small_world.staff("manager@banque").get("/insight").main
    neutral = small_world.staff("neutral")
    both = neutral.get("/insight").main
    assert "AF-07" in both
    assert "Till 3" in both
    assert "AF-07" not in neutral.get("/insight?organisation=banque").main


def _months(many: int) -> str:
    return f"{datetime.now(UTC).year + many}-01"


IMPOSSIBLE = (
    "months=7", "months=-3", "months=1e9", "months=%F0%9F%98%80", "from=2026-13", "from=yesterday", "to=0000-01",
    "from=1999-12", f"to={_months(1)}", "from=2026-05&to=2026-02", f"from={_months(-9)}",
)  # fmt: skip


def test_a_period_that_cannot_be_is_said_and_the_usual_one_stands_in(small_world: World) -> None:
    browser = small_world.staff("manager@poste")
    for asked in IMPOSSIBLE:
        assert "This period cannot be shown" in browser.get(f"/insight?{asked}", status=422).main
        for path in ("/insight.csv", "/insight/stories"):
            assert browser.raw("GET", f"{path}?{asked}").status_code == 422


def test_a_preset_leads_back_to_its_months(small_world: World) -> None:
    small_world.tell(at=datetime.now(UTC) - timedelta(days=31 * 4), wish=Wish.TELL)
    browser = small_world.staff("manager@poste")
    found = {
        months: "In this period: 1 story told," in browser.get(f"/insight?months={months}").main for months in PRESETS
    }
    assert found == {3: False, 6: True, 12: True, 18: True}


def test_a_new_organisation_is_told_what_to_do_next(small_world: World) -> None:
    page = small_world.staff("manager@poste").get("/insight")
    assert "Nothing has been told in this period" in page.main
    assert "/tell/poste" in page.links()


def test_few_stories_are_counted_and_not_shown(small_world: World) -> None:
    for number in range(4):
        small_world.tell(text=f"Canary {number} sang in front of the machine.", place="AF-07", wish=Wish.TELL)
    browser = small_world.staff("manager@poste")
    page = browser.get("/insight")
    assert "4 stories told" in page.main
    assert "Canary" not in page.text
    behind = browser.get("/insight/stories?place=AF-07")
    assert "Fewer than five stories" in behind.main
    assert "Canary" not in behind.text


def test_stories_have_no_identity_and_each_showing_is_noted(world: World) -> None:
    for number in range(6):
        text = f"Canary {number}: I am Madeleine GARNIER, call 06 12 34 56 7{number} or m.garnier@example.org."
        world.tell(text=text, place="AF-07", wish=Wish.TELL, contact=Contact("Madeleine Garnier", "m@example.org"))
    browser = world.staff("manager@poste")
    for path in ("/insight", "/insight/stories?place=AF-07"):
        page = browser.get(path)
        assert "Canary 5" in page.text
        for word in ("adeleine", "garnier", "GARNIER", "12 34", "example.org", "DL-"):
            assert word not in page.text
    with world.database.reading() as session:
        noted = select(func.count()).select_from(AccessRecord).where(AccessRecord.what == "story")
        assert session.scalar(noted) == 3 + 6


def test_the_supervisor_is_led_to_the_cases_page_by_page(small_world: World) -> None:
    told = [small_world.tell(text=f"Story number {number}.", wish=Wish.TELL).reference for number in range(23)]
    browser = small_world.staff("supervisor@poste")
    first = browser.get("/insight/stories")
    (older,) = [href for href in first.links() if "before=" in href]
    second = browser.get(older)
    linked = [href.removeprefix("/desk/") for page in (first, second) for href in page.links() if "/desk/DL-" in href]
    assert linked == told[::-1]


def test_an_unknown_figure_is_refused(small_world: World) -> None:
    browser = small_world.staff("manager@poste")
    for which in ("theme=hate", "value=gold", "solved=maybe", "answers=all", "before=x", "before=-1"):
        assert browser.raw("GET", f"/insight/stories?{which}").status_code == 422


def test_no_place_is_a_formula(small_world: World) -> None:
    places = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", " =1+1", '=HYPERLINK("http://x")']
    for place in places:
        small_world.tell(place=place, wish=Wish.TELL)
    text = small_world.staff("manager@poste").raw("GET", "/insight.csv").get_data(as_text=True)
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert {f"'{place}" for place in places} <= set(cells)
    assert [cell for cell in cells if cell.strip()[:1] in set("=+-@＝") and cell.strip()] == []


@given(st.text())
def test_every_cell_is_inert_and_nothing_is_lost(text: str) -> None:
    cell = inert(text)
    assert isinstance(cell, str)
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}


def test_numbers_stay_numbers() -> None:
    assert csv_text(("a", "b"), [(-1.5, "-1.5")]) == "\ufeffa,b\r\n-1.5,'-1.5\r\n"


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("Je m’appelle Léa Petit et j’attends.", "", "Je m’appelle … et j’attends."),
        ("« C’est obligatoire, madame. » dit-il", "", "« C’est obligatoire, madame. » dit-il"),
        ("Mme Garnier-Dubois m’a reçu.", "", "Mme … m’a reçu."),
        ("MADELEINE attend. Madeleine Garnier attend.", "madeleine garnier", "… attend. … attend."),
        ("Le colis 6A12345678901 est perdu, dossier 123456789.", "", "Le colis 6A12345678901 est perdu, dossier …."),
        ("35 minutes, 2 fois, 12 euros.", "Les Douze", "35 minutes, 2 fois, 12 euros."),
    ],
)
def test_what_is_hidden_in_a_story(text: str, name: str, shown: str) -> None:
    assert without_identity(text, name) == shown
