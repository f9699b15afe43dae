"""What must happen in the same transaction as a move but is another workshop's craft, wired in `app.py`."""

from collections.abc import Callable, Mapping, Sequence
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
    """A letter to be written: what happened (`kind`), to whom, in which language, with plain facts, no content.

    `status` is `waiting` (to be mailed), `kept` (to be printed) or `site` (read on the page). `once` names what is said
    once only; `account_id` is the person of the team to whom it goes.
    """

    kind: str
    address: str
    language: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    status: str = "waiting"
    once: str | None = None
    account_id: int | None = None


def _silent(_session: Session, _case_id: int | None, _notice: Notice) -> None:
    """Write no letter."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """The tools of other workshops. `reader` gives the reader (loaded at first use); `notify` writes a letter."""

    reader: Callable[[], ReadsThemes]
    notify: Callable[[Session, int | None, Notice], None] = _silent
    notify_all: Callable[[Session, Sequence[tuple[int | None, Notice]]], None] | None = None

    def tell(self, session: Session, letters: Sequence[tuple[int | None, Notice]]) -> None:
        """Write letters, at once where there is a way to."""
        if self.notify_all is not None:
            self.notify_all(session, letters)
            return
        for case_id, notice in letters:
            self.notify(session, case_id, notice)
