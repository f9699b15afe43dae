"""The demo in the database: whole, sound, the same for the same seed, and out again without a trace."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.accounts.passwords import is_password
from cx.core.incident import Contact, Reading, Report
from cx.core.words import Sector, State, Theme, Wish
from cx.demo import fill as filling
from cx.demo.fill import fill, remove
from cx.demo.people import EVERYBODY, ORGANISATIONS
from cx.disputes import audit, figures, filing, recount
from cx.disputes.reference import hash_secret
from cx.disputes.storing import table
from cx.disputes.workbench import Workbench
from models import (
    Absence,
    AccessLink,
    Account,
    Base,
    Case,
    CaseTheme,
    EventRow,
    FigureDelta,
    HumanRequest,
    Message,
    Organisation,
    ReadingRow,
    Staffing,
)
from models.engine import Database

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SEED = 1789


class Attentive:
    """A reader that always suggests one theme and hesitates about nothing."""

    def read(self, text: str, language: str) -> Reading:
        themes = () if len(text) < 20 else (Theme.MACHINE_DEAD_END,)
        return Reading("test", dict.fromkeys(Theme, 0.5), themes, not themes, language)


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table(model))) or 0


def heads(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(table(Case).c.head).order_by(table(Case).c.id)))


def silent(_: int) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def filled(_migrated_file: Path, home: Path) -> Iterator[Database]:
    """The demo of a first start."""
    shutil.copy(_migrated_file, home / "demo.sqlite3")
    database = Database(f"sqlite:///{home / 'demo.sqlite3'}")
    fill(database, 2000, SEED, home, silent, Attentive(), "http://127.0.0.1:8000", NOW)
    yield database
    database.engine.dispose()


def test_every_state_and_both_languages_are_there(filled: Database) -> None:
    with filled.reading() as session:
        case = table(Case).c
        assert set(session.scalars(select(case.state).distinct())) == set(State)
        written = session.execute(select(case.language, func.count().label("many")).group_by(case.language))
        languages = {row.language: row.many for row in written}
        assert set(languages) == {"fr", "en"}
        assert min(languages.values()) > 500
        assert count(session, Case) == 2011
        assert not session.scalars(select(case.id).where(~case.demo)).all()


def test_it_looks_back_over_eighteen_months_and_never_ahead(filled: Database) -> None:
    with filled.reading() as session:
        told = list(session.scalars(select(table(Case).c.told_at).order_by(table(Case).c.id)))
        latest = session.scalar(select(func.max(Message.at)))
    assert latest is not None
    assert latest <= NOW
    generated = told[:-11]
    assert generated == sorted(generated)
    assert NOW - timedelta(days=560) < generated[0] < NOW - timedelta(days=530)
    assert NOW - timedelta(days=2) < generated[-1] <= NOW


def test_every_journal_proves_its_case(filled: Database) -> None:
    with filled.reading() as session:
        assert list(audit.verify(session)) == []


def test_the_figures_are_folded_and_say_what_the_rows_say(filled: Database) -> None:
    with filled.snapshot() as session:
        assert recount.recount(session) == []
        assert count(session, FigureDelta) == 0


def test_stories_are_read_and_some_themes_confirmed(filled: Database) -> None:
    with filled.reading() as session:
        assert count(session, ReadingRow) == 2008
        statuses = set(session.scalars(select(table(CaseTheme).c.status).distinct()))
        states = set(session.scalars(select(table(Case).c.reading_state).distinct()))
    assert statuses == {"maybe", "confirmed"}
    assert states == {"read", "to_read"}


def test_what_lies_with_a_third_party_is_on_the_neutrals_desk(filled: Database) -> None:
    with filled.reading() as session:
        case = table(Case).c
        neutral = session.scalar(select(Account.id).where(Account.email.startswith("helene.varga@")))
        outside = select(case.neutral_id).where(case.state.in_((State.IN_MEDIATION, State.LAPSED)))
        assert set(session.scalars(outside.distinct())) == {neutral}


def test_people_are_there_some_are_away_and_some_are_asked_for(filled: Database) -> None:
    with filled.reading() as session:
        staffed = set(session.scalars(select(Staffing.organisation_id).distinct()))
        assert staffed == set(session.scalars(select(Organisation.id).where(Organisation.claimed)))
        away = list(session.scalars(select(Absence)))
        assert all(one.told_at is not None and one.first < NOW.date() < one.last for one in away)
        assert len({one.organisation_id for one in away}) == len(away) == 2
        told = select(func.count()).select_from(EventRow).where(EventRow.kind == "substitute_named")
        assert (session.scalar(told) or 0) > 20
        asked = list(session.scalars(select(HumanRequest)))
        waiting = [one for one in asked if one.status == "waiting"]
        assert waiting
        assert all(one.asked_at < NOW < one.due_at for one in waiting)
        met = [one.met_at <= one.due_at for one in asked if one.met_at is not None]
        assert 0.7 < sum(met) / len(met) < 1
        # Nobody was handed over in silence.
        silent = select(func.count()).select_from(EventRow).where(EventRow.kind == "assigned", EventRow.digest == "")
        spoken = select(func.count()).select_from(EventRow).where(EventRow.kind == "assigned", EventRow.digest != "")
        assert session.scalar(spoken)
        # Whoever answers a case that nobody took takes it by that letter, which the next line holds.
        following = {
            (one.case_id, one.seq - 1) for one in session.scalars(select(EventRow).where(EventRow.kind == "written"))
        }
        quiet = session.execute(silent.with_only_columns(EventRow.case_id, EventRow.seq)).all()
        assert {tuple(one) for one in quiet} <= following


def test_every_sign_in_of_the_file_works_and_nadia_comes_first(filled: Database, home: Path) -> None:
    rows = json.loads((home / "demo-accounts.json").read_text(encoding="utf-8"))
    assert rows[0]["email"].startswith("nadia.ferrand@")
    assert len(rows) == len(EVERYBODY)
    assert all({"email", "password", "role", "organisation"} <= row.keys() for row in rows)
    with filled.reading() as session:
        accounts = {one.email: one for one in session.scalars(select(Account))}
        assert all(accounts[row["email"]].demo for row in rows)
        assert {row["role"] for row in rows} == {one.role for a in accounts.values() for one in a.memberships}
        assert is_password(accounts[rows[0]["email"]].password, rows[0]["password"])
        assert all(one.duty_account_id for one in session.scalars(select(Organisation).where(Organisation.claimed)))
    assert (home / "demo-accounts.json").stat().st_mode & 0o077 == 0


def test_the_eight_have_private_links_and_stand_first(filled: Database, home: Path) -> None:
    rows = json.loads((home / "demo-links.json").read_text(encoding="utf-8"))
    assert [row["number"] for row in rows] == list(range(1, 12))
    with filled.reading() as session:
        newest = session.scalars(select(table(Case).c.reference).order_by(table(Case).c.id.desc()).limit(8)).all()
        assert set(newest) == {row["reference"] for row in rows[:8]}
        assert count(session, AccessLink) == 11
        for row in rows:
            assert row["link"] == f"http://127.0.0.1:8000/k/{row['code']}"
            link = table(AccessLink).c
            opened = (
                select(table(Case).c.reference)
                .join(table(AccessLink))
                .where(link.secret_hash == hash_secret(row["code"]))
            )
            assert session.scalars(opened).all() == [row["reference"]]


def test_the_same_seed_and_moment_give_the_same_journals(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    empty = Path(sqlite_url.removeprefix("sqlite:///"))
    # Once by several processes in small batches, once by one in a single batch.
    for name, batch in (("many", 60), ("one", 1000)):
        shutil.copy(empty, tmp_path / f"{name}.sqlite3")
        database = Database(f"sqlite:///{tmp_path / f'{name}.sqlite3'}")
        monkeypatch.setattr(filling, "BATCH", batch)
        fill(database, 200, SEED, tmp_path, silent, now=NOW)
        found.append(heads(database))
        database.engine.dispose()
    assert found[0] == found[1]
    assert len(set(found[0])) == 211


def test_it_goes_out_without_a_trace_and_leaves_what_is_real(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    real = _somebody_real(database)
    # Large enough that PostgreSQL takes the rows by COPY.
    fill(database, 150, SEED, tmp_path, silent, Attentive(), now=NOW)
    with database.snapshot() as session:
        assert list(audit.verify(session)) == []
        assert recount.recount(session) == []
        assert count(session, Case) == 162
    removed: list[int] = []
    remove(database, removed.append)
    assert sum(removed) == 161
    with database.reading() as session:
        rows = {model.__tablename__: count(session, model) for model in _models()}
        left = {name: many for name, many in rows.items() if many}
        assert left == real
        assert list(audit.verify(session)) == []
    database.engine.dispose()


def test_a_demo_is_not_filled_twice_nor_over_somebody_real(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    fill(database, 0, SEED, tmp_path, silent, now=NOW)
    with pytest.raises(ValueError, match="there is a demo already"):
        fill(database, 0, SEED, tmp_path, silent, now=NOW)
    remove(database)
    with database.writing() as session:
        session.add(_organisation(ORGANISATIONS[0].slug))
    with pytest.raises(ValueError, match="bears a name of the demo"):
        fill(database, 0, SEED, tmp_path, silent, now=NOW)
    with database.reading() as session:
        assert count(session, Account) == 0
    database.engine.dispose()


def test_who_worked_on_a_real_case_stays_named_but_cannot_sign_in(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    fill(database, 0, SEED, tmp_path, silent, now=NOW)
    _somebody_real(database)
    with database.writing() as session:
        helene = session.scalars(select(Account).where(Account.name == "Hélène Varga")).one()
        case = session.scalars(select(table(Case).c.id).where(~table(Case).c.demo)).one()
        session.execute(table(Case).update().where(table(Case).c.id == case).values(neutral_id=helene.id))
    remove(database)
    with database.reading() as session:
        left = session.scalars(select(Account)).one()
        assert (left.name, left.active, left.password, left.memberships) == ("Hélène Varga", False, None, [])
    fill(database, 0, SEED, tmp_path, silent, now=NOW)
    with database.reading() as session:
        back = session.scalars(select(Account).where(Account.name == "Hélène Varga")).one()
        assert (back.id, back.active, len(back.memberships)) == (left.id, True, 1)
    database.engine.dispose()


def _models() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers]


def _organisation(slug: str) -> Organisation:
    return Organisation(
        slug=slug, name="Vraie Banque", name_folded="vraie banque", sector="bank", country="FR", zone="Europe/Paris",
        jurisdiction="FR", calendar="FR", created_at=NOW,
    )  # fmt: skip


def _somebody_real(database: Database) -> dict[str, int]:
    """File one real case; return how many rows of each table that takes."""
    with database.writing() as session:
        bank = _organisation("vraie-banque")
        session.add(bank)
        session.flush()
        report = Report(
            text="Ma carte est bloquée et personne ne répond.", organisation_id=bank.id, sector=Sector.BANK,
            wish=Wish.ANSWER, key="key-of-a-real-case", told_at=NOW, consent=True,
            contact=Contact("Anne Morel", "", "01 99 00 12 34"),
        )  # fmt: skip
        bench = Workbench(reader=Attentive)
        filing.file(session, bench, bank, report, Attentive().read(report.text, "fr"), "secret")
        figures.fold(session)
    with database.reading() as session:
        rows = {model.__tablename__: count(session, model) for model in _models()}
    return {name: many for name, many in rows.items() if many}
