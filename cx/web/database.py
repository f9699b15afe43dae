"""The database of a request: one session to read with, and the one transaction a view may have declared."""

import contextlib
from collections.abc import Iterator
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from models.engine import Database


class UndeclaredWrite(RuntimeError):
    """A view wrote without saying so at its door, or wrote twice."""


def init(app: Flask, database: Database) -> None:
    """Tie the database to the application; sessions end with their request."""
    app.extensions["database"] = database

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()


def database() -> Database:
    """The database of the application."""
    return cast("Database", current_app.extensions["database"])


def reading() -> Session:
    """The session of this request, for reading."""
    if "session" not in g:
        g.session = database().sessions()
    return cast("Session", g.session)


@contextlib.contextmanager
def writing() -> Iterator[Session]:
    """The one transaction of this request. The view must have declared `writes=True` at its door."""
    sign = g.get("door")
    if sign is None or not sign.writes or g.get("has_written"):
        message = "a view opens one transaction, and declares it at its door"
        raise UndeclaredWrite(message)
    g.has_written = True
    with database().writing(reading()) as session:
        yield session


@contextlib.contextmanager
def recording() -> Iterator[Session]:
    """A short transaction of its own for what is recorded beside the request (access log, session, attempts)."""
    with database().writing() as session:
        yield session
