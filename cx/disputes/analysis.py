"""The analyzer of the search index: one for both engines, so that SQLite and PostgreSQL find the same.

Words are folded (case, accents) before they are stemmed, because people type without accents; a question is
stemmed in both languages, so that it finds texts of either.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from itertools import filterfalse

import snowballstemmer

MAX_QUESTION = 200
MAX_WORDS = 12
MAX_INDEXED = 20_000
_WORD = re.compile(r"[a-z0-9]+")
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


@functools.lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    return str(_STEMMERS[language].stemWord(word))


def words(text: str) -> list[str]:
    """The words of a text, folded, without the emptiest ones."""
    return [word for word in _WORD.findall(fold(text[:MAX_INDEXED])) if word not in _STOP]


def tokens(text: str, language: str, markers: Iterable[str] = ()) -> str:
    """What is indexed of a text: its stems once each, after the marker tokens (organisation, audience)."""
    known = language if language in _STEMMERS else "fr"
    stems = [_stem(word, known) for word in dict.fromkeys(words(text))]
    return " ".join(dict.fromkeys([*markers, *stems]))


def question(text: str) -> list[tuple[str, ...]]:
    """What a person asks: groups of alternatives, every group must match. Nothing in it is query syntax."""
    asked = dict.fromkeys(words(text[:MAX_QUESTION]))
    return [tuple(dict.fromkeys(_stem(word, one) for one in ("fr", "en"))) for word in list(asked)[:MAX_WORDS]]


def organisation_marker(organisation_id: int) -> str:
    """The token that every row of an organisation carries; no word looks like it."""
    return f"0o{organisation_id}"


def first_words(text: str, most: int = 160) -> str:
    """The opening words of a story on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
