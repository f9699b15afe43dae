"""The watcher of processes and what it does before them, without the product."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cx.preparation import UNFINISHED, Settings, fingerprint, is_prepared, sign_ins
from cx.processes import read_procfile
from cx.web.settings import WrongSetting, from_environment
from tests.house.tree import ROOT


def test_a_procfile_is_read_line_by_line_and_a_colon_in_a_command_is_no_name() -> None:
    found = read_procfile('# how it runs\n\nweb: gunicorn "app:create_app()"\nclock:  flask clock \n')
    assert found == {"web": 'gunicorn "app:create_app()"', "clock": "flask clock"}


def test_the_procfile_names_the_four_processes() -> None:
    assert list(read_procfile((ROOT / "Procfile").read_text(encoding="utf-8"))) == [
        "release",
        "web",
        "letters",
        "clock",
    ]


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "9000", "HOST": "0.0.0.0"}, "http://127.0.0.1:9000"),
        ({"HOST": "::1"}, "http://localhost:8000"),
        ({"HOST": "[::1]"}, "http://localhost:8000"),
        ({"HOST": "192.0.2.7"}, "http://192.0.2.7:8000"),
        ({"DOLEANCE_URL": "https://plaintes.example/"}, "https://plaintes.example"),
    ],
)
def test_the_address_is_one_that_can_be_visited(environment: dict[str, str], address: str, tmp_path: Path) -> None:
    assert Settings.from_environment(environment, tmp_path).address == address
    # What the watcher prints is what the application believes.
    assert from_environment({**environment, "DOLEANCE_HOME": str(tmp_path)})["DOLEANCE_URL"] == address


@pytest.mark.parametrize("environment", [{"PORT": "http"}, {"PORT": "70000"}, {"WORKERS": "0"}, {"WORKERS": "-1"}])
def test_a_wrong_number_is_refused_with_its_name(environment: dict[str, str], tmp_path: Path) -> None:
    (name,) = environment
    with pytest.raises(ValueError, match=name):
        Settings.from_environment(environment, tmp_path)


@pytest.mark.parametrize(
    "environment",
    [
        {"DOLEANCE_URL": "example.org"},
        {"DOLEANCE_URL": "https://"},
        {"DOLEANCE_URL": "https://example.org/complaints"},
        {"DOLEANCE_URL": "ftp://example.org"},
        {"DATABASE_URL": "nonsense"},
        {"DATABASE_URL": "mysql://127.0.0.1/doleance"},
        {"DOLEANCE_PROXIES": "yes"},
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_name(environment: dict[str, str], tmp_path: Path) -> None:
    (name,) = environment
    with pytest.raises(WrongSetting, match=name) as refused:
        from_environment({**environment, "DOLEANCE_HOME": str(tmp_path)})
    assert refused.value.exit_code == 2


def test_a_public_address_makes_cookies_secure_and_its_host_the_only_one(tmp_path: Path) -> None:
    found = from_environment({"DOLEANCE_URL": "https://Plaintes.example:8443", "DOLEANCE_HOME": str(tmp_path)})
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["TRUSTED_HOSTS"] == ["plaintes.example"]


@pytest.fixture
def prepared(tmp_path: Path) -> Settings:
    """A data folder as a preparation leaves it."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "HEAD").write_text("0007\n", encoding="ascii")
    settings = Settings.from_environment({}, tmp_path)
    settings.home.mkdir()
    connection = sqlite3.connect(settings.home / "doleance.sqlite3")
    connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.execute("INSERT INTO alembic_version VALUES ('0007')")
    connection.execute("CREATE TABLE membership (role TEXT, until TEXT)")
    connection.execute("INSERT INTO membership VALUES ('agent', NULL), ('admin', NULL)")
    connection.commit()
    connection.close()
    (settings.home / "prepared").write_text(fingerprint(settings), encoding="ascii")
    return settings


def test_a_second_start_has_nothing_to_prepare(prepared: Settings) -> None:
    assert is_prepared(prepared)


@pytest.mark.parametrize("gone", ["doleance.sqlite3", "prepared"])
def test_what_is_gone_is_prepared_again(prepared: Settings, gone: str) -> None:
    (prepared.home / gone).unlink()
    assert not is_prepared(prepared)


def test_without_an_administrator_each_start_shows_the_link_of_the_first(prepared: Settings) -> None:
    connection = sqlite3.connect(prepared.home / "doleance.sqlite3")
    connection.execute("UPDATE membership SET until = '2026-01-01' WHERE role = 'admin'")
    connection.commit()
    connection.close()
    assert not is_prepared(prepared)


def test_half_a_demo_is_taken_out_at_the_next_start(prepared: Settings) -> None:
    (prepared.home / UNFINISHED).touch()
    assert not is_prepared(prepared)


def test_new_sources_or_a_new_migration_are_prepared(prepared: Settings) -> None:
    (prepared.root / "migrations" / "HEAD").write_text("0008\n", encoding="ascii")
    assert not is_prepared(prepared)


def test_a_server_database_is_always_asked(prepared: Settings) -> None:
    settings = Settings.from_environment({"DATABASE_URL": "postgresql://127.0.0.1/doleance"}, prepared.root)
    assert not is_prepared(settings)


def test_sign_ins_are_shown_on_loopback_only(prepared: Settings) -> None:
    account = {"email": "a@banque.example", "password": "secret", "role": "agent", "organisation": "Banque"}
    (prepared.home / "demo-accounts.json").write_text(json.dumps([account]), encoding="utf-8")
    assert "a@banque.example" in sign_ins(prepared)
    assert sign_ins(Settings.from_environment({"HOST": "0.0.0.0"}, prepared.root)) == ""
    assert sign_ins(Settings.from_environment({"DOLEANCE_URL": "https://plaintes.example"}, prepared.root)) == ""


WATCH = """
import sys
from pathlib import Path
from cx.preparation import Settings
from cx.processes import Watcher
commands = {"lasting": "sh -c 'echo up; sleep 100'", "dying": "sh -c 'echo tried; exit 3'"}
sys.exit(Watcher(commands, Settings.from_environment({}, Path("."))).run())
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_dead_process_starts_again_and_all_end_with_the_watcher(ending: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCH],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert watcher.stdout is not None
    seen: list[str] = []
    while len([line for line in seen if line.startswith("dying") and "tried" in line]) < 2:
        seen.append(watcher.stdout.readline())
        assert seen[-1], "the watcher ended by itself"
    watcher.send_signal(ending)
    began = time.monotonic()
    assert watcher.wait(timeout=10) == 0
    assert time.monotonic() - began < 5
    assert watcher.stdout.read().count("up") == 0
    watcher.stdout.close()
    assert "lasting | up\n" in seen
    assert "dying   | ended with code 3; starts again in 1 s\n" in seen
