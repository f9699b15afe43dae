"""Proofs: `flask audit verify`, `flask audit anchors`, `flask rollups verify`, `flask doors`; and the way to `flask themes`."""

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo

from cx.cli.learning import train_command, use_command, versions_command
from cx.cli.rereading import reread_command
from cx.cli.speaking import Command, progress
from cx.disputes import anchors as anchoring
from cx.disputes import audit as journals
from cx.web.database import database

SHOWN = 20


@click.group("audit")
def audit() -> None:
    """The journals of the cases."""


@audit.command("verify", cls=Command)
@click.option(
    "--anchors",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file with heads that were kept outside: of `flask audit anchors`, or a file that travelled (ZIP, JSON).",
)
def verify_command(kept: tuple[Path, ...]) -> None:
    """Prove that no journal, text or state was changed behind its journal's back."""
    known = _read_anchors(kept)
    with database().snapshot() as session:
        many = journals.cases(session)
        with progress(many + len(known), "Proving") as bar:
            broken = [*journals.verify(session, bar.update), *anchoring.compare(session, known, bar.update)]
    for one in broken[:SHOWN]:
        where = f"line {one.seq}" if one.seq else "case"
        click.echo(f"{one.reference}, {where}: {one.what}", err=True)
    if broken:
        raise click.ClickException(
            f"{len(broken)} things do not hold in {len({one.reference for one in broken})} cases."
        )
    said = f" {len(known):,} anchors fit." if kept else ""
    click.echo(f"{many:,} journals hold: every line, every text, every state.{said}")


def _read_anchors(kept: tuple[Path, ...]) -> list[anchoring.Anchor]:
    found: list[anchoring.Anchor] = []
    for file in kept:
        try:
            found += anchoring.read(file.read_bytes())
        except anchoring.Unreadable as error:
            raise click.ClickException(f"{file}: {error}.") from error
    return found


@audit.command("anchors", cls=Command)
def anchors_command() -> None:
    """Print reference, line number and head of every journal, to be kept outside (and once written, never changed)."""
    with database().snapshot() as session:
        for one in anchoring.heads(session):
            click.echo(str(one))


@click.group("rollups")
def rollups() -> None:
    """The figures that managers see."""


@rollups.command("verify", cls=Command)
def rollups_command() -> None:
    """Count everything anew and compare it with the figures that are kept."""
    from cx.disputes.recount import recount

    with database().snapshot() as session:
        found = [str(one) for one in recount(session)]
    for line in found[:SHOWN]:
        click.echo(line, err=True)
    if found:
        raise click.ClickException(f"{len(found)} figures differ from a fresh count.")
    click.echo("Every figure equals a fresh count.")


def doors_of(app: Flask) -> list[dict[str, Any]]:
    """Every rule with its methods, who may enter (None: no door says so) and whether it writes."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
        door = getattr(app.view_functions[rule.endpoint], "door", None)
        public = ["everyone"] if rule.endpoint.rpartition(".")[2] == "static" else None
        found.append(
            {
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "audience": sorted(door.audience) if door else public,
                "writes": bool(door and door.writes),
            }
        )
    return found


@click.command("doors", cls=Command)
@click.option("--json", "plain", is_flag=True, help="Print JSON.")
def doors_command(plain: bool) -> None:
    """Say who may enter where."""
    found = doors_of(current_app._get_current_object())  # type: ignore[attr-defined]
    if plain:
        click.echo(json.dumps(found, indent=2))
        return
    width = min(60, max(len(one["rule"]) for one in found))
    for one in found:
        who = ", ".join(one["audience"] or ["NO DOOR"])
        click.echo(f"{one['rule']:{width}}  {','.join(one['methods']):10}  {who}{'  writes' if one['writes'] else ''}")


_WITH_CASES = {
    "reread": reread_command, "train": train_command, "use": use_command, "versions": versions_command,
}  # fmt: skip


class Themes(click.Group):
    """The commands of the reader, loaded when they are asked for."""

    def _commands(self) -> click.Group:
        from cx.themes.commands import themes

        return themes

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted([*self._commands().list_commands(ctx), *_WITH_CASES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them; some need the cases or the data folder, which the workshop of the reader does not know."""
        from cx.themes.shelf import HOME

        ctx.meta[HOME] = ctx.ensure_object(ScriptInfo).load_app().config["DOLEANCE_HOME"]
        return _WITH_CASES.get(cmd_name) or self._commands().get_command(ctx, cmd_name)


themes = Themes("themes", help="The reader of themes: train it, evaluate it, let it read.")
