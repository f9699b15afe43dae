"""Rollups: what managers see, kept as appended deltas, folded now and then, read together with the unfolded rest.

Measures: `told`, `sent`, `solved` (yes, partly, no), `value:<value>` (1 to 5), `theme` (confirmed by people), `ruled`
(cases on which somebody ruled), `place`, `channel`, `days` (to the first answer, as days), `ended`, `reopened`; what
the reader saw is counted by `cx.disputes.drift`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, text, union_all, update
from sqlalchemy.orm import Session

from models import Figure, FigureDelta

FIGURES = Figure.__table__
DELTAS = FigureDelta.__table__

KEY_LENGTH = 80

Cell = tuple[int, str, date, str]


def clipped(key: str) -> str:
    """A key as the tables hold it: a long place is told apart by its beginning."""
    return key[:KEY_LENGTH]


def count(session: Session, changes: Iterable[tuple[int, str, str, int, date]]) -> None:
    """Append changes: (organisation, measure, key, how many, day). Days are kept as their month.

    Changes of one figure are added up first, so that ten thousand imported cases do not make ten thousand rows.
    """
    summed: Counter[Cell] = Counter()
    for organisation_id, measure, key, many, on in changes:
        summed[organisation_id, measure, on.replace(day=1), clipped(key)] += many
    rows = [_row(cell, many) for cell, many in summed.items() if many]
    if rows:
        session.execute(insert(DELTAS), rows)  # type: ignore[arg-type]


def fold(session: Session) -> int:
    """Fold the deltas so far into the figures, in the present transaction; returns how many were folded.

    What is folded is what the one DELETE returns: a delta committed meanwhile under a smaller number is never lost.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two clock processes take turns: both would add the same new figure.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('doleance figures', 0))"))
    columns = (FigureDelta.organisation_id, FigureDelta.measure, FigureDelta.month, FigureDelta.key, FigureDelta.count)
    taken = session.execute(delete(FigureDelta).returning(*columns)).all()
    added: Counter[Cell] = Counter()
    for organisation_id, measure, month, key, many in taken:
        added[organisation_id, measure, month, key] += many
    known = _known(session, added)
    fresh = [_row(cell, many) for cell, many in added.items() if cell not in known and many]
    if fresh:
        session.execute(insert(FIGURES), fresh)  # type: ignore[arg-type]
    for cell, many in added.items():
        if cell in known and many:
            session.execute(
                update(Figure)
                .where(
                    Figure.organisation_id == cell[0],
                    Figure.measure == cell[1],
                    Figure.month == cell[2],
                    Figure.key == cell[3],
                )
                .values(count=Figure.count + many)
            )
    return len(taken)


def _known(session: Session, cells: Iterable[Cell]) -> set[Cell]:
    organisations = {cell[0] for cell in cells}
    query = select(Figure.organisation_id, Figure.measure, Figure.month, Figure.key).where(
        Figure.organisation_id.in_(organisations)
    )
    return {(a, b, c, d) for a, b, c, d in session.execute(query)}


def _row(cell: Cell, many: int) -> dict[str, Any]:
    return {"organisation_id": cell[0], "measure": cell[1], "month": cell[2], "key": cell[3], "count": many}


def read(
    session: Session,
    organisations: Sequence[int] | None,
    measures: Sequence[str],
    since: date | None = None,
    until: date | None = None,
) -> dict[str, Counter[tuple[date, str]]]:
    """Figures by measure: how many for each (month, key). `organisations=None` means all; months are inclusive."""
    parts = []
    for model in (Figure, FigureDelta):
        part = select(
            model.measure.label("measure"),
            model.month.label("month"),
            model.key.label("key"),
            func.sum(model.count).label("many"),
        ).where(model.measure.in_(measures))
        if organisations is not None:
            part = part.where(model.organisation_id.in_(organisations))
        if since is not None:
            part = part.where(model.month >= since.replace(day=1))
        if until is not None:
            part = part.where(model.month <= until)
        parts.append(part.group_by(model.measure, model.month, model.key))
    found: dict[str, Counter[tuple[date, str]]] = {measure: Counter() for measure in measures}
    for measure, month, key, many in session.execute(union_all(*parts)):
        found[measure][month, key] += int(many)
    return found
