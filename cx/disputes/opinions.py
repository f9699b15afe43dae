"""What customers said of the readings of their stories, as the pages of a case show it, and counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cx.core import contesting
from cx.core.contesting import Ruler, Status, opinion_of
from cx.core.words import THEME_BY_ID, MessageKind, Role, Theme
from cx.disputes.ledger import actor_id
from cx.disputes.seen import CaseFile, Said
from cx.disputes.storing import table
from models import Case, ReadingOpinion, ReadingRow

# The latest so many are looked at for the median: enough, and the same time whatever the archive holds.
MOST_RULED = 5000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpinionSeen:
    """One opinion as the pages of a case show it.

    `words` and `outcome` are the texts beside it, None without one or once it was taken out; `due_on` is the local day
    by whose end a person rules, `late` whether it is over; `ruled_by` is the name of whoever ruled.
    """

    id: int
    at: datetime
    right: tuple[Theme, ...]
    wrong: tuple[Theme, ...]
    missing: bool
    status: Status
    due_on: date | None
    late: bool
    words: str | None
    ruled_at: datetime | None
    ruled_by: str
    outcome: str | None

    @property
    def waits(self) -> bool:
        """Whether a person has to rule on it."""
        return self.status is Status.OPEN


def on_case(case: CaseFile, at: datetime) -> tuple[OpinionSeen, ...]:
    """The opinions of a case that was opened for its reader, oldest first."""
    rows = sorted(case.beside.get("opinions", ()), key=lambda one: one.id)
    return tuple(seen(one, one.name or "", case.said, case.zone, at) for one in rows)


def seen(row: Any, name: str, said: Sequence[Said], zone: str, at: datetime) -> OpinionSeen:
    """An opinion out of its row, with the texts of its case; `name` is that of whoever ruled on it."""
    opinion = opinion_of(row.said)
    return OpinionSeen(
        id=row.id,
        at=row.at,
        right=_themes(opinion.right),
        wrong=_themes(opinion.wrong),
        missing=opinion.missing,
        status=Status(row.status),
        due_on=row.due_at.astimezone(ZoneInfo(zone)).date() if row.due_at else None,
        late=row.status == Status.OPEN and row.due_at is not None and row.due_at < at,
        words=_text(said, MessageKind.READING_SAID, row.at),
        ruled_at=row.ruled_at,
        ruled_by=name,
        outcome=_text(said, MessageKind.READING_RULED, row.ruled_at),
    )


def _themes(ids: frozenset[str]) -> tuple[Theme, ...]:
    return tuple(sorted((THEME_BY_ID[one] for one in ids if one in THEME_BY_ID), key=list(Theme).index))


def _text(said: Sequence[Said], kind: MessageKind, at: datetime | None) -> str | None:
    """The text that came with a line: both are of the same moment."""
    return next((one.text for one in said if one.kind == kind and one.at == at), None) if at is not None else None


def ruler_of(case: CaseFile) -> Ruler | None:
    """Who would rule, for the page of the customer; None where nobody would, so that nothing is asked."""
    answering = team(case.beside.get("rulers", ()))
    neutral = bool(case.beside.get("neutrals"))
    if not neutral and not (case.claimed and answering):
        return None
    return contesting.ruler(case.dispute, neutral, answering)


def team(rows: Iterable[Any]) -> dict[str, Role]:
    """Who answers for an organisation, actor → role, out of `cx.disputes.team.with_roles`; a supervisor is no agent."""
    ordered = sorted(rows, key=lambda one: one.role == Role.SUPERVISOR)
    return {actor_id(one.id): Role(one.role) for one in ordered}


@dataclass(frozen=True, slots=True)
class OpinionFigures:
    """How readings fare with the people they are about; demonstration cases never count.

    `shown`: cases that were read; `opinions`: things said of a reading; `contested`: those that contradict it (without
    those that a newer one replaced); of them `ruled`, `changed` (the ruling followed the customer), `open` and `overdue`.
    `median_days`: from what was said to the ruling, in days; None while nobody ruled.
    """

    shown: int
    opinions: int
    contested: int
    ruled: int
    changed: int
    open: int
    overdue: int
    median_days: float | None


def opinion_figures(session: Session, at: datetime, organisation_id: int | None = None) -> OpinionFigures:
    """The figures of contest, of the installation or of one organisation."""
    case = table(Case)
    real: list[ColumnElement[bool]] = [case.c.demo.is_(False)]
    if organisation_id is not None:
        real.append(case.c.organisation_id == organisation_id)
    row = table(ReadingOpinion)
    opinions = select(row.c.status, func.count().label("many")).join(case, case.c.id == row.c.case_id).where(*real)
    many = {Status(one.status): one.many for one in session.execute(opinions.group_by(row.c.status))}
    overdue = select(func.count()).select_from(row).join(case, case.c.id == row.c.case_id)
    read = table(ReadingRow)
    shown = select(func.count(read.c.case_id.distinct())).join(case, case.c.id == read.c.case_id)
    latest = select(row.c.at, row.c.ruled_at).join(case, case.c.id == row.c.case_id).where(*real)
    ruled = session.execute(latest.where(row.c.ruled_at.is_not(None)).order_by(row.c.id.desc()).limit(MOST_RULED)).all()
    ruled_many, waits = many.get(Status.CHANGED, 0) + many.get(Status.KEPT, 0), many.get(Status.OPEN, 0)
    return OpinionFigures(
        shown=session.scalar(shown.where(*real, read.c.abstained.is_(False))) or 0,
        opinions=sum(many.values()),
        contested=ruled_many + waits,
        ruled=ruled_many,
        changed=many.get(Status.CHANGED, 0),
        open=waits,
        overdue=session.scalar(overdue.where(*real, row.c.status == Status.OPEN, row.c.due_at < at)) or 0,
        median_days=median((one.ruled_at - one.at) / DAY for one in ruled) if ruled else None,
    )
