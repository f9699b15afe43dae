"""The readers of an installation: a folder for each version, a pointer to the one in use, the list of those trusted.

    readers/<version>/reader.npz, reader.json, figures.json     what was fitted, and how it did
    readers/current.json                                        which of them is in use; without it the shipped one
    readers/trusted.json                                        the SHA-256 of every reader.json that may be loaded

`reader.json` names the SHA-256 of the arrays, so its own covers both. Every file is written beside its place and then
renamed: whatever stops the program, the version in use stays whole.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cx.themes.export import DESCRIPTION_FILE, FITTED, Fitted, save
from cx.themes.reader import Reader, load

SHIPPED = "shipped"
# Under this name the command line says where the data folder is.
HOME = "cx.themes.home"
READERS, POINTER, TRUSTED, FIGURES = "readers", "current.json", "trusted.json", "figures.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")
_LEFT_OVER_AFTER = 86_400
# What a missing or damaged file of JSON raises; the last where it is nested a hundred thousand times.
_UNREADABLE = (OSError, ValueError, RecursionError)


class NotOnTheShelf(Exception):
    """A version cannot be put to use; the message is one sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One version on the shelf: its name, its figures, whether it may be loaded, whether it is in use."""

    version: str
    figures: dict[str, Any]
    trusted: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """The reader to serve and the folder of its files; `problem` is a sentence where it is not the one that should be,
    or cannot read at all.
    """

    reader: Reader
    folder: Path
    problem: str = ""


@cache
def shipped() -> Reader:
    """The reader that comes with the product."""
    return load()


def reader_at(folder: Path | None, context: Mapping[str, Any]) -> Reader:
    """The reader fitted in `folder`; without one, that in use in the data folder which the command line found (`HOME`).

    Raises NotOnTheShelf for one that cannot read: a command, unlike a page, refuses to work with it.
    """
    if folder is not None:
        reader = load(folder)
    else:
        home = context.get(HOME)
        reader = Shelf(home).load().reader if home else shipped()
    if reader.problem:
        raise NotOnTheShelf(reader.problem)
    return reader


class Shelf:
    """The readers in the data folder `home`."""

    def __init__(self, home: Path) -> None:
        self.folder = home / READERS

    # ---- looking --------------------------------------------------------------------------------------------

    def current(self) -> str:
        """The version in use, `SHIPPED` where none was chosen. Raises NotOnTheShelf for a pointer that names none."""
        file = self.folder / POINTER
        try:
            found = json.loads(file.read_text(encoding="utf-8"))["version"]
        except FileNotFoundError:
            return SHIPPED
        except (*_UNREADABLE, KeyError, TypeError) as error:
            raise NotOnTheShelf(_CHOOSE.format(f"{POINTER} cannot be read ({type(error).__name__})")) from error
        if not isinstance(found, str) or not _NAME.fullmatch(found):
            raise NotOnTheShelf(_CHOOSE.format(f"{POINTER} names no version"))
        return found

    def trusted(self) -> frozenset[str]:
        """The digests that may be loaded; none where the list is missing or damaged."""
        return frozenset(self._trusted())

    def _trusted(self) -> dict[str, str]:
        try:
            found = json.loads((self.folder / TRUSTED).read_text(encoding="utf-8"))
        except _UNREADABLE:
            return {}
        return {str(digest): str(version) for digest, version in found.items()} if isinstance(found, dict) else {}

    def kept(self) -> list[Kept]:
        """Every version on the shelf, the oldest first."""
        try:
            current = self.current()
        except NotOnTheShelf:
            current = ""
        trusted = self.trusted()
        folders = [one for one in self._folders() if (one / DESCRIPTION_FILE).is_file()]
        found = [Kept(one.name, _figures(one), _digest(one) in trusted, one.name == current) for one in folders]
        return sorted(found, key=lambda one: (str(one.figures.get("at", "")), one.version))

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [one for one in self.folder.iterdir() if one.is_dir() and _NAME.fullmatch(one.name)]

    def stamp(self) -> tuple[int, ...]:
        """What changes when another version is put to use or trusted."""
        found: list[int] = []
        for name in (POINTER, TRUSTED):
            try:
                known = (self.folder / name).stat()
                found += (known.st_mtime_ns, known.st_ino, known.st_size)
            except OSError:
                found.append(0)
        return tuple(found)

    def load(self) -> Loaded:
        """The reader in use. Where it cannot be used, the shipped one serves and `problem` says why. Never raises."""
        try:
            version = self.current()
            if version == SHIPPED:
                return Loaded(shipped(), FITTED, shipped().problem)
            return Loaded(self._usable(version), self.folder / version)
        except NotOnTheShelf as error:
            return Loaded(shipped(), FITTED, str(error))

    def _usable(self, version: str) -> Reader:
        """Load one version. Raises NotOnTheShelf."""
        folder = self.folder / version
        if not _NAME.fullmatch(version) or not (folder / DESCRIPTION_FILE).is_file():
            raise NotOnTheShelf(_CHOOSE.format(f"There is no version {version}"))
        digest = _digest(folder)
        if digest not in self.trusted():
            raise NotOnTheShelf(
                f"Version {version} was not trained here and is not trusted: compare its SHA-256, {digest}, with what "
                f"its maker says, then `flask themes use {version} --trust SHA256`."
            )
        reader = load(folder, trusted=self.trusted())
        if reader.problem:
            raise NotOnTheShelf(
                f"Version {version} is not used, train again with `flask themes train`: {reader.problem}"
            )
        if reader.version != version:
            raise NotOnTheShelf(_CHOOSE.format(f"The folder {version} holds another version"))
        return reader

    # ---- changing -------------------------------------------------------------------------------------------

    def put(self, fitted: Fitted, figures: dict[str, Any]) -> Reader:
        """Lay a version that was trained here on the shelf, trusted and not yet in use; return it as it will be read."""
        with self._alone():
            self._sweep()
            made = self.folder / f".new-{fitted.version}-{os.getpid()}"
            shutil.rmtree(made, ignore_errors=True)
            save(fitted, made)
            _write(made / FIGURES, figures)
            for file in made.iterdir():
                _to_disk(file)
            place = self.folder / fitted.version
            if _digest(place) == _digest(made):  # the same lessons again: what is there may be in use
                shutil.rmtree(made)
                _write(place / FIGURES, figures)
            else:
                if place.exists():
                    place.rename(self.folder / f".old-{fitted.version}-{os.getpid()}")
                made.rename(place)
            _to_disk(self.folder)
            self._trust(_digest(place), fitted.version)
            self._sweep(after=0, prefix=".old-")
        return self._usable(fitted.version)

    def use(self, version: str, trust: str = "") -> None:
        """Put a version to use: one of the shelf, or `SHIPPED`. Running workers follow within seconds.

        `trust` is the SHA-256 of a `reader.json` that was made elsewhere. Raises NotOnTheShelf for a version that is
        not there, is damaged, or is not trusted.
        """
        with self._alone():
            if version != SHIPPED:
                folder = self.folder / version
                if trust and _NAME.fullmatch(version) and (folder / DESCRIPTION_FILE).is_file():
                    if _digest(folder) != trust.lower():
                        raise NotOnTheShelf(
                            f"Version {version} is not the one with the SHA-256 {trust}: nothing changed."
                        )
                    self._trust(trust.lower(), version)
                self._usable(version)
            _write(self.folder / POINTER, {"version": version})

    def _trust(self, digest: str, version: str) -> None:
        _write(self.folder / TRUSTED, self._trusted() | {digest: version})

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one program at a time change the shelf. Raises NotOnTheShelf where it cannot be written to."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (self.folder / ".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise NotOnTheShelf(f"The readers in {self.folder} cannot be changed: {error.strerror}.") from error

    def _sweep(self, after: float = _LEFT_OVER_AFTER, prefix: str = ".") -> None:
        """Take away what a program that was stopped left behind."""
        for one in self.folder.iterdir():
            if one.is_dir() and one.name.startswith(prefix) and time.time() - one.stat().st_mtime >= after:
                shutil.rmtree(one, ignore_errors=True)


_CHOOSE = "{}: choose one with `flask themes use VERSION` (`flask themes versions` lists them)."


def _digest(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / DESCRIPTION_FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


def _figures(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    except _UNREADABLE:
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: Path, value: Any) -> None:
    """Write JSON so that readers see the old file or the new one, whole."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _to_disk(beside)
    beside.replace(file)
    _to_disk(file.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
