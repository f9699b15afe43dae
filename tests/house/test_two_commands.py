"""`./run` as a newcomer types it, with a data folder of its own."""

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.house.tree import ROOT

RUN = str(ROOT / "run")


def _run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [RUN, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )


def test_help_names_every_form_of_the_command() -> None:
    done = _run("help")
    assert done.returncode == 0
    for word in ("./run test", "./run flask", "--no-demo", "DOLEANCE_HOME", "DATABASE_URL"):
        assert word in done.stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["--no-demo", "more"], ["test", "--long", "more"]])
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    done = _run(*arguments)
    assert done.returncode == 2
    assert "./run help" in done.stderr


def test_a_port_that_is_no_number_is_refused_with_a_sentence(tmp_path: Path) -> None:
    done = _run(PORT="eighty", DOLEANCE_HOME=str(tmp_path))
    assert done.returncode == 2
    assert "PORT must be a whole number" in done.stderr


def test_a_database_that_cannot_be_meant_is_refused_with_a_sentence(port: int, tmp_path: Path) -> None:
    done = _run(PORT=str(port), DATABASE_URL="mysql://127.0.0.1/doleance", DOLEANCE_HOME=str(tmp_path))
    assert done.returncode == 2
    assert "DATABASE_URL must look like" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _run(PORT=str(taken.getsockname()[1]), DOLEANCE_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "perhaps Doléance already runs there" in done.stderr


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ask(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    else:
        return answer.status
    finally:
        connection.close()


def test_one_command_serves_and_one_interrupt_ends_everything(port: int, tmp_path: Path) -> None:
    environment = {**os.environ, "PORT": str(port), "DOLEANCE_HOME": str(tmp_path / "data")}
    log = tmp_path / "log"
    with log.open("w") as output:
        watcher = subprocess.Popen(
            [RUN, "--no-demo"], cwd=tmp_path, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    limit = time.monotonic() + 60
    while _ask(port, "/health") != 200 and watcher.poll() is None and time.monotonic() < limit:
        time.sleep(0.1)
    try:
        assert _ask(port, "/health") == 200, log.read_text(encoding="utf-8")
        assert _ask(port, "/health/ready") == 200
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    finally:
        watcher.send_signal(signal.SIGINT)
        code = watcher.wait(timeout=40)
    assert code == 0
    assert _ask(port, "/health") == 0
