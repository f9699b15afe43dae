"""Copies of the whole database while it is in use, and the way back, for both engines.

A copy appears under its name only when it is complete, checked and on the disk. The way back is one transaction: a
process killed half-way leaves the database as it was, and running processes see either the old state or the new one.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect, make_url, text

from models.engine import Database
from models.migrate import FOLDER, HEAD


class CopyFailed(Exception):
    """The copy or the way back did not happen; the message is one sentence for people."""


def backup(database: Database, file: Path) -> None:
    """Write a copy of the database to `file`, which must not exist. Raises CopyFailed or OSError."""
    if file.exists():
        raise CopyFailed(f"{file} exists already: name another file.")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    # Created by us first, so that nobody else on this machine may read it.
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if database.dialect == "sqlite":
            _copy_sqlite(database, part)
        else:
            _dump(database, part)
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        # Never over a file that somebody else made meanwhile.
        os.link(part, file)
    except FileExistsError as error:
        raise CopyFailed(f"{file} exists already: name another file.") from error
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(file.absolute().parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_empty(database: Database) -> bool:
    """Whether a way back would overwrite nothing: no tables, or nobody and nothing in them."""
    with database.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        return not any(
            connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is not None  # noqa: S608 - our own names
            for name in ("account", "organisation", "complaint_case")
            if name in tables
        )


def _know(file: Path, version: str | None) -> None:
    """Refuse a copy that is not ours, or that a newer program made: its tables could not be brought to ours."""
    if version is None:
        raise CopyFailed(f"{file} is no copy of a Doléance database.")
    if version not in {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("*.py")}:
        raise CopyFailed(f"{file} was written by another version of the program (tables {version}, here {HEAD}).")


def restore(database: Database, file: Path) -> None:
    """Make the database what `file` holds. Raises CopyFailed, and leaves everything as it was then."""
    if database.dialect == "sqlite":
        _restore_sqlite(database, file)
    else:
        _restore_dump(database, file)
    database.engine.dispose()


# ---- the embedded database ---------------------------------------------------------------------------------------


def _path(database: Database) -> Path:
    name = make_url(database.url).database
    if not name or name == ":memory:":
        raise CopyFailed("A database in memory cannot be copied.")
    return Path(name)


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """A connection of its own; `mode` is `ro` or `rwc`."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=60, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise CopyFailed(f"SQLite refused: {error}.") from error


def _copy_sqlite(database: Database, part: Path) -> None:
    """VACUUM INTO: one read transaction, so writers go on; copying the file itself would lose what WAL holds."""
    path = _path(database)
    if not path.exists():
        raise CopyFailed("There is no database yet: run `flask prepare` first.")
    with _opened(path, "ro") as connection:
        connection.execute("VACUUM INTO ?", (str(part.absolute()),))
    _check_sqlite(part)


def _check_sqlite(file: Path) -> str | None:
    """Refuse what is no sound database of ours; returns the version of its tables."""
    with _opened(file, "ro") as connection:
        try:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise CopyFailed(f"{file} is no copy of a Doléance database ({error}).") from error
    if said != ("ok",):
        raise CopyFailed(f"{file} is damaged: {said[0] if said else 'nothing in it'}.")
    return str(version[0]) if version else None


def _restore_sqlite(database: Database, file: Path) -> None:
    _know(file, _check_sqlite(file))
    with database.queue.turn(), _opened(file, "ro") as source, _opened(_path(database), "rwc") as target:
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA synchronous=FULL")
        # SQLite's own copier writes the pages in one transaction, under the eyes of open connections.
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# ---- the server --------------------------------------------------------------------------------------------------


def _program(name: str) -> str:
    """The newest of PostgreSQL's programs: an older one refuses a newer server."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(name)
    if found is None:
        raise CopyFailed(f"{name} is not installed (Debian: postgresql-client).")
    return found


def _call(database: Database, *command: str) -> None:
    """Run a program on the database; the password travels in the environment, not in the list of processes."""
    url = make_url(database.url)
    environment = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, found above
        [*command, "--dbname", plain], env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise CopyFailed(f"{Path(command[0]).name} failed: {said[0] if said else done.returncode}.")


def _dump(database: Database, part: Path) -> None:
    _call(database, _program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--file", str(part))


def _version_in(script: Path) -> str | None:
    """The version of the tables that a dump's statements bring."""
    with script.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("COPY public.alembic_version "):
                return next(lines, "").strip()
    return None


def _restore_dump(database: Database, file: Path) -> None:
    """Turn the dump into statements and run them, after emptying the schema, in one transaction."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "restore.sql")
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [_program("pg_restore"), "--no-owner", "--no-privileges", "--file", str(script), str(file)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise CopyFailed(f"{file} is no dump of PostgreSQL: {said[0] if said else done.returncode}.")
        _know(file, _version_in(script))
        emptying = Path(folder, "empty.sql")
        emptying.write_text("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n", encoding="ascii")
        _call(
            database, _program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1",
            "--output", os.devnull, "--file", str(emptying), "--file", str(script),
        )  # fmt: skip
