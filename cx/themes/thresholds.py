"""The judgement of a reader: how much its signals weigh in real stories, and from which probability on it says what.

Examples are short and clear, stories are long and mostly ordinary; so the few numbers of the combiner and the limits
are chosen on stories labelled by people, where there are some, and kept beside the examples.
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
from cx.themes.concepts import events
from cx.themes.corpus import BadExample, Example, digest_of

JUDGEMENT_FILE = "judgement.json"
# The recipe of `training`; count it up when it changes.
RECIPE = "3"
# How many stories that tell a theme count as much as the limit that is best for all themes together.
POOLED = 15
# What is called rather sure has to be right in 85 of 100; one more, because limits are chosen on what was seen.
SURE_PRECISION = 0.86
NEVER = 1.01

Table = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The combiner's weights, a row of five for each theme, and the lowest probabilities; `judged_on` counts stories."""

    combiner: list[list[float]]
    maybe: dict[Theme, float]
    sure: dict[Theme, float]
    judged_on: int

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values, themes by id."""
        return {
            "judged_on": self.judged_on,
            "combiner": {theme.value: row for theme, row in zip(Theme, self.combiner, strict=True)},
            "maybe": {theme.value: value for theme, value in self.maybe.items()},
            "sure": {theme.value: value for theme, value in self.sure.items()},
        }


def choose(truth: Table, probabilities: Table) -> tuple[dict[Theme, float], dict[Theme, float]]:
    """Choose the limits from which on each theme is suggested (`maybe`), and rather sure.

    A theme's own limit is the one of its best F1, drawn towards that of all themes together the fewer stories tell it
    (`POOLED` stories weigh as much as the common limit). "Rather sure" has one limit for all: the lowest above which
    enough are right, since rare themes alone have too few stories to choose on. `truth` and `probabilities` have a row
    for each story and a column for each theme.
    """
    told = truth.astype(bool)
    common = _best(told.ravel(), probabilities.ravel())
    maybe = {}
    for column, theme in enumerate(Theme):
        many = int(told[:, column].sum())
        own = _best(told[:, column], probabilities[:, column]) if many else common
        maybe[theme] = round((many * own + POOLED * common) / (many + POOLED), 4)
    certain = _certain(told.ravel(), probabilities.ravel())
    return maybe, {theme: max(certain, limit) for theme, limit in maybe.items()}


_CANDIDATES = np.round(np.arange(0.05, 0.995, 0.01), 4)


def _best(told: Table, probabilities: Table) -> float:
    """Return the middle of the plateau of the best F1."""
    scores = np.array([_f1(told, probabilities >= limit) for limit in _CANDIDATES])
    plateau = _CANDIDATES[scores >= scores.max() - 0.005]
    return float(plateau[len(plateau) // 2])


def _certain(told: Table, probabilities: Table) -> float:
    """Return the lowest candidate above which enough are right; `NEVER` if there is none."""
    for limit in _CANDIDATES:
        chosen = probabilities >= limit
        if chosen.any() and told[chosen].mean() >= SURE_PRECISION:
            return float(limit)
    return NEVER


def _f1(told: Table, chosen: Table) -> float:
    right = float(np.sum(told & chosen))
    return 2.0 * right / float(np.sum(told) + np.sum(chosen)) if right else 0.0


def save_judgement(judgement: Judgement, folder: Path) -> None:
    """Write the judgement beside the examples in `folder`."""
    text = json.dumps(judgement.as_json(), indent=2)
    (folder / JUDGEMENT_FILE).write_text(text + "\n", encoding="utf-8")


def load_judgement(folder: Path) -> Judgement:
    """Return the judgement kept in `folder`. Raises `BadExample` where there is none, or a file that is not one."""
    try:
        row = json.loads((folder / JUDGEMENT_FILE).read_text(encoding="utf-8"))
        combiner = [[float(number) for number in row["combiner"][theme.value]] for theme in Theme]
        maybe = {theme: float(row["maybe"][name]) for name, theme in THEME_BY_ID.items()}
        sure = {theme: float(row["sure"][name]) for name, theme in THEME_BY_ID.items()}
        return Judgement(combiner, maybe, sure, int(row["judged_on"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadExample(f"{JUDGEMENT_FILE}: {error}") from error


def version_of(examples: list[Example], judgement: Judgement) -> str:
    """Return the version of a reader: recipe, analyzer, and a digest of examples, judgement and grammar."""
    known = digest_of(examples) + json.dumps(judgement.as_json()) + events.digest()
    return f"r{RECIPE}a{ANALYZER_VERSION}-{hashlib.sha256(known.encode()).hexdigest()[:12]}"
