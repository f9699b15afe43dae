"""Start what the Procfile names, keep it running, and stop it: `python -m cx.processes [--no-demo]`.

Standard library only, so that it starts in a tenth of a second. The line `release` runs first and only when
something changed; `web` starts next; the other lines wait until `web` answers, so that they do not compete with
it for the processor. Each process leads its own group: a Ctrl-C in the terminal reaches this watcher alone, which
then ends its children one by one. A child that dies is started again, with longer pauses when it dies at once.
"""

import contextlib
import errno
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

from cx.environment import EVERYWHERE
from cx.preparation import Settings, prepare, sign_ins

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds after which a child counts as healthy and its pauses start from the beginning
GRACE = 25.0  # seconds that children get to finish requests; gunicorn's own limit is 20


def read_procfile(text: str) -> dict[str, str]:
    """The commands of a Procfile by name, in its order; blank lines and lines that start with # are left out."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return {name.strip(): command.strip() for name, command in pairs}


class Child:
    """One line of the Procfile: a shell command in a process group of its own, started again when it dies."""

    def __init__(self, name: str, command: str, width: int) -> None:
        """Remember the command; nothing starts yet. `width` is that of the longest name."""
        self.name = name
        self._label = name.ljust(width)
        # The kernel ends the child when this watcher is killed outright; elsewhere than on Linux nobody does.
        tie = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self._arguments = [*tie, "/bin/sh", "-c", f"exec {command}"]
        self._process: subprocess.Popen[str] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._due = 0.0

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    def say(self, line: str) -> None:
        """Print one line under the name of the child."""
        sys.stdout.write(f"{self._label} | {line.rstrip()}\n")
        sys.stdout.flush()

    def start(self) -> None:
        """Start the process and a thread that passes its output on."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._arguments,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._pass_on, args=(self._process.stdout,), daemon=True).start()

    def _pass_on(self, lines: Iterable[str] | None) -> None:
        for line in lines or ():
            self.say(line)

    def tend(self, now: float) -> None:
        """Start the process again when it is dead and its pause is over. `now` is in monotonic seconds."""
        if self._process is None or self.running:
            return
        if not self._due:
            lived = now - self._started
            self._pause = FIRST_PAUSE if lived > STEADY else min(self._pause * 2, LONGEST_PAUSE)
            self._due = now + self._pause
            self.say(f"ended with code {self._process.returncode}; starts again in {self._pause:.0f} s")
        elif now >= self._due:
            self._due = 0.0
            self.start()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started."""
        if self._process is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


class Watcher:
    """All children together, from the first start to the last end."""

    def __init__(self, commands: dict[str, str], settings: Settings) -> None:
        """Take the commands by name; `web` is the one that the others wait for."""
        width = max(map(len, commands), default=0)
        self._children = [Child(name, command, width) for name, command in commands.items()]
        self._settings = settings
        # A plain flag: the lock of an Event may be held by the very thread that a signal interrupts.
        self._stop = False

    def run(self) -> int:
        """Start everything, watch until a signal comes, end everything, and return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        first = [child for child in self._children if child.name == "web"]
        later = [child for child in self._children if child.name != "web"]
        for child in first:
            child.start()
        if first:
            self._wait_for_web()
        if not self._stop:
            for child in later:
                child.start()
        while not self._stopped_after(0.2):
            for child in self._children:
                child.tend(time.monotonic())
        self._end()
        return 0

    def _stopped_after(self, seconds: float) -> bool:
        """Sleep, and say whether a signal has come."""
        time.sleep(seconds)
        return self._stop

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    def _wait_for_web(self) -> None:
        """Wait until the web answers anything at all, but not for ever, and say where it is."""
        limit = time.monotonic() + 30
        while not self._stopped_after(0.05) and time.monotonic() < limit:
            for child in self._children:
                child.tend(time.monotonic())
            if answers(self._settings.host, self._settings.port):
                sys.stdout.write(f"\nDoléance is ready: {self._settings.address}\n{sign_ins(self._settings)}\n")
                sys.stdout.flush()
                return

    def _end(self) -> None:
        """Ask every child to end, wait, and kill what is left."""
        for child in self._children:
            child.signal(signal.SIGTERM)
        limit = time.monotonic() + GRACE
        while any(child.running for child in self._children) and time.monotonic() < limit:
            time.sleep(0.05)
        for child in self._children:
            child.signal(signal.SIGKILL)


def answers(host: str, port: int) -> bool:
    """Whether an HTTP server answers `/health` there, whatever it says."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/health")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def why_not(host: str, port: int) -> str:
    """Why no server can listen there, in one sentence; empty when one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"perhaps Doléance already runs there. Choose another port: PORT={port % 65535 + 1} ./run"
        elif error.errno == errno.EACCES:
            why = "ports below 1024 are for the administrator of the machine. Choose another port: PORT=8000 ./run"
        else:
            why = f"HOST must be an address of this machine ({error.strerror or error})."
        return f"Nothing can listen on {host}, port {port}: {why}"
    return ""


def main(arguments: list[str]) -> int:
    """Prepare and run; 0 after a signal, 1 with a sentence when something refuses, 2 when used wrongly."""
    if arguments not in ([], ["--no-demo"]):
        sys.stderr.write("usage: python -m cx.processes [--no-demo]\n")
        return 2
    try:
        settings = Settings.from_environment(os.environ, ROOT)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if why := why_not(settings.host, settings.port):
        sys.stderr.write(f"{why}\n")
        return 1
    os.environ.update(settings.environment())
    if code := prepare(settings, demo=not arguments):
        return code
    commands = read_procfile((ROOT / "Procfile").read_text(encoding="utf-8"))
    commands.pop("release", None)
    return Watcher(commands, settings).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
