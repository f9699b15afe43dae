"""Counts every figure again from the rows it came from, and says where the rollups differ (`flask rollups verify`).

Counted again: `told`, `place`, `channel`, `sent`, `solved`, `days`, `theme`, `ruled`, `value:<value>`, `reopened`,
`offered`, `agreed`, `paid`, `mediation`, `reading`, `suggested`, `known`. `ended` and `redress` are left out: a
reopened case no longer tells under which outcome it had ended before, nor an offer by which day it was to be paid.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, union, union_all
from sqlalchemy.orm import Session

from cx.core.words import Value
from cx.disputes import drift, mediated
from cx.disputes.figures import DELTAS, FIGURES, clipped, count
from cx.disputes.redress import ACCEPTED, KEPT, OFFERED, PAID, REPLACED, figures_of
from cx.disputes.storing import table
from models import Case, CaseTheme, EventRow, OfferVersion, ReadingRow, Survey, ThemeRuling

CASES = table(Case)
EVENTS = table(EventRow)
THEMES = table(CaseTheme)
RULINGS = table(ThemeRuling)
READINGS = table(ReadingRow)
SURVEYS = table(Survey)
OFFERS = table(OfferVersion)
NOT_RECOUNTED = ("ended", KEPT)
AT_ONCE = 5000

Cell = tuple[int, str, date, str]
"""Organisation, measure, month (its first day), key."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what its rows say: `kept` in the rollups, `counted` from the rows."""

    organisation_id: int
    measure: str
    month: date
    key: str
    kept: int
    counted: int


def recount(session: Session) -> list[Difference]:
    """Every figure that differs from its rows, in order; empty when all is well. Reads only."""
    counted: Counter[Cell] = Counter()
    for part in (_of_cases, _of_events, _of_mediations, _of_themes, _of_readings, _of_surveys):
        for cell in part(session):
            counted[cell] += 1
    for cell, many in _of_offers(session):
        counted[cell] += many
    kept = _kept(session)
    return [
        Difference(*cell, kept[cell], counted[cell])
        for cell in sorted(kept.keys() | counted.keys())
        if kept[cell] != counted[cell]
    ]


def begin_new(session: Session) -> int:
    """Count what an older version of the program did not count at all; returns how many figures began.

    Figures that it kept stay as they are: where they differ from their rows, somebody has to look.
    """
    known = {cell[1] for cell in _kept(session)}
    fresh = [one for one in recount(session) if one.measure not in known]
    count(session, ((one.organisation_id, one.measure, one.key, one.counted, one.month) for one in fresh))
    return len(fresh)


def _kept(session: Session) -> Counter[Cell]:
    parts = [
        select(part.c.organisation_id, part.c.measure, part.c.month, part.c.key, func.sum(part.c.count))
        .where(part.c.measure.not_in(NOT_RECOUNTED))
        .group_by(part.c.organisation_id, part.c.measure, part.c.month, part.c.key)
        for part in (FIGURES, DELTAS)
    ]
    kept: Counter[Cell] = Counter()
    for organisation_id, measure, month, key, many in session.execute(union_all(*parts)):
        kept[organisation_id, measure, month, key] += int(many)
    return kept


def _local(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _month(day: date) -> date:
    return day.replace(day=1)


def _of_cases(session: Session) -> Iterator[Cell]:
    names = ("organisation_id", "zone", "told_at", "place", "channel", "solved", "solved_on", "answered_at", "sent_at")
    query = select(*(CASES.c[name] for name in names)).execution_options(yield_per=AT_ONCE)
    for owner, zone, told_at, place, channel, solved, solved_on, answered_at, sent_at in session.execute(query):
        told = _month(_local(told_at, zone))
        yield owner, "told", told, ""
        if place:
            yield owner, "place", told, clipped(place)
        if channel:
            yield owner, "channel", told, channel
        if solved and solved_on:
            yield owner, "solved", _month(solved_on), solved
        if answered_at:
            answered = _local(answered_at, zone)
            days = max(0, (answered - _local(sent_at or answered_at, zone)).days)
            yield owner, "days", _month(answered), str(days)


def _of_events(session: Session) -> Iterator[Cell]:
    query = (
        select(CASES.c.organisation_id, CASES.c.zone, EVENTS.c.at, EVENTS.c.kind)
        .join(EVENTS, EVENTS.c.case_id == CASES.c.id)
        .where(EVENTS.c.kind.in_(("sent", "reopened")))
        .execution_options(yield_per=AT_ONCE)
    )
    for owner, zone, at, kind in session.execute(query):
        yield owner, kind, _month(_local(at, zone)), ""


def _of_mediations(session: Session) -> Iterator[Cell]:
    query = (
        select(CASES.c.organisation_id, CASES.c.zone, EVENTS.c.at, EVENTS.c.kind, EVENTS.c.data)
        .join(EVENTS, EVENTS.c.case_id == CASES.c.id)
        .where(EVENTS.c.kind.in_(mediated.KINDS))
        .execution_options(yield_per=AT_ONCE)
    )
    for owner, zone, at, kind, data in session.execute(query):
        key = mediated.became(kind, data)
        if key:
            yield owner, mediated.MEASURE, _month(_local(at, zone)), key


def _of_themes(session: Session) -> Iterator[Cell]:
    told = select(CASES.c.organisation_id, CASES.c.zone, CASES.c.told_at)
    confirmed = (
        told.add_columns(THEMES.c.theme)
        .join(THEMES, THEMES.c.case_id == CASES.c.id)
        .where(THEMES.c.status == "confirmed")
        .execution_options(yield_per=AT_ONCE)
    )
    for owner, zone, told_at, theme in session.execute(confirmed):
        yield owner, "theme", _month(_local(told_at, zone)), theme
    ruled = union(
        select(EVENTS.c.case_id).where(EVENTS.c.kind == "themes_ruled"),
        select(RULINGS.c.case_id),
    )
    query = told.where(CASES.c.id.in_(select(ruled.subquery().c.case_id))).execution_options(yield_per=AT_ONCE)
    for owner, zone, told_at in session.execute(query):
        yield owner, "ruled", _month(_local(told_at, zone)), ""


def _of_readings(session: Session) -> Iterator[Cell]:
    names = ("version", "abstained", "reasons", "known")
    query = (
        select(CASES.c.organisation_id, CASES.c.zone, CASES.c.told_at, *(READINGS.c[name] for name in names))
        .join(READINGS, READINGS.c.case_id == CASES.c.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for owner, zone, told_at, version, abstained, reasons, known in session.execute(query):
        if reasons is None:  # read before reasons were kept: what was suggested is not known any more
            continue
        month = _month(_local(told_at, zone))
        for measure, key in drift.cells(version, abstained, reasons, known):
            yield owner, measure, month, key


def _of_surveys(session: Session) -> Iterator[Cell]:
    values = list(Value)
    query = (
        select(CASES.c.organisation_id, CASES.c.zone, SURVEYS.c.at, *(SURVEYS.c[value.value] for value in values))
        .join(SURVEYS, SURVEYS.c.case_id == CASES.c.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for owner, zone, at, *marks in session.execute(query):
        for value, mark in zip(values, marks, strict=True):
            if mark is not None:
                yield owner, f"value:{value.value}", _month(_local(at, zone)), str(mark)


def _of_offers(session: Session) -> Iterator[tuple[Cell, int]]:
    names = ("amount_minor", "currency", "status", "made_at", "answered_at", "performed_at")
    query = (
        select(CASES.c.organisation_id, CASES.c.zone, *(OFFERS.c[name] for name in names))
        .join(OFFERS, OFFERS.c.case_id == CASES.c.id)
        .where(OFFERS.c.amount_minor.is_not(None))
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query).mappings():
        agreed = row["answered_at"] if row["status"] == "accepted" else None
        moments = {
            OFFERED: None if row["status"] in REPLACED else row["made_at"], ACCEPTED: agreed, PAID: row["performed_at"],
        }  # fmt: skip
        for measure, at in moments.items():
            if at is not None:
                month = _month(_local(at, row["zone"]))
                yield from (
                    ((row["organisation_id"], measure, month, key), many) for key, many in figures_of(dict(row))
                )
