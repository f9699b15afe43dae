"""The card of the reader, for everybody: figures with their n, nothing made up, fast, and true about the switch."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cx.card import here as counted
from cx.card import measured as measuring
from cx.card import pictures, views, wording
from cx.core.incident import Reading, Reason, Report
from cx.core.words import Sector, Theme, Wish
from cx.disputes import filing, reader_switch
from cx.disputes.storing import save
from cx.themes.published import FOLDER, LEARNED, MEASURED, published
from models import Organisation
from tests.pages import words
from tests.rooms.test_few_statements import listening

if TYPE_CHECKING:
    from tests.world import World

SEEN = Reading("v1", dict.fromkeys(Theme, 0.5), (Theme.CONTEMPT,), False, "en", (), {Theme.CONTEMPT: Reason(0, 9)})


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    reader_switch.forget()


def _told(world: "World", months: dict[int, list[Reading]]) -> None:
    """Stories of the post office, told so many months ago, as the reader saw them."""
    today = datetime.now(UTC).replace(day=15, hour=12)
    with world.database.writing() as session:
        house = session.get_one(Organisation, world.organisations["poste"])
        ledgers = []
        for ago, readings in months.items():
            years, month = divmod(today.year * 12 + today.month - 1 - ago, 12)
            at = today.replace(year=years, month=month + 1)
            for number, one in enumerate(readings):
                report = Report("It laughed.", house.id, Sector.POSTAL, Wish.TELL, f"{ago}-{number}", at)
                ledgers.append(filing.compose(house, report, one))
        save(session, world.app.extensions["workbench"], ledgers)


def _content(**changed: Any) -> dict[str, Any]:
    """A file of figures as small as can be."""
    rates = {"precision": 0.8, "recall": 0.5, "f1": 0.62, "n": 40, "said": 25}
    texts = {"micro_precision": 0.7, "micro_recall": 0.6, "micro_f1": 0.65, "macro_f1": 0.5, "n": 200}
    least = {
        "version": "v1",
        "measured_on": "2026-11-01",
        "set": {"texts": 200, "real": True, "passes": 2, "unseen": True},
        "reader": texts,
        "sure": {**rates, "precision": 0.86},
        "themes": {Theme.CONTEMPT.value: rates, Theme.NO_GUIDANCE.value: {**rates, "n": 3, "said": 2}},
    }
    return least | changed


def _publish(monkeypatch: pytest.MonkeyPatch, folder: Path, **files: Any) -> None:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(views, "published", lambda name: published(name, folder))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everybody_reads_how_often_the_reader_is_right(small_world: "World", language: str) -> None:
    page = small_world.browser(language).get("/reader")
    shipped = measuring.measured(published(MEASURED))
    assert shipped is not None
    with small_world.app.test_request_context(headers={"Accept-Language": language}):
        assert wording.headline(shipped) in page.main
        assert str(len(shipped.themes)) == "14"
    assert len(page.response.data) < 100_000
    assert "/reader" in small_world.browser(language).get("/").links()


def test_every_picture_has_its_table(small_world: "World") -> None:
    _told(small_world, dict.fromkeys(range(12), [SEEN] * 6))
    page = small_world.browser().get("/reader")
    figures = list(page.tree.iter("figure"))
    assert len(figures) >= 5
    assert [words(one)[:40] for one in figures if not list(one.iter("table"))] == []


def test_rates_on_fewer_than_five_are_not_said(
    small_world: "World", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _publish(monkeypatch, tmp_path, reader=_content())
    page = small_world.browser().get("/reader")
    row = next(one for one in page.tree.iter("tr") if words(one).startswith("No guidance"))
    assert [words(one) for one in row] == ["No guidance", "3", "too few", "too few", "too few"]
    assert "86 are right" in page.main


@pytest.mark.parametrize("content", [None, [], "", 7, {"version": "v1"}, {"set": {}}])
def test_without_figures_the_page_says_so(
    small_world: "World", monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: Any
) -> None:
    _publish(monkeypatch, tmp_path, reader=content, learning=content)
    page = small_world.browser().get("/reader")
    assert "comes without figures" in page.main
    assert not list(page.tree.iter("figure"))


def test_figures_of_another_version_are_called_so(
    small_world: "World", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _publish(monkeypatch, tmp_path, reader=_content(version="v0"))
    page = small_world.browser().get("/reader")
    assert "with version v0, not the one at work" in page.text
    assert "those of version v0. The one at work here has not been measured." in page.main


def test_the_learning_curve_is_drawn_where_there_is_one(
    small_world: "World", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    curve = [{"rulings": n, "micro": [0.6, 0.58, 0.62], "macro": [0.5, 0.4, 0.6]} for n in (1000, 0, 100)]
    _publish(monkeypatch, tmp_path, reader=_content(), learning=curve)
    page = small_world.browser().get("/reader")
    assert [words(one) for one in page.tree.iter("h2") if "learns" in words(one)]
    assert [one.rulings for one in measuring.learned(curve)] == [0, 100, 1000]


def test_what_ships_can_be_shown() -> None:
    assert measuring.measured(published(MEASURED)) is not None
    if (FOLDER / LEARNED).exists():
        assert measuring.learned(published(LEARNED))


def test_an_empty_house_shows_empty_states_and_a_demonstration_is_not_counted(small_world: "World") -> None:
    page = small_world.browser().get("/reader")
    assert "Fewer than five stories were read here" in page.main
    assert "Nobody has contradicted a reading here yet" in page.main
    assert "demonstration" not in page.main
    _told(small_world, {0: [SEEN] * 9})
    with small_world.database.writing() as session:
        session.get_one(Organisation, small_world.organisations["poste"]).demo = True
    small_world.app.extensions.pop("card")
    page = small_world.browser().get("/reader")
    assert "The stories of the demonstration are not counted on this page." in page.main
    assert "Fewer than five stories were read here" in page.main


def test_a_month_that_stands_apart_is_named(small_world: "World") -> None:
    plain = replace(SEEN, maybe=(), reasons={}, known=0.9)
    usual = [replace(SEEN, known=0.9)] * 3 + [plain] * 27
    _told(small_world, {**dict.fromkeys(range(2, 12), usual), 1: [replace(SEEN, known=0.6)] * 25 + [plain] * 5})
    page = small_world.browser().get("/reader")
    assert "Contempt told: 83 % in" in page.main.replace("\u00a0", " ")
    assert "otherwise 10 %" in page.main.replace("\u00a0", " ")
    assert "▲" in page.text
    assert sum("*" in words(one) for one in page.tree.iter("th")) == 1


def test_another_version_is_not_compared(small_world: "World") -> None:
    plain = replace(SEEN, maybe=(), reasons={})
    old = [replace(SEEN, version="v0")] * 30
    _told(small_world, {**dict.fromkeys(range(6), [plain] * 30), **dict.fromkeys(range(6, 12), old)})
    page = small_world.browser().get("/reader")
    assert "No theme stands apart" in page.main
    assert "Another version read these months" in page.main
    assert "Which version read when" in page.text


def test_it_asks_little_and_counts_seldom(small_world: "World") -> None:
    _told(small_world, {0: [SEEN] * 9})
    browser = small_world.browser()
    with listening(small_world) as said:
        browser.get("/reader")
    assert len(said) <= 16, said
    with listening(small_world) as said:
        browser.get("/reader")
    assert len(said) <= 3, said
    assert counted.ASK_AGAIN <= 86_400


def test_auditors_get_the_same_without_words(small_world: "World") -> None:
    _told(small_world, {0: [SEEN] * 4, 1: [SEEN] * 6})
    answer = small_world.browser().raw("GET", "/reader.json")
    found = json.loads(answer.data)
    assert answer.mimetype == "application/json"
    assert found["measured"] == published(MEASURED)
    assert found["running"] is True
    before, last = found["here"]["months"][-2:]
    assert (before["read"], before["suggested"]) == (6, {"contempt": 6})
    assert last["read"] == 4
    assert "suggested" not in last


def test_a_share_never_leaves_its_scale() -> None:
    found = measuring.measured(_content())
    assert found is not None
    marks = [mark for row in pictures.themes(found) for mark in row["marks"] if mark["value"] is not None]
    assert marks
    assert all(0 <= one["from"] <= one["value"] <= one["to"] <= 100 for one in marks)
