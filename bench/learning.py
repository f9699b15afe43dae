"""How much better the reader reads after 100, 300 and 1,000 rulings.

    python -m bench.learning LABELLED.jsonl [--test LABELLED.jsonl] [--rulings 100 300 1000] [--choose] [--into FILE]

Stories of the first file stand for ruled cases. It is cut into three parts: three times, two of them give the rulings
and the judgement of signals, and the third is read, as are the stories of `--test`, from which nothing is ever learned.
With no rulings the reader knows its own examples only. Medians of the three rounds, with the lowest and the highest.
`--choose` lets `choose_next` say which stories are ruled on, instead of a draw by lot.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cx.core.sampling import Candidate
from cx.core.words import Theme
from cx.themes.choosing import choose_next
from cx.themes.corpus import Example, load_examples, read_lines
from cx.themes.evaluation import score_themes
from cx.themes.learning import WEIGHT, fit
from cx.themes.thresholds import Judgement
from cx.themes.training import judge, probabilities_of

ROUNDS = 3
FIGURES = ("micro", "macro", "micro_fr", "micro_en", "sure_precision", "sure_recall")


def figures(scorer: Any, judgement: Judgement, stories: Sequence[Example]) -> dict[str, float]:
    """Read the stories and compare: shares between 0 and 1."""
    said = probabilities_of(scorer, judgement, list(stories))
    maybe = _above(said, judgement.maybe)
    sure = _above(said, judgement.sure)
    told = [one.themes for one in stories]
    whole, certain = score_themes(told, maybe), score_themes(told, sure)
    found = {"micro": whole.micro.f1, "macro": whole.macro_f1}
    for language in ("fr", "en"):
        mine = [at for at, one in enumerate(stories) if one.language == language]
        found[f"micro_{language}"] = score_themes([told[at] for at in mine], [maybe[at] for at in mine]).micro.f1
    return found | {"sure_precision": certain.micro.precision, "sure_recall": certain.micro.recall}


def _above(said: Any, limits: dict[Theme, float]) -> list[list[Theme]]:
    return [[theme for theme, share in zip(Theme, row, strict=True) if share >= limits[theme]] for row in said]


def chosen(scorer: Any, judgement: Judgement, pool: Sequence[Example], many: int) -> list[Example]:
    """The stories of the pool that `choose_next` would put before people."""
    said = probabilities_of(scorer, judgement, list(pool))
    candidates = [
        Candidate(at, dict(zip(Theme, map(float, row), strict=True)), one.text)
        for at, (one, row) in enumerate(zip(pool, said, strict=True))
    ]
    return [pool[at] for at in choose_next(candidates, many, judgement.maybe)]


def rounds(
    stories: list[Example], test: list[Example], many: Sequence[int], *, choose: bool, weight: float
) -> dict[int, list[dict[str, dict[str, float]]]]:
    """Return for each number of rulings what each round found, on the held-out part and on the test."""
    examples = load_examples()
    plain = fit(examples)
    found: dict[int, list[dict[str, dict[str, float]]]] = {}
    for number in range(ROUNDS):
        order = np.random.default_rng(number).permutation(len(stories))
        cut = len(stories) // ROUNDS
        held_out, pool = [stories[at] for at in order[:cut]], [stories[at] for at in order[cut:]]
        judgement = judge(plain, pool, [])
        line = chosen(plain, judgement, pool, max(many)) if choose else pool
        for count in (0, *many):
            began = time.monotonic()
            scorer = fit(examples, line[:count], weight) if count else plain
            read = {"held_out": held_out} | ({"test": test} if test else {})
            one = {part: figures(scorer, judgement, mine) for part, mine in read.items()}
            found.setdefault(count, []).append(one)
            said = ", ".join(f"{part} micro {part_found['micro']:.4f}" for part, part_found in one.items())
            print(f"round {number}, {count} rulings: {said} ({time.monotonic() - began:.0f} s)", file=sys.stderr)
    return found


def curve(found: dict[int, list[dict[str, dict[str, float]]]]) -> list[dict[str, Any]]:
    """Return a row for each number of rulings: [median, lowest, highest] of each figure on the test, then held out.

    Without a test the figures held out stand in both places.
    """
    rows: list[dict[str, Any]] = []
    for count, several in found.items():
        parts = {part: _spread([one[part] for one in several]) for part in several[0]}
        rows.append({"rulings": count, **parts.get("test", parts["held_out"]), "held_out": parts["held_out"]})
    return rows


def _spread(several: list[dict[str, float]]) -> dict[str, list[float]]:
    return {
        name: [round(pick([one[name] for one in several]), 4) for pick in (statistics.median, min, max)]
        for name in FIGURES
    }


def main() -> None:
    """Measure once and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--test", type=Path, help="labelled stories of which none is ever ruled on")
    parser.add_argument("--rulings", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--weight", type=float, default=WEIGHT)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--into", type=Path, help="write the figures there, as JSON")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    test = read_lines(asked.test) if asked.test else []
    found = rounds(read_lines(asked.labelled), test, asked.rulings, choose=asked.choose, weight=asked.weight)
    rows = curve(found)
    if asked.into:
        asked.into.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    if asked.json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        for part, mine in (("test", row), ("held out", row["held_out"])):
            said = "  ".join(
                f"{name} {mine[name][0]:.3f} ({mine[name][1]:.3f}-{mine[name][2]:.3f})" for name in FIGURES
            )
            print(f"{row['rulings']:5} rulings, {part:8}  {said}")


if __name__ == "__main__":
    main()
