"""A newer program brings an older database forward with everything that is in it, on both engines."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, MetaData, Table, func, insert, select

from models import migrate
from models.engine import Database

MOMENT, DAY = datetime(2026, 3, 1, 9, 0, tzinfo=UTC).replace(tzinfo=None), date(2026, 3, 1)


def _value(column: Any) -> Any:
    """Something for a column that must not be empty; what refers to another row refers to the first."""
    kind = column.type
    if column.foreign_keys or (isinstance(kind, Integer) and not isinstance(kind, Boolean)):
        return 1
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, DateTime):
        return MOMENT
    if isinstance(kind, Date):
        return DAY
    # SQLite gives JSON its own type; whatever is neither of these is a short text.
    return {} if kind.python_type is dict else "x"


def _one_row_each(database: Database) -> dict[str, int]:
    """Write a row into every table of ours; the tables with how many rows they have."""
    metadata = MetaData()
    with database.writing() as session:
        metadata.reflect(session.connection())
        ours = [one for one in _in_order(metadata) if not one.name.startswith(("search_fts", "alembic"))]
        for one in ours:
            needed = {
                column.name: _value(column)
                for column in one.columns
                if not column.nullable and column.computed is None and column.server_default is None
            }
            session.execute(insert(one).values(needed))
        return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in ours}


def _in_order(metadata: MetaData) -> list[Table]:
    # Organisation and account name each other; the name that may stay empty stays empty.
    duty = metadata.tables["organisation"]
    for constraint in list(duty.foreign_key_constraints):
        duty.constraints.remove(constraint)
    return sorted(metadata.sorted_tables, key=lambda one: one.name not in {"organisation", "account", "promise"})


def test_what_is_there_stays_there(empty_url: str, tmp_path: Path) -> None:
    migrate.upgrade(empty_url, "0001")
    database = Database(empty_url)
    before = _one_row_each(database)
    migrate.upgrade(empty_url)
    assert migrate.current(database) == migrate.HEAD
    assert migrate.difference(database) == []
    metadata = MetaData()
    with database.reading() as session:
        metadata.reflect(session.connection())
        after = {name: session.scalar(select(func.count()).select_from(metadata.tables[name])) for name in before}
    assert after == before
    assert len(before) > 20
    database.engine.dispose()
