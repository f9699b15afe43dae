"""Stories that another version of the reader read last, or none: read again, by the thousand, whenever it was stopped.

What to read is asked anew each time (a story without a reading of this version), so whatever was killed goes on where it
was. Reading happens outside, in other processes if wanted; here it is found out what waits, and written down what was
read. Readings are added, never overwritten. Themes that people ruled on stay; so do contested ones, until somebody ruled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, union, update
from sqlalchemy.orm import Session

from cx.core.contesting import Status
from cx.core.incident import Reading
from cx.core.words import MessageKind, Origin
from cx.disputes import drift, figures
from cx.disputes.bulk import insert_rows
from cx.disputes.storing import reading_row, table
from models import Case, CaseTheme, EventRow, Message, ReadingOpinion, ReadingRow, ThemeRuling

MAYBE = "maybe"
CASES, THEMES, READINGS, MESSAGES = table(Case), table(CaseTheme), table(ReadingRow), table(Message)


@dataclass(frozen=True, slots=True)
class Unread:
    """A story to read: `language` is what is known of it, `page` the language in which it was asked for."""

    case_id: int
    text: str
    language: str
    page: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: stories `read`, those of them `unclear` to the reader, `ruled` ones whose themes stay, and
    `changed` ones, where other themes are suggested than before. A story that somebody else read meanwhile is in none.
    """

    read: int = 0
    unclear: int = 0
    ruled: int = 0
    changed: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.read + other.read,
            self.unclear + other.unclear,
            self.ruled + other.ruled,
            self.changed + other.changed,
        )


def _last(column: ColumnElement[Any]) -> Any:
    """A column of the newest reading of the case at hand."""
    newest = select(column).where(READINGS.c.case_id == CASES.c.id).order_by(READINGS.c.id.desc()).limit(1)
    return newest.scalar_subquery()


def _waits(version: str, since: datetime | None) -> list[ColumnElement[bool]]:
    """That a story was not read by this version last, or, when `since` is given, not since then; nor is it contested."""
    last = _last(READINGS.c.version)
    parts = [last.is_(None), last != version]
    if since is not None:
        parts.append(_last(READINGS.c.at) < since)
    contested = exists().where(ReadingOpinion.case_id == CASES.c.id, ReadingOpinion.status == Status.OPEN)
    return [or_(*parts), ~contested]


def _stories(*columns: Any) -> Select[Any]:
    """The first text of each case, where it was not erased."""
    told = (MESSAGES.c.case_id == CASES.c.id) & (MESSAGES.c.kind == MessageKind.STORY.value) & (MESSAGES.c.seq == 1)
    return select(*columns).select_from(CASES).join(MESSAGES, told).where(MESSAGES.c.text.is_not(None))


def many_waiting(session: Session, version: str, since: datetime | None = None) -> int:
    """How many stories wait to be read by this version (with `since`: all that were not read since then)."""
    return session.scalar(_stories(func.count()).where(*_waits(version, since))) or 0


def waiting(session: Session, version: str, after: int, most: int, since: datetime | None = None) -> list[Unread]:
    """At most `most` stories that wait, of cases numbered above `after`, in the order of their numbers."""
    query = (
        _stories(
            CASES.c.id, CASES.c.origin, CASES.c.detected_language, CASES.c.interface_language, MESSAGES.c.text
        )
        .where(CASES.c.id > after, *_waits(version, since))
        .order_by(CASES.c.id)
        .limit(most)
    )  # fmt: skip
    # An archive says in which language a text is; of the others the language of the page is kept beside.
    return [
        Unread(number, text, detected if origin == Origin.IMPORT.value else "", page)
        for number, origin, detected, page, text in session.execute(query)
    ]


def keep(
    session: Session, version: str, found: Sequence[tuple[int, Reading]], at: datetime, since: datetime | None = None
) -> Kept:
    """Write readings of one version, by case, in the present transaction; those that do not wait any more are left out."""
    readings = dict(found)
    locked = (
        select(CASES.c.id, CASES.c.organisation_id, CASES.c.zone, CASES.c.told_at)
        .where(CASES.c.id.in_(readings))
        .order_by(CASES.c.id)
        .with_for_update()
    )
    # First hold them, then look: what another process wrote while we waited is seen only by a statement of its own.
    held = session.execute(locked).all()
    due = set(session.scalars(select(CASES.c.id).where(CASES.c.id.in_(readings), *_waits(version, since))))
    rows = [row for row in held if row.id in due]
    insert_rows(session, READINGS, [reading_row(row.id, at, readings[row.id]) for row in rows])
    figures.count(
        session,
        [
            (row.organisation_id, measure, key, 1, row.told_at.astimezone(ZoneInfo(row.zone)).date())
            for row in rows
            for measure, key in drift.of_reading(readings[row.id])
        ],
    )
    ruled = _ruled(session, sorted(due))
    free = {row.id: row.organisation_id for row in rows if row.id not in ruled}
    changed = _suggest(session, free, readings)
    return Kept(len(rows), sum(readings[row.id].abstained for row in rows), len(rows) - len(free), changed)


def _ruled(session: Session, numbers: Sequence[int]) -> set[int]:
    """Those of the cases on which a person ruled; "none of them" leaves no row but a line of the journal."""
    event, ruling = table(EventRow), table(ThemeRuling)
    parts = union(
        select(event.c.case_id).where(event.c.kind == "themes_ruled", event.c.case_id.in_(numbers)),
        select(ruling.c.case_id).where(ruling.c.case_id.in_(numbers)),
        select(THEMES.c.case_id).where(THEMES.c.status != MAYBE, THEMES.c.case_id.in_(numbers)),
    )
    return set(session.scalars(parts))


def _suggest(session: Session, owners: dict[int, int], readings: dict[int, Reading]) -> int:
    """Let the newest reading say what may be told in the cases on which nobody ruled; returns how many changed."""
    before: dict[int, set[str]] = {number: set() for number in owners}
    known = select(THEMES.c.case_id, THEMES.c.theme).where(THEMES.c.case_id.in_(owners), THEMES.c.status == MAYBE)
    for number, theme in session.execute(known):
        before[number].add(theme)
    now = {number: {theme.value for theme in readings[number].maybe} for number in owners}
    other = [number for number in owners if now[number] != before[number]]
    session.execute(delete(CaseTheme).where(CaseTheme.case_id.in_(other), CaseTheme.status == MAYBE))
    rows = [
        {"case_id": number, "theme": theme, "organisation_id": owners[number], "status": MAYBE}
        for number in other
        for theme in sorted(now[number])
    ]
    insert_rows(session, THEMES, rows)
    for state, abstained in (("to_read", True), ("read", False)):
        same = [number for number in owners if readings[number].abstained is abstained]
        session.execute(
            update(CASES).where(CASES.c.id.in_(same), CASES.c.reading_state != state).values(reading_state=state)
        )
    return len(other)
