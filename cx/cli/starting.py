"""`flask prepare` before every start, and `flask demo`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cx.cli.speaking import Command, bench, home, progress
from cx.preparation import UNFINISHED
from cx.web.database import database
from models import Account, Installation, Organisation
from models.engine import Database
from models.migrate import HEAD, current

DEMO_CASES = 2000
DEMO_SEED = 1789
DEMO_FILES = ("demo-accounts.json", "demo-links.json", "demo-mediators.json")


@contextmanager
def _one_at_a_time(data: Database) -> Iterator[None]:
    """Let one preparation after the other touch a server's tables, whatever number of hosts start at once."""
    if data.dialect != "postgresql":
        yield
        return
    with data.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtextextended('doleance prepare', 0))"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtextextended('doleance prepare', 0))"))


def migrate(data: Database) -> bool:
    """Bring the tables to the newest version; says whether there was anything to do."""
    found = current(data)
    if found == HEAD:
        return False
    from alembic.util import CommandError

    from models.migrate import upgrade

    try:
        with _one_at_a_time(data):
            upgrade(data.url)
    except CommandError as error:
        raise click.ClickException(f"The tables cannot be brought to version {HEAD}: {error}") from error
    if found is not None:
        from cx.disputes.recount import begin_new

        with data.writing() as session:
            begin_new(session)
    return True


def is_empty(session: Session) -> bool:
    """Whether nobody has begun anything here: no people, no organisations, no first hour."""
    return all(
        session.execute(select(model.id).limit(1)).first() is None for model in (Account, Organisation, Installation)
    )


def has_demo(session: Session) -> bool:
    """Whether demo data are present."""
    return session.execute(select(Organisation.id).where(Organisation.demo).limit(1)).first() is not None


def fill_demo(data: Database, cases: int, seed: int) -> None:
    """Make the demo: the organisations, the people, the eight stories and `cases` more."""
    from cx.demo.fill import fill

    mark = home() / UNFINISHED
    mark.touch(mode=0o600)
    try:
        with progress(cases, "Filling the demo") as bar:
            fill(data, cases, seed, home(), bar.update, bench().reader(), current_app.config["DOLEANCE_URL"])
    except ValueError as error:
        # Refused before anything was written.
        mark.unlink(missing_ok=True)
        raise click.ClickException(str(error)) from error
    mark.unlink(missing_ok=True)


def remove_demo(data: Database) -> None:
    """Take the demo out: its cases, people, organisations and sign-ins."""
    from cx.demo.removal import remove

    with progress(_demo_cases(data), "Removing the demo") as bar:
        remove(data, bar.update)
    for name in (*DEMO_FILES, UNFINISHED):
        (home() / name).unlink(missing_ok=True)


def _demo_cases(data: Database) -> int:
    with data.reading() as session:
        return session.scalar(text("SELECT count(*) FROM complaint_case WHERE demo")) or 0


def setup_link(data: Database) -> str | None:
    """The one-time link of the first administrator; None as soon as there is one."""
    from cx.accounts.setup import begin, has_admin

    # Every start asks: without a write, as long as there is an answer without one.
    with data.reading() as session:
        if has_admin(session):
            return None
    with data.writing() as session:
        token = begin(session)
    return f"{current_app.config['DOLEANCE_URL']}/setup/{token}" if token else None


def say_setup_link(data: Database) -> None:
    """Show the link of the first administrator, until there is one."""
    link = setup_link(data)
    if link:
        click.echo(f"\nNobody administers this installation yet. Its first administrator begins here:\n  {link}\n")


def _tidy(data: Database, say: Callable[[str], None]) -> None:
    if (home() / UNFINISHED).exists():
        say("The last filling of the demo was interrupted: taking it out.")
        remove_demo(data)


@click.command("prepare", cls=Command)
@click.option("--no-demo", is_flag=True, help="Never fill in the demo.")
def prepare_command(no_demo: bool) -> None:
    """Get everything ready to start: tables, secrets, and on the very first start the demo."""
    data = database()
    migrate(data)
    _tidy(data, lambda sentence: click.echo(sentence, err=True))
    if not no_demo:
        with data.reading() as session:
            fresh = is_empty(session)
        if fresh:
            click.echo("First start: filling in a demo (./run --no-demo would start empty).", err=True)
            fill_demo(data, DEMO_CASES, DEMO_SEED)
    say_setup_link(data)


@click.command("demo", cls=Command)
@click.option(
    "--cases", type=click.IntRange(0, 5_000_000), help="Make the demo anew with so many cases besides the eight."
)
@click.option(
    "--seed", type=click.IntRange(0), default=DEMO_SEED, show_default=True, help="The same seed, the same demo."
)
@click.option("--remove", is_flag=True, help="Take the demo out, and nothing else.")
def demo_command(cases: int | None, seed: int, remove: bool) -> None:
    """Fill in invented organisations, people and stories, or take them out; real data are not touched."""
    if remove == (cases is not None):
        raise click.UsageError("Say either --cases N or --remove.")
    data = database()
    migrate(data)
    with data.reading() as session:
        present = has_demo(session)
    if remove and not present:
        click.echo("There is no demo here.")
        return
    if present or (home() / UNFINISHED).exists():
        remove_demo(data)
    if cases is not None:
        fill_demo(data, cases, seed)
        click.echo(f"The demo is in place. Its sign-ins: {home() / DEMO_FILES[0]}")
        return
    click.echo("The demo is out.")
    # With that the first hour has begun: a later start does not fill the demo in again.
    say_setup_link(data)
