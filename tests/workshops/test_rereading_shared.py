"""Reading an archive again with many hands: processes, one that is killed, a cluster of Dask. All say the same."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx.cli import rereading as command
from cx.themes.bulk import CannotShare, Hands, read_elsewhere
from cx.themes.reader import load
from tests.rereading import STORIES, holds, readings_of, reread, tell, wait
from tests.world import World

ROOT = Path(__file__).parents[2]


def _rows(many: int) -> list[tuple[str, str, str]]:
    return [(f"{STORIES[number % 4]} It was on day {number}.", "", "en") for number in range(many)]


def test_processes_say_what_one_process_says_and_in_order(tmp_path: Path) -> None:
    reader, rows = load(), _rows(40)
    with Hands(reader, tmp_path, jobs=2) as hands:
        assert hands.many == 2
        shared = [one for batch in hands.read([rows[:15], rows[15:30], rows[30:]]) for one in batch]
    with Hands(reader, tmp_path) as hands:
        assert [one for batch in hands.read([rows]) for one in batch] == shared


def test_a_process_with_another_reader_refuses(tmp_path: Path) -> None:
    with pytest.raises(CannotShare, match="install the same there"):
        read_elsewhere(tmp_path, "later", _rows(1))


def _environment(world: World) -> dict[str, str]:
    config = world.app.config
    known = {"DATABASE_URL": config["DATABASE_URL"], "DOLEANCE_HOME": str(config["DOLEANCE_HOME"])}
    return {**os.environ, **known, "FLASK_APP": str(ROOT / "app.py"), "PYTHONPATH": str(ROOT)}


def test_killed_at_work_it_loses_and_doubles_nothing(small_world: World, tmp_path: Path) -> None:
    """A real process with two of its own, killed without mercy: they go with it, and the next run ends the work."""
    rows = [f'{number},s,bank,en,"{" ".join(STORIES)} Day {number}."' for number in range(1000)]
    file = tmp_path / "archive.csv"
    file.write_text("\n".join(["id,source,sector,lang,text", *rows]), encoding="utf-8")
    assert small_world.app.test_cli_runner().invoke(args=["import", str(file), "--no-read"]).exit_code == 0
    words = [sys.executable, "-m", "flask", "themes", "reread", "--jobs", "2"]
    work = subprocess.Popen(words, cwd=ROOT, env=_environment(small_world), start_new_session=True)
    try:
        wait(lambda: bool(readings_of(small_world)) or work.poll() is not None)
        os.kill(work.pid, signal.SIGKILL)
    finally:
        work.wait()
    first = readings_of(small_world)
    assert 0 < len(first) < 1000
    assert len(first) % command.STORIES_A_BATCH == 0
    wait(lambda: _group_is_empty(work.pid))
    done = reread(small_world, "--jobs", "1")
    assert done.output.startswith(f"{1000 - len(first):,} stories read"), done.output
    found = [case for case, _ in readings_of(small_world)]
    assert len(found) == len(set(found)) == 1000
    holds(small_world)


def _group_is_empty(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


# ---- Dask --------------------------------------------------------------------------------------------------------


@pytest.fixture
def cluster_of_dask(tmp_path: Path) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own on this machine; the address of the scheduler."""
    file = tmp_path / "scheduler.json"
    common = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> None:
        done = subprocess.DEVNULL
        command_line = [sys.executable, "-m", "dask", *words]
        started.append(subprocess.Popen(command_line, cwd=tmp_path, env=environment, stdout=done, stderr=done))

    try:
        start("scheduler", "--port", "0", *common)
        for _ in range(2):
            start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path), *common)
        wait(file.is_file)
        yield json.loads(file.read_text(encoding="utf-8"))["address"]
    finally:
        for one in reversed(started):
            one.terminate()
        for one in started:
            one.wait(20)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_of_dask_says_the_same(cluster_of_dask: str, small_world: World, tmp_path: Path) -> None:
    from dask.distributed import Client

    with Client(cluster_of_dask) as client:
        client.wait_for_workers(2, timeout=60)
        pids = set(client.run(os.getpid).values())
        assert len(pids | {os.getpid()}) == 3
    reader, rows = load(), _rows(40)
    with Hands(reader, tmp_path, dask=cluster_of_dask) as hands:
        assert hands.many == 2
        shared = [one for batch in hands.read([rows[:15], rows[15:30], rows[30:]]) for one in batch]
    with Hands(reader, tmp_path) as hands:
        assert [one for batch in hands.read([rows]) for one in batch] == shared

    cases = tell(small_world, STORIES)
    done = reread(small_world, "--dask", cluster_of_dask)
    assert done.exit_code == 0, done.output
    assert readings_of(small_world) == [(case, reader.version) for case in cases]
    holds(small_world)


def test_without_dask_there_is_a_sentence(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    done = reread(small_world, "--dask", "tcp://127.0.0.1:1")
    assert done.exit_code == 1
    assert done.stderr.strip().endswith("Dask is not installed here: pip install distributed.")
