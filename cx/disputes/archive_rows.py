"""An archive as a file: rows read one by one, the bad ones with a reason, whatever stands in the file.

CSV or gzipped CSV in UTF-8 (with or without a mark), comma or semicolon. Columns: id, source, sector, organisation,
lang, date (YYYY-MM-DD), rating, source_label, text; only id, source, sector and text must be filled.
"""

import contextlib
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from cx.core.words import Sector

COLUMNS = ("id", "source", "sector", "organisation", "lang", "date", "rating", "source_label", "text")
NEEDED = ("id", "source", "sector", "text")
# As wide as the tables hold them; a longer value is refused, never cut in silence.
WIDTHS = {"id": 120, "source": 80, "organisation": 120, "lang": 40, "rating": 16, "source_label": 400, "text": 100_000}
# One field must not eat the memory because a quotation mark was forgotten.
LONGEST_FIELD = 1_000_000
FIRST_YEAR = 1900
DAMAGE = (EOFError, OSError, zlib.error)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BROKEN = re.compile("[\ud800-\udfff]")
# Takes no room on paper: a text of nothing else is empty.
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]")
_UNKNOWN = frozenset({"", "unknown", "inconnu", "inconnue", "n/a", "na", "none", "null", "-"})


class UnreadableArchive(Exception):
    """The file as a whole cannot be read: not UTF-8 text, or a column is missing. The message is for people."""


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """One complaint of an archive. `organisation` is empty when unknown, `told_on` None when the date is."""

    id: str
    source: str
    sector: Sector
    organisation: str
    language: str
    told_on: date | None
    rating: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: the line on which it ends, its fields as they stood, and why."""

    line: int
    fields: tuple[str, ...]
    reason: str


class Archive:
    """An opened archive. `columns` are those of its first line; `taken` is how many bytes were read so far."""

    def __init__(self, raw: BinaryIO, stream: io.TextIOBase) -> None:
        """Read the first line. Raises UnreadableArchive when it does not name the columns."""
        self._raw = raw
        csv.field_size_limit(LONGEST_FIELD)
        first = _first_line(stream)
        separator = ";" if first.count(";") > first.count(",") else ","
        # Strict: a quotation mark that is never closed would swallow the rest of the file as one story.
        self._reader = csv.reader(stream, delimiter=separator, strict=True)
        self.columns = tuple(name.strip().lower() for name in next(csv.reader([first], delimiter=separator)))
        missing = [name for name in NEEDED if name not in self.columns]
        doubled = sorted({name for name in self.columns if name and self.columns.count(name) > 1})
        if missing:
            raise UnreadableArchive(f"The first line of the file names no column {', '.join(missing)}.")
        if doubled:
            raise UnreadableArchive(f"The first line of the file names {', '.join(doubled)} more than once.")

    @property
    def taken(self) -> int:
        """How many bytes of the file were read so far (of the packed file, if it is one)."""
        with contextlib.suppress(ValueError):
            return self._raw.tell()
        return 0

    def rows(self, today: date) -> Iterator[ArchiveRow | BadRow]:
        """Every row, good or bad, in order. A date after `today` is refused."""
        while True:
            fields: tuple[str, ...] = ()
            line = self._reader.line_num + 2
            try:
                fields = tuple(next(self._reader))
            except StopIteration:
                return
            except csv.Error as error:
                yield BadRow(line, (), f"not CSV: {error}")
                continue
            except DAMAGE as error:
                raise UnreadableArchive(f"The file is cut off or damaged: {error}.") from error
            if fields:
                yield self._judged(self._reader.line_num + 1, fields, today)

    def _judged(self, line: int, fields: tuple[str, ...], today: date) -> ArchiveRow | BadRow:
        if len(fields) != len(self.columns):
            return BadRow(line, fields, f"{len(fields)} fields where the first line names {len(self.columns)}")
        values = {name: value.strip() for name, value in zip(self.columns, fields, strict=True)}
        values = {name: values.get(name, "") for name in COLUMNS}
        reason = why_bad(values, today)
        if reason:
            return BadRow(line, fields, reason)
        name = " ".join(values["organisation"].split())
        return ArchiveRow(
            id=values["id"],
            source=values["source"],
            sector=Sector(values["sector"].lower()),
            organisation="" if name.lower() in _UNKNOWN else name,
            language=values["lang"].lower(),
            told_on=date.fromisoformat(values["date"]) if values["date"] else None,
            rating=values["rating"],
            label=values["source_label"],
            text=values["text"],
        )


def why_bad(values: dict[str, str], today: date) -> str:
    """Why a row cannot be taken, in English; empty when it can. `values` holds every one of `COLUMNS`."""
    for name in NEEDED:
        if not _INVISIBLE.sub("", values[name]):
            return f"{name} is empty"
    for name, value in values.items():
        if "\0" in value:
            return f"{name} holds a NUL"
        if not value.isascii() and _BROKEN.search(value):
            return f"{name} is not UTF-8"
        if len(value) > WIDTHS.get(name, 40):
            return f"{name} is longer than {WIDTHS.get(name, 40)} characters"
    if values["sector"].lower() not in set(Sector):
        return f"the sector is none of {', '.join(Sector)}"
    return _why_bad_day(values["date"], today)


def _why_bad_day(value: str, today: date) -> str:
    if not value:
        return ""
    if _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):
            on = date.fromisoformat(value)
            if on > today:
                return "the date lies in the future"
            return "" if on.year >= FIRST_YEAR else f"the date lies before {FIRST_YEAR}"
    return "the date is no day of the form YYYY-MM-DD"


def _first_line(stream: io.TextIOBase) -> str:
    try:
        line = stream.readline(LONGEST_FIELD)
        if line.lower().startswith("sep="):
            line = stream.readline(LONGEST_FIELD)
    except DAMAGE as error:
        raise UnreadableArchive(f"The file is cut off or damaged: {error}.") from error
    if "\0" in line or line.startswith("\udcff\udcfe"):
        raise UnreadableArchive("The file is not written in UTF-8: save it as CSV in UTF-8.")
    if not line.strip():
        raise UnreadableArchive("The file is empty: its first line must name the columns.")
    return line


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive at `path`, packed or not (its first bytes say so). Raises UnreadableArchive or OSError."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        binary = gzip.GzipFile(fileobj=raw) if packed else raw
        # Bytes that are no UTF-8 survive as marks, so that their row alone is refused and can be written out again.
        with io.TextIOWrapper(binary, "utf-8-sig", errors="surrogateescape", newline="") as stream:
            yield Archive(raw, stream)


class Rejects:
    """The bad rows, written out with their reason and line so that they can be mended; no file without any."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Nothing is written before the first bad row; a file of an earlier run is removed."""
        self.path = path
        self.many = 0
        self._columns = columns
        self._stream: io.TextIOWrapper | None = None
        path.unlink(missing_ok=True)

    def add(self, row: BadRow) -> None:
        """Write one row."""
        if self._stream is None:
            self._stream = self.path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
            csv.writer(self._stream).writerow(["reason", "line", *self._columns])
        csv.writer(self._stream).writerow([row.reason, row.line, *row.fields])
        self.many += 1

    def close(self) -> None:
        """Finish the file."""
        if self._stream is not None:
            self._stream.close()
