"""Several lists in one statement read back what single statements read, on both engines."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import BigInteger, bindparam, insert, select

from models import Absence, Account, ClockRun, Draft, Organisation
from models.bundle import Bundle
from models.engine import Database

MOMENTS = (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2024, 2, 29, 23, 59, 59, 120_000, tzinfo=UTC))
DATA: dict[str, Any] = {"words": 'Dit « non » — "encore" \\ 🙂\n', "list": [1, 2.5, None, True], "empty": {}}


@pytest.fixture
def database(database_url: str) -> Database:
    made = Database(database_url)
    with made.writing() as session:
        for number, at in enumerate(MOMENTS):
            session.execute(
                insert(Draft).values(secret_hash=f"{number}", data=DATA, created_at=at, updated_at=MOMENTS[0])
            )
            session.execute(
                insert(Account).values(
                    email=f"{number}@example.org", name="Hélène d’Arc", fs_uniquifier=f"{number}", active=number == 0,
                    created_at=at, password=None,
                )
            )  # fmt: skip
    return made


def test_every_kind_of_value_comes_back_as_it_is(database: Database) -> None:
    drafts, accounts = select(*Draft.__table__.c), select(*Account.__table__.c)
    bundle = Bundle(drafts=drafts, accounts=accounts)
    with database.reading() as session:
        found = bundle.fetch(session)
        for name, query in (("drafts", drafts), ("accounts", accounts)):
            plain = [tuple(row) for row in session.execute(query.order_by("id"))]
            assert [tuple(row) for row in sorted(found[name], key=lambda row: row.id)] == plain
    assert {row.created_at for row in found["drafts"]} == set(MOMENTS)
    assert found["drafts"][0].data == DATA
    assert {row.active for row in found["accounts"]} == {True, False}
    database.engine.dispose()


def test_lists_share_parameters_and_may_be_cut_or_empty(database: Database) -> None:
    least = bindparam("least", type_=BigInteger)
    bundle = Bundle(
        newest=select(Draft.id, Draft.secret_hash).where(Draft.id >= least).order_by(Draft.id.desc()).limit(1),
        people=select(Account.id).where(Account.id >= least, Account.name.in_(bindparam("names", expanding=True))),
        clocks=select(ClockRun.due_on),
        houses=select(Organisation.id, Organisation.name),
    )
    with database.reading() as session:
        for names, many in ((["Hélène d’Arc", "x"], 2), ([], 0)):
            found = bundle.fetch(session, least=1, names=names)
            assert [row.secret_hash for row in found["newest"]] == ["1"]
            assert len(found["people"]) == many
            assert found["clocks"] == found["houses"] == []
        assert bundle.fetch(session, least=999, names=["x"])["newest"] == []
    database.engine.dispose()


def test_days_come_back_as_days(database: Database) -> None:
    first, last = date(2024, 2, 29), date(2026, 12, 31)
    with database.writing() as session:
        session.execute(
            insert(Organisation).values(
                slug="x", name="X", name_folded="x", sector="postal", country="FR", zone="Europe/Paris",
                created_at=MOMENTS[0],
            )
        )  # fmt: skip
        values = {"account_id": 1, "organisation_id": 1, "substitute_id": 2, "first": first, "last": last}
        session.execute(insert(Absence).values(**values, created_at=MOMENTS[0]))
    with database.reading() as session:
        (row,) = Bundle(away=select(Absence.first, Absence.last, Absence.told_at)).fetch(session)["away"]
    assert row == (first, last, None)
    database.engine.dispose()
