"""The forms of each concept, and a text as a line of symbols: one character a concept, `·` for any other word.

A file of `forms/<language>/` holds lines `concept: form, form`. A form has one to five words; `word*` is a
beginning; the longest form wins, and one form may carry several concepts. `concept+:` lets its forms keep the
concepts of their parts. A file whose first line is `# layer` is read apart, with the common `00-base.txt`, for the
events file of the same name: the long forms of one group of themes do not hide the words of another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cx.themes.concepts import numbers
from cx.themes.concepts.words import folded, spellings, tokens

FOLDER = Path(__file__).parent / "forms"
LANGUAGES = ("fr", "en")
COMMON = "00-base"
BREAK = "."
OTHER = "·"
_FIRST_SYMBOL = 0xE000  # the private use area: never in a text
_SHORTEST_BEGINNING = 3
_REMEMBERED = 10_000

Form = tuple[str, ...]


class Symbols:
    """The characters that stand for concepts; a form that carries several has a character of its own."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._signs: dict[frozenset[str], str] = {}
        self._members: dict[str, list[str]] = {}

    def of(self, concepts: Iterable[str]) -> str:
        """Return the character of these concepts together."""
        key = frozenset(concepts)
        if key not in self._signs:
            sign = chr(_FIRST_SYMBOL + len(self._signs))
            self._signs[key], self.names[sign] = sign, "&".join(sorted(key))
            for concept in key:
                self._members.setdefault(concept, []).append(sign)
        return self._signs[key]

    def members(self, concept: str) -> list[str]:
        """Return every character that carries `concept`. Raises `ValueError` for one that no lexicon knows."""
        if concept not in self._members:
            raise ValueError(f"no form carries the concept {concept!r}")
        return self._members[concept]


_NOTHING: Mapping[str, "_Node"] = MappingProxyType({})


@dataclass(slots=True)
class _Node:
    """A step in the tree of forms: the symbol if a form ends here, what may follow whole, and as a beginning."""

    symbol: str = ""
    # Most steps are the last of their form: what follows is made when there is some, which saves megabytes.
    words: Mapping[str, "_Node"] = field(default_factory=lambda: _NOTHING)
    beginnings: Sequence[tuple[str, "_Node"]] = ()

    def step(self, word: str) -> "_Node":
        """Return the node after `word`, made if it is new."""
        if not word.endswith("*"):
            if not isinstance(self.words, dict):
                self.words = {}
            return self.words.setdefault(word, _Node())
        for beginning, node in self.beginnings:
            if beginning == word[:-1]:
                return node
        node = _Node()
        self.beginnings = (*self.beginnings, (word[:-1], node))
        return node

    def longest(self, words: list[str], at: int) -> tuple[str, int]:
        """Return the symbol of the longest form that goes on at `at`, and how many words more it takes."""
        best, length = self.symbol, 0
        if at < len(words):
            word = words[at]
            after = self.words.get(word)
            if after is not None:
                symbol, more = after.longest(words, at + 1)
                if symbol:
                    best, length = symbol, more + 1
            for beginning, node in self.beginnings:
                if word.startswith(beginning):
                    symbol, more = node.longest(words, at + 1)
                    if symbol and more + 1 > length:
                        best, length = symbol, more + 1
        return best, length


class Walk(NamedTuple):
    """The words of a text as symbols; `starts[i]` is the first word of `signs[i]`, empty for what stands for nothing."""

    signs: list[str]
    starts: list[int]

    def places(self, words: int) -> list[tuple[int, int]]:
        """Return for each symbol the first word it stands for, and the first one after it; there are `words` of them."""
        ends = [*self.starts[1:], words]
        return [(start, end) for sign, start, end in zip(self.signs, self.starts, ends, strict=False) if sign]


class _Open(NamedTuple):
    """What a word stands for, unless one of `words` or of `beginnings` follows."""

    sign: str
    words: frozenset[str]
    beginnings: tuple[str, ...]


class Lexicon:
    """The forms of one language, common ones and those of one layer. Once made, it only remembers words it met."""

    def __init__(self, forms: dict[Form, set[str]], symbols: Symbols) -> None:
        self._symbols = symbols
        self._first: dict[str, _Node] = {}
        self._beginning: dict[str, _Node] = {}
        self._nodes = lru_cache(maxsize=5_000)(self._beginnings_of)
        # Most words stand for the same symbol whatever follows, or unless one of a few words does: looked up once.
        self._settled: dict[str, str] = {}
        self._open: dict[str, _Open] = {}
        for form, concepts in forms.items():
            table = self._beginning if form[0].endswith("*") else self._first
            node = table.setdefault(form[0].rstrip("*"), _Node())
            for word in form[1:]:
                node = node.step(word)
            node.symbol = symbols.of(concepts)

    def walk(self, words: list[str]) -> Walk:
        """Return `words` as symbols: a form is one, whatever its length; ends of sentences are kept."""
        signs: list[str] = []
        starts: list[int] = []
        settled, unless = self._settled.get, self._open.get
        at, last = 0, len(words) - 1
        while at <= last:
            word = words[at]
            starts.append(at)
            sign = settled(word)
            if sign is None:
                known = unless(word)
                following = words[at + 1] if at < last else ""
                if known is None or following in known.words or following.startswith(known.beginnings):
                    sign, taken = self._sign(words, at)
                    at += taken - 1
                else:
                    sign = known.sign
            at += 1
            signs.append(sign)
        return Walk(signs, starts)

    def _sign(self, words: list[str], at: int) -> tuple[str, int]:
        """Return the symbol at `at`, empty for a sign that says nothing, and how many words it takes."""
        word = words[at]
        if not word[0].isalnum():
            return self._of_sign(word), 1
        numeral = word in numbers.WORDS or word[0].isdigit()
        nodes = self._nodes(word)
        if word not in self._open and (not numeral or word in numbers.ARTICLES):
            self._remember(word, nodes, numbers.UNITS if numeral else ())
        symbol, length = self._match(nodes, words, at)
        if numeral and length < 2:
            counted = numbers.reading(words, at)
            if counted is not None:
                concepts, taken = counted
                return self._symbols.of(concepts) if concepts else OTHER, taken
        return symbol or OTHER, max(length, 1)

    def _of_sign(self, word: str) -> str:
        if word[0] in ".!?;\n…":
            return BREAK
        return self._symbols.of({"money"}) if word[0] in "€£$" else ""

    def _remember(self, word: str, nodes: tuple[_Node, ...], more: Iterable[str]) -> None:
        """Keep what `word` stands for, unless one of the words that go on a form, or of `more`, follows."""
        if len(self._settled) + len(self._open) >= _REMEMBERED:  # nobody fills the memory with words
            return
        sign = next((node.symbol for node in nodes if node.symbol), OTHER)
        words = frozenset(more).union(*(node.words for node in nodes))
        beginnings = tuple(beginning for node in nodes for beginning, _ in node.beginnings)
        if words or beginnings:
            self._open[word] = _Open(sign, words, beginnings)
        else:
            self._settled[word] = sign

    def _beginnings_of(self, word: str) -> tuple[_Node, ...]:
        """Return where forms that begin with `word`, whole or by its first letters, go on."""
        whole = [self._first[word]] if word in self._first else []
        ends = range(_SHORTEST_BEGINNING, len(word) + 1)
        return (*whole, *(self._beginning[word[:end]] for end in ends if word[:end] in self._beginning))

    @staticmethod
    def _match(nodes: tuple[_Node, ...], words: list[str], at: int) -> tuple[str, int]:
        best, length = "", 0
        for node in nodes:
            symbol, more = node.longest(words, at + 1)
            if symbol and more + 1 > length:
                best, length = symbol, more + 1
        return best, length


@dataclass(frozen=True, slots=True)
class Reading:
    """What makes lines of a text: a lexicon for each language and layer ("" is the common one)."""

    symbols: Symbols
    layers: tuple[str, ...]
    lexicons: dict[tuple[str, str], Lexicon]

    def lines(self, text: str, language: str) -> dict[str, str]:
        """Return the line of `text` in each layer."""
        return {layer: "".join(walk.signs) for layer, walk in self.walks(tokens(text), language).items()}

    def walks(self, words: list[str], language: str) -> dict[str, Walk]:
        """Return the symbols of the tokens of a text in each layer."""
        return {layer: self.lexicons[language, layer].walk(words) for layer in ("", *self.layers)}


_Line = tuple[str, str, bool, Form]
"""A form in a file: the file's name, the concept, whether it keeps those of its parts, the words."""


def _read(path: Path, language: str) -> Iterator[_Line]:
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.split("#")[0].strip()
        if not line:
            continue
        name, separator, forms = line.partition(":")
        if not separator:
            raise ValueError(f"{path.name}, line {number}: a concept and a colon are needed")
        concept, keeps = name.strip().rstrip("+"), name.strip().endswith("+")
        for form in forms.split(","):
            words = tuple(folded(form).split())
            if words:
                for spelled in spellings(words) if language == "en" else {words}:
                    yield path.stem, concept, keeps, spelled


def _forms(lines: list[_Line], literals: Iterable[str]) -> dict[Form, set[str]]:
    forms: dict[Form, set[str]] = {}
    source: dict[Form, set[tuple[str, str]]] = {}
    kept: dict[Form, set[str]] = {}
    for file, concept, keeps, form in lines:
        forms.setdefault(form, set()).add(concept)
        source.setdefault(form, set()).add((file, concept))
        if keeps:
            kept.setdefault(form, set()).add(file)
    for word in literals:
        forms.setdefault((word,), set()).add(f"={word}")
        source.setdefault((word,), set()).add(("", f"={word}"))
    for form, files in kept.items():
        forms[form] |= _of_parts(form, files, source)
    return forms


def _of_parts(form: Form, files: set[str], source: dict[Form, set[tuple[str, str]]]) -> set[str]:
    """Return the concepts that the parts of `form` have in other files, longest parts first."""
    found: set[str] = set()
    at = 0
    while at < len(form):
        step = 1
        for length in range(min(len(form) - at, len(form) - 1), 0, -1):
            part = {concept for file, concept in source.get(form[at : at + length], ()) if file not in files}
            if part:
                found |= part
                step = length
                break
        at += step
    return found


_LITERAL = re.compile(r"=([a-z]+)")


@cache
def load(literals: frozenset[str] = frozenset()) -> Reading:
    """Read every lexicon. `literals` are words that events name themselves (`{=nez}`). Raises `ValueError`."""
    symbols = Symbols()
    for concepts in numbers.CONCEPTS:
        symbols.of(concepts)
    files = {language: sorted((FOLDER / language).glob("*.txt")) for language in LANGUAGES}
    apart = {path.stem for paths in files.values() for path in paths if path.read_text("utf-8").startswith("# layer")}
    layers = tuple(sorted(apart))
    lexicons: dict[tuple[str, str], Lexicon] = {}
    for language, paths in files.items():
        lines = {path.stem: list(_read(path, language)) for path in paths}
        for layer in ("", *layers):
            wanted = {COMMON, layer} if layer else set(lines) - apart
            chosen = [line for stem in lines if stem in wanted or stem.startswith("00-") for line in lines[stem]]
            lexicons[language, layer] = Lexicon(_forms(chosen, literals), symbols)
    return Reading(symbols, layers, lexicons)
