"""How fast the reader is, how long it takes to load, what it weighs, and that it says what it was fitted to say.

    python -m bench.reading [GOLD.jsonl] [--jobs 2] [--rounds 5] [--fit]

GOLD.jsonl has a `text` a line; without it, stories are put together from the examples of the product. One text of 1,000
characters is read warm, alone; all texts (at most 4,000) are read by the way that `flask themes reread` takes.
`--fit` fits the examples again, about a minute, and compares what the exported arrays say with what was fitted.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.serving import ROOT
from cx.core.words import Theme
from cx.themes.bulk import Hands, Row
from cx.themes.corpus import FOLDER, Example, load_examples, read_lines
from cx.themes.language import detect_language
from cx.themes.reader import Reader, load
from cx.themes.thresholds import load_judgement

CHARACTERS = 1_000
ALONE = 300
MOST_TEXTS = 4_000
TEXTS_A_BATCH = 250
COMPARED = 300
_SEED = 1789
# What a worker pays: how long until the first answer, and how much memory (MB) that took.
_FRESH = """
import json, re, time
from pathlib import Path

def megabytes(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)) / 1024

before, began = megabytes("VmRSS"), time.monotonic()
from cx.themes.reader import load
reader = load()
loaded = time.monotonic() - began
reader.read("Nobody ever answers the telephone at this bank.", "en")
print(json.dumps([loaded, time.monotonic() - began, megabytes("VmHWM") - before, megabytes("VmHWM")]))
"""


def texts_of(file: Path | None) -> list[Example]:
    """The texts of a file, or stories put together from one to eight examples of one language."""
    if file is not None:
        return read_lines(file)[:MOST_TEXTS]
    chance, known = random.Random(_SEED), load_examples()
    stories = []
    for _ in range(MOST_TEXTS):
        first = chance.choice(known)
        same = [one.text for one in chance.sample(known, 12) if one.language == first.language]
        stories.append(replace(first, text=" ".join([first.text, *same[: chance.choice((0, 0, 1, 2, 4, 7))]])))
    return stories


def long_ones(texts: Sequence[Example]) -> list[Example]:
    """Texts of exactly 1,000 characters, of one language each: long ones cut, short ones joined."""
    found: list[Example] = []
    for language in ("fr", "en"):
        whole = " ".join(one.text for one in texts if detect_language(one.text, one.language) == language)[
            : CHARACTERS * ALONE
        ]
        pieces = [whole[at : at + CHARACTERS] for at in range(0, len(whole) - CHARACTERS + 1, CHARACTERS)]
        found += [Example(piece, frozenset(), language) for piece in pieces]
    return random.Random(_SEED).sample(found, min(ALONE, len(found)))


def alone(reader: Reader, texts: Sequence[Example]) -> tuple[float, float]:
    """Milliseconds for one text, detection of the language included: the median, and what 99 of 100 stay under."""
    spent = []
    for one in texts:
        began = time.perf_counter()
        reader.read(one.text, detect_language(one.text, one.language))
        spent.append(1000 * (time.perf_counter() - began))
    return float(np.quantile(spent, 0.5)), float(np.quantile(spent, 0.99))


def together(reader: Reader, texts: Sequence[Example], jobs: int, rounds: int) -> list[float]:
    """Texts a second of each round, by so many processes, when they have started."""
    rows: list[Row] = [(one.text, "", one.language or "fr") for one in texts]
    batches = [rows[at : at + TEXTS_A_BATCH] for at in range(0, len(rows), TEXTS_A_BATCH)]
    speeds = []
    with tempfile.TemporaryDirectory() as home, Hands(reader, Path(home), jobs) as hands:
        list(hands.read([rows[:8]] * 2 * jobs))
        for _ in range(rounds):
            began = time.monotonic()
            found = [one for batch in hands.read(batches) for one in batch]
            speeds.append(len(rows) / (time.monotonic() - began))
            if None in found:
                sys.exit(f"The reader failed at {found.count(None)} texts.")
    return speeds


def fresh(rounds: int) -> list[list[float]]:
    """Seconds to load, seconds to the first answer, megabytes added and in all, of processes that know nothing yet."""
    found = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", _FRESH], cwd=ROOT, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return found


def difference(texts: Sequence[Example]) -> float:
    """The greatest distance between a probability of exported arrays and of the estimators they were taken from."""
    from cx.themes.training import export, fit, probabilities_of

    examples, judgement = load_examples(), load_judgement(FOLDER)
    scorer = fit(examples)
    some = [one for one in random.Random(_SEED).sample(list(texts), min(COMPARED, len(texts))) if one.text.strip()]
    served = Reader(export(scorer, "bench", judgement, len(examples)))
    said = [served.scores(one.text, detect_language(one.text, one.language or "fr")) for one in some]
    rows = np.array([[row[theme] for theme in Theme] for row in said])
    return float(np.abs(rows - probabilities_of(scorer, judgement, some)).max())


def spread(name: str, unit: str, values: Sequence[float], digits: int = 1) -> str:
    """A line: the median of the rounds, and from where to where they went."""
    low, high = min(values), max(values)
    return f"{name:34}{statistics.median(values):10,.{digits}f} {unit:8}({low:,.{digits}f} to {high:,.{digits}f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fit", action="store_true")
    chosen = parser.parse_args()
    texts, reader = texts_of(chosen.file), load()
    if reader.problem:
        sys.exit(reader.problem)
    lengths = [len(one.text) for one in texts]
    print(f"{len(texts):,} texts, median {statistics.median(lengths):,.0f} characters; reader {reader.version}")
    loads = list(zip(*fresh(chosen.rounds), strict=True))
    for name, unit, values in zip(
        ("load", "load and read one text", "memory added", "memory of the process"), ("s", "s", "MB", "MB"), loads,
        strict=True,
    ):  # fmt: skip
        print(spread(name, unit, values, 2 if unit == "s" else 0))
    some = long_ones(texts)
    alone(reader, some)
    rounds = list(zip(*(alone(reader, some) for _ in range(chosen.rounds)), strict=True))
    print(spread(f"{len(some)} texts of {CHARACTERS:,}, median", "ms", rounds[0], 2))
    print(spread("99 of 100 under", "ms", rounds[1], 2))
    print(spread(f"batch, {chosen.jobs} processes", "texts/s", together(reader, texts, chosen.jobs, chosen.rounds), 0))
    if chosen.fit:
        print(f"exported against fitted, at most {difference(texts):.1e}")


if __name__ == "__main__":
    main()
