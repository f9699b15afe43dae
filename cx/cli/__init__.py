"""The commands of `./run flask …`, one module a family. They stand on the top floor and may see everything.

Exit codes: 0 done, 1 refused or failed with one sentence on the standard error, 2 wrong usage.
"""

from flask import Flask

from cx.cli.archive import import_command
from cx.cli.clocks import clocks
from cx.cli.diagnosis import doctor_command
from cx.cli.keeping import backup_command, restore_command
from cx.cli.letters import letters_command
from cx.cli.proving import audit, doors_command, rollups, themes
from cx.cli.running import clock_command
from cx.cli.starting import demo_command, prepare_command

COMMANDS = (
    prepare_command,
    demo_command,
    doctor_command,
    letters_command,
    clock_command,
    import_command,
    backup_command,
    restore_command,
    clocks,
    audit,
    rollups,
    doors_command,
    themes,
)


def init(app: Flask) -> None:
    """Add the commands to the application."""
    for command in COMMANDS:
        app.cli.add_command(command)
