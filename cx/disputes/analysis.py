"""The analyzer of the search index: one for both engines, so that SQLite and PostgreSQL find the same.

Words are folded (case, accents) before they are stemmed, because people type without accents; a question is
stemmed in both languages, so that it finds texts of either.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable
from itertools import filterfalse

import snowballstemmer

MAX_QUESTION = 200
MAX_WORDS = 12
MAX_INDEXED = 20_000
MOST_STEMS = 100_000
_WORD = re.compile(r"[a-z0-9]+")
# "humiliée" without its accents ends in a doubled e, which the stemmer takes for a part of the stem.
_DOUBLED = re.compile(r"ees?$")
_STEMMERS = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}
_STOP = frozenset(
    "a ai au aux avec ce ces d dans de des du elle en est et eu il ils j je l la le les leur lui ma mais me mes mon n "
    "ne nous on ou par pas plus pour qu que qui s sa se ses son sur t te toi ton tu un une vous y an and are as at be "
    "been but by for from had has have he her his i in is it its my no not of or our she so that the their them they "
    "this to was we were what when which who will with you your".split()
)
_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"))


def fold(text: str) -> str:
    """Lower case without accents or ligatures."""
    plain = text.lower()
    if plain.isascii():
        return plain
    for ligature, letters in _LIGATURES:
        plain = plain.replace(ligature, letters)
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", plain)))


class _Stems(dict[str, str]):
    """The stems of one language by folded word, each found once; the emptiest words have an empty one."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        # A stemmer holds the word at which it works, so two threads must not use it at once.
        self._lock = threading.Lock()

    def __missing__(self, word: str) -> str:
        with self._lock:
            if len(self) >= MOST_STEMS:
                self.clear()
            self[word] = stem = "" if word in _STOP else self._found(word)
        return stem

    def _found(self, word: str) -> str:
        bare = _DOUBLED.sub("e", word) if self._language == "fr" else word
        return str(_STEMMERS[self._language].stemWord(bare))


_STEMS = {language: _Stems(language) for language in _STEMMERS}


def _words(text: str) -> Iterable[str]:
    return dict.fromkeys(_WORD.findall(fold(text[:MAX_INDEXED])))


def tokens(text: str, language: str, markers: Iterable[str] = ()) -> str:
    """What is indexed of a text: its stems once each, after the marker tokens (organisation, audience)."""
    stems = _STEMS.get(language, _STEMS["fr"])
    return " ".join(filter(None, dict.fromkeys([*markers, *map(stems.__getitem__, _words(text))])))


def question(text: str) -> list[tuple[str, ...]]:
    """What a person asks: groups of alternatives, every group must match. Nothing in it is query syntax."""
    asked = [word for word in _words(text[:MAX_QUESTION]) if word not in _STOP]
    return [tuple(dict.fromkeys(_STEMS[one][word] for one in ("fr", "en"))) for word in asked[:MAX_WORDS]]


def organisation_marker(organisation_id: int) -> str:
    """The token that every row of an organisation carries; no word looks like it."""
    return f"0o{organisation_id}"


def first_words(text: str, most: int = 160) -> str:
    """The opening words of a story on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
