"""Where the features of a story stand in its text: each word, run of letters, concept and event with its characters.

The slow way, gone only for a story of which something is said: the same features as `linear.Linear.find`, each with
the places (numbers of `Places.spans`) of the words that make it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

from cx.themes.analyzer import traced_words
from cx.themes.concepts.words import traced_tokens
from cx.themes.linear import Linear
from cx.themes.story import Story, Told, partners
from cx.themes.traced import Span

Occurrence = tuple[int, int, int, tuple[int, ...]]
"""The number of a feature, the first and the last sentence that it needs, and its places."""

# A class of symbols in a pattern that consumes one: not one that must not come, nor a gap.
_CLASS = re.compile(r"(?<!\(\?!)(\[[^\\^\]]+\]\??)")


class Places:
    """The places of a story. `spans[i]` are the characters of place i; several may share characters."""

    def __init__(self, story: Story) -> None:
        """Go through the words of `story` once for the analyzer and once for the grammar."""
        self.story = story
        self.spans: list[Span] = []
        self.words: list[list[tuple[str, int]]] = []
        self._tokens: list[tuple[int, int]] = []
        for start, end in story.spans:
            words = traced_words(story.text[start:end], start)
            self.words.append([(word, len(self.spans) + at) for at, (word, _) in enumerate(words)])
            self.spans += [span for _, span in words]
            tokens = traced_tokens(story.text[start:end], start)
            self._tokens.append((len(tokens), len(self.spans)))
            self.spans += [span for _, span in tokens]
        self._symbols: dict[str, list[list[tuple[int, ...]]]] = {}

    def symbols(self, layer: str) -> list[list[tuple[int, ...]]]:
        """Return for each sentence, and each symbol of its line in `layer`, the places that it stands for."""
        if layer not in self._symbols:
            self._symbols[layer] = [
                [tuple(range(before + start, before + end)) for start, end in walk[layer].places(words)]
                for walk, (words, before) in zip(self.story.walks, self._tokens, strict=True)
            ]
        return self._symbols[layer]

    def of_event(self, told: Told) -> tuple[int, ...]:
        """Return the places of the words by which an event is told: what its classes matched, not what lies between."""
        layer = told.event.layer
        sentences = self.symbols(layer)
        borders = [0, *accumulate(map(len, sentences))]
        match = _grouped(told.event.pattern).match(self.story.lines[layer], told.start)
        assert match is not None
        found: list[int] = []
        for start, end in match.regs[1:]:
            if start < end:
                sentence = bisect_right(borders, start) - 1
                found += sentences[sentence][start - borders[sentence]]
        return tuple(found)

    @cached_property
    def told(self) -> list[tuple[Told, tuple[int, ...]]]:
        """Every event that is told, with its places."""
        return [(one, self.of_event(one)) for one in self.story.told]

    def alone(self, linear: Linear) -> tuple[list[int], list[int], list[int]]:
        """Return the known words and runs of letters: their numbers, the sentence and the place of each."""
        numbers: list[int] = []
        sentences: list[int] = []
        places: list[int] = []
        for sentence, words in enumerate(self.words):
            for word, place in words:
                known = linear.word(word)
                found = linear.runs(word) if known is None else (known, *linear.runs(word))
                numbers += found
                sentences += [sentence] * len(found)
                places += [place] * len(found)
        return numbers, sentences, places

    def composed(self, linear: Linear) -> Iterator[Occurrence]:
        """Yield every other known feature: pairs of words, concepts, events."""
        line = chain.from_iterable([(*one, at) for one in words] for at, words in enumerate(self.words))
        for (left, before, first), (right, after, last) in pairwise(line):
            if (number := linear.word_pair(left, right)) is not None:
                yield number, first, last, (before, after)
        symbols = self.symbols("")
        for name, first, place, other, last, later in partners(self.story.concepts):
            number = linear.concept_pair(name, other) if other else linear.concept(name)
            if number is not None:
                # A form of three words speaks as loudly as its partner of one.
                yield number, first, last, symbols[first][place] + (symbols[last][later] if other else ())
        for told, places in self.told:
            for name in (f"E:{told.event.name}", f"T:{told.event.theme.code}"):
                if (number := linear.concept(name)) is not None:
                    yield number, told.first, told.last, places


@lru_cache(maxsize=1_000)
def _grouped(pattern: "re.Pattern[str]") -> "re.Pattern[str]":
    """Return the same pattern with a group around each class."""
    return re.compile(_CLASS.sub(r"(\1)", pattern.pattern))
