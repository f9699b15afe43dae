"""What happens before the processes start: settings from the environment, and `flask prepare` when it is needed.

Standard library only. A second start must serve within two seconds, and loading the product only to find that
nothing is to be done takes one: so a stamp in the data folder remembers what the last preparation saw.
"""

import contextlib
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cx.environment import LOOPBACK, address_of, bracketed, host_of, is_loopback_address, port_of, whole_number

# Left behind by a filling of the demo that was interrupted: the next start takes the half demo out and begins anew.
UNFINISHED = "demo-unfinished"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the product listens, where its data lies and under which address people find it."""

    root: Path
    home: Path
    host: str
    port: int
    workers: int
    address: str
    database_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], root: Path) -> "Settings":
        """Read PORT, HOST, WORKERS, DOLEANCE_HOME, DOLEANCE_URL and DATABASE_URL; ValueError says what is wrong."""
        return cls(
            root=root,
            home=Path(environment.get("DOLEANCE_HOME") or root / "data").absolute(),
            host=host_of(environment),
            port=port_of(environment),
            workers=whole_number(environment, "WORKERS", 2, 1, 256),
            address=address_of(environment),
            database_url=environment.get("DATABASE_URL", ""),
        )

    def environment(self) -> dict[str, str]:
        """The same settings for the child processes."""
        return {
            "HOST": bracketed(self.host),
            "PORT": str(self.port),
            "WORKERS": str(self.workers),
            "DOLEANCE_HOME": str(self.home),
        }


def _sources(root: Path) -> Iterator[Path]:
    for folder in ("cx", "models", "migrations"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix not in {".pyc", ".mo"}:
                yield path
    yield from (root / name for name in ("app.py", "requirements.txt") if (root / name).is_file())


def fingerprint(settings: Settings) -> str:
    """A digest of all that a preparation depends on: our own sources and the address of the product.

    Size and time of each file are enough: a change that keeps both is no edit.
    """
    digest = hashlib.sha256(settings.address.encode())
    for path in _sources(settings.root):
        state = path.stat()
        digest.update(f"{path.relative_to(settings.root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_prepared(settings: Settings) -> bool:
    """Whether the last preparation still holds: same sources, tables at the newest version, somebody administers.

    Without an administrator each start shows the link of the first one. Only answers yes for the embedded database,
    whose file can be looked at without a driver.
    """
    stamp = settings.home / "prepared"
    database = settings.home / "doleance.sqlite3"
    if settings.database_url or not database.is_file() or (settings.home / UNFINISHED).exists():
        return False
    with contextlib.suppress(OSError, sqlite3.Error):
        newest = (settings.root / "migrations" / "HEAD").read_text(encoding="ascii").strip()
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            head = connection.execute("SELECT 1 FROM membership WHERE role = 'admin' AND until IS NULL").fetchone()
        return found == (newest,) and head == (1,) and stamp.read_text(encoding="ascii") == fingerprint(settings)
    return False


def prepare(settings: Settings, *, demo: bool) -> int:
    """Run `flask prepare` unless the last preparation still holds; returns its exit code (when not 0, it said why)."""
    if is_prepared(settings):
        return 0
    command = ["flask", "prepare", *([] if demo else ["--no-demo"])]
    try:
        done = subprocess.run(command, cwd=settings.root, check=False)
    except OSError as error:
        sys.stderr.write(f"The preparation could not start: {error}.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("The preparation was interrupted; the next start goes on with it.\n")
        return 1
    if done.returncode == 0:
        with contextlib.suppress(OSError):
            (settings.home / "prepared").write_text(fingerprint(settings), encoding="ascii")
    # A preparation that was killed says so with a negative number, which is no exit code.
    return done.returncode if done.returncode >= 0 else 1


def sign_ins(settings: Settings) -> str:
    """The demo sign-ins as a small table; empty without a demo, or where others than this machine may come."""
    if settings.host not in LOOPBACK or not is_loopback_address(settings.address):
        return ""
    try:
        accounts = json.loads((settings.home / "demo-accounts.json").read_text(encoding="utf-8"))
        rows = [
            (str(one["role"]), str(one["email"]), str(one["password"]), str(one.get("organisation") or ""))
            for one in accounts
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    lines = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([f"Demo sign-ins at {settings.address}/accounts/login (they work on this machine only):", *lines])
