"""What every test stands on: both databases, fresh and migrated; no network; nothing skipped in silence."""

import ipaddress
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from flask import Flask

    from tests.cluster import Cluster
    from tests.world import World

CI = os.environ.get("CI") == "true"
JOURNEYS = Path(__file__).parent / "journeys"


# ---- the law of the network: loopback only --------------------------------------------------------------------


def _is_loopback(host: object) -> bool:
    if host in {None, "", b"", "localhost", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse connections and look-ups that would leave this machine. An audit hook cannot be taken out again."""
    if event == "socket.connect":
        address = arguments[1]
        outside = isinstance(address, tuple) and not _is_loopback(address[0])
    elif event == "socket.getaddrinfo":
        outside = not _is_loopback(arguments[0])
    else:
        return
    if outside:
        message = f"a test tried to leave this machine: {event} {arguments[1:] or arguments}"
        raise RuntimeError(message)


# ---- the three speeds and their options -----------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the large versions too")


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_guard)
    # A shared machine is slow now and then: that is no failure. On the forge the same examples come every time.
    settings.register_profile("house", deadline=None, derandomize=CI)
    settings.register_profile("long", deadline=None, max_examples=2000)
    settings.load_profile("long" if config.getoption("--long") else "house")
    # The product reads these; a developer's own values must not reach the tests.
    for name in ("DATABASE_URL", "DOLEANCE_URL", "DOLEANCE_HOME", "SMTP_URL", "IMAP_URL", "PORT", "HOST"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the large versions out unless asked for, and keep the browser on one of the parallel workers."""
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        if long:
            config.hook.pytest_deselected(items=long)
            items[:] = [item for item in items if item not in set(long)]
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if JOURNEYS in item.path.parents:
                item.add_marker(pytest.mark.xdist_group("browser"))


def _skipped(session: pytest.Session) -> int:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """On the forge a skipped test is a failed run: something was missing and nobody would have noticed."""
    is_worker = hasattr(session.config, "workerinput")
    if CI and not is_worker and exitstatus == pytest.ExitCode.OK and _skipped(session):
        sys.stderr.write("\nUnder CI a skipped test fails the run: see the short summary.\n")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# ---- the databases ---------------------------------------------------------------------------------------------


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all parallel workers of this session see."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Cluster"]:
    """The private PostgreSQL of this session."""
    from tests.cluster import programs, running

    if programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running(_shared_folder(tmp_path_factory) / "cluster.json") as found:
        yield found


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables and no rows, which every test copies."""
    from models.migrate import upgrade

    file = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(_migrated_file: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    file = tmp_path / "doleance.sqlite3"
    shutil.copy(_migrated_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(cluster: "Cluster") -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    name = cluster.create(cluster.migrated())
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database, once on each engine."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


# ---- the application -------------------------------------------------------------------------------------------


def application(url: str, home: Path) -> "Flask":
    """The application as tests run it, on a migrated database."""
    from app import create_app

    os.environ["DOLEANCE_HOME"] = str(home)
    try:
        return create_app(DATABASE_URL=url, TESTING=True, PROPAGATE_EXCEPTIONS=True)
    finally:
        del os.environ["DOLEANCE_HOME"]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator["Flask"]:
    """The application on a fresh database, once on each engine."""
    made = application(database_url, tmp_path)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def world(app: "Flask") -> "World":
    """Organisations and people, on each engine. For tests that need one engine only: `small_world`."""
    from tests.world import build

    return build(app)


@pytest.fixture
def small_world(sqlite_url: str, tmp_path: Path) -> Iterator["World"]:
    """The same on SQLite only, for what does not touch the database's own ways."""
    from tests.world import build

    made = application(sqlite_url, tmp_path)
    yield build(made)
    made.extensions["database"].engine.dispose()


# ---- the browser -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium as the system has it; root may not use its sandbox."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip("Chromium is not installed (Debian: chromium)")
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    return {"executable_path": found, "args": [*root, "--disable-dev-shm-usage", "--disable-gpu"]}
