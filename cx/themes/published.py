"""The figures that ship with the reader, as plain values: how it was measured, how it learns. No text is among them.

Web workers read them, so nothing that measures is imported here.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "figures"
MEASURED, LEARNED = "reader.json", "learning.json"


def published(name: str, folder: Path = FOLDER) -> Any:
    """What the file `name` holds; None when it is missing or is not JSON. Read again when it changes."""
    file = folder / name
    try:
        return _content(file, file.stat().st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=8)
def _content(file: Path, _changed: int) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
