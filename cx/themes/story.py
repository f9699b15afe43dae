"""A text taken apart once: its sentences, their words and concepts, and the events told across them.

The same features serve training and reading. A window is one sentence, two neighbours, or the whole story.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from cx.core.words import Theme
from cx.themes.analyzer import READ_CHARACTERS, pieces_of, words_of_folded
from cx.themes.concepts import events
from cx.themes.concepts.lexicon import Walk
from cx.themes.concepts.words import tokens_of_folded
from cx.themes.traced import fold
from cx.themes.windows import Span, sentences

# Concepts further apart than this have nothing to do with each other.
_NEAR, _PARTNERS = 10, 4
BLOCKS = ("words", "characters", "concepts")

Window = tuple[int, int]
"""The first and the last sentence of a window."""
Partners = tuple[str, int, int, str, int, int]
"""A concept, its sentence and its place in the line of that; the same of the one after it, without a name if alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the grammar as it is told in a story: the first and the last sentence of it.

    `start` is where it begins in the line of its layer (`Story.lines`).
    """

    event: events.Event
    first: int
    last: int
    start: int


@dataclass(frozen=True, slots=True)
class Story:
    """A text, taken apart. `spans[i]` are the characters of sentence i; `concepts[i]` (place, name) in its line.

    `lines` are the symbols of all sentences, one line for each layer of the grammar; `walks[i]` those of sentence i.
    """

    text: str
    language: str
    spans: tuple[Span, ...]
    words: tuple[list[str], ...]
    concepts: tuple[list[tuple[int, str]], ...]
    told: tuple[Told, ...]
    lines: Mapping[str, str]
    walks: tuple[Mapping[str, Walk], ...]

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
        for name, _, _, other, _, _ in partners(self.concepts[first : last + 1]):
            yield f"{name}>{other}" if other else name
        for one in self.told:
            if first <= one.first and one.last <= last:
                yield f"E:{one.event.name}"
                yield f"T:{one.event.theme.code}"

    def weight(self, theme: Theme) -> float:
        """Return the weight of evidence for `theme`: the sum of the weights of its different events (a noisy-or)."""
        return sum(one.weight for one in self.events(theme))

    def events(self, theme: Theme) -> list[events.Event]:
        """Return the different events of `theme` that are told."""
        return list({one.event.name: one.event for one in self.told if one.event.theme is theme}.values())


def partners(concepts: Sequence[list[tuple[int, str]]]) -> Iterator[Partners]:
    """Yield every concept of some sentences, and after each the pairs it makes with the next ones (`Partners`)."""
    line: list[tuple[int, str, int, int]] = []
    shift = 0
    for sentence, found in enumerate(concepts):
        line += [(place + shift, name, sentence, place) for place, name in found]
        shift += found[-1][0] + 1 if found else 1
    for number, (along, name, sentence, place) in enumerate(line):
        yield name, sentence, place, "", sentence, place
        for farther, other, last, later in line[number + 1 : number + 1 + _PARTNERS]:
            if farther - along > _NEAR:
                break
            yield name, sentence, place, other, last, later


def with_pairs(words: list[str]) -> list[str]:
    """Return `words` and the pairs of neighbours among them."""
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def take_apart(text: str, language: str) -> Story:
    """Take `text` apart; `language` is `fr` or `en` (any other is read as English)."""
    text = text[:READ_CHARACTERS]
    grammar = events.load()
    known = language if language == "fr" else "en"
    spans = sentences(text)
    pieces = [fold(text[start:end]) for start, end in spans]
    walks = tuple(grammar.reading.walks(tokens_of_folded(piece), known) for piece in pieces)
    names = grammar.reading.symbols.names
    concepts = tuple(
        [(place, names[sign]) for place, sign in enumerate("".join(walk[""].signs)) if sign in names] for walk in walks
    )
    told: list[Told] = []
    joined: dict[str, str] = {}
    for layer in ("", *grammar.reading.layers):
        borders, whole = _joined(["".join(walk[layer].signs) for walk in walks])
        joined[layer] = whole
        for event in grammar.possible(layer, whole):
            told += [Told(event, *_sentences_of(borders, found), found[0]) for found in event.found(whole)]
    words = tuple(words_of_folded(piece) for piece in pieces)
    return Story(text, known, tuple(spans), words, concepts, tuple(told), joined, walks)


def _joined(lines: list[str]) -> tuple[list[int], str]:
    """Return where each sentence ends in the joined line, and the line; a sentence that was cut has no full stop."""
    return list(accumulate(map(len, lines))), "".join(lines)


def _sentences_of(borders: list[int], found: Span) -> Window:
    """Return the sentences in which the symbols of `found` stand."""
    return bisect_right(borders, found[0]), bisect_left(borders, found[1])
