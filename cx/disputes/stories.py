"""Stories without identity: the cases behind a figure, for people who may count them but not read who told them.

A story shows its first words, its theme, its month and the kind of place. Names, addresses and numbers are hidden as
far as they can be recognised, nothing is shown of fewer than five cases, and every showing is in the access log.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.core.words import Solved, Theme, Value
from cx.disputes.analysis import fold
from cx.disputes.figures import KEY_LENGTH
from cx.disputes.sight import As, cases
from models import AccessRecord, Case, CaseTheme, Survey

HIDDEN = "…"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[ .()-]?\d){5,}(?!\w)")
_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w'’-]*"
_NAMED = re.compile(
    r"((?i:\b(?:mme|mlle|mr|mrs|ms|miss|dr|madame|monsieur|mademoiselle|m\.|m[’']appelle|me nomme|my name is)\.?)\s+)"
    rf"{_CAPITALISED}(?:\s+{_CAPITALISED})*"
)
_WORD = re.compile(r"[^\W\d_]+")
_RUN = re.compile(rf"{HIDDEN}(?:[\s,]*{HIDDEN})+")
_TITLES = frozenset("mme mlle madame monsieur mademoiselle miss mrs les des del van von der the and".split())


@dataclass(frozen=True, slots=True)
class Behind:
    """Which cases stand behind a figure: told, or for `solved` and `value` answered, from `first` to `last` (days of
    `zone`, both inclusive). Empty values narrow nothing; `organisations=None` means all that the visitor may count.
    """

    organisations: tuple[int, ...] | None
    first: date
    last: date
    zone: str = "UTC"
    place: str = ""
    theme: Theme | None = None
    solved: Solved | None = None
    asked: bool = False
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A story without identity. `month` is the first day of the month in which it was told, `themes` are confirmed."""

    case_id: int
    reference: str
    words: str
    language: str
    month: date
    channel: str
    themes: tuple[str, ...]


def without_identity(text: str, name: str) -> str:
    """A text in which the teller's name, what follows a form of address, addresses and long numbers read "…"."""
    hidden = _NUMBER.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text))
    own = {word for word in map(fold, _WORD.findall(name)) if len(word) > 2 and word not in _TITLES}
    hidden = _WORD.sub(lambda found: HIDDEN if fold(found.group()) in own else found.group(), hidden)
    return _RUN.sub(HIDDEN, _NAMED.sub(rf"\1{HIDDEN}", hidden))


def _selected(visitor: Visitor, behind: Behind, *columns: Any) -> Select[Any]:
    since, until = _moments(behind)
    query = cases(visitor, As.FIGURES, *columns)
    if behind.organisations is not None:
        query = query.where(Case.organisation_id.in_(behind.organisations))
    if behind.place:
        # Figures keep the beginning of a long place.
        place = Case.place == behind.place
        long = len(behind.place) >= KEY_LENGTH
        query = query.where(func.substr(Case.place, 1, KEY_LENGTH) == behind.place if long else place)
    if behind.theme is not None:
        told = select(CaseTheme.case_id).where(
            CaseTheme.case_id == Case.id, CaseTheme.theme == behind.theme.value, CaseTheme.status == "confirmed"
        )
        query = query.where(told.exists())
    if behind.asked or behind.solved is not None:
        query = query.where(Case.solved.is_not(None), Case.solved_on.between(behind.first, behind.last))
        return query if behind.solved is None else query.where(Case.solved == behind.solved.value)
    if behind.value is not None:
        mark = getattr(Survey, behind.value.value)
        answered = select(Survey.id).where(
            Survey.case_id == Case.id, mark.is_not(None), Survey.at >= since, Survey.at < until
        )
        return query.where(answered.exists())
    return query.where(Case.told_at >= since, Case.told_at < until)


def _moments(behind: Behind) -> tuple[datetime, datetime]:
    zone = ZoneInfo(behind.zone)
    start = datetime(behind.first.year, behind.first.month, behind.first.day, tzinfo=zone)
    after = date.fromordinal(behind.last.toordinal() + 1)
    return start.astimezone(UTC), datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)


def many(session: Session, visitor: Visitor, behind: Behind) -> int:
    """How many cases stand behind a figure."""
    return session.scalar(_selected(visitor, behind, func.count(Case.id))) or 0


def stories(
    session: Session, visitor: Visitor, behind: Behind, most: int, before: int | None = None
) -> tuple[Story, ...]:
    """At most `most` stories behind a figure, the latest first, those older than the case `before` when given.

    The caller shows them only when `many` allows it, and logs that with `record_showing`.
    """
    query = _selected(
        visitor, behind, Case.id, Case.reference, Case.first_words, Case.customer_name, Case.detected_language,
        Case.language, Case.told_at, Case.zone, Case.channel,
    )  # fmt: skip
    if before is not None:
        query = query.where(Case.id < before)
    rows = session.execute(query.order_by(Case.id.desc()).limit(most)).all()
    themes = _themes(session, [row.id for row in rows])
    return tuple(
        Story(
            case_id=row.id,
            reference=row.reference,
            words=without_identity(row.first_words, row.customer_name),
            language=row.detected_language or row.language,
            month=row.told_at.astimezone(ZoneInfo(row.zone)).date().replace(day=1),
            channel=row.channel or "",
            themes=themes[row.id],
        )
        for row in rows
    )


def _themes(session: Session, case_ids: Sequence[int]) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    query = select(CaseTheme.case_id, CaseTheme.theme).where(
        CaseTheme.case_id.in_(case_ids), CaseTheme.status == "confirmed"
    )
    for case_id, theme in session.execute(query.order_by(CaseTheme.theme)):
        found[case_id] += (theme,)
    return found


def record_showing(session: Session, visitor: Visitor, case_ids: Iterable[int], at: datetime) -> None:
    """Append to the access log that these stories were shown, without identity, to a person of staff."""
    rows = [{"case_id": one, "account_id": visitor.account_id, "at": at, "what": "story"} for one in case_ids]
    if rows and visitor.account_id is not None:
        session.execute(insert(AccessRecord), rows)
