"""Which stories are worth a person's look next: those about which the reader doubts, and that are not alike.

A ruling teaches most where the reader would err, and little where ten like it were just ruled on. So stories are taken
one after another: each time the one with the most doubt left, times how far it is from everything taken before.
"""

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.sampling import Candidate
from cx.core.words import Theme
from cx.themes.analyzer import words_of

# From this probability on a theme is suggested, where nobody says otherwise.
LIMIT = 0.3
# Words are thrown into so many drawers: enough that stories about different things seldom share them.
_DRAWERS = 512

Table = NDArray[np.float64]


def choose_next(candidates: Sequence[Candidate], many: int, limits: Mapping[Theme, float] | None = None) -> list[int]:
    """Return the numbers of up to `many` of `candidates`, the one worth most first.

    `limits` are the probabilities from which on the reader suggests each theme. The same candidates give the same
    answer in whatever order they come; one given twice counts once.
    """
    known = [one for _, one in sorted({one.id: one for one in candidates}.items())]
    if not known or many <= 0:
        return []
    doubts = np.array([doubt(one.scores, limits or {}) for one in known])
    places = vectors([one.text for one in known])
    apart = np.ones(len(known))
    free = np.ones(len(known), dtype=bool)
    chosen: list[int] = []
    for _ in range(min(many, len(known))):
        best = int(np.argmax(np.where(free, doubts * apart, -1.0)))
        chosen.append(known[best].id)
        free[best] = False
        apart = np.minimum(apart, 1.0 - np.clip(places @ places[best], 0.0, 1.0))
    return chosen


def doubt(scores: Mapping[Theme, float], limits: Mapping[Theme, float]) -> float:
    """Return how near the scores are to being taken the other way: at most 1 for each theme, summed.

    A theme weighs 1 at its limit and half as much for each step of the log-odds away from it.
    """
    return sum(
        math.exp2(-abs(_log_odds(score) - _log_odds(limits.get(theme, LIMIT)))) for theme, score in scores.items()
    )


def _log_odds(share: float) -> float:
    kept = min(max(share, 1e-6), 1.0 - 1e-6)
    return math.log(kept / (1.0 - kept))


def vectors(texts: Sequence[str]) -> Table:
    """Return a row of length one for each text: its words, the rare ones among these texts weighing more."""
    drawers = [sorted({zlib.crc32(word.encode()) % _DRAWERS for word in words_of(text)}) for text in texts]
    told = np.zeros(_DRAWERS)
    for row in drawers:
        told[row] += 1
    rare = np.log((1.0 + len(texts)) / (1.0 + told)) + 1e-3
    found: Any = np.zeros((len(texts), _DRAWERS))
    for number, row in enumerate(drawers):
        found[number, row] = rare[row]
    lengths = np.sqrt((found * found).sum(axis=1, keepdims=True))
    table: Table = found / np.where(lengths > 0.0, lengths, 1.0)
    return table
