"""The search index: one appended row a text, matched by FTS5 on SQLite and a tsvector on PostgreSQL.

Both engines see the same tokens: they are made in Python (`cx.disputes.analysis`), folded and stemmed, so
French is stemmed on FTS5 too and results agree. Marker tokens for organisation and audience ride along.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ForeignKey, Text, bindparam, column, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import NamedFromClause

from models.base import Base, BigId, Id


class SearchRow(Base):
    """The tokens of one text of one case, separated by spaces.

    `message_id` is no foreign key: without an index of its own, each message deleted would look through all rows.
    """

    __tablename__ = "search_row"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(BigId)
    tokens: Mapped[str] = mapped_column(Text)


class matching(FunctionElement[Any]):  # noqa: N801 - it reads as an SQL function
    """`matching(query, limit)`: ids and cases of the newest rows that match, as a table."""

    inherit_cache = True
    name = "matching"


@compiles(matching, "sqlite")
def _sqlite(element: matching, compiler: SQLCompiler, **kw: Any) -> str:
    query, limit = (compiler.process(clause, **kw) for clause in element.clauses)
    return (
        "(SELECT r.id AS id, r.case_id AS case_id FROM search_fts f JOIN search_row r ON r.id = f.rowid "
        f"WHERE search_fts MATCH {query} ORDER BY f.rowid DESC LIMIT {limit})"
    )


@compiles(matching, "postgresql")
def _postgresql(element: matching, compiler: SQLCompiler, **kw: Any) -> str:
    query, limit = (compiler.process(clause, **kw) for clause in element.clauses)
    return (
        "(SELECT r.id AS id, r.case_id AS case_id FROM search_row r "
        f"WHERE r.vector @@ CAST({query} AS tsquery) ORDER BY r.id DESC LIMIT {limit})"
    )


def newest_matches(query: str, limit: int) -> NamedFromClause:
    """The newest `limit` rows for `query` (from `match_query`) as a table with `id` and `case_id`.

    The query stands in the statement itself: PostgreSQL makes one plan for all values of a parameter that it has met
    a few times, and the plan for a common word walks the whole archive to find a rare one.
    """
    asked: BindParameter[str] = bindparam("asked", query, literal_execute=True)
    return matching(asked, literal(limit)).table_valued(column("id"), column("case_id")).alias("hits")


def match_query(dialect: str, groups: Sequence[Sequence[str]]) -> str:
    """Write `(a or b) and (c)` in the query language of the engine. Tokens are [a-z0-9] only, so nothing is quoted."""
    if dialect == "sqlite":
        return " AND ".join("(" + " OR ".join(f'"{token}"' for token in group) + ")" for group in groups)
    return " & ".join("(" + " | ".join(f"'{token}'" for token in group) + ")" for group in groups)
