"""Reading by the thousand: on several processors of this machine, or on a Dask cluster, through joblib.

What comes back is what one process would have said, in the same order. Only commands import this module; joblib, and
Dask where it is wanted, are loaded when they are needed.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from cx.core.incident import Reading
from cx.themes.language import detect_language
from cx.themes.reader import Reader
from cx.themes.shelf import Shelf

_log = logging.getLogger(__name__)

Row = tuple[str, str, str]
"""A text, its language if that is known, and the language of the page on which it was written."""

# Seconds after which idle processes end, and between two looks whether the one that started them still lives.
_IDLE_SECONDS = 30
_LOOK_SECONDS = 1.0
_CONNECT_SECONDS = 10


class CannotShare(Exception):
    """The work cannot be handed out; the message says why in a sentence."""


def read_rows(reader: Reader, rows: Sequence[Row]) -> list[Reading | None]:
    """Read rows in order; None for a text at which the reader failed, so that it does not keep the others from being read."""
    return [_read(reader, *row) for row in rows]


def _read(reader: Reader, text: str, language: str, page: str) -> Reading | None:
    try:
        return reader.read(text, language or detect_language(text, page))
    except Exception as error:
        _log.warning("the reader failed at a text of %d characters: %r", len(text), error)
        return None


@cache
def _reader(home: Path, _version: str) -> Reader:
    """The reader in use in a data folder; asked anew for another version."""
    return Shelf(home).load().reader


@cache
def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone: killed, it can tell nobody."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def read_elsewhere(home: Path, version: str, rows: Sequence[Row], parent: int = 0) -> list[Reading | None]:
    """Read rows in another process, which loads the reader of the data folder `home` once.

    Raises `CannotShare` when that is not the reader of this version. The process ends with `parent`, if one is named.
    """
    if parent:
        _end_with(parent)
    reader = _reader(home, version)
    if reader.version != version:
        raise CannotShare(f"A worker has the reader {reader.version} and not {version}: install the same there.")
    return read_rows(reader, rows)


class Hands:
    """Whoever reads: this process (`jobs` 1), so many processes, or the Dask cluster whose scheduler is at `dask`.

    A context manager: processes are started when it is entered and go when it is left. `reader` is read here with;
    others load the one in use in the data folder `home`. Raises `CannotShare` when there is no Dask, or no scheduler answers.
    """

    def __init__(self, reader: Reader, home: Path, jobs: int = 1, dask: str = "") -> None:
        self._reader = reader
        self._home = home
        self._jobs = jobs
        self._dask = dask
        self._stack = ExitStack()
        self._parallel: Any = None
        self._lost: tuple[type[Exception], ...] = (BrokenExecutor, OSError)

    def __enter__(self) -> "Hands":
        if self._dask:
            self._on_cluster()
        elif self._jobs > 1:
            self._on_processors()
        return self

    def __exit__(self, *failed: object) -> None:
        self._stack.close()

    @property
    def many(self) -> int:
        """How many batches can be read at the same time."""
        if self._parallel is None:
            return 1
        from joblib import effective_n_jobs

        return max(1, int(effective_n_jobs(-1))) if self._dask else self._jobs

    def _on_processors(self) -> None:
        import joblib

        kept: dict[str, Any] = {"inner_max_num_threads": 1, "idle_worker_timeout": _IDLE_SECONDS}
        self._stack.enter_context(joblib.parallel_config(backend="loky", n_jobs=self._jobs, **kept))
        self._parallel = self._stack.enter_context(
            joblib.Parallel(return_as="generator", pre_dispatch="all", batch_size=1)
        )

    def _on_cluster(self) -> None:
        try:
            from dask.distributed import Client, KilledWorker
        except ImportError as error:
            raise CannotShare("Dask is not installed here: pip install distributed.") from error
        import joblib

        self._lost = (*self._lost, KilledWorker)
        try:
            client: Any = Client(self._dask, timeout=_CONNECT_SECONDS)  # type: ignore[no-untyped-call]
            self._stack.enter_context(client)
            workers = len(client.scheduler_info()["workers"])
        except (OSError, ValueError) as error:
            self._stack.close()
            raise CannotShare(f"No scheduler of Dask answers at {self._dask}: {error}.") from error
        if not workers:
            self._stack.close()
            raise CannotShare(f"The scheduler at {self._dask} has no workers.")
        self._stack.enter_context(joblib.parallel_config(backend="dask", n_jobs=-1))
        self._parallel = self._stack.enter_context(
            joblib.Parallel(return_as="generator", pre_dispatch="all", batch_size=1)
        )

    def read(self, batches: Sequence[Sequence[Row]]) -> Iterator[list[Reading | None]]:
        """Yield the readings of each batch, in order, as they come."""
        if self._parallel is None:
            yield from (read_rows(self._reader, batch) for batch in batches)
            return
        from joblib import delayed

        parent = 0 if self._dask else os.getpid()
        there = delayed(read_elsewhere)
        tasks = [there(self._home, self._reader.version, batch, parent) for batch in batches]
        try:
            yield from self._parallel(tasks)
        except self._lost as error:
            raise CannotShare(f"Whoever read is gone ({type(error).__name__}): start again, it goes on.") from error
