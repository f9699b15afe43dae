"""A text taken apart once: its sentences, their words and concepts, and the events told across them.

The same features serve training and reading. A window is one sentence, two neighbours, or the whole story.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cx.core.words import Theme
from cx.themes.analyzer import READ_CHARACTERS, pieces_of, words_of
from cx.themes.concepts import events
from cx.themes.windows import Span, sentences

# Concepts further apart than this have nothing to do with each other.
_NEAR, _PARTNERS = 10, 4
BLOCKS = ("words", "characters", "concepts")

Window = tuple[int, int]
"""The first and the last sentence of a window."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the grammar as it is told in a story: the first and the last sentence of it."""

    event: events.Event
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Story:
    """A text, taken apart. `spans[i]` are the characters of sentence i; `concepts[i]` (place, name) in its line."""

    spans: tuple[Span, ...]
    words: tuple[list[str], ...]
    concepts: tuple[list[tuple[int, str]], ...]
    told: tuple[Told, ...]

    @property
    def windows(self) -> list[Window]:
        """The sentences, then the pairs of neighbours."""
        count = len(self.spans)
        return [(at, at) for at in range(count)] + [(at, at + 1) for at in range(count - 1)]

    @property
    def whole(self) -> Window:
        """The whole story as one window."""
        return 0, len(self.spans) - 1

    def span(self, window: Window) -> Span:
        """The characters of a window."""
        return self.spans[window[0]][0], self.spans[window[1]][1]

    def features(self, window: Window) -> tuple[list[str], list[str], list[str]]:
        """Return the features of a window for each block: words and pairs, runs of characters, concepts."""
        words = self.words_in(window)
        runs = [piece for word in words for piece in pieces_of(word)]
        return with_pairs(words), runs, list(self.concepts_in(window))

    def words_in(self, window: Window) -> list[str]:
        """Return the words of a window, in order."""
        return [word for at in range(window[0], window[1] + 1) for word in self.words[at]]

    def concepts_in(self, window: Window) -> Iterator[str]:
        """Yield the features of concepts of a window: each, each pair in order, and the events told in it."""
        first, last = window
        line: list[tuple[int, str]] = []
        shift = 0
        for at in range(first, last + 1):
            line += [(place + shift, name) for place, name in self.concepts[at]]
            shift += self.concepts[at][-1][0] + 1 if self.concepts[at] else 1
        for number, (place, name) in enumerate(line):
            yield name
            for later, other in line[number + 1 : number + 1 + _PARTNERS]:
                if later - place > _NEAR:
                    break
                yield f"{name}>{other}"
        for one in self.told:
            if first <= one.first and one.last <= last:
                yield f"E:{one.event.name}"
                yield f"T:{one.event.theme.code}"

    def strength(self, theme: Theme) -> tuple[float, int]:
        """Return the strength of the strongest event of `theme`, and how many different ones are told."""
        found = {one.event.name: one.event.strength for one in self.told if one.event.theme is theme}
        return max(found.values(), default=0.0), len(found)


def with_pairs(words: list[str]) -> list[str]:
    """Return `words` and the pairs of neighbours among them."""
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def take_apart(text: str, language: str) -> Story:
    """Take `text` apart; `language` is `fr` or `en` (any other is read as English)."""
    text = text[:READ_CHARACTERS]
    grammar = events.load()
    known = language if language == "fr" else "en"
    spans = sentences(text)
    pieces = [text[start:end] for start, end in spans]
    lines = [grammar.reading.lines(piece, known) for piece in pieces]
    names = grammar.reading.symbols.names
    concepts = tuple([(place, names[sign]) for place, sign in enumerate(line[""]) if sign in names] for line in lines)
    told: list[Told] = []
    for layer in ("", *grammar.reading.layers):
        borders, whole = _joined([line[layer] for line in lines])
        for event in grammar.possible(layer, whole):
            told += [Told(event, *_sentences_of(borders, found)) for found in event.found(whole)]
    return Story(tuple(spans), tuple(words_of(piece) for piece in pieces), concepts, tuple(told))


def _joined(lines: list[str]) -> tuple[list[int], str]:
    """Return where each sentence ends in the joined line, and the line; a sentence that was cut has no full stop."""
    borders: list[int] = []
    at = 0
    for line in lines:
        at += len(line)
        borders.append(at)
    return borders, "".join(lines)


def _sentences_of(borders: list[int], found: Span) -> Window:
    start, end = found
    first = next(number for number, border in enumerate(borders) if start < border)
    last = next(number for number, border in enumerate(borders) if end <= border)
    return first, last
