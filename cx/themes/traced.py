"""Rewriting a text by steps, quickly; or slowly, remembering where in the source each of its characters came from.

The reader reads the quick way; whoever wants to know which words of the source spoke goes the slow way, which gives
the same text (`tests/workshops/test_themes_traced.py`).
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

Replacement = str | Callable[["re.Match[str]"], str]
Span = tuple[int, int]

_LIGATURES = {"œ": "oe", "æ": "ae"}
_REMEMBERED = 10_000


class Step(NamedTuple):
    """Every match of `pattern` becomes `replacement`; a text without any of `hints` holds no match."""

    pattern: "re.Pattern[str]"
    replacement: Replacement
    hints: tuple[str, ...] = ("",)


class _Folds(dict[int, str]):
    """A table for `str.translate` that learns: each character without accents and in lower case."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code))
        kept = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
        folded = "".join(_LIGATURES.get(sign, sign) for sign in kept)
        if len(self) < _REMEMBERED:  # nobody fills the memory by typing every character there is
            self[code] = folded
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Return `text` in lower case without accents and ligatures."""
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def applied(folded: str, steps: Sequence[Step]) -> str:
    """Return a folded text after `steps`."""
    for pattern, replacement, hints in steps:
        for hint in hints:
            if hint in folded:
                folded = pattern.sub(replacement, folded)
                break
    return folded


class Traced:
    """A text and the characters of its source: character i came from `starts[i]` up to `ends[i]` of the source."""

    def __init__(self, source: str, offset: int = 0) -> None:
        """Fold `source`, which begins at the character `offset` of a longer text."""
        signs = [_FOLDS[ord(sign)] for sign in source]
        self.text = "".join(signs)
        self.starts = list(range(offset, offset + len(source)))
        self.ends = list(range(offset + 1, offset + len(source) + 1))
        if len(self.text) != len(source) or "" in signs:
            self._spread(source, signs, offset)

    def _spread(self, source: str, signs: list[str], offset: int) -> None:
        """Say where characters came from when some became none or several."""
        self.starts, self.ends = [], []
        for at, (sign, folded) in enumerate(zip(source, signs, strict=True), start=offset):
            if not folded and self.ends and unicodedata.combining(sign):
                self.ends[-1] = at + 1  # an accent belongs to its letter
            self.starts += [at] * len(folded)
            self.ends += [at + 1] * len(folded)

    def apply(self, steps: Sequence[Step]) -> "Traced":
        """Go through `steps`, and return itself."""
        for step in steps:
            if any(hint in self.text for hint in step.hints):
                self._replace(step)
        return self

    def _replace(self, step: Step) -> None:
        """Replace every match; all characters of a replacement come from the whole of what they replace."""
        matches = [found for found in step.pattern.finditer(self.text) if found.start() < found.end()]
        for found in reversed(matches):
            start, end = found.span()
            new = found.expand(step.replacement) if isinstance(step.replacement, str) else step.replacement(found)
            first, last = self.starts[start], self.ends[end - 1]
            self.text = self.text[:start] + new + self.text[end:]
            self.starts[start:end] = [first] * len(new)
            self.ends[start:end] = [last] * len(new)

    def found(self, pattern: "re.Pattern[str]") -> list[tuple[str, Span]]:
        """Return each match of `pattern` with the characters of the source that it came from."""
        return [
            (one.group(), (self.starts[one.start()], self.ends[one.end() - 1])) for one in pattern.finditer(self.text)
        ]
