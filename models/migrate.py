"""Bring a database to the newest tables, in one transaction on either engine, and say where it stands."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import inspect, text

from models.base import Base, Moment
from models.engine import Database

if TYPE_CHECKING:
    # Alembic takes a quarter of a second to load, and every start asks this module whether there is anything to do.
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
HEAD = (FOLDER / "HEAD").read_text(encoding="ascii").strip() if (FOLDER / "HEAD").exists() else ""


def alembic_options() -> dict[str, Any]:
    """What Alembic must know of our tables: search shadow tables are not ours to compare, moments are plain."""

    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return not (kind in {"table", "index"} and name and (name.startswith(("search_fts", "ix_search_row_vector"))))

    def shown(kind: str, item: Any, _context: Any) -> str | Literal[False]:
        return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False

    def ours_object(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        generated = kind == "column" and item.table.name == "search_row" and name == "vector"
        return not generated and not (kind == "index" and name == "ix_search_row_vector")

    return {
        "render_as_batch": True,
        "transactional_ddl": True,
        "include_name": ours,
        "include_object": ours_object,
        "render_item": shown,
        "compare_type": True,
    }


def _config(connection: Any) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def current(database: Database) -> str | None:
    """The revision that the database stands at, or None when it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`. A process killed half-way leaves nothing behind."""
    from alembic import command

    database = Database(url)
    try:
        with database.writing() as session:
            command.upgrade(_config(session.connection()), revision)
    finally:
        database.engine.dispose()


def revise(url: str, message: str, revision: str) -> None:
    """Write a new migration from the difference between the tables and the database at `url`."""
    from alembic import command

    database = Database(url)
    with database.reading() as session:
        command.revision(_config(session.connection()), message, autogenerate=True, rev_id=revision)
    database.engine.dispose()


def difference(database: Database) -> list[Any]:
    """What the database has otherwise than the tables say; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={**alembic_options(), "target_metadata": Base.metadata})
        return list(compare_metadata(context, Base.metadata))
