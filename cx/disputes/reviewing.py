"""Stories that are put before a team to look over: a daily draw by lot, and those from which the reader learns most.

The draw says how good the reader is on all stories, and not on those that somebody cared to open; it is repeatable
(`cx.core.sampling`), and what is drawn is judged blind: the team sees the story alone, never what the reader made of it.
Nothing is owed: whoever skips a story loses nothing, and it goes away by itself after a week.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cx.core.sampling import Candidate, drawn
from cx.core.visitor import Visitor
from cx.core.words import THEME_BY_ID, MessageKind, Origin
from cx.disputes import reader_switch
from cx.disputes.bulk import insert_rows
from cx.disputes.ledger import account_of
from cx.disputes.sight import As, cases
from cx.disputes.storing import table
from cx.disputes.understood import RULED
from models import Beat, Case, EventRow, Message, Organisation, ReadingRow, ReviewPick
from models.engine import Database

SAMPLE, UNSURE = "sample", "unsure"
# For so long a story waits to be looked over; days on which no clock ran are made up for as far back.
LIVES = timedelta(days=7)
# Of the stories of two weeks, so many are offered to whoever chooses, and so many are chosen a day.
RECENT, MOST_CANDIDATES, MOST_UNSURE = timedelta(days=14), 200, 3
# More than this nobody looks over in a week.
MOST_WAITING = 60
# The name under which the draw writes down on which day it was last held.
REVIEW = "review"
_DAY = timedelta(days=1)

Choose = Callable[[Sequence[Candidate], int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story that waits to be looked over, and why: drawn by lot on `day`, or suggested."""

    id: int
    reference: str
    why: str
    day: date


def pick(database: Database, at: datetime, choose: Choose | None = None) -> int:
    """Hold the draws of the days that came since the last one, in UTC; how many stories were put before their teams.

    A draw of a day takes from the cases told on the day before. `choose` says from which stories the reader learns
    most; without it none is suggested. Doing it twice changes nothing.
    """
    today = at.astimezone(UTC).date()
    with database.reading() as session:
        last = session.scalar(select(Beat.at).where(Beat.name == REVIEW))
        if last is not None and last.date() >= today:
            return 0
        first = max(last.date() + _DAY, today - LIVES + _DAY) if last is not None else today - LIVES + _DAY
        rows = _draws(session, first, today)
        # A reader that is switched off does not say either which stories it would learn from.
        if choose is not None and reader_switch.running(session):
            rows += _suggested(session, today, {one["case_id"] for one in rows}, choose)
    # Two clocks may hold the draw at once: both draw the same, and one of them writes it down.
    with suppress(IntegrityError), database.writing() as session:
        insert_rows(session, table(ReviewPick), rows)
        session.merge(Beat(name=REVIEW, at=at))
        return len(rows)
    return 0


def _row(case_id: int, organisation_id: int, day: date, why: str, done_at: datetime | None = None) -> dict[str, Any]:
    return {"case_id": case_id, "organisation_id": organisation_id, "day": day, "why": why, "done_at": done_at}


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _ruled(case_id: Any) -> ColumnElement[bool]:
    return select(EventRow.case_id).where(EventRow.case_id == case_id, EventRow.kind == RULED).exists()


def _picked(case_id: Any, *why: str) -> ColumnElement[bool]:
    return select(ReviewPick.id).where(ReviewPick.case_id == case_id, ReviewPick.why.in_(why)).exists()


def _read(*columns: Any) -> Select[Any]:
    """The cases that somebody on board answers for and the reader has read, whether it understood them or not."""
    case, house = table(Case), table(Organisation)
    read = select(ReadingRow.case_id).where(ReadingRow.case_id == case.c.id).exists()
    return (
        select(case.c.id, case.c.organisation_id, case.c.told_at, *columns)
        .join(house, house.c.id == case.c.organisation_id)
        .where(house.c.claimed, case.c.origin != Origin.IMPORT.value, read)
    )


def _draws(session: Session, first: date, last: date) -> list[dict[str, Any]]:
    """The draws of the days from `first` to `last`, of each organisation by itself.

    A case on which somebody ruled already takes part like any other: leaving it out would leave out what people care
    for. It is done as soon as it is drawn.
    """
    case = table(Case)
    told = case.c.told_at
    query = _read(_ruled(case.c.id).label("ruled"), _picked(case.c.id, SAMPLE).label("picked"))
    pools: dict[tuple[int, date], dict[int, Any]] = defaultdict(dict)
    for row in session.execute(query.where(told >= _start(first - _DAY), told < _start(last))):
        pools[row.organisation_id, row.told_at.date() + _DAY][row.id] = row
    now = _start(last)
    return [
        _row(number, house, day, SAMPLE, now if pool[number].ruled else None)
        for (house, day), pool in sorted(pools.items())
        for number in drawn(day, pool)
        if not pool[number].picked
    ]


def _suggested(session: Session, today: date, drawn_now: set[int], choose: Choose) -> list[dict[str, Any]]:
    """For each organisation, the recent stories nobody ruled on from which the reader learns most."""
    houses = session.scalars(select(Organisation.id).where(Organisation.claimed).order_by(Organisation.id)).all()
    return [
        _row(number, house, today, UNSURE)
        for house in houses
        if (candidates := _candidates(session, house, today, drawn_now))
        for number in _known(choose(candidates, MOST_UNSURE), candidates)
    ]


def _candidates(session: Session, house: int, today: date, drawn_now: set[int]) -> list[Candidate]:
    """The newest stories of one organisation that may be suggested: no more are loaded, however many were told."""
    case = table(Case)
    latest = (
        select(ReadingRow.scores).where(ReadingRow.case_id == case.c.id).order_by(ReadingRow.id.desc()).limit(1)
    )  # fmt: skip
    query = (
        _read(latest.scalar_subquery().label("scores"), Message.text)
        .join(Message, Message.case_id == case.c.id)
        # Those of today take part in the draw of tomorrow, which nobody may have seen with suggestions.
        .where(case.c.organisation_id == house)
        .where(case.c.told_at >= _start(today) - RECENT, case.c.told_at < _start(today))
        .where(Message.kind == MessageKind.STORY.value)
        .where(Message.text.is_not(None), ~_ruled(case.c.id), ~_picked(case.c.id, SAMPLE, UNSURE))
        .order_by(case.c.told_at.desc(), case.c.id.desc())
        .limit(MOST_CANDIDATES + len(drawn_now))
    )
    return [
        Candidate(
            row.id, {THEME_BY_ID[name]: float(one) for name, one in row.scores.items() if name in THEME_BY_ID}, row.text
        )
        for row in session.execute(query)
        if row.id not in drawn_now
    ][:MOST_CANDIDATES]


def _known(chosen: Iterable[int], candidates: Sequence[Candidate]) -> list[int]:
    known = {one.id for one in candidates}
    return [number for number in dict.fromkeys(chosen) if number in known][:MOST_UNSURE]


def unseen(organisation_id: Any, after: Any) -> tuple[ColumnElement[bool], ...]:
    """What picks must meet to wait before this team: open, put there after the day `after`, the story still there."""
    story = select(Message.id).where(
        Message.case_id == ReviewPick.case_id, Message.kind == MessageKind.STORY.value, Message.text.is_not(None)
    )
    return (
        ReviewPick.organisation_id == organisation_id,
        ReviewPick.done_at.is_(None),
        ReviewPick.day > after,
        story.exists(),
    )


def gone_before(at: datetime) -> date:
    """The last day whose stories wait no more."""
    return at.astimezone(UTC).date() - LIVES


def waiting(session: Session, visitor: Visitor, at: datetime) -> tuple[Waiting, ...]:
    """The stories that wait before the visitor's team, the drawn ones first, of each kind the newest; empty for whoever has no team."""
    if visitor.organisation_id is None:
        return ()
    query = (
        cases(visitor, As.STAFF, ReviewPick.id, Case.reference, ReviewPick.why, ReviewPick.day)
        .join(ReviewPick, ReviewPick.case_id == Case.id)
        .where(*unseen(visitor.organisation_id, gone_before(at)))
        .order_by(ReviewPick.why, ReviewPick.id.desc())
        .limit(MOST_WAITING)
    )
    return tuple(Waiting(*row) for row in session.execute(query))


def why_of(session: Session, visitor: Visitor, number: int) -> str | None:
    """Why a story was put before the visitor's team; None when it never was, however it stands now."""
    found = select(ReviewPick.why).where(ReviewPick.id == number, ReviewPick.organisation_id == visitor.organisation_id)
    return session.scalar(found)


def looked_over_by(session: Session, visitor: Visitor, number: int) -> int | None:
    """The account that spoke last on a story that was put before the visitor's team; None when nobody did."""
    mine = (ReviewPick.id == number, ReviewPick.organisation_id == visitor.organisation_id)
    query = select(EventRow.actor).join(ReviewPick, ReviewPick.case_id == EventRow.case_id)
    last = query.where(*mine, EventRow.kind == RULED).order_by(EventRow.seq.desc()).limit(1)
    return account_of(session.scalar(last) or "")
