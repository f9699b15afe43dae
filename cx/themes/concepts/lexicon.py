"""The forms of each concept, and a text as a line of symbols: one character a concept, `·` for any other word.

A file of `forms/<language>/` holds lines `concept: form, form`. A form has one to five words; `word*` is a
beginning; the longest form wins, and one form may carry several concepts. `concept+:` lets its forms keep the
concepts of their parts. A file whose first line is `# layer` is read apart, with the common `00-base.txt`, for the
events file of the same name: the long forms of one group of themes do not hide the words of another.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from cx.themes.concepts import numbers
from cx.themes.concepts.words import folded, spellings, tokens

FOLDER = Path(__file__).parent / "forms"
LANGUAGES = ("fr", "en")
COMMON = "00-base"
BREAK = "."
OTHER = "·"
_FIRST_SYMBOL = 0xE000  # the private use area: never in a text
_SHORTEST_BEGINNING = 3

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


@dataclass(slots=True)
class _Node:
    """A step in the tree of forms: the symbol if a form ends here, what may follow whole, and as a beginning."""

    symbol: str = ""
    words: dict[str, "_Node"] = field(default_factory=dict)
    beginnings: list[tuple[str, "_Node"]] = field(default_factory=list)

    def step(self, word: str) -> "_Node":
        """Return the node after `word`, made if it is new."""
        if not word.endswith("*"):
            return self.words.setdefault(word, _Node())
        for beginning, node in self.beginnings:
            if beginning == word[:-1]:
                return node
        node = _Node()
        self.beginnings.append((word[:-1], node))
        return node

    def longest(self, words: list[str], at: int) -> tuple[str, int]:
        """Return the symbol of the longest form that goes on at `at`, and how many words more it takes."""
        best, length = self.symbol, 0
        if at < len(words):
            word = words[at]
            after = [self.words[word]] if word in self.words else []
            after += [node for beginning, node in self.beginnings if word.startswith(beginning)]
            for node in after:
                symbol, more = node.longest(words, at + 1)
                if symbol and more + 1 > length:
                    best, length = symbol, more + 1
        return best, length


class Lexicon:
    """The forms of one language, common ones and those of one layer. Not changed after it is made."""

    def __init__(self, forms: dict[Form, set[str]], symbols: Symbols) -> None:
        self._symbols = symbols
        self._first: dict[str, _Node] = {}
        self._beginning: dict[str, _Node] = {}
        self._nodes = lru_cache(maxsize=5_000)(self._beginnings_of)
        for form, concepts in forms.items():
            table = self._beginning if form[0].endswith("*") else self._first
            node = table.setdefault(form[0].rstrip("*"), _Node())
            for word in form[1:]:
                node = node.step(word)
            node.symbol = symbols.of(concepts)

    def line(self, words: list[str]) -> str:
        """Return `words` as symbols: a form is one, whatever its length; ends of sentences are kept."""
        return "".join(self._signs(words))

    def _signs(self, words: list[str]) -> Iterator[str]:
        at = 0
        while at < len(words):
            word = words[at]
            if not word[0].isalnum():
                at += 1
                if word[0] in ".!?;\n…":
                    yield BREAK
                elif word[0] in "€£$":
                    yield self._symbols.of({"money"})
                continue
            symbol, length = self._match(words, at)
            if length < 2 and (word in numbers.WORDS or word[0].isdigit()):
                counted = numbers.reading(words, at)
                if counted is not None:
                    concepts, taken = counted
                    yield self._symbols.of(concepts) if concepts else OTHER
                    at += taken
                    continue
            yield symbol or OTHER
            at += max(length, 1)

    def _beginnings_of(self, word: str) -> tuple[_Node, ...]:
        """Return where forms that begin with `word`, whole or by its first letters, go on."""
        whole = [self._first[word]] if word in self._first else []
        ends = range(_SHORTEST_BEGINNING, len(word) + 1)
        return (*whole, *(self._beginning[word[:end]] for end in ends if word[:end] in self._beginning))

    def _match(self, words: list[str], at: int) -> tuple[str, int]:
        best, length = "", 0
        for node in self._nodes(words[at]):
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
        words = tokens(text)
        return {layer: self.lexicons[language, layer].line(words) for layer in ("", *self.layers)}


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
