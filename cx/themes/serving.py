"""The reader that serves a running program: loaded at first use, and another one as soon as another is put to use.

Nothing heavy is imported before the first story: most commands never need a reader.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cx.themes.reader import Reader

# A worker looks this often, in seconds, whether another version was put to use.
EVERY = 5.0


class Serving:
    """Gives the reader in use in the data folder `home`. Many threads may ask at once."""

    def __init__(self, home: Path, every: float = EVERY, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._every = every
        self._clock = clock
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._stamp: tuple[int, ...] = ()
        self._looked = 0.0

    def reader(self) -> "Reader":
        """The reader in use now. While one thread loads another version, the others read on with the old one."""
        found = self._reader
        if found is not None and self._clock() - self._looked < self._every:
            return found
        if self._lock.acquire(blocking=found is None):
            try:
                found = self._look()
            finally:
                self._lock.release()
        assert found is not None
        return found

    def _look(self) -> "Reader":
        from cx.themes.shelf import Shelf

        shelf = Shelf(self._home)
        stamp = shelf.stamp()
        if self._reader is None or stamp != self._stamp:
            self._reader = shelf.load().reader
            self._stamp = stamp
        self._looked = self._clock()
        return self._reader
