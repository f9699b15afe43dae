"""An acknowledged complaint survives the sudden death of any web process, on either database."""

from pathlib import Path

import pytest

from bench.kills import run


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_twenty_kills_lose_and_double_nothing(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue("postgresql_url") if engine == "postgresql" else ""
    found, _starts = run(tmp_path, database, kills=20)
    assert found.acknowledged > 0
    assert found.kept, found
