"""A copy taken while everything goes on is the whole database, and the way back gives exactly it."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import Result
from sqlalchemy import inspect, text

from models import Base
from models.engine import Database
from models.migrate import difference

if TYPE_CHECKING:
    from flask import Flask

    from tests.world import World


def _run(app: "Flask", *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def _everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table of ours, in the order of the keys."""
    found: dict[str, list[Any]] = {}
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            query = table.select().order_by(*table.primary_key.columns)
            found[table.name] = [tuple(row) for row in connection.execute(query)]
        assert set(inspect(connection).get_table_names()) >= set(found)
    return found


def test_what_comes_back_is_what_was_there(world: "World", tmp_path: Path) -> None:
    for _ in range(3):
        world.tell()
    before, tables = _everything(world.database), len(difference(world.database))
    file = tmp_path / "copy"
    saved = _run(world.app, "backup", str(file))
    assert saved.exit_code == 0, saved.output
    assert file.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob("*.part")) == []
    world.tell()
    assert _everything(world.database) != before
    (tmp_path / "prepared").write_text("seen", encoding="ascii")
    back = _run(world.app, "restore", "--force", str(file))
    assert back.exit_code == 0, back.output
    assert _everything(world.database) == before
    assert len(difference(world.database)) == tables
    assert not (tmp_path / "prepared").exists()
    # It is a database to work with, not only to look at: numbers go on, and the index finds.
    world.tell()
    with world.database.reading() as session:
        if world.database.dialect == "sqlite":
            count = session.scalar(text("SELECT count(*) FROM search_fts WHERE search_fts MATCH 'machin'"))
            assert count == 4
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_nothing_is_overwritten_unasked(world: "World", tmp_path: Path) -> None:
    file = tmp_path / "copy"
    assert _run(world.app, "backup", str(file)).exit_code == 0
    again = _run(world.app, "backup", str(file))
    assert again.exit_code == 1
    assert "exists already" in again.stderr
    refused = _run(world.app, "restore", str(file))
    assert refused.exit_code == 1
    assert "--force" in refused.stderr


def test_a_file_that_is_no_copy_changes_nothing(world: "World", tmp_path: Path) -> None:
    world.tell()
    before = _everything(world.database)
    good = tmp_path / "copy"
    assert _run(world.app, "backup", str(good)).exit_code == 0
    whole = good.read_bytes()
    for content in (b"", b"no database at all", whole[: len(whole) // 2]):
        bad = tmp_path / "bad"
        bad.write_bytes(content)
        done = _run(world.app, "restore", "--force", str(bad))
        assert done.exit_code == 1, done.output
        assert done.stderr.startswith("Error: ")
        assert _everything(world.database) == before


def test_a_copy_of_a_newer_program_changes_nothing(world: "World", tmp_path: Path) -> None:
    with world.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert _run(world.app, "backup", str(tmp_path / "copy")).exit_code == 0
    before = _everything(world.database)
    done = _run(world.app, "restore", "--force", str(tmp_path / "copy"))
    assert done.exit_code == 1
    assert "another version" in done.stderr
    assert _everything(world.database) == before


def test_a_copy_taken_under_writing_lacks_nothing_that_was_acknowledged(world: "World", tmp_path: Path) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            acknowledged.append(world.tell().reference)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(acknowledged) < 5:
            pass
        known = set(acknowledged)
        assert _run(world.app, "backup", str(tmp_path / "copy")).exit_code == 0
    finally:
        stop.set()
        writer.join()
    assert _run(world.app, "restore", "--force", str(tmp_path / "copy")).exit_code == 0
    with world.database.reading() as session:
        kept = set(session.scalars(text("SELECT reference FROM complaint_case")))
    assert known <= kept <= set(acknowledged)


def test_a_folder_that_is_not_there_is_a_sentence(small_world: "World", tmp_path: Path) -> None:
    done = _run(small_world.app, "backup", str(tmp_path / "nowhere" / "copy"))
    assert done.exit_code == 1
    assert "There is no folder" in done.stderr
