"""Underlines a person's own words: a text cut at the borders of marked places, and the excerpt around some of them.

Nothing is lost, added or moved: the pieces joined are the very text. Places are (start, end), in characters; those that
lie outside the text or are empty mark nothing, so that a reading of an older text harms nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Place = tuple[int, int]
# An excerpt is a glance: longer sentences are cut to what stands around the words.
LONGEST = 280
AROUND = 90
# A cut moves at most this far to end at a blank.
_LONGEST_WORD = 30
# Between two words that follow each other there are at most so many signs: an apostrophe, a comma and a blank.
_SIGNS = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters, and the names of all that mark it; none for plain text."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text with its marked pieces; whether something stands before it and after it in the text."""

    pieces: tuple[Piece, ...]
    before: bool
    after: bool


def underlined(text: str, places: Mapping[str, Iterable[Place]]) -> tuple[Piece, ...]:
    """The text in pieces, each with the names whose places cover it, in the order of `places`."""
    sound = {name: _sound(text, found) for name, found in places.items()}
    borders = {0, len(text)} | {border for found in sound.values() for place in found for border in place}
    pieces: list[Piece] = []
    for start, end in pairwise(sorted(borders)):
        marks = tuple(name for name, found in sound.items() if any(a <= start and end <= b for a, b in found))
        if pieces and pieces[-1].marks == marks:
            pieces[-1] = Piece(pieces[-1].text + text[start:end], marks)
        else:
            pieces.append(Piece(text[start:end], marks))
    return tuple(pieces)


def joined(text: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """The places in order, those made one between which only blanks or signs stand: words that follow each other."""
    made: list[Place] = []
    for start, end in sorted(_sound(text, places)):
        between = text[made[-1][1] : start] if made else ""
        if made and len(between) <= _SIGNS and not any(one.isalnum() or one == "\n" for one in between):
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def excerpt(text: str, span: Place, name: str, words: Sequence[Place]) -> Excerpt:
    """The sentences at `span` with `words` marked as `name`, blanks at both ends left out.

    More than `LONGEST` characters are cut to what stands around the words, at blanks where there are any near.
    """
    start, end = next(iter(_sound(text, [span])), (0, len(text)))
    inside = [(max(a, start), min(b, end)) for a, b in _sound(text, words) if a < end and b > start]
    if end - start > LONGEST:
        first = min((a for a, _ in inside), default=start)
        begin = _to_blank(text, max(start, first - AROUND), start)
        last = max((b for _, b in inside if b - begin <= LONGEST - AROUND), default=begin)
        start, end = begin, _to_blank(text, min(end, max(last + AROUND, begin + LONGEST)), end)
    shown = text[start:end]
    start += len(shown) - len(shown.lstrip())
    shown = shown.strip()
    marked = [(a - start, b - start) for a, b in inside]
    clipped = [(max(0, a), min(len(shown), b)) for a, b in marked]
    rest = (text[:start].strip(), text[start + len(shown) :].strip())
    return Excerpt(underlined(shown, {name: clipped}), bool(rest[0]), bool(rest[1]))


def _sound(text: str, places: Iterable[Place]) -> list[Place]:
    return [(start, end) for start, end in places if 0 <= start < end <= len(text)]


def _to_blank(text: str, at: int, border: int) -> int:
    """The nearest blank behind `at`, unless the text ends there or no blank is near."""
    if at == border:
        return at
    return next((place for place in range(at, min(at + _LONGEST_WORD, len(text))) if text[place].isspace()), at)
