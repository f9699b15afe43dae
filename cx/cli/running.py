"""`flask letters` and `flask clock`: the processes beside the web. Both keep no state and run on any number of hosts."""

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError

from cx.cli.speaking import Command, bench
from cx.disputes import clockwork
from cx.post.transport import MailServer
from cx.post.worker import drain
from cx.web.database import database
from models import Beat

LETTERS, CLOCK = "letters", "clock"
LETTERS_PAUSE, CLOCK_PAUSE = 5.0, 60.0
# After the mail server went away there is no hurry to hear the same again.
AWAY_PAUSE = 60.0
# A pulse a minute is enough for whoever looks.
PULSE = 60.0


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def beat(name: str, at: datetime) -> None:
    """Write down that the process `name` finished a round."""
    with database().writing() as session:
        session.merge(Beat(name=name, at=at))


class Loop:
    """Does rounds until TERM or a Ctrl-C; a round that is under way is finished first."""

    def __init__(self, name: str) -> None:
        """`name` is the one under which the process is known."""
        self.name = name
        self._stop = threading.Event()

    def stopped(self) -> bool:
        """Whether the process was asked to end."""
        return self._stop.is_set()

    def run(self, turn: Callable[[], float]) -> None:
        """Do `turn` again and again; it returns for how many seconds to rest afterwards."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        while not self.stopped():
            try:
                pause = turn()
            except DBAPIError as error:
                # The database may be restarting: the next round finds out.
                click.echo(f"the database cannot be used: {' '.join(str(error.orig).split())}", err=True)
                pause = LETTERS_PAUSE
            self._stop.wait(pause)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()


def send_letters(server: MailServer | None, stopped: Callable[[], bool]) -> float:
    """One round of the letters; returns for how many seconds to rest. Without a server they wait."""
    if server is None:
        return LETTERS_PAUSE
    done = drain(database(), server, current_app.config["DOLEANCE_URL"], now, stopped)
    if done.sent or done.failed or done.postponed:
        click.echo(f"{done.sent} sent, {done.postponed} postponed, {done.failed} given up")
    if done.away:
        click.echo(done.away, err=True)
    return AWAY_PAUSE if done.away else LETTERS_PAUSE


def mail_server() -> MailServer | None:
    """Where letters go; None until `SMTP_URL` is set."""
    url = current_app.config["SMTP_URL"]
    try:
        return MailServer.from_url(url, current_app.config["DOLEANCE_URL"]) if url else None
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@click.command(LETTERS, cls=Command)
@click.option("--once", is_flag=True, help="Send what is due and end.")
def letters_command(once: bool) -> None:
    """Send the letters that wait, for as long as the process lives."""
    server = mail_server()
    loop = Loop(LETTERS)
    if once:
        if server is None:
            raise click.ClickException("SMTP_URL is not set: letters wait.")
        if send_letters(server, loop.stopped) == AWAY_PAUSE:
            raise click.ClickException("The mail server could not be used.")
        return
    beaten = [0.0]

    def turn() -> float:
        pause = send_letters(server, loop.stopped)
        moment = now()
        if moment.timestamp() - beaten[0] >= PULSE:
            beat(LETTERS, moment)
            beaten[0] = moment.timestamp()
        return pause

    loop.run(turn)


def clock_round() -> float:
    """One round of the clock; returns for how many seconds to rest."""
    at = now()
    done = clockwork.tick(database(), bench(), at)
    if done.expired or done.moved:
        click.echo(f"{done.expired} offers expired, {done.moved} dates moved on")
    beat(CLOCK, at)
    return CLOCK_PAUSE


@click.command(CLOCK, cls=Command)
@click.option("--once", is_flag=True, help="Do one round and end.")
def clock_command(once: bool) -> None:
    """Do once a minute what time alone does: fold figures, expire offers, move dates on, forget old drafts."""
    if once:
        clock_round()
        return
    Loop(CLOCK).run(clock_round)
