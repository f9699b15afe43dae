"""Which of the two languages a text is written in, or that it is neither."""

import threading
from typing import TYPE_CHECKING

from cx.themes.analyzer import words_of

if TYPE_CHECKING:
    from cx.themes.tongues import Tongues

KNOWN_LANGUAGES = ("fr", "en")
# Under this many words the detector guesses; the language of the page is the better witness.
ENOUGH_WORDS = 4
# A text is called foreign only when it is long enough and another language is far ahead of both of ours:
# tweets, capitals and missing accents look foreign to a detector, and must still be read.
_FOREIGN_WORDS = 8
_FOREIGN_OURS_AT_MOST = 0.02
# Of 27,580 texts one is told apart otherwise by twice as many.
_DETECT_CHARACTERS = 300


class _Detector:
    """The tables of all languages, loaded at the first question and once, whatever the number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tongues: Tongues | None = None

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each language that is known."""
        with self._lock:
            if self._tongues is None:
                from cx.themes.tongues import load

                self._tongues = load()
        return self._tongues.probabilities(text)


_detector = _Detector()


def detect_language(text: str, interface: str = "fr") -> str:
    """Return `fr` or `en`, or an empty string when `text` is clearly in neither.

    `interface` is the language of the page on which the text was written: it decides under four words.
    """
    fallback = interface if interface in KNOWN_LANGUAGES else KNOWN_LANGUAGES[0]
    beginning = text[:_DETECT_CHARACTERS].lower()
    words = [word for word in words_of(beginning) if not word.startswith("_")]
    if len(words) < ENOUGH_WORDS:
        letters = sum(sign.isalpha() for sign in beginning)
        if letters < 2 * len("".join(words)) + _FOREIGN_WORDS:
            return fallback
    probabilities = _detector.probabilities(beginning)
    ours = {language: probabilities.get(language, 0.0) for language in KNOWN_LANGUAGES}
    if sum(ours.values()) < _FOREIGN_OURS_AT_MOST and (len(words) >= _FOREIGN_WORDS or len(words) < ENOUGH_WORDS):
        return ""
    return max(ours, key=lambda language: ours[language])
