"""The figures of the shipped reader as the public page shows them: numbers only, never a text."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cx.themes.evaluation import Evaluation
from cx.themes.published import FOLDER, MEASURED

FORMAT = 1
# Lists and objects that hold nothing but values: a bin, an interval.
_INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the figures were measured on: so many texts, whether people really sent them, how often each was labelled.

    `unseen` says that limits and weights were chosen on other texts than those on which they were judged.
    """

    texts: int
    real: bool
    passes: int
    unseen: bool

    def summary(self) -> dict[str, Any]:
        """Return it for JSON; `words` is for people who open the file, the page has its own."""
        kind = "real stories" if self.real else "written examples"
        often = {1: "labelled once", 2: "labelled twice"}.get(self.passes, f"labelled {self.passes} times")
        return {
            "texts": self.texts,
            "real": self.real,
            "passes": self.passes,
            "unseen": self.unseen,
            "words": f"{self.texts:,} {kind} {often}",
        }


def publish(found: Evaluation, labelled: Labelled, on: date, folder: Path = FOLDER) -> Path:
    """Write the figures with their day and what they rest on, and return the file."""
    content = {"format": FORMAT, "measured_on": on.isoformat(), "set": labelled.summary(), **found.summary()}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / MEASURED
    file.write_text(_INNERMOST.sub(_on_one_line, json.dumps(content, indent=1)) + "\n", encoding="utf-8")
    return file


def _on_one_line(found: re.Match[str]) -> str:
    return " ".join(found.group().split())
