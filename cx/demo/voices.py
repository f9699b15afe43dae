"""How people write: accents left out, SMS, capitals, slips of the finger, one long breath. Applied to a told text."""

import re
from collections.abc import Callable
from random import Random

_BARE = str.maketrans("éèêëàâäîïôöûüùçœÉÈÀÇ’«»", "eeeeaaaiioouuuco" + 'EEAC\'""')
_SMS: dict[str, tuple[tuple[str, str], ...]] = {
    "fr": (
        ("c’est", "c"), ("qu’", "k"), ("que ", "ke "), ("quoi", "koi"), ("pourquoi", "pk"), ("beaucoup", "bcp"),
        ("toujours", "tjs"), ("jamais", "jms"), ("personne", "person"), ("rendez-vous", "rdv"), ("quelqu’un", "qqn"),
        ("vous ", "vs "), ("nous ", "ns "), ("pas ", "pa "), ("dans ", "ds "), ("maintenant", "mnt"), ("avec ", "ac "),
    ),
    "en": (
        ("you", "u"), (" are ", " r "), ("because", "cuz"), ("people", "ppl"), ("please", "pls"), ("thanks", "thx"),
        ("tomorrow", "tmrw"), (" to ", " 2 "), ("for ", "4 "), ("before", "b4"), ("without", "w/o"), ("’s", "s"),
        ("and ", "& "), ("account", "acct"), ("message", "msg"),
    ),
}  # fmt: skip
_STOPS = re.compile(r"[.!?]\s+(\w?)")
_WORD = re.compile(r"[^\W\d_]{6,}")


def plainly(_: Random, text: str, language: str) -> str:  # noqa: ARG001 - every voice has the same form
    """Leave the text as it is."""
    return text


def bare(_: Random, text: str, language: str) -> str:  # noqa: ARG001
    """Leave the accents out, as on a keyboard without them."""
    return text.translate(_BARE).replace("œ", "oe")


def texting(rng: Random, text: str, language: str) -> str:
    """Write like an SMS: small letters, words cut short, hardly a full stop."""
    text = text.lower()
    for word, short in _SMS[language]:
        text = text.replace(word, short)
    return bare(rng, text, language).replace(". ", " ").rstrip(".")


def shouting(rng: Random, text: str, language: str) -> str:  # noqa: ARG001
    """Write one sentence, or all of a short text, in capitals."""
    sentences = re.split(r"(?<=[.!?])\s", text)
    if len(sentences) < 3:
        return text.upper().replace(".", " !!")
    loud = rng.randrange(len(sentences))
    return " ".join(s.upper().rstrip(".") + " !!!" if i == loud else s for i, s in enumerate(sentences))


def slipping(rng: Random, text: str, language: str) -> str:  # noqa: ARG001
    """Make one to three slips: letters swapped, lost or doubled."""
    for _ in range(rng.randint(1, 3)):
        words = list(_WORD.finditer(text))
        if not words:
            return text
        found = rng.choice(words)
        at = rng.randrange(found.start() + 1, found.end() - 2)
        a, b = text[at], text[at + 1]
        text = text[:at] + rng.choice((b + a, a, a + a + b)) + text[at + 2 :]
    return text


def breathless(rng: Random, text: str, language: str) -> str:
    """Write without a full stop, in one long breath."""
    link = {"fr": (" et ", ", ", " alors ", " bref "), "en": (" and ", ", ", " so ", " then ")}[language]
    return _STOPS.sub(lambda stop: rng.choice(link) + stop[1].lower(), text).replace("\n\n", " ").rstrip(".")


def masked(rng: Random, text: str, language: str) -> str:  # noqa: ARG001
    """Hide the figures of four and more, as careful people do."""
    return re.sub(r"\b\d{4,}\b", "XXXX", text)


Voice = Callable[[Random, str, str], str]
VOICES: tuple[Voice, ...] = (plainly, bare, texting, shouting, slipping, breathless, masked)
WEIGHTS: tuple[int, ...] = (62, 8, 5, 5, 13, 5, 2)
