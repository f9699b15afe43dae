"""No letter is lost: the process that sends them is killed (kill -9) again and again while it sends.

    python -m bench.letters --kills 200 [--database postgresql://…]

Letters wait in the outbox; a worker sends them to a mail server on this machine and is killed at a random moment of
its work, then another goes on. In the end every letter must have arrived; one may arrive twice, never more often than
a worker was killed, and then under the same Message-ID. Exit code 1 when a promise is broken.

Workers live in a shifted clock, each six minutes after the one before, so that nobody waits for a dead one's lease.
"""

import argparse
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select

from cx.disputes.workbench import Notice
from cx.post.addresses import Mailing
from cx.post.outbox import notify
from cx.post.transport import MailServer
from cx.post.worker import LEASE, drain
from models import Letter
from models.engine import Database
from models.migrate import upgrade

BASE = "http://127.0.0.1:8000"
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STEP = LEASE + timedelta(minutes=1)


class Sink:
    """Counts what arrives, by Message-ID, and answers after a moment, as servers do."""

    def __init__(self) -> None:
        """Empty."""
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Take a letter."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken[str(BytesHeaderParser().parsebytes(content)["Message-ID"])] += 1
        return "250 OK"


def worker(url: str, port: int, at: datetime) -> None:
    """What `flask letters` does in one round, at the moment `at`; prints a line when it begins."""
    database = Database(url)
    server = MailServer.from_url(f"smtp://127.0.0.1:{port}", BASE)
    print("begins", flush=True)
    drain(database, server, Mailing(BASE), lambda: at)


@dataclass(frozen=True)
class Verdict:
    """What arrived, compared with what was written."""

    written: int
    lost: int
    unknown: int
    twice: int
    kills: int
    unsent: int

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.unknown or self.unsent) and self.twice <= self.kills


def write(database: Database, many: int, at: datetime) -> None:
    """Put letters into the outbox."""
    with database.writing() as session:
        for number in range(many):
            data = {"reference": "DL-7K3M-9QXT", "secret": f"{number:016d}"}
            notify(session, None, Notice("written", f"m{number}@example.org", "en", at, data))


def attack(url: str, kills: int, seed: int = 1) -> Verdict:
    """Kill `kills` workers at their work, let the last one finish, and compare."""
    database, sink, rng = Database(url), Sink(), random.Random(seed)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        at = START
        for _ in range(kills):
            # Enough that each worker is killed at work, whenever that is.
            write(database, 40, at)
            at += STEP
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.letters", "--worker", url, str(port), at.isoformat()],
                stdout=subprocess.PIPE,
            )
            with process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(rng.uniform(0.0, 0.15))
                process.kill()
        # What is left goes out without anybody being killed.
        server = MailServer.from_url(f"smtp://127.0.0.1:{port}", BASE)
        drain(database, server, Mailing(BASE), lambda: at + STEP)
    finally:
        controller.stop()
    with database.reading() as session:
        ids = {f"<{one}>" for one in session.scalars(select(Letter.message_id))}
        unsent = session.scalar(select(func.count(Letter.id)).where(Letter.status != "sent")) or 0
    database.engine.dispose()
    again = sum(many - 1 for many in sink.taken.values())
    return Verdict(len(ids), len(ids - set(sink.taken)), len(set(sink.taken) - ids), again, kills, unsent)


def main() -> int:
    """Read the command line, run, say what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", nargs=3, metavar=("URL", "PORT", "AT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.worker:
        url, port, at = chosen.worker
        worker(url, int(port), datetime.fromisoformat(at))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        url = chosen.database or f"sqlite:///{Path(scratch) / 'letters.sqlite3'}"
        upgrade(url)
        began = time.monotonic()
        found = attack(url, chosen.kills, chosen.seed)
    print(f"{chosen.kills} kills in {time.monotonic() - began:.0f} s: {found}")
    return 0 if found.kept else 1


if __name__ == "__main__":
    sys.exit(main())
