"""A private PostgreSQL for one test session: its own data, its own port, no rights, shared by all parallel workers.

The first worker that needs it starts it, the last one that leaves stops it; a counter under a file lock says which.
"""

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

SETTINGS = ("shared_buffers=64MB", "max_connections=80", "unix_socket_directories=", "listen_addresses=127.0.0.1")


def programs() -> Path | None:
    """The folder with the newest `initdb` and `pg_ctl`, or None when PostgreSQL is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def _unprivileged() -> tuple[list[str], int, int]:
    """How to run a command without root's rights, which PostgreSQL refuses, and whose the data must be."""
    if os.getuid() != 0:
        return [], os.getuid(), os.getgid()
    names = {entry.pw_name for entry in pwd.getpwall()}
    who = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    if setpriv := shutil.which("setpriv"):
        return [setpriv, f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"], who.pw_uid, who.pw_gid
    return ["runuser", "-u", who.pw_name, "--"], who.pw_uid, who.pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str) -> None:
    """Run one of PostgreSQL's programs; what it printed becomes the error."""
    prefix, _, _ = _unprivileged()
    # A file and not a pipe: the server that pg_ctl leaves running would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([*prefix, *command], stdout=output, stderr=output, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            message = f"{command[0]} failed: {output.read()}"
            raise RuntimeError(message)


def _start() -> dict[str, object]:
    folder = programs()
    assert folder is not None, "PostgreSQL is not installed"
    home = Path(tempfile.mkdtemp(prefix="doleance-postgresql-"))
    _, user, group = _unprivileged()
    os.chown(home, user, group)
    data, port = home / "data", _free_port()
    _run(f"{folder}/initdb", "-D", str(data), "-U", "doleance", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"port={port}"))
    _run(f"{folder}/pg_ctl", "-D", str(data), "-l", str(home / "log"), "-w", "-o", options, "start")
    return {"home": str(home), "port": port, "template": ""}


@dataclass(frozen=True)
class Cluster:
    """A running server. `port` is on loopback; `board` is the file on which the workers keep count."""

    port: int
    board: Path

    def url(self, name: str) -> str:
        """The address of one of its databases, as SQLAlchemy takes it."""
        return f"postgresql://doleance@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as the owner of everything."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"test_{uuid.uuid4().hex[:16]}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def migrated(self) -> str:
        """The name of the database with all tables and no rows that every test copies; made once."""
        with _board(self.board) as notes:
            if not notes["template"]:
                from models.migrate import upgrade

                name = self.create()
                upgrade(self.url(name))
                notes["template"] = name
            return str(notes["template"])


@contextlib.contextmanager
def _board(path: Path) -> Iterator[dict[str, object]]:
    """The notes that the workers share, while nobody else may touch them."""
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        notes = json.loads(file.read() or "{}")
        yield notes
        file.truncate(0)
        file.write(json.dumps(notes))
        file.flush()


@contextlib.contextmanager
def running(board: Path) -> Iterator[Cluster]:
    """The session's server, started if nobody has; stopped and removed when the last worker leaves."""
    with _board(board) as notes:
        if not notes.get("workers"):
            notes.update(_start(), workers=0)
        notes["workers"] = int(str(notes["workers"])) + 1
        cluster = Cluster(int(str(notes["port"])), board)
    try:
        yield cluster
    finally:
        with _board(board) as notes:
            notes["workers"] = int(str(notes["workers"])) - 1
            if not notes["workers"]:
                home = Path(str(notes["home"]))
                with contextlib.suppress(RuntimeError):
                    _run(f"{programs()}/pg_ctl", "-D", str(home / "data"), "-m", "immediate", "-w", "stop")
                shutil.rmtree(home, ignore_errors=True)
