"""Reading while somebody waits: whoever tells a story never waits longer than said for what the reader thinks of it.

The story is read by a thread of its own. If it takes too long, the story is filed unread and read later
(`flask clock`); the late reading is thrown away when it comes. Readings that never end hold a few hands at most: while
all are held, the next story is filed unread at once.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from cx.core.incident import Reading

HANDS = 4
# The first story of a process that was not warmed waits for the files of the reader: once, and not for ever.
LOADING_SECONDS = 5.0


class TooLate(Exception):
    """The reading did not come in time."""


class ReadsOne(Protocol):
    """Whoever reads one text in one language."""

    def read(self, text: str, language: str) -> Reading:
        """Read one text."""
        ...


_free = threading.BoundedSemaphore(HANDS)


class _Errand:
    """One story on its way to the reader and back."""

    def __init__(self, reader: Callable[[], ReadsOne], text: str, language: str) -> None:
        self._reader, self._text, self._language = reader, text, language
        self.loaded, self.done = threading.Event(), threading.Event()
        self.found: Reading | None = None
        self.failure: Exception | None = None

    def run(self) -> None:
        """Read, and let others have the hand, whatever happens."""
        try:
            reader = self._reader()
            self.loaded.set()
            self.found = reader.read(self._text, self._language)
        except Exception as failure:
            self.failure = failure
        finally:
            self.loaded.set()
            self.done.set()
            _free.release()


def read_within(seconds: float, reader: Callable[[], ReadsOne], text: str, language: str) -> Reading:
    """Return the reading of `text` by `reader()`, or raise `TooLate` after `seconds` (loading the reader not counted).

    Whatever the reader raises is raised here.
    """
    if not _free.acquire(blocking=False):
        raise TooLate
    errand = _Errand(reader, text, language)
    try:
        # A daemon: a reading that never ends does not keep the process from ending.
        threading.Thread(target=errand.run, name="reading", daemon=True).start()
    except RuntimeError:  # the machine gives no more threads
        _free.release()
        raise
    if not errand.loaded.wait(LOADING_SECONDS) or not errand.done.wait(seconds):
        raise TooLate
    if errand.failure is not None:
        raise errand.failure
    assert errand.found is not None
    return errand.found
