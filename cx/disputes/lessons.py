"""What people ruled on readings, as lessons for the reader: the story, the themes it tells and those it does not.

Only the latest ruling on a case counts, and only one by a person of staff or a neutral: what a customer says of a
reading teaches nothing before somebody ruled on it. Earlier rulings stay where they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from cx.core.words import THEME_BY_ID, MessageKind, Role, Theme
from cx.disputes.ledger import account_of
from cx.disputes.storing import table
from models import Case, EventRow, Message, ReadingRow, ThemeRuling

RULED = "themes_ruled"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Lesson:
    """The last ruling on one case. `themes` is the full set told, `refused` what was suggested or set and is not told.

    `evidence` are for each theme the characters (start, end) of the story that the reader had shown for it, where the
    ruling confirmed it. `source` is that of `models.ThemeRuling`, `version` the reader's at the ruling; both are "" for
    a ruling that found nothing to confirm or to refuse. `account_id` is who ruled.
    """

    reference: str
    text: str
    language: str
    themes: frozenset[Theme]
    refused: frozenset[Theme]
    account_id: int | None
    role: str
    source: str
    version: str
    at: datetime
    evidence: Mapping[Theme, tuple[int, int]] = field(default_factory=dict)


def lessons(session: Session, *, demo: bool = False) -> Iterator[Lesson]:
    """Yield what the reader can learn from, in the order of the cases; stories that were taken out are left out.

    Invented cases are left out unless `demo` is true.
    """
    rows = session.execute(_ruled(demo)).all()
    for some in (rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE)):
        numbers = [row.id for row in some]
        stories, ruled, shown = _stories(session, numbers), _rulings(session, numbers), _shown(session, numbers)
        for row in some:
            story = stories.get(row.id)
            if story is None or not story.text:
                continue
            source, version = ruled.get((row.id, row.at), ("", ""))
            told = _themes(row.data, "confirmed", "added")
            yield Lesson(
                reference=row.reference,
                text=story.text,
                language=row.detected_language or story.language,
                themes=told,
                refused=_themes(row.data, "refused"),
                account_id=account_of(row.actor),
                role=row.role,
                source=source,
                version=version,
                at=row.at,
                evidence={theme: span for theme, span in shown.get(row.id, {}).items() if theme in told},
            )


def _ruled(demo: bool) -> Select[Any]:
    """The last ruling on each case, by somebody of the house or a neutral."""
    case, event = table(Case), table(EventRow)
    by_staff = and_(event.c.kind == RULED, event.c.role != Role.CUSTOMER.value)
    newest = select(event.c.case_id, func.max(event.c.seq).label("seq")).where(by_staff).group_by(event.c.case_id)
    last = newest.subquery()
    query = (
        select(
            case.c.id, case.c.reference, case.c.detected_language, event.c.at, event.c.role, event.c.actor, event.c.data
        )
        .join(last, last.c.case_id == case.c.id)
        .join(event, and_(event.c.case_id == last.c.case_id, event.c.seq == last.c.seq))
        .order_by(case.c.id)
    )
    return query if demo else query.where(case.c.demo.is_(False))


def _themes(data: Mapping[str, Any], *parts: str) -> frozenset[Theme]:
    names = (name for part in parts for name in data.get(part, ()))
    return frozenset(THEME_BY_ID[name] for name in names if name in THEME_BY_ID)


def _stories(session: Session, numbers: Sequence[int]) -> dict[int, Any]:
    """The story of each case, in the language in which it was told; its text is None once it was taken out."""
    query = select(Message.case_id, Message.text, Message.language)
    mine = (Message.case_id.in_(numbers), Message.kind == MessageKind.STORY)
    return {row.case_id: row for row in session.execute(query.where(*mine).order_by(Message.id.desc()))}


def _rulings(session: Session, numbers: Sequence[int]) -> dict[tuple[int, datetime], tuple[str, str]]:
    """What brought the person to a ruling and the version ruled on, by case and moment."""
    query = select(ThemeRuling.case_id, ThemeRuling.at, ThemeRuling.source, ThemeRuling.reader_version)
    rows = session.execute(query.where(ThemeRuling.case_id.in_(numbers)))
    return {(row.case_id, row.at): (row.source, row.reader_version) for row in rows}


def _shown(session: Session, numbers: Sequence[int]) -> dict[int, dict[Theme, tuple[int, int]]]:
    """The sentences that the newest reading of each case showed for its themes."""
    query = select(ReadingRow.case_id, ReadingRow.reasons).where(ReadingRow.case_id.in_(numbers))
    found: dict[int, dict[Theme, tuple[int, int]]] = {}
    for row in session.execute(query.order_by(ReadingRow.id)):
        spans = ((name, reason.get("span")) for name, reason in (row.reasons or {}).items())
        found[row.case_id] = {
            THEME_BY_ID[name]: (span[0], span[1]) for name, span in spans if span and name in THEME_BY_ID
        }
    return found
