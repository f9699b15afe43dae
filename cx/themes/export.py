"""The fitted reader as a pair of files: plain arrays (`reader.npz`) and what they are (`reader.json`).

No object is ever unpickled. `reader.json` carries the SHA-256 of the arrays: a file that is not the one described
is refused.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.core.words import THEME_BY_ID, Theme
from cx.themes.analyzer import ANALYZER_VERSION

FITTED = Path(__file__).parent / "fitted"
ARRAYS_FILE = "reader.npz"
DESCRIPTION_FILE = "reader.json"
FORMAT = 1

Floats = NDArray[np.float32]


class UnreadableFile(Exception):
    """The fitted files are missing, damaged, or made for another analyzer; the message says which."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted reader as numbers.

    `word_vocabulary` and `character_vocabulary` are the known features, `word_idf` and `character_idf` their
    weights. `coefficients` has a row for each feature (words first) and a column for each theme, in the order of
    `Theme`; `intercepts`, `slopes` and `offsets` one number for each theme: p = 1 / (1 + exp(slope·f + offset)).
    `maybe` and `sure` are the lowest probabilities at which a theme is suggested, and rather sure.
    """

    version: str
    word_vocabulary: list[str]
    character_vocabulary: list[str]
    word_idf: Floats
    character_idf: Floats
    coefficients: Floats
    intercepts: Floats
    slopes: Floats
    offsets: Floats
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
    np.savez_compressed(
        buffer,
        word_vocabulary=_pack(fitted.word_vocabulary),
        character_vocabulary=_pack(fitted.character_vocabulary),
        word_idf=fitted.word_idf,
        character_idf=fitted.character_idf,
        coefficients=fitted.coefficients,
        intercepts=fitted.intercepts,
        slopes=fitted.slopes,
        offsets=fitted.offsets,
    )
    content = buffer.getvalue()
    description = {
        "format": FORMAT,
        "analyzer": ANALYZER_VERSION,
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


def restore(folder: Path) -> Fitted:
    """Read both files from `folder`. Raises `UnreadableFile` for anything but a whole, matching pair."""
    try:
        description = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        content = (folder / ARRAYS_FILE).read_bytes()
        _check(description, content)
        return _assemble(description, content)
    except UnreadableFile:
        raise
    except Exception as error:  # whatever a damaged file provokes, the answer is the same: it cannot be read
        raise UnreadableFile(f"{type(error).__name__}: {error}") from error


def _check(description: dict[str, Any], content: bytes) -> None:
    """Refuse arrays that are not those described, or that another analyzer made."""
    if description["format"] != FORMAT or description["analyzer"] != ANALYZER_VERSION:
        raise UnreadableFile("made for another version of the analyzer")
    if description["themes"] != [theme.value for theme in Theme]:
        raise UnreadableFile("made for other themes")
    if hashlib.sha256(content).hexdigest() != description["sha256"]:
        raise UnreadableFile("the arrays are not those described")


def _assemble(description: dict[str, Any], content: bytes) -> Fitted:
    """Build the value and see that its shapes agree."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        fitted = Fitted(
            version=str(description["version"]),
            word_vocabulary=_unpack(arrays["word_vocabulary"]),
            character_vocabulary=_unpack(arrays["character_vocabulary"]),
            word_idf=arrays["word_idf"],
            character_idf=arrays["character_idf"],
            coefficients=arrays["coefficients"],
            intercepts=arrays["intercepts"],
            slopes=arrays["slopes"],
            offsets=arrays["offsets"],
            maybe={THEME_BY_ID[name]: float(value) for name, value in description["maybe"].items()},
            sure={THEME_BY_ID[name]: float(value) for name, value in description["sure"].items()},
            figures=dict(description["figures"]),
        )
    features = len(fitted.word_vocabulary) + len(fitted.character_vocabulary)
    if fitted.coefficients.shape != (features, len(Theme)):
        raise UnreadableFile("the arrays do not fit together")
    return fitted
