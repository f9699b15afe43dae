"""How a text becomes features: one plain-Python analyzer, the same in training and in serving.

The fitted file refers to these features by name: a change here changes `ANALYZER_VERSION`, and the reader must
be fitted again (`flask themes train`). Keep the path of this module stable.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from cx.themes.traced import Span, Step, Traced, applied, fold

ANALYZER_VERSION = "1"
# A story longer than this is read by its beginning: nobody tells a new theme after some 3,000 words.
READ_CHARACTERS = 20_000

_TOKEN_WITH_AT = re.compile(r"\S*@\S*")
_DOMAIN = re.compile(r"\.\w+")
_WORD = re.compile(r"[a-z_]+")


def _without_mail(match: re.Match[str]) -> str:
    """Name the address in a run of signs: from its beginning to the last `.word` after an @, in one pass.

    The plain pattern (signs, @, signs, dot, word) would try each @ with each dot: minutes for a page of `@.@.@.`.
    """
    run = match.group()
    ends = [one.end() for one in _DOMAIN.finditer(run, run.find("@", 1) + 2)] if "@" in run[1:] else []
    return f" _mail_ {run[ends[-1] :]}" if ends else run


def _size_of_number(match: re.Match[str]) -> str:
    """Name the size of one written number."""
    whole = re.split(r"[.,:]", match.group())[0]
    if len(whole) > 3:
        return " _long_ "
    value = int(whole)
    if value < 3:
        return " _one_ "
    return " _few_ " if value < 30 else " _many_ "


_STEPS = (
    Step(re.compile(r"(?:https?://|www\.)\S+"), " _url_ ", ("http", "www.")),
    Step(_TOKEN_WITH_AT, _without_mail, ("@",)),
    Step(re.compile("__email__"), " _mail_ ", ("__email__",)),
    Step(re.compile(r"@\w+"), " _handle_ ", ("@",)),
    Step(re.compile(r"\bx{2,}\b|[•*]{2,}"), " _masked_ ", ("xx", "••", "**", "•*", "*•")),
    # The apostrophe joins in English (don't → dont) and separates in French (l'appli → l appli).
    Step(re.compile(r"n['’`]t\b"), "nt", ("n'", "n’", "n`")),
    Step(re.compile(r"\d+(?:[.,:]\d+)*"), _size_of_number),
    Step(re.compile(r"([a-z])\1{2,}"), r"\1\1"),
)


def normalise(text: str) -> str:
    """Return `text` without accents, in lower case, with addresses, handles, masks and numbers named as such.

    Numbers keep their size only (`_one_`, `_few_`, `_many_`), because three calls and forty minutes mean
    something to a reader of complaints and the exact figure does not.
    """
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """Return the normalised words of `text`, in order."""
    return words_of_folded(fold(text[:READ_CHARACTERS]))


def words_of_folded(folded: str) -> list[str]:
    """Return the normalised words of a text that was folded already."""
    return _WORD.findall(applied(folded, _STEPS))


def traced_words(text: str, offset: int) -> list[tuple[str, Span]]:
    """Return the normalised words of `text` and where they stand in the longer text whose character `offset` it begins."""
    return Traced(text, offset).apply(_STEPS).found(_WORD)


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
