"""The fitted reader as a pair of files: plain arrays (`reader.npz`) and what they are (`reader.json`).

No object is ever unpickled. `reader.json` carries the SHA-256 of the arrays: a file that is not the one described
is refused.
"""

import hashlib
import io
import json
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.words import THEME_BY_ID, Theme
from cx.themes.analyzer import ANALYZER_VERSION
from cx.themes.concepts import events
from cx.themes.story import BLOCKS

FITTED = Path(__file__).parent / "fitted"
ARRAYS_FILE = "reader.npz"
DESCRIPTION_FILE = "reader.json"
FORMAT = 3
# Of each theme in the combiner: four signals and the offset.
WEIGHTS = 5

Floats = NDArray[np.float32]


class UnreadableFile(Exception):
    """The fitted files are missing, damaged, or made for another analyzer; the message says which."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted reader as numbers.

    `vocabularies` are the known features of each block (`story.BLOCKS`), `idf` their weights in the same order.
    `coefficients` has a row for each feature and a column for each theme, in the order of `Theme`; `intercepts` one
    number for each theme. `combiner` has a row for each theme: log(1 + weight of its events), log(1 + weight of the
    events of other themes), best window, whole story, and an offset; p = 1 / (1 + exp(−sum)). `maybe` and `sure` are the lowest probabilities at which a theme is
    suggested, and rather sure.
    """

    version: str
    vocabularies: tuple[list[str], ...]
    idf: Floats
    coefficients: Floats
    intercepts: Floats
    combiner: NDArray[np.float64]
    maybe: dict[Theme, float]
    sure: dict[Theme, float]
    figures: dict[str, Any]


def _pack(words: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpack(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")


def save(fitted: Fitted, folder: Path) -> None:
    """Write both files into `folder`; the description last, so that a torn write is refused, never half read."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {
        **{name: _pack(words) for name, words in zip(BLOCKS, fitted.vocabularies, strict=True)},
        "idf": fitted.idf,
        "coefficients": fitted.coefficients,
        "intercepts": fitted.intercepts,
        "combiner": fitted.combiner,
    }
    np.savez_compressed(buffer, **arrays)
    content = buffer.getvalue()
    description = {
        "format": FORMAT,
        "analyzer": ANALYZER_VERSION,
        "grammar": events.digest(),
        "version": fitted.version,
        "sha256": hashlib.sha256(content).hexdigest(),
        "themes": [theme.value for theme in Theme],
        "maybe": {theme.value: round(value, 4) for theme, value in fitted.maybe.items()},
        "sure": {theme.value: round(value, 4) for theme, value in fitted.sure.items()},
        "figures": fitted.figures,
    }
    (folder / ARRAYS_FILE).write_bytes(content)
    text = json.dumps(description, ensure_ascii=False, indent=2)
    (folder / DESCRIPTION_FILE).write_text(text + "\n", encoding="utf-8")


def restore(folder: Path, trusted: Container[str] | None = None) -> Fitted:
    """Read both files from `folder`. Raises `UnreadableFile` for anything but a whole, matching pair.

    Where `trusted` is given, the SHA-256 of the description, which names that of the arrays, has to be in it.
    """
    try:
        written = (folder / DESCRIPTION_FILE).read_bytes()
        if trusted is not None and hashlib.sha256(written).hexdigest() not in trusted:
            raise UnreadableFile("it was not trained here and nobody trusted it")
        description = json.loads(written)
        content = (folder / ARRAYS_FILE).read_bytes()
        _check(description, content)
        events.load()  # a grammar that cannot be read is found here, not at the counter
        return _assemble(description, content)
    except UnreadableFile:
        raise
    except Exception as error:  # whatever a damaged file provokes, the answer is the same: it cannot be read
        raise UnreadableFile(f"{type(error).__name__}: {error}") from error


def _check(description: dict[str, Any], content: bytes) -> None:
    """Refuse arrays that are not those described, or that another analyzer made."""
    if description["format"] != FORMAT or description["analyzer"] != ANALYZER_VERSION:
        raise UnreadableFile("made for another version of the analyzer")
    if description["grammar"] != events.digest():
        raise UnreadableFile("made for another grammar")
    if description["themes"] != [theme.value for theme in Theme]:
        raise UnreadableFile("made for other themes")
    if hashlib.sha256(content).hexdigest() != description["sha256"]:
        raise UnreadableFile("the arrays are not those described")


def _assemble(description: dict[str, Any], content: bytes) -> Fitted:
    """Build the value and see that its shapes agree."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        fitted = Fitted(
            version=str(description["version"]),
            vocabularies=tuple(_unpack(arrays[name]) for name in BLOCKS),
            idf=arrays["idf"],
            coefficients=arrays["coefficients"],
            intercepts=arrays["intercepts"],
            combiner=arrays["combiner"],
            maybe={THEME_BY_ID[name]: float(value) for name, value in description["maybe"].items()},
            sure={THEME_BY_ID[name]: float(value) for name, value in description["sure"].items()},
            figures=dict(description["figures"]),
        )
    features, themes = sum(len(words) for words in fitted.vocabularies), len(Theme)
    shapes = (
        (fitted.coefficients, (features, themes)),
        (fitted.idf, (features,)),
        (fitted.intercepts, (themes,)),
        (fitted.combiner, (themes, WEIGHTS)),
    )
    if any(array.shape != shape for array, shape in shapes):
        raise UnreadableFile("the arrays do not fit together")
    if not all(np.isfinite(array).all() for array, _ in shapes):
        raise UnreadableFile("the arrays hold what is no number")
    if fitted.maybe.keys() != set(Theme) or fitted.sure.keys() != set(Theme):
        raise UnreadableFile("a theme has no limit")
    return fitted
