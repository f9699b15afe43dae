"""How a text becomes features: one plain-Python analyzer, the same in training and in serving.

The fitted file refers to these features by name: a change here changes `ANALYZER_VERSION`, and the reader must
be fitted again (`flask themes train`). Keep the path of this module stable.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

ANALYZER_VERSION = "1"
# A story longer than this is read by its beginning: nobody tells a new theme after some 3,000 words.
READ_CHARACTERS = 20_000

_URL = re.compile(r"(?:https?://|www\.)\S+")
_MAIL = re.compile(r"\S+@\S+\.\w+|__email__")
_HANDLE = re.compile(r"@\w+")
_MASKED = re.compile(r"\bx{2,}\b|[•*]{2,}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NOT_WORD = re.compile(r"[^a-z_]+")
# The apostrophe joins in English (don't → dont) and separates in French (l'appli → l appli).
_ENGLISH_APOSTROPHE = re.compile(r"n['’`]t\b")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def normalise(text: str) -> str:
    """Return `text` without accents, in lower case, with addresses, handles, masks and numbers named as such.

    Numbers keep their size only (`_one_`, `_few_`, `_many_`), because three calls and forty minutes mean
    something to a reader of complaints and the exact figure does not.
    """
    decomposed = unicodedata.normalize("NFKD", text[:READ_CHARACTERS])
    folded = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()
    folded = folded.replace("œ", "oe").replace("æ", "ae")
    folded = _MAIL.sub(" _mail_ ", _URL.sub(" _url_ ", folded))
    folded = _MASKED.sub(" _masked_ ", _HANDLE.sub(" _handle_ ", folded))
    folded = _ENGLISH_APOSTROPHE.sub("nt", folded)
    folded = _NUMBER.sub(_size_of_number, folded)
    folded = _STRETCHED.sub(r"\1\1", folded)
    return _NOT_WORD.sub(" ", folded).strip()


def _size_of_number(match: re.Match[str]) -> str:
    """Name the size of one written number."""
    whole = re.split(r"[.,:]", match.group())[0]
    if len(whole) > 3:
        return " _long_ "
    value = int(whole)
    if value < 3:
        return " _one_ "
    return " _few_ " if value < 30 else " _many_ "


def words_of(text: str) -> list[str]:
    """Return the normalised words of `text`, in order."""
    return normalise(text).split()


@lru_cache(maxsize=20_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """Return the character runs of one word; complaints repeat their words, hence the cache."""
    if word.startswith("_"):
        return ()
    return tuple(_runs(f" {word[:40]} "))


def _runs(padded: str) -> Iterator[str]:
    """Yield every run of 3 and of 4 characters of `padded`."""
    for width in (3, 4):
        for start in range(len(padded) - width + 1):
            yield padded[start : start + width]
