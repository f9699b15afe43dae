"""Loads a case as a ledger and writes ledgers back: rows inserted in bulk, the case updated only if nobody was faster.

Numbers are handed out before inserting (a sequence on PostgreSQL, the largest number so far on SQLite, where we hold
the only write transaction), so one case and ten thousand are written by the same statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, text, update
from sqlalchemy.orm import Session

from cx.core.acts import Event
from cx.core.dispute import fold
from cx.core.incident import Reading
from cx.core.refusals import Conflict, NotVisible
from cx.core.words import Role
from cx.disputes import drift, pledges, switches
from cx.disputes.bulk import insert_rows
from cx.disputes.figures import count
from cx.disputes.ledger import Ledger, Row
from cx.disputes.watchdays import watch
from cx.disputes.workbench import Workbench
from models import (
    AccessLink,
    Base,
    Case,
    CaseTheme,
    ClockRun,
    Contact,
    EventRow,
    Message,
    OfferVersion,
    Organisation,
    Point,
    ReadingOpinion,
    ReadingRow,
    SearchRow,
    Survey,
    ThemeRuling,
)


def table(model: type[Base]) -> Table:
    """The table of a model, for statements over many rows."""
    found = model.__table__
    assert isinstance(found, Table)
    return found


def numbers(session: Session, model: type[Base], many: int) -> list[int]:
    """`many` fresh numbers for the rows of a table."""
    name = table(model).name
    if session.get_bind().dialect.name == "postgresql":
        query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :many)")
        return list(session.scalars(query, {"name": name, "many": many}))
    top = session.scalar(select(func.max(table(model).c.id))) or 0
    return list(range(top + 1, top + many + 1))


def load(session: Session, case_id: int) -> Ledger:
    """The case as a ledger, locked until the transaction ends. Raises NotVisible when there is none."""
    query = select(table(Case)).where(table(Case).c.id == case_id).with_for_update()
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotVisible
    lines = session.execute(
        select(EventRow.kind, EventRow.role, EventRow.actor, EventRow.at, EventRow.data)
        .where(EventRow.case_id == case_id)
        .order_by(EventRow.seq)
    )
    dispute = fold(Event(kind, Role(role), actor, at, data) for kind, role, actor, at, data in lines)
    ledger = Ledger(dict(row), dispute, loaded=row["version"], said=switches.said(session))
    ledger.target_days = (
        session.scalar(select(Organisation.target_days).where(Organisation.id == row["organisation_id"])) or 10
    )
    for model, kept in ((Point, ledger.points), (OfferVersion, ledger.offers), (ClockRun, ledger.runs)):
        columns = table(model)
        found = session.execute(select(columns).where(columns.c.case_id == case_id).order_by(columns.c.id))
        kept.extend(Row(dict(one), stored=True) for one in found.mappings())
    return ledger


def save(session: Session, bench: Workbench, ledgers: Sequence[Ledger]) -> None:
    """Write ledgers in the present transaction. Raises Conflict when a case moved since it was loaded."""
    promised = pledges.settle(session, ledgers)
    for ledger in ledgers:
        watch(ledger)
    fresh = [ledger for ledger in ledgers if ledger.fresh]
    for ledger in ledgers:
        if not ledger.fresh:
            _update_case(session, ledger)
    for ledger, number in zip(fresh, numbers(session, Case, len(fresh)) if fresh else (), strict=True):
        ledger.case["id"] = number
    _insert(session, Case, [ledger.case for ledger in fresh])
    _insert(session, Contact, [{"case_id": one.case["id"], **one.contact} for one in ledgers if one.contact])
    _insert_links(session, ledgers)
    _insert_texts(session, ledgers)
    _insert(session, EventRow, [{"case_id": one.case["id"], **line} for one in ledgers for line in one.events])
    for model, rows in ((Point, "points"), (OfferVersion, "offers"), (ClockRun, "runs")):
        _side_rows(session, model, [(one.case["id"], row) for one in ledgers for row in getattr(one, rows)])
    _insert(session, Survey, [_of(one, row) for one in ledgers for row in one.surveys])
    _insert_themes(session, ledgers)
    changes = [(one.case["organisation_id"], (*one.figures, *drift.of_ledger(one))) for one in ledgers]
    count(session, [(owner, *figure) for owner, figures in changes for figure in figures])
    pledges.write(session, promised)
    _notify(session, bench, ledgers)
    for ledger in ledgers:
        _settle(ledger)


def post(session: Session, bench: Workbench, ledgers: Sequence[Ledger]) -> None:
    """Write only the letters of ledgers to which nothing else happened."""
    _insert_links(session, ledgers)
    _notify(session, bench, ledgers)
    for ledger in ledgers:
        ledger.notices.clear()
        ledger.links.clear()


def _notify(session: Session, bench: Workbench, ledgers: Sequence[Ledger]) -> None:
    bench.tell(session, [(one.case["id"], notice) for one in ledgers for notice in one.notices])


def _of(ledger: Ledger, row: dict[str, Any]) -> dict[str, Any]:
    return {"case_id": ledger.case["id"], "organisation_id": ledger.case["organisation_id"], **row}


def _insert(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    insert_rows(session, table(model), rows)


def _update_case(session: Session, ledger: Ledger) -> None:
    columns = table(Case)
    values = {name: value for name, value in ledger.case.items() if name != "id"}
    done = session.execute(
        update(columns).where(columns.c.id == ledger.case["id"], columns.c.version == ledger.loaded).values(values)
    )
    if getattr(done, "rowcount", 0) != 1:
        raise Conflict(ledger.loaded, -1)


def _insert_links(session: Session, ledgers: Iterable[Ledger]) -> None:
    rows = [
        {"case_id": one.case["id"], "secret_hash": link, "created_at": one.case["told_at"], "revoked_at": None}
        for one in ledgers
        for link in one.links
    ]
    _insert(session, AccessLink, rows)


def _insert_texts(session: Session, ledgers: Sequence[Ledger]) -> None:
    texts = [(one.case["id"], message) for one in ledgers for message in one.messages]
    if not texts:
        return
    rows, index = [], []
    for number, (case_id, message) in zip(numbers(session, Message, len(texts)), texts, strict=True):
        tokens = message.pop("tokens")
        rows.append({"id": number, "case_id": case_id, **message})
        index.append({"case_id": case_id, "message_id": number, "tokens": tokens})
    _insert(session, Message, rows)
    _insert(session, SearchRow, index)


def _side_rows(session: Session, model: type[Base], rows: Sequence[tuple[int, Row]]) -> None:
    _insert(session, model, [{"case_id": case_id, **row} for case_id, row in rows if not row.stored])
    columns = table(model)
    for _case_id, row in rows:
        if row.stored and row.changed:
            session.execute(update(columns).where(columns.c.id == row["id"]).values(row.changed))


def _insert_themes(session: Session, ledgers: Sequence[Ledger]) -> None:
    readings = [reading_row(one.case["id"], at, reading) for one in ledgers for at, reading in one.readings]
    _insert(session, ReadingRow, readings)
    _insert(session, ThemeRuling, [{"case_id": one.case["id"], **row} for one in ledgers for row in one.rulings])
    standing = [_of(one, {"theme": theme, "status": status}) for one in ledgers for theme, status in one.themes.items()]
    _insert(session, CaseTheme, standing)
    _insert(session, ReadingOpinion, [_of(one, row) for one in ledgers for row in one.opinions])


def reading_row(case_id: int, at: datetime, reading: Reading) -> dict[str, Any]:
    """The row that keeps a reading."""
    return {
        "case_id": case_id,
        "at": at,
        "version": reading.version,
        "language": reading.language,
        "abstained": reading.abstained,
        "scores": {theme.value: round(score, 4) for theme, score in reading.scores.items()},
        "reasons": _reasons(reading),
        "known": drift.per_cent(reading.known),
    }


def _reasons(reading: Reading) -> dict[str, Any]:
    """Where each suggested theme is told, without the words: they can be erased, and these are only places."""
    return {
        theme.value: {
            "sure": theme in reading.sure,
            "span": [reason.start, reason.end],
            "words": [[start, end, round(weight, 3)] for start, end, weight in reason.words],
        }
        for theme, reason in reading.reasons.items()
    }


def _settle(ledger: Ledger) -> None:
    """What was fresh is stored now: a ledger may go on."""
    for name in ("events", "messages", "surveys", "figures", "readings", "rulings", "opinions", "notices", "links"):
        getattr(ledger, name).clear()
    ledger.themes.clear()
    ledger.contact = None
    ledger.loaded = ledger.case["version"]
