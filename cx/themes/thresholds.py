"""From which probability on a theme is suggested (`maybe`) and called rather sure (`sure`).

Probabilities learned from short, clear examples are too high or too low for real stories, so the thresholds are
chosen on stories labelled by people, where there are some, and kept beside the examples.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.words import THEME_BY_ID, Theme
from cx.themes.analyzer import ANALYZER_VERSION
from cx.themes.corpus import BadExample, Example, digest_of

THRESHOLDS_FILE = "thresholds.json"
# The recipe of `training.make_pipeline` and of the joined stories; count it up when they change.
RECIPE = "1"
# A suggestion that is wrong three times out of four is a nuisance: rather fewer, where that can be had.
MAYBE_PRECISION = 0.25
SURE_PRECISION = 0.7
# A precision seen on fewer stories than this is luck.
ENOUGH_FOUND = 8
NEVER = 1.01

Table = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest probabilities; 1.01 for a theme that is never called so. `chosen_on` counts the stories."""

    maybe: dict[Theme, float]
    sure: dict[Theme, float]
    chosen_on: int

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values, themes by id."""
        return {
            "chosen_on": self.chosen_on,
            "maybe": {theme.value: value for theme, value in self.maybe.items()},
            "sure": {theme.value: value for theme, value in self.sure.items()},
        }


def choose(truth: Table, probabilities: Table) -> Thresholds:
    """Choose for each theme: the best F1 that does not fall under a precision of 0.25; and a precision of 0.7.

    `truth` and `probabilities` have a row for each story and a column for each theme.
    """
    maybe: dict[Theme, float] = {}
    sure: dict[Theme, float] = {}
    for column, theme in enumerate(Theme):
        maybe[theme] = _useful(truth[:, column], probabilities[:, column])
        sure[theme] = max(maybe[theme], _certain(truth[:, column], probabilities[:, column]))
    return Thresholds(maybe, sure, len(truth))


_CANDIDATES = np.round(np.arange(0.05, 0.995, 0.01), 4)


def _useful(truth: Table, probabilities: Table) -> float:
    """Return the middle of the plateau of the best F1, among the candidates that are precise enough if any."""
    figures = [(_precision(truth, probabilities >= limit), _f1(truth, probabilities >= limit)) for limit in _CANDIDATES]
    precise = np.array([precision >= MAYBE_PRECISION for precision, _ in figures])
    scores = np.array([f1 for _, f1 in figures])
    if precise.any():
        scores = np.where(precise, scores, 0.0)
    plateau = _CANDIDATES[scores >= scores.max() - 0.005]
    return float(plateau[len(plateau) // 2])


def _certain(truth: Table, probabilities: Table) -> float:
    """Return the lowest candidate whose precision, and that of all above it, is high; `NEVER` if there is none."""
    found = NEVER
    for limit in _CANDIDATES[::-1]:
        chosen = probabilities >= limit
        if chosen.sum() < ENOUGH_FOUND:
            continue
        if _precision(truth, chosen) < SURE_PRECISION:
            break
        found = float(limit)
    return found


def _precision(truth: Table, chosen: Table) -> float:
    return float(truth[chosen].mean()) if chosen.any() else 0.0


def _f1(truth: Table, chosen: Table) -> float:
    right = float(np.sum(truth * chosen))
    return 2.0 * right / float(np.sum(truth) + np.sum(chosen)) if right else 0.0


def save_thresholds(thresholds: Thresholds, folder: Path) -> None:
    """Write the thresholds beside the examples in `folder`."""
    text = json.dumps(thresholds.as_json(), indent=2)
    (folder / THRESHOLDS_FILE).write_text(text + "\n", encoding="utf-8")


def load_thresholds(folder: Path) -> Thresholds | None:
    """Return the thresholds kept in `folder`, or nothing. Raises `BadExample` for a file that is not one."""
    file = folder / THRESHOLDS_FILE
    if not file.exists():
        return None
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
        maybe = {theme: float(row["maybe"][name]) for name, theme in THEME_BY_ID.items()}
        sure = {theme: float(row["sure"][name]) for name, theme in THEME_BY_ID.items()}
        return Thresholds(maybe, sure, int(row["chosen_on"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BadExample(f"{THRESHOLDS_FILE}: {error}") from error


def version_of(examples: list[Example], thresholds: Thresholds | None) -> str:
    """Return the version of a reader: recipe, analyzer, and a digest of what it learned from."""
    known = digest_of(examples) + json.dumps(thresholds.as_json() if thresholds else None)
    return f"r{RECIPE}a{ANALYZER_VERSION}-{hashlib.sha256(known.encode()).hexdigest()[:12]}"
