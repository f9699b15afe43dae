"""What must happen in the same transaction as a move but is another workshop's craft, wired in `app.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from cx.core.incident import Reading


class ReadsThemes(Protocol):
    """A reader of themes: a suggestion for one text in one language; it never raises."""

    def read(self, text: str, language: str) -> Reading:
        """Read one text."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to be written: what happened (`kind`), to whom, in which language, with plain facts, no content."""

    kind: str
    address: str
    language: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def _silent(_session: Session, _case_id: int | None, _notice: Notice) -> None:
    """Write no letter."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """The tools of other workshops. `reader` gives the reader (loaded at first use); `notify` writes a letter."""

    reader: Callable[[], ReadsThemes]
    notify: Callable[[Session, int | None, Notice], None] = _silent
