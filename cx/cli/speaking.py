"""How every command speaks: inside the application, with progress on the standard error, failing in one sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click
from flask import current_app
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError, OperationalError

from cx.disputes.workbench import Workbench


class Command(click.Command):
    """A command inside the application. A database that does not answer is a sentence, not a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command within the application's context."""
        app = ctx.ensure_object(ScriptInfo).load_app()
        with app.app_context():
            try:
                return super().invoke(ctx)
            except DBAPIError as error:
                raise click.ClickException(_sentence(error)) from error


def _sentence(error: DBAPIError) -> str:
    said = " ".join(str(error.orig).split())
    if said.startswith("connection failed"):
        # A database that is not there is no table that is not there.
        return f"The database cannot be used: {said}."
    if "no such table" in said or "does not exist" in said or "no such column" in said:
        return f"The tables of the database are missing or old ({said}): run `flask prepare` first."
    if isinstance(error, OperationalError):
        return f"The database cannot be used: {said}."
    return f"The database refused: {said}."


def bench() -> Workbench:
    """The workbench that the application wired."""
    return cast("Workbench", current_app.extensions["workbench"])


def home() -> Path:
    """The data folder."""
    return cast("Path", current_app.config["DOLEANCE_HOME"])


@contextmanager
def progress(length: int, label: str) -> Iterator[Any]:
    """A bar on the standard error, which stays silent when nobody looks at it."""
    with click.progressbar(length=max(length, 1), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar
