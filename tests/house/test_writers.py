"""Who may touch cases: one workshop writes them, one module selects them."""

from pathlib import Path

import pytest

from tests.house.tree import imports, text, under

# Maintenance of the whole database, and stories that are made up: neither serves a visitor.
ABOVE_ALL = ("cx/cli", "cx/demo", "app.py")


def _is_above_all(path: Path) -> bool:
    return str(path).startswith(ABOVE_ALL)


@pytest.mark.parametrize("path", [path for path in under("cx", "app.py") if not _is_above_all(path)], ids=str)
def test_only_the_disputes_workshop_knows_the_table_of_cases(path: Path) -> None:
    if path.parts[:2] == ("cx", "disputes"):
        return
    known = {name for name in imports(path) if name.split(".")[:2] == ["models", "case"]}
    assert known == set(), "ask cx.disputes.sight for cases, and cx.disputes for changes"


@pytest.mark.parametrize("path", under("cx/intake", "cx/desk", "cx/insight"), ids=str)
def test_rooms_read_and_never_write(path: Path) -> None:
    said = text(path)
    assert [word for word in (".add(", ".add_all(", ".commit(", ".flush(", ".merge(") if f"session{word}" in said] == []
