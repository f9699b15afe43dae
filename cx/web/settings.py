"""Settings: from the environment, else from the data folder, where secrets are made at the first start."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click import ClickException
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cx.environment import LOOPBACK, address_of, is_loopback_address, whole_number

MAX_BODY = 1_000_000
DATABASES = frozenset({"sqlite", "postgresql"})


class WrongSetting(ClickException):
    """The environment says something that cannot be meant: one sentence, as every command ends when used wrongly."""

    exit_code = 2


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """The data folder (`DOLEANCE_HOME`, else `data` beside the program), made if missing."""
    folder = Path(environ.get("DOLEANCE_HOME") or "data").absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret(folder: Path, name: str, environ: Mapping[str, str] = os.environ) -> str:
    """A secret from the environment (`DOLEANCE_<NAME>`) or from its file, which is made once, readable by us only."""
    given = environ.get(f"DOLEANCE_{name.upper()}")
    if given:
        return given
    file = folder / f"{name}.secret"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    value = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as stream:
        stream.write(value)
        stream.flush()
        os.fsync(stream.fileno())
    return value


def database_url(folder: Path, environ: Mapping[str, str] = os.environ) -> str:
    """`DATABASE_URL`, else the embedded SQLite file of the data folder. ValueError when it names no database we know."""
    url = environ.get("DATABASE_URL") or f"sqlite:///{folder / 'doleance.sqlite3'}"
    if url.startswith("postgres://"):
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        known = make_url(url).get_backend_name() in DATABASES
    except ArgumentError:
        known = False
    if not known:
        # The address itself may hold a password: it is not repeated.
        message = "DATABASE_URL must look like postgresql://user:password@host/name or sqlite:////folder/file."
        raise ValueError(message)
    return url


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The configuration of the application, as Flask wants it. WrongSetting says in one sentence what is wrong."""
    try:
        return _configuration(environ)
    except ValueError as error:
        raise WrongSetting(str(error)) from error


def _configuration(environ: Mapping[str, str]) -> dict[str, Any]:
    address = address_of(environ)
    parts = urlsplit(address)
    # Flask compares names only, never ports; browsers write names in small letters.
    names = {(parts.hostname or "").lower(), *(LOOPBACK if is_loopback_address(address) else ())}
    proxies = whole_number(environ, "DOLEANCE_PROXIES", 0, 0, 10)
    folder = home(environ)
    return {
        "DOLEANCE_HOME": folder,
        "DOLEANCE_URL": address,
        "DATABASE_URL": database_url(folder, environ),
        "SMTP_URL": environ.get("SMTP_URL", ""),
        "IMAP_URL": environ.get("IMAP_URL", ""),
        # Letters an hour to addresses that nobody has confirmed yet.
        "FIRST_LETTERS": whole_number(environ, "DOLEANCE_FIRST_LETTERS", 300, 1, 1_000_000),
        # Whoever sends a story waits at most so long for what the reader sees in it.
        "READING_MS": whole_number(environ, "DOLEANCE_READING_MS", 500, 1, 60_000),
        "METRICS_TOKEN": environ.get("DOLEANCE_METRICS_TOKEN", ""),
        "PROXIES": proxies,
        "SECRET_KEY": secret(folder, "key", environ),
        "PASSWORD_SALT": secret(folder, "salt", environ),
        "TRUSTED_HOSTS": sorted(names),
        "SESSION_COOKIE_NAME": "doleance_session",
        "SESSION_COOKIE_SECURE": parts.scheme == "https",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY,
        "MAX_FORM_PARTS": 300,
    }
