"""`flask backup FILE` and `flask restore FILE`."""

from pathlib import Path

import click

from cx.cli import copying
from cx.cli.copying import CopyFailed
from cx.cli.speaking import Command, home
from cx.cli.starting import migrate
from cx.web.database import database


@click.command("backup", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_command(file: Path) -> None:
    """Write a copy of the whole database to FILE, while everything goes on."""
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.absolute().parent}.")
    try:
        copying.backup(database(), file)
    except (CopyFailed, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Copied to {file} ({file.stat().st_size / 1e6:,.1f} MB), checked and on the disk.")
    if any(home().glob("*.secret")):
        click.echo(f"Keep the *.secret files of {home()} with it: without them nobody's password opens.", err=True)


@click.command("restore", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, readable=True))
@click.option("--force", is_flag=True, help="Overwrite what the database holds now.")
def restore_command(file: Path, force: bool) -> None:
    """Make the database what FILE holds (written by `flask backup`), and bring it to the newest tables."""
    data = database()
    if not force and not copying.is_empty(data):
        raise click.ClickException("The database is not empty: --force overwrites everything in it.")
    try:
        copying.restore(data, file)
    except (CopyFailed, OSError) as error:
        raise click.ClickException(str(error)) from error
    # What the last preparation saw is gone.
    (home() / "prepared").unlink(missing_ok=True)
    migrate(data)
    click.echo(f"The database is what {file} holds.")
