"""Figures of a reader: intervals that hold, calibration that means something, baselines beside it, one file for the page."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cx.core.incident import Reading
from cx.core.words import Theme
from cx.themes.calibration import calibration, confidence_curve, reliability
from cx.themes.commands import themes
from cx.themes.confusions import Confusion, confusions
from cx.themes.corpus import Example
from cx.themes.evaluation import compare, score_themes
from cx.themes.intervals import bootstrap, resampled, spread, wilson
from cx.themes.published import FOLDER, MEASURED, published
from cx.themes.publishing import Labelled, publish

CON, DIS, BUR = Theme.CONTEMPT, Theme.DISPUTE_IGNORED, Theme.BURDEN_SHIFTED
SETS = st.frozensets(st.sampled_from([CON, DIS, BUR]))


# ---- intervals -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 400), st.integers(1, 400))
def test_an_interval_holds_the_rate_and_narrows_with_more(part: int, total: int) -> None:
    right = min(part, total)
    low, high = wilson(right, total)
    assert 0.0 <= low <= right / total <= high <= 1.0
    many_low, many_high = wilson(10 * right, 10 * total)
    assert many_high - many_low < high - low


def test_intervals_are_those_of_the_books() -> None:
    assert wilson(84, 100) == pytest.approx((0.7558, 0.8990), abs=5e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_resampling_is_the_same_every_time_and_keeps_the_number_of_texts() -> None:
    assert (resampled(40) == resampled(40)).all()
    assert (resampled(40).sum(axis=1) == 40).all()
    low, high = bootstrap(np.ones((50, 1)), lambda sums: sums[:, 0] / 50)
    assert (low, high) == (1.0, 1.0)
    assert bootstrap(np.zeros((0, 1)), lambda sums: sums[:, 0]) == (0.0, 1.0)
    assert spread(np.arange(1001.0)) == pytest.approx((25.0, 975.0))


@given(st.lists(st.tuples(SETS, SETS), min_size=1, max_size=30))
def test_the_intervals_of_a_score_lie_around_it(pairs: list[tuple[frozenset[Theme], frozenset[Theme]]]) -> None:
    found = score_themes([there for there, _ in pairs], [said for _, said in pairs]).summary()
    for name in ("micro_precision", "micro_recall"):
        low, high = found[f"{name}_interval"]
        assert 0.0 <= low <= high <= 1.0
    low, high = found["micro_f1_interval"]
    assert low - 1e-3 <= found["micro_f1"] <= high + 1e-3 or found["n"] < 10


# ---- calibration ---------------------------------------------------------------------------------------------------


def test_true_probabilities_are_calibrated_and_boasting_is_not() -> None:
    chance = np.random.default_rng(5)
    said = chance.random(40_000)
    true = (chance.random(said.shape) < said).astype(int)
    assert reliability(said, true).ece < 0.01
    assert reliability(np.sqrt(said), true).ece > 0.1
    assert reliability(said, true).brier == pytest.approx(1 / 6, abs=0.01)


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), max_size=60))
def test_every_pair_lies_in_one_bin(pairs: list[tuple[float, bool]]) -> None:
    found = reliability(np.array([said for said, _ in pairs]), np.array([true for _, true in pairs], dtype=int))
    assert sum(one.count for one in found.bins) == found.pairs == len(pairs)
    assert sum(one.true for one in found.bins) == found.true
    assert all(one.low - 1e-9 <= one.said <= one.high + 1e-9 for one in found.bins)
    assert 0.0 <= found.ece <= 1.0
    assert 0.0 <= found.brier <= 1.0


def test_rare_themes_share_their_figures() -> None:
    true = np.zeros((100, len(Theme)), dtype=int)
    true[:40, 0] = true[:5, 1] = 1
    said = np.full(true.shape, 0.25)
    found = calibration(said, true, said > 0.2)
    assert list(found.themes) == [next(iter(Theme))]
    assert found.rare.pairs == 100 * (len(Theme) - 1)
    assert found.mean_ece == pytest.approx(abs(0.25 - 0.4))
    assert found.suggested.pairs == true.size


def test_keeping_only_the_surest_is_right_more_often() -> None:
    said = np.zeros((10, len(Theme)))
    said[:, 0] = np.arange(10) / 10
    true = (said > 0.45).astype(int)
    points = confidence_curve(said, true, said > 0)
    assert [point["precision"] for point in points] == sorted((one["precision"] for one in points), reverse=True)
    assert (points[0]["precision"], points[-1]["precision"]) == (1.0, 0.5556)
    assert (points[-1]["recall"], points[-1]["kept"]) == (1.0, 1.0)
    assert confidence_curve(said, true, said > 1) == []


# ---- what is taken for what ----------------------------------------------------------------------------------------


def test_confusions_pair_what_was_missed_with_what_was_said() -> None:
    expected: list[set[Theme]] = [{CON}, {CON}, {CON, BUR}, set(), {DIS}]
    found: list[set[Theme]] = [{DIS}, {DIS}, {BUR}, {DIS}, {DIS}]
    assert confusions(expected, found) == (
        Confusion(CON, DIS, 2),
        Confusion(None, DIS, 1),
        Confusion(CON, None, 1),
    )
    assert confusions(expected, found, most=1) == (Confusion(CON, DIS, 2),)


@given(st.lists(SETS, max_size=10))
def test_who_is_always_right_confuses_nothing(expected: list[frozenset[Theme]]) -> None:
    assert confusions(expected, expected) == ()
    assert score_themes(expected, expected).same_sets == len(expected)


def test_lists_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError):
        score_themes([set()], [])


# ---- the whole, and its file ---------------------------------------------------------------------------------------


def _reading(said: dict[Theme, float], sure: Sequence[Theme] = (), abstained: bool = False) -> Reading:
    scores = {theme: said.get(theme, 0.0) for theme in Theme}
    return Reading("v1", scores, () if abstained else tuple(said), abstained, "en", tuple(sure))


@pytest.fixture
def labelled() -> list[Example]:
    return [
        Example("She was rude.", frozenset({CON}), "en", sector="bank"),
        Example("Personne.", frozenset({DIS}), "fr", sector="bank"),
        Example("All went well.", frozenset(), "en", sector="postal"),
        Example("?", frozenset({BUR}), ""),
    ]


@pytest.fixture
def readings() -> list[Reading]:
    return [
        _reading({CON: 0.9}, [CON]),
        _reading({CON: 0.6}),
        _reading({}),
        _reading({BUR: 0.5}, abstained=True),
    ]


def test_an_evaluation_counts_by_theme_language_sector_and_certainty(
    labelled: list[Example], readings: list[Reading]
) -> None:
    found = compare(labelled, readings, "v1").summary()
    assert (found["version"], found["abstained"], found["reader"]["n"]) == ("v1", 1, 4)
    assert found["themes"]["contempt"]["precision"] == 0.5
    low, high = found["themes"]["contempt"]["f1_interval"]
    assert low <= found["themes"]["contempt"]["f1"] <= high
    assert found["themes"]["contempt"]["sure"]["precision"] == 1.0
    assert found["sure"]["precision"] == 1.0
    assert found["sure"]["recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["themed"]["precision"] == 1.0
    assert found["themed"]["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["languages"]["fr"]["n"], found["languages"]["en"]["micro_f1"]) == (1, 1.0)
    assert {name: part["n"] for name, part in found["sectors"].items()} == {"bank": 2, "postal": 1}
    assert found["calibration"]["pairs"] == 3 * len(Theme)
    assert found["keywords"]["micro_precision"] == 1.0
    assert found["confusions"][0]["count"] == 1
    json.dumps(found)


def test_what_is_public_keeps_its_names(labelled: list[Example], readings: list[Reading]) -> None:
    found = compare(labelled, readings, "v1").summary()
    assert {"version", "abstained", "reader", "dummy", "themes"} <= found.keys()
    overall = {"micro_precision", "micro_recall", "micro_f1", "macro_f1", "same", "n"}
    assert overall <= found["reader"].keys()
    assert overall <= found["dummy"].keys()
    assert set(found["themes"]) == {theme.value for theme in Theme}
    assert {"precision", "recall", "f1", "n"} <= found["themes"]["contempt"].keys()


def test_the_file_for_the_page_holds_figures_and_no_text(
    labelled: list[Example], readings: list[Reading], tmp_path: Path
) -> None:
    found = compare(labelled, readings, "v1")
    file = publish(found, Labelled(4, real=True, passes=2, unseen=True), date(2026, 11, 29), tmp_path)
    assert file.name == MEASURED
    content = published(MEASURED, tmp_path)
    assert content["set"]["words"] == "4 real stories labelled twice"
    assert content["measured_on"] == "2026-11-29"
    assert content | {"themes": {}} == content | found.summary() | {"themes": {}}
    written = file.read_text(encoding="utf-8")
    assert not any(one.text in written for one in labelled if len(one.text) > 3)


def _numbers_and_names(value: Any) -> bool:
    """Whether JSON holds nothing in which somebody could have hidden a sentence."""
    if isinstance(value, dict):
        return all(len(str(key)) < 40 and _numbers_and_names(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_numbers_and_names, value))
    return not isinstance(value, str) or len(value) < 60


def test_the_shipped_figures_are_whole() -> None:
    content = published(MEASURED, FOLDER)
    assert _numbers_and_names(content)
    assert {
        "format",
        "measured_on",
        "set",
        "version",
        "reader",
        "keywords",
        "dummy",
        "sure",
        "themed",
    } <= content.keys()
    assert {"themes", "languages", "sectors", "calibration", "confidence", "confusions"} <= content.keys()
    assert content["set"]["real"]
    assert len(content["confusions"]) <= 10


def test_the_command_writes_the_file_and_says_what_it_rests_on(tmp_path: Path) -> None:
    rows = [{"text": "The clerk was rude and hung up on me.", "labels": ["CON"], "lang": "en", "sector": "bank"}] * 3
    file = tmp_path / "labelled.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    words = ["evaluate", str(file), "--into", str(tmp_path / "out"), "--about", "invented", "--about", "unseen"]
    done = CliRunner().invoke(themes, words)
    assert done.exit_code == 0, done.output
    assert "keywords, micro" in done.stdout
    assert "rather sure" in done.stdout
    content = published(MEASURED, tmp_path / "out")
    assert content["set"] == {
        "texts": 3, "real": False, "passes": 1, "unseen": True, "words": "3 written examples labelled once",
    }  # fmt: skip
    refused = CliRunner().invoke(themes, ["evaluate", str(file), "--folds", "5"])
    assert refused.exit_code == 1
    assert "cannot be cut" in refused.stderr
