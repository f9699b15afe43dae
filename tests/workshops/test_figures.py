"""Rollups: however deltas come in and whenever they are folded, what is read is their sum."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from cx.disputes import figures
from models import Figure, FigureDelta, Organisation
from models.engine import Database

MEASURES = ("told", "solved", "place")
KEYS = ("", "yes", "AF-07", "x" * 120)
changes = st.tuples(
    st.sampled_from((1, 2)),
    st.sampled_from(MEASURES),
    st.sampled_from(KEYS),
    st.sampled_from((-2, -1, 1, 3)),
    st.dates(date(2026, 1, 1), date(2026, 4, 30)),
)
# None stands for "fold now".
days = st.lists(st.one_of(st.none(), st.lists(changes, max_size=4)), max_size=8)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with two organisations."""
    made = Database(database_url)
    with made.writing() as session:
        session.add_all(
            Organisation(
                id=number, slug=f"o{number}", name="O", name_folded="o", sector="postal", country="FR",
                zone="Europe/Paris", created_at=datetime.now(UTC),
            )
            for number in (1, 2)
        )  # fmt: skip
    yield made
    made.engine.dispose()


def _sum(done: list[tuple[int, str, str, int, date]], whose: tuple[int, ...]) -> Counter[tuple[str, date, str]]:
    total: Counter[tuple[str, date, str]] = Counter()
    for organisation, measure, key, many, on in done:
        if organisation in whose and date(2026, 2, 1) <= on < date(2026, 4, 1):
            total[measure, on.replace(day=1), key[:80]] += many
    return total


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=days)
def test_what_is_read_is_the_sum_whenever_it_was_folded(
    database: Database, steps: list[list[tuple[int, str, str, int, date]] | None]
) -> None:
    done: list[tuple[int, str, str, int, date]] = []
    with database.writing() as session:
        session.execute(delete(Figure))
        session.execute(delete(FigureDelta))
    for step in steps:
        with database.writing() as session:
            if step is None:
                figures.fold(session)
            else:
                figures.count(session, step)
                done += step
    for whose in ((1,), (2,), (1, 2)):
        with database.reading() as session:
            found = figures.read(session, whose, MEASURES, date(2026, 2, 17), date(2026, 3, 31))
        flat = Counter({(measure, *cell): many for measure, cells in found.items() for cell, many in cells.items()})
        expected = _sum(done, whose)
        assert {cell: many for cell, many in flat.items() if many} == {
            cell: many for cell, many in expected.items() if many
        }
