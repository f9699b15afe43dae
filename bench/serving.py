"""Starts the product as the Procfile does, on a free port of this machine, and talks to it like a browser."""

import contextlib
import http.client
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 30.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(home: Path, port: int, database: str = "", workers: int = 2) -> dict[str, str]:
    """The environment of the processes under test."""
    environment = {**os.environ, "DOLEANCE_HOME": str(home), "PORT": str(port), "HOST": "127.0.0.1"}
    environment |= {"WORKERS": str(workers), "FLASK_APP": str(ROOT / "app.py"), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment.pop("DATABASE_URL", None)
    return environment | ({"DATABASE_URL": database} if database else {})


def flask(environment: Mapping[str, str], *words: str) -> str:
    """Run one command of the product; its output, or an error that shows it."""
    command = [sys.executable, "-m", "flask", *words]
    done = subprocess.run(command, env=dict(environment), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"flask {' '.join(words)}: {done.stdout[-500:]}{done.stderr[-2000:]}"
        raise RuntimeError(message)
    return done.stdout


def web_command(environment: Mapping[str, str]) -> list[str]:
    """The Procfile's web line, with its variables filled in."""
    lines = (ROOT / "Procfile").read_text(encoding="ascii").splitlines()
    line = next(one.partition(":")[2] for one in lines if one.startswith("web:"))
    filled = re.sub(r"\$\{(\w+)(?::-([^}]*))?\}", lambda m: environment.get(m[1], m[2] or ""), line)
    return shlex.split(filled)


@dataclass
class Server:
    """The web processes under test. `kill` ends one of ours, by its number, without mercy."""

    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.environment["PORT"])

    def start(self) -> None:
        """Start, and wait until it answers."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            web_command(self.environment),
            env=dict(self.environment),
            cwd=ROOT,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        while not self.answers():
            if time.monotonic() - began > START_WITHIN:
                message = "the server did not answer in time"
                raise RuntimeError(message)
            time.sleep(0.02)
        self.starts.append(time.monotonic() - began)

    def answers(self) -> bool:
        """Whether /health says 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def numbers(self) -> list[int]:
        """The master's process number and those of its workers."""
        assert self.process is not None
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children")
        workers = children.read_text(encoding="ascii").split() if children.exists() else []
        return [master, *(int(one) for one in workers)]

    def kill(self, number: int) -> None:
        """Kill -9 one of our processes; when it is the master, its workers go too and everything starts again."""
        assert self.process is not None
        master = self.process.pid
        doomed = self.numbers() if number == master else [number]
        for one in doomed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        if number == master:
            self.process.wait()
            self.start()

    def stop(self) -> None:
        """End it politely."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def memory(self) -> float:
        """Proportional memory of all our web processes, in MB."""
        total = 0
        for one in self.numbers():
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
            total += int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0])
        return total / 1024


@contextlib.contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Server]:
    """A running server, ended with the block."""
    server = Server(environment)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes
    location: str

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf8", "replace")

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        for tag in re.findall(r"<input[^>]*>", self.text):
            if f'name="{name}"' in tag:
                found = re.search(r'value="([^"]*)"', tag)
                return found[1] if found else ""
        return ""


class Browser:
    """One kept-alive connection with its cookies. Errors of the connection are raised; the caller may try again."""

    def __init__(self, port: int) -> None:
        """Connect at the first request."""
        self.port = port
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._send("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._send("POST", path, urlencode(fields))

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()

    def _send(self, method: str, path: str, body: str | None, again: bool = False) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            content = response.read()
        except http.client.RemoteDisconnected:
            # A kept connection that rested too long was hung up; asking for a page again harms nobody.
            self.close()
            self.connection = None
            if method != "GET" or again:
                raise
            return self._send(method, path, body, again=True)
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(response.status, content, response.getheader("Location") or "")

    def sign_in(self, home: Path, role: str = "agent") -> str:
        """Sign in with the first demo account of a role that the desk has; the account's organisation."""
        accounts = json.loads((home / "demo-accounts.json").read_text(encoding="utf8"))
        account = next(one for one in accounts if one["role"] == role)
        answer = self.post("/accounts/login", email=account["email"], password=account["password"], next="")
        if answer.status not in {302, 303}:
            message = f"could not sign in: {answer.status}"
            raise RuntimeError(message)
        return str(account["organisation"])

    def write_story(self, story: str, whom: str = "Poste Arvane") -> Answer:
        """Go through the first three pages of telling; the fourth, ready to send."""
        self.post("/tell", story=story, whom=whom, organisation="")
        self.post("/tell/2", wish="answer", wish_text="", consent="y")
        self.post("/tell/3")
        return self.get("/tell/4")

    def send_story(self, page: Answer) -> Answer:
        """Press Send on that page."""
        return self.post(
            "/tell/4",
            key=page.hidden("key"),
            seen=page.hidden("seen"),
            name="Bench Person",
            email="",
            phone="",
            postal="",
        )
