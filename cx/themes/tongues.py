"""How likely a text is to be in each language: the model of py3langid, its answers, in a sixth of the memory.

py3langid walks an automaton over bytes, 42 MB of transitions, and adds up rows of a dense table, 28 MB. The automaton
only finds the longest run of at most six bytes that it knows, so the runs are kept sorted and looked up; a row is kept
where it differs from what most rows say. Every process of an installation would hold the other 60 MB.
"""

import math
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_BITS, _NO_BYTE, _ABOVE_ALL = 9, 256, 2**31 - 1


@dataclass(frozen=True, slots=True)
class Tongues:
    """The tables. `runs[d]` are the known runs of d + 1 bytes, sorted: the place in `runs[d - 1]` of what comes before the
    last byte, times 512, plus that byte; behind the last one stands a number above all. `features[d]` is what each counts as.

    A feature of −1 is none. Feature f adds `usual` to the score of each language, except to those of
    `columns[borders[f]:borders[f + 1]]`, whose numbers stand beside in `other`.
    """

    classes: tuple[str, ...]
    prior: Array
    runs: tuple[Array, ...]
    features: tuple[Array, ...]
    usual: Array
    borders: Array
    columns: Array
    other: Array

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each language; all are alike where nothing of `text` is known."""
        written = _encoded(text)
        found, counts = np.unique(self._features(np.frombuffer(written, dtype=np.uint8)), return_counts=True)
        scores = self._scores(found, np.log1p(counts)) if len(found) else np.zeros(len(self.classes))
        scores = scores / math.sqrt(len(written) or 1)
        likely = np.exp(scores - scores.max())
        merged = dict.fromkeys(self.classes, 0.0)
        for name, share in zip(self.classes, (likely / likely.sum()).tolist(), strict=True):
            merged[name] += share
        return merged

    def _features(self, written: Array) -> Array:
        """Return the feature of the longest known run that ends at each byte, where it is one."""
        longest = np.full(len(written), -1, dtype=np.int32)
        # Behind the end stands what no run goes on with.
        padded = np.concatenate([written.astype(np.int32), np.full(len(self.runs), _NO_BYTE, dtype=np.int32)])
        starts, run = np.arange(len(written)), np.zeros(len(written), dtype=np.int32)
        for depth, (known, features) in enumerate(zip(self.runs, self.features, strict=True)):
            longer = (run << _BITS) | padded[starts + depth]
            at = known.searchsorted(longer)
            # Only a run that is known can be the beginning of a longer one.
            held = known[at] == longer
            starts, run = starts[held], at[held].astype(np.int32)
            longest[starts + depth] = features[run]
        return longest[longest >= 0]

    def _scores(self, features: Array, weights: Array) -> Array:
        starts, ends = self.borders[features], self.borders[features + 1]
        many = ends - starts
        before = np.cumsum(many) - many
        places = np.repeat(starts - before, many) + np.arange(int(many.sum()))
        columns = self.columns[places]
        added = np.repeat(weights, many) * (self.other[places] - self.usual[columns])
        more = np.bincount(columns, weights=added, minlength=len(self.classes))
        scores: Array = self.prior + weights.sum() * self.usual + more
        return scores


def _encoded(text: str) -> bytes:
    """Return the bytes that are looked at; a text all in capitals is read as if it were not."""
    return unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf8", "surrogatepass")


def _runs(moves: Array, rows: Array, out: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Return the known runs of each length, sorted, and their features: the tree within the automaton, level by level.

    `moves[rows[s], b]` is where byte b leads from state s. A state is the run that reaches it first from state 0.
    """
    seen = np.zeros(len(rows), dtype=bool)
    seen[0] = True
    level = np.zeros(1, dtype=np.int64)
    runs: list[Array] = []
    features: list[Array] = []
    while True:
        nexts = moves[rows[level]]
        before, byte = np.nonzero(~seen[nexts])
        if not len(before):
            return tuple(runs), tuple(features)
        level = nexts[before, byte]
        seen[level] = True
        runs.append(np.append((before << _BITS) | byte, _ABOVE_ALL).astype(np.int32))
        features.append(out[level].astype(np.int32))


def _usual(table: Array) -> Array:
    """Return what stands most often in each column of `table`, whose numbers are halves of a word."""
    bits = table.view(np.uint16)
    return np.array([np.bincount(column).argmax() for column in bits.T], dtype=np.uint16).view(table.dtype)


def load() -> Tongues:
    """Read the tables of py3langid and keep what is needed of them. Takes a second or two."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    table, prior, classes, moves, rows, out = load_model(MODEL_DIR / MODEL_FILE)
    runs, features = _runs(np.asarray(moves).reshape(-1, 256), np.asarray(rows), np.asarray(out))
    usual = _usual(table)
    told = table.view(np.uint16) != usual.view(np.uint16)
    return Tongues(
        classes=tuple(classes),
        prior=prior.astype(np.float64),
        runs=runs,
        features=features,
        usual=usual.astype(np.float64),
        borders=np.concatenate([[0], np.cumsum(told.sum(axis=1))]),
        columns=np.broadcast_to(np.arange(len(classes), dtype=np.uint8), told.shape)[told],
        other=table[told],
    )
