"""The commands as the operator meets them: exit codes, one sentence when something is wrong, nothing done twice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result
from sqlalchemy import select, text, update

from app import create_app
from cx.cli import starting
from cx.core import clock
from models import Installation, Letter, Organisation
from models.engine import Database
from models.migrate import HEAD, current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.cluster import Cluster
    from tests.world import World


def _run(app: "Flask", *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Flask]":
    """The application on a database that is not there yet."""
    tmp_path.chmod(0o700)
    monkeypatch.setenv("DOLEANCE_HOME", str(tmp_path))
    made = create_app(TESTING=True)
    yield made
    made.extensions["database"].engine.dispose()


# ---- prepare -----------------------------------------------------------------------------------------------------


def test_an_empty_start_makes_tables_and_shows_the_first_link_until_somebody_administers(bare: "Flask") -> None:
    first = _run(bare, "prepare", "--no-demo")
    assert first.exit_code == 0, first.output
    assert current(bare.extensions["database"]) == HEAD
    assert "/setup/" in first.output
    second = _run(bare, "prepare", "--no-demo")
    assert "/setup/" in second.output
    assert second.output != first.output
    link = next(word for word in second.output.split() if "/setup/" in word)
    assert bare.test_client().get(link).status_code == 200


def test_a_begun_installation_never_gets_a_demo(bare: "Flask", monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[int] = []
    monkeypatch.setattr(starting, "fill_demo", lambda _database, cases, _seed: filled.append(cases))
    _run(bare, "prepare", "--no-demo")
    assert _run(bare, "prepare").exit_code == 0
    assert filled == []


def test_a_first_start_fills_the_demo_in_and_an_interrupted_one_begins_anew(
    bare: "Flask", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(starting, "fill_demo", lambda *_: done.append("filled"))
    monkeypatch.setattr(
        starting, "remove_demo", lambda _: ((tmp_path / starting.UNFINISHED).unlink(), done.append("out"))
    )
    (tmp_path / starting.UNFINISHED).touch()
    assert _run(bare, "prepare").exit_code == 0
    assert done == ["out", "filled"]


def test_an_administered_installation_is_prepared_without_a_word(world: "World") -> None:
    done = _run(world.app, "prepare")
    assert (done.exit_code, done.output) == (0, "")
    with world.database.reading() as session:
        assert session.scalars(select(Installation)).all() == []


def test_a_database_of_a_newer_version_is_left_alone(world: "World") -> None:
    with world.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = _run(world.app, "prepare")
    assert done.exit_code == 1
    assert "cannot be brought to version" in done.stderr


def test_two_hosts_prepare_one_server_at_once(cluster: "Cluster", tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    name = cluster.create()
    hosts = [Database(cluster.url(name)) for _ in range(3)]
    with ThreadPoolExecutor(len(hosts)) as pool:
        for done in [pool.submit(starting.migrate, host) for host in hosts]:
            done.result()
    assert current(hosts[0]) == HEAD
    for host in hosts:
        host.engine.dispose()
    cluster.drop(name)


# ---- demo --------------------------------------------------------------------------------------------------------


def test_the_demo_comes_and_goes_and_leaves_the_rest(bare: "Flask", tmp_path: Path) -> None:
    assert _run(bare, "demo", "--cases", "20").exit_code == 0
    accounts = json.loads((tmp_path / "demo-accounts.json").read_text(encoding="utf-8"))
    assert {"email", "password", "role", "organisation"} <= set(accounts[0])
    assert not (tmp_path / starting.UNFINISHED).exists()
    assert _run(bare, "audit", "verify").exit_code == 0
    again = _run(bare, "demo", "--cases", "5")
    assert again.exit_code == 0, again.output
    with bare.extensions["database"].reading() as session:
        # Five, the eight of the demo story, and three about a company that does not read us.
        assert session.scalar(text("SELECT count(*) FROM complaint_case")) == 16
    gone = _run(bare, "demo", "--remove")
    assert gone.exit_code == 0, gone.output
    with bare.extensions["database"].reading() as session:
        assert session.scalar(text("SELECT count(*) FROM complaint_case")) == 0
        assert session.scalar(text("SELECT count(*) FROM account")) == 0
    assert not (tmp_path / "demo-accounts.json").exists()
    # A later start does not bring it back.
    assert _run(bare, "prepare").exit_code == 0
    with bare.extensions["database"].reading() as session:
        assert session.scalar(text("SELECT count(*) FROM complaint_case")) == 0


@pytest.mark.parametrize("arguments", [[], ["--cases", "5", "--remove"], ["--cases", "-1"], ["--cases", "many"]])
def test_a_demo_of_nothing_is_wrong_usage(small_world: "World", arguments: list[str]) -> None:
    assert _run(small_world.app, "demo", *arguments).exit_code == 2


# ---- doctor ------------------------------------------------------------------------------------------------------


def _doctor(app: "Flask") -> tuple[int, dict[str, list[tuple[str, str]]]]:
    done = _run(app, "doctor", "--json")
    found: dict[str, list[tuple[str, str]]] = {}
    for one in json.loads(done.stdout):
        found.setdefault(one["what"], []).append((one["health"], one["sentence"]))
    return done.exit_code, found


@pytest.fixture
def sound(world: "World", tmp_path: Path) -> "World":
    """The small world with a data folder as the first start makes it."""
    tmp_path.chmod(0o700)
    return world


def test_the_doctor_finds_nothing_unsafe_in_a_sound_installation(sound: "World") -> None:
    code, found = _doctor(sound.app)
    assert code == 0, found
    assert found["tables"][0][0] == "good"
    assert found["durability"][0][0] == "good"
    assert found["mail"][0][0] == "missing"
    assert found["clock"][0][0] == "missing"
    _run(sound.app, "clock", "--once")
    assert _doctor(sound.app)[1]["clock"][0][0] == "good"


def test_the_doctor_sees_what_is_unsafe(sound: "World", tmp_path: Path) -> None:
    (tmp_path / "key.secret").chmod(0o644)
    assert _doctor(sound.app)[1]["secrets"][0][0] == "unsafe"
    (tmp_path / "key.secret").chmod(0o600)
    tmp_path.chmod(0o755)
    assert _doctor(sound.app)[1]["data folder"][0][0] == "unsafe"
    tmp_path.chmod(0o700)
    sound.app.config["DOLEANCE_URL"] = "http://doleance.example.org"
    code, found = _doctor(sound.app)
    assert (code, found["address"][0][0]) == (1, "unsafe")
    sound.app.config["DOLEANCE_URL"] = "https://doleance.example.org"
    assert _doctor(sound.app)[0] == 0
    with sound.database.writing() as session:
        session.execute(update(Organisation).where(Organisation.slug == "poste").values(demo=True))
    code, found = _doctor(sound.app)
    assert (code, found["demo"][0][0]) == (1, "unsafe")


def test_the_doctor_names_who_is_missing_and_which_letters_were_given_up(sound: "World") -> None:
    sound.tell()
    with sound.database.writing() as session:
        session.execute(update(Letter).values(status="failed", error="550 no such person"))
        session.execute(update(Organisation).where(Organisation.slug == "poste").values(duty_account_id=None))
        session.execute(text("UPDATE membership SET until = since WHERE role = 'admin' OR organisation_id = 2"))
    _, found = _doctor(sound.app)
    people = [sentence for _, sentence in found["people"]]
    assert any("no administrator" in one for one in people)
    assert any("Nobody reads for Banque Tessaure" in one for one in people)
    assert any("Poste Arvane has no duty person" in one for one in people)
    assert any("550 no such person" in sentence for _, sentence in found["mail"])


def test_the_doctor_of_an_unprepared_database_says_what_to_do(bare: "Flask") -> None:
    code, found = _doctor(bare)
    assert (code, found["tables"][0][0]) == (1, "unsafe")
    assert "flask prepare" in found["tables"][0][1]


# ---- clocks, doors, and what is wrong ----------------------------------------------------------------------------


def test_many_processes_read_what_one_reads_in_its_order(small_world: "World") -> None:
    texts = ["Personne ne répond, impossible de parler à un humain.", "", "She hung up on me, so rude.", "Ok."] * 60
    given = "\n".join(json.dumps({"id": number, "text": text}) for number, text in enumerate(texts))
    runner = small_world.app.test_cli_runner()
    one, two = (runner.invoke(args=["themes", "read", *jobs], input=given) for jobs in ([], ["--jobs", "2"]))
    assert two.exit_code == 0, two.stderr
    assert two.stdout == one.stdout
    assert [json.loads(line)["id"] for line in two.stdout.splitlines()] == list(range(len(texts)))


def test_a_clock_is_explained_in_words_and_as_data(small_world: "World") -> None:
    words = _run(small_world.app, "clocks", "explain", "fr-bk-ack", "--from", "2026-04-28")
    assert words.exit_code == 0
    assert "Due on Tuesday 2026-05-12" in words.output
    assert "left out: holiday:Fête du Travail" in words.output
    assert "10 working days (Monday to Saturday)" in words.output
    plain: dict[str, Any] = json.loads(
        _run(small_world.app, "clocks", "explain", "FR-BK-ACK", "--from", "2026-04-28", "--json").output
    )
    assert (plain["id"], plain["start"], plain["due_on"]) == ("FR-BK-ACK", "2026-04-28", "2026-05-12")
    assert {"day": "2026-05-08", "reason": "holiday:Fête de la Victoire"} in plain["skipped"]
    assert plain["steps"][-1]["kind"] == "due"


def test_every_clock_explains_itself(small_world: "World") -> None:
    for name, row in clock.load().items():
        words = _run(small_world.app, "clocks", "explain", name, "--from", "2027-01-31")
        assert words.exit_code == 0, name
        assert row.source in words.output
        if row.extension is not None and row.extension.limit is not None:
            assert _run(small_world.app, "clocks", "explain", name, "--from", "2027-01-31", "--extended").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clocks", "explain", "NO-SUCH", "--from", "2026-04-28"], 1),
        (["clocks", "explain", "FR-BK-ACK", "--from", "1700-01-01"], 1),
        (["clocks", "explain", "FR-BK-ACK", "--from", "2026-13-01"], 2),
        (["clocks", "explain", "FR-BK-ACK"], 2),
        (["letters", "--once"], 1),
        (["restore", "nothing-here"], 2),
        (["audit", "nonsense"], 2),
    ],
)
def test_what_is_wrong_ends_with_its_code_and_a_sentence(small_world: "World", arguments: list[str], code: int) -> None:
    done = _run(small_world.app, *arguments)
    assert done.exit_code == code, done.output
    assert "Error: " in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "arguments", [["audit", "verify"], ["rollups", "verify"], ["clock", "--once"], ["letters", "--once"]]
)
def test_tables_that_are_not_there_are_a_sentence(bare: "Flask", arguments: list[str]) -> None:
    bare.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    done = _run(bare, *arguments)
    assert done.exit_code == 1
    assert "flask prepare" in done.stderr


def test_a_server_that_does_not_answer_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLEANCE_HOME", str(tmp_path))
    app = create_app(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    done = _run(app, "prepare")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: The database cannot be used")


@pytest.mark.postgresql
def test_a_database_that_is_not_there_is_called_that(
    cluster: "Cluster", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOLEANCE_HOME", str(tmp_path))
    done = _run(create_app(DATABASE_URL=cluster.url("nowhere")), "prepare")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: The database cannot be used")
    assert "flask prepare" not in done.stderr


def test_every_door_is_told(small_world: "World") -> None:
    found = json.loads(_run(small_world.app, "doors", "--json").output)
    assert [one["rule"] for one in found if one["audience"] is None] == []
    desk = next(one for one in found if one["rule"] == "/desk" and "GET" in one["methods"])
    assert "agent" in desk["audience"]
    assert not desk["writes"]
    assert len(_run(small_world.app, "doors").output.splitlines()) == len(found)
