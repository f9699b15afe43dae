"""What the processes beside the web share, and `flask clock`. They keep no state and run on any number of hosts."""

import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import FrameType

import click
from sqlalchemy.exc import DBAPIError

from cx.cli.speaking import Command, bench
from cx.core.sampling import Candidate
from cx.disputes import clockwork, reviewing
from cx.web.database import database
from models import Beat

CLOCK = "clock"
CLOCK_PAUSE = 60.0
# How long a round waits after the database could not be used.
TROUBLE_PAUSE = 5.0
# How soon a resting process hears that it should end.
NAP = 0.2
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
        # A plain flag: the lock of an Event may be held by the very thread that a signal interrupts.
        self._stop = False

    def stopped(self) -> bool:
        """Whether the process was asked to end."""
        return self._stop

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
                pause = TROUBLE_PAUSE
            self._rest(pause)

    def _rest(self, seconds: float) -> None:
        """Rest in short naps, so that a signal ends the process soon."""
        until = time.monotonic() + seconds
        while not self._stop and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, NAP))

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True


def _worth_a_look(candidates: Sequence[Candidate], many: int) -> Sequence[int]:
    """From which stories the reader learns most; what it takes to say so is loaded once a day, when it is asked."""
    from cx.themes.choosing import choose_next
    from cx.themes.reader import Reader

    reader = bench().reader()
    return choose_next(candidates, many, reader.limits if isinstance(reader, Reader) else None)


def clock_round() -> float:
    """One round of the clock; returns for how many seconds to rest."""
    at = now()
    done = clockwork.tick(database(), bench(), at)
    reviewing.pick(database(), at, _worth_a_look)
    if done.expired or done.moved:
        click.echo(f"{done.expired} offers expired, {done.moved} dates moved on")
    if done.read:
        click.echo(f"{done.read} stories read that had been left unread")
    beat(CLOCK, at)
    return CLOCK_PAUSE


@click.command(CLOCK, cls=Command)
@click.option("--once", is_flag=True, help="Do one round and end.")
def clock_command(once: bool) -> None:
    """Do once a minute what time alone does: fold figures, expire offers, move dates on, read what was left unread."""
    if once:
        clock_round()
        return
    Loop(CLOCK).run(clock_round)
