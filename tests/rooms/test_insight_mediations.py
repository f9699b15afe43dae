"""The share of mediations that changed something counts those of the months and the organisation that are asked for."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cx.disputes import figures
from cx.disputes.mediated import CHANGED, MEASURE, STAYED

if TYPE_CHECKING:
    from tests.pages import Browser
    from tests.world import World


def _months_ago(many: int) -> date:
    day = datetime.now(UTC).date().replace(day=1)
    for _ in range(many):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


@pytest.fixture
def counted(small_world: "World") -> "World":
    """Five mediations of the last two months at the post, four of a year and a half ago, six at the bank."""
    poste, banque = (small_world.organisations[name] for name in ("poste", "banque"))
    with small_world.database.writing() as session:
        figures.count(session, [(one, "told", "", 1, _months_ago(1)) for one in (poste, banque)])
        figures.count(
            session, [(poste, MEASURE, CHANGED, 3, _months_ago(1)), (poste, MEASURE, STAYED, 2, _months_ago(2))]
        )
        figures.count(session, [(poste, MEASURE, CHANGED, 4, _months_ago(15))])
        figures.count(session, [(banque, MEASURE, STAYED, 6, _months_ago(1))])
    return small_world


def _row(browser: "Browser", address: str) -> dict[str, str]:
    text = browser.raw("GET", f"/insight.csv?{address}").get_data(as_text=True).lstrip("\ufeff")
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    return next(row for row in rows if row["measure"] == "mediations_changed")


@pytest.mark.parametrize(
    ("who", "address", "many", "share"),
    [
        ("manager@poste", "months=3", 5, "60"),
        ("manager@poste", "months=18", 9, "78"),
        ("neutral", "months=3&organisation=banque", 6, "0"),
        ("neutral", "months=3", 11, "27"),
    ],
)
def test_months_and_organisation_are_those_of_the_page(
    counted: "World", who: str, address: str, many: int, share: str
) -> None:
    browser = counted.staff(who)
    page = browser.get(f"/insight?{address}")
    assert f"{many} mediations came to an end." in page.main
    assert re.search(rf"{share}\s%\sof them changed the organisation’s position \(\d+–\d+\s%\)", page.main)
    assert int(_row(browser, address)["n"]) == many


def test_a_month_without_one_says_nothing(counted: "World") -> None:
    first = f"{_months_ago(8):%Y-%m}"
    page = counted.staff("manager@poste").get(f"/insight?from={first}&to={first}")
    assert "came to an end" not in page.main
