"""Several short lists of rows in one statement: a page that shows a little of many tables makes one journey, not twenty.

The database itself packs each list into JSON, and the types of the columns read it back, on SQLite and on PostgreSQL.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Dialect, Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

Reads = Callable[[Any], Any]
Part = Select[*tuple[Any, ...]]
Row = Any
"""A row of a list: a named tuple of the columns of its select."""


def _as_it_is(value: Any) -> Any:
    return value


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _reads(kind: TypeEngine[Any], dialect: Dialect) -> Reads:
    """How a value of a column is read from JSON. SQLite packs what it stores; PostgreSQL says dates in ISO 8601."""
    if dialect.name == "sqlite":
        return kind.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is
    if isinstance(kind, TypeDecorator):
        inner = _reads(kind.impl_instance, dialect)
        return lambda value: kind.process_result_value(inner(value), dialect)
    if isinstance(kind, DateTime):
        return _moment
    return _day if isinstance(kind, Date) else _as_it_is


class Bundle:
    """Selects under names, fetched together. Their parameters are shared; a list that is cut says its order itself."""

    def __init__(self, **parts: Part) -> None:
        """Take the selects; the columns of each must have names."""
        self._parts = parts
        self._made: dict[str, tuple[Part, list[tuple[str, Any, list[Reads]]]]] = {}

    def fetch(self, session: Session, **values: object) -> dict[str, list[Row]]:
        """The rows of every part, as named tuples in no order that could be relied on: whoever needs one sorts."""
        dialect = session.get_bind().dialect
        if dialect.name not in self._made:
            self._made[dialect.name] = self._make(dialect)
        statement, parts = self._made[dialect.name]
        packed = session.execute(statement, values).one()
        return {name: _rows(lists, kind, reads) for lists, (name, kind, reads) in zip(packed, parts, strict=True)}

    def _make(self, dialect: Dialect) -> tuple[Part, list[tuple[str, Any, list[Reads]]]]:
        lite = dialect.name == "sqlite"
        gathered: list[Any] = []
        parts: list[tuple[str, Any, list[Reads]]] = []
        for name, part in self._parts.items():
            rows = part.subquery()
            row = func.json_array(*rows.c) if lite else func.json_build_array(*rows.c)
            lists = func.json_group_array(row) if lite else func.json_agg(row)
            gathered.append(select(lists).select_from(rows).scalar_subquery().label(name))
            kind = namedtuple(name, [column.key for column in rows.c])  # type: ignore[misc]
            parts.append((name, kind, [_reads(column.type, dialect) for column in rows.c]))
        return select(*gathered), parts


def _rows(packed: str | Sequence[Any] | None, kind: Any, reads: Sequence[Reads]) -> list[Row]:
    """The rows of one list: text on SQLite, read already by the driver of PostgreSQL, nothing where it is empty."""
    lists = json.loads(packed) if isinstance(packed, str) else packed or ()
    return [kind(*(read(value) for read, value in zip(reads, values, strict=True))) for values in lists]
