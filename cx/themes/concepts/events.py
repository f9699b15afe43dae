"""Events: patterns over concepts, each for one theme, with the share of its hits that a careful reader confirmed.

A line of `patterns/*.txt` reads `name THEME strength : pattern`. In a pattern `{a|b}` is one of the concepts, `?{a}`
may be there, `!{a}` must not come next, `~5` are up to five other words of the sentence, `~~5` of any sentence.
` unless …` refuses a match in whose sentences the second pattern is found, ` nodoc …` in whose text it is.
"""

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cx.core.words import THEME_BY_CODE, Theme
from cx.themes.concepts import lexicon
from cx.themes.concepts.lexicon import BREAK, Reading, Symbols

FOLDER = Path(__file__).parent / "patterns"
_PIECE = re.compile(r"\?\{[^}]*\}|!?\{[^}]*\}|~~?\d+")
_SUREST = 0.97
_LITERAL = re.compile(r"=([a-z]+)")
_UNLESS, _NODOC = " unless ", " nodoc "


@dataclass(frozen=True, slots=True)
class Event:
    """A pattern at work. `strength` is in [0, 1]; `layer` the line on which it is searched."""

    name: str
    theme: Theme
    strength: float
    layer: str
    pattern: "re.Pattern[str]"
    unless: "re.Pattern[str] | None"
    nodoc: "re.Pattern[str] | None"
    needed: tuple[frozenset[str], ...]
    """For each class that must be there, its characters: without one of each the pattern is not worth a search."""

    @property
    def weight(self) -> float:
        """What the event adds to the evidence for its theme: −log(1 − strength), the strength being at most 0.97."""
        return -math.log(1.0 - min(self.strength, _SUREST))

    def possible(self, signs: frozenset[str]) -> bool:
        """Whether a line made of `signs` can tell the event at all."""
        return not any(one.isdisjoint(signs) for one in self.needed)

    def found(self, line: str) -> Iterator[tuple[int, int]]:
        """Yield where in `line` the event is told: (start, end)."""
        if self.nodoc is not None and self.nodoc.search(line):
            return
        for match in self.pattern.finditer(line):
            if self.unless is not None:
                start = line.rfind(BREAK, 0, match.start()) + 1
                end = line.find(BREAK, match.end())
                if self.unless.search(line[start : end if end >= 0 else len(line)]):
                    continue
            yield match.span()


@dataclass(frozen=True, slots=True)
class Grammar:
    """The lexicons and the events over them."""

    reading: Reading
    events: tuple[Event, ...]
    keys: dict[tuple[str, str], tuple[int, ...]]
    """For a layer and a character: the numbers of the events whose rarest class holds it."""

    def possible(self, layer: str, line: str) -> list[Event]:
        """Return the events of `layer` of which `line` holds every class that must be there, in their order."""
        signs = frozenset(line)
        found = {number for sign in signs for number in self.keys.get((layer, sign), ())}
        return [self.events[number] for number in sorted(found) if self.events[number].possible(signs)]


@cache
def load() -> Grammar:
    """Read every file of events and the lexicons they need. Raises `ValueError` naming the line that is wrong."""
    lines = [
        (path, number, raw.split("#")[0].strip())
        for path in sorted(FOLDER.glob("*.txt"))
        for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]
    literals = frozenset(word for _, _, line in lines for word in _LITERAL.findall(line))
    reading = lexicon.load(literals)
    events = []
    for path, number, line in lines:
        if not line:
            continue
        try:
            events.append(parsed(line, path.stem if path.stem in reading.layers else "", reading.symbols))
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    keys: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, event in enumerate(events):
        for sign in min(event.needed, key=len):
            keys[event.layer, sign] = (*keys.get((event.layer, sign), ()), number)
    return Grammar(reading, tuple(events), keys)


@cache
def digest() -> str:
    """Return the SHA-256 of every file of the grammar: the fitted numbers belong to these very lines."""
    found = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*.txt"), *lexicon.FOLDER.glob("*/*.txt")]):
        found.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return found.hexdigest()


def parsed(line: str, layer: str, symbols: Symbols) -> Event:
    """Return the event of one line of a file. Raises `ValueError` or `KeyError` for a line that is none."""
    head, _, body = line.partition(":")
    name, code, strength = head.split()
    body, _, nodoc = body.partition(_NODOC)
    main, _, unless = body.partition(_UNLESS)
    needed = tuple(frozenset(_signs(piece, symbols)) for piece in _PIECE.findall(main) if piece.startswith("{"))
    if not needed:
        raise ValueError("a pattern needs a concept that must be there")
    return Event(
        name=name,
        theme=THEME_BY_CODE[code],
        strength=float(strength),
        layer=layer,
        pattern=_compiled(main, symbols),
        unless=_compiled(unless, symbols) if unless.strip() else None,
        nodoc=_compiled(nodoc, symbols) if nodoc.strip() else None,
        needed=needed,
    )


def _signs(piece: str, symbols: Symbols) -> str:
    """Return every character of the class `piece`. Raises `ValueError` for a concept that no lexicon knows."""
    return "".join(sign for name in piece.strip("?!{}").split("|") for sign in symbols.members(name.strip()))


def _compiled(pattern: str, symbols: Symbols) -> "re.Pattern[str]":
    parts = []
    for piece in _PIECE.findall(pattern):
        if piece.startswith("~~"):
            parts.append(f"[\\s\\S]{{0,{piece[2:]}}}?")
        elif piece.startswith("~"):
            parts.append(f"[^{BREAK}]{{0,{piece[1:]}}}?")
        else:
            one = f"[{_signs(piece, symbols)}]"
            parts.append(f"(?!{one})" if piece.startswith("!") else f"{one}?" if piece.startswith("?") else one)
    return re.compile("".join(parts))
