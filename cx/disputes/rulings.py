"""The contested readings that wait for a person: the list, and what somebody reads who rules on one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core import contesting
from cx.core.acts import Dispute, Event
from cx.core.contesting import Ruler, Status
from cx.core.dispute import fold
from cx.core.refusals import NotVisible
from cx.core.visitor import Visitor
from cx.core.words import THEME_BY_ID, MessageKind, Role, Theme
from cx.disputes import reader_switch
from cx.disputes.judging import CONFIRMED
from cx.disputes.ledger import actor_id
from cx.disputes.opinions import OpinionSeen, seen, team
from cx.disputes.seen import Said
from cx.disputes.sight import As, cases
from cx.disputes.team import neutral_to, with_roles
from cx.disputes.understood import Understood, understood
from models import Case, CaseTheme, EventRow, Message, Organisation, ReadingOpinion, ReadingRow

MOST = 100


@dataclass(frozen=True, slots=True)
class Contested:
    """A contested reading as the list of the desk shows it; `mine`: the reader of the list may rule on it now."""

    reference: str
    organisation: str
    customer: str
    first_words: str
    language: str
    due_on: date
    late: bool
    by: Ruler
    mine: bool


def waiting(session: Session, visitor: Visitor, at: datetime) -> tuple[Contested, ...]:
    """The contested readings on which nobody ruled yet, as far as the visitor may see them, the first due first."""
    columns = (
        Case.id, Case.reference, Case.organisation_id, Case.customer_name, Case.first_words, Case.language, Case.zone,
    )  # fmt: skip
    rows = session.execute(
        cases(visitor, As.RULING, *columns, Organisation.name, ReadingOpinion.due_at)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(ReadingOpinion, ReadingOpinion.case_id == Case.id)
        .where(ReadingOpinion.status == Status.OPEN)
        .order_by(ReadingOpinion.due_at, ReadingOpinion.id)
        .limit(MOST)
    ).all()
    stands = _disputes(session, [one.id for one in rows])
    houses = {number: _people(session, number) for number in {one.organisation_id for one in rows}}
    found = []
    for one in rows:
        by, late = contesting.ruler(stands[one.id], *houses[one.organisation_id]), one.due_at < at
        due_on = one.due_at.astimezone(ZoneInfo(one.zone)).date()
        mine = _may(visitor, by, stands[one.id], late=late)
        named = (one.reference, one.name, one.customer_name, one.first_words, one.language)
        found.append(Contested(*named, due_on, late, by, mine))
    return tuple(found)


def _may(visitor: Visitor, by: Ruler, dispute: Dispute, *, late: bool) -> bool:
    me = actor_id(visitor.account_id or 0)
    return contesting.may_rule(by, dispute, me, visitor.acting_role, late=late)


def _disputes(session: Session, numbers: Sequence[int]) -> dict[int, Dispute]:
    query = select(EventRow.case_id, EventRow.kind, EventRow.role, EventRow.actor, EventRow.at, EventRow.data)
    lines: dict[int, list[Event]] = {number: [] for number in numbers}
    for case_id, kind, role, actor, at, data in session.execute(
        query.where(EventRow.case_id.in_(numbers)).order_by(EventRow.case_id, EventRow.seq)
    ):
        lines[case_id].append(Event(kind, Role(role), actor, at, data))
    return {number: fold(found) for number, found in lines.items()}


def _people(session: Session, organisation_id: int) -> tuple[bool, Mapping[str, Role]]:
    """Whether there is a neutral to an organisation, and who answers for it, as `contesting.ruler` asks."""
    neutral = session.scalar(neutral_to(organisation_id).limit(1)) is not None
    return neutral, team(session.execute(with_roles(organisation_id)))


@dataclass(frozen=True, slots=True)
class ToRule:
    """What somebody reads who rules on a contested reading: the story, what was understood, what the customer says.

    Nothing else of the case: a neutral rules on the reading, not on the dispute. `story` is None once it was taken out.
    """

    case_id: int
    reference: str
    organisation: str
    customer: str
    language: str
    zone: str
    demo: bool
    story: str | None
    story_language: str
    understood: Understood
    standing: frozenset[Theme]
    opinion: OpinionSeen
    by: Ruler
    mine: bool


def to_rule(session: Session, visitor: Visitor, reference: str, at: datetime) -> ToRule:
    """The contest of this case that waits for a ruling. Raises NotVisible where there is none for the visitor."""
    columns = (Case.id, Case.reference, Case.organisation_id, Case.customer_name, Case.language, Case.zone, Case.demo)
    one = session.execute(
        cases(visitor, As.RULING, *columns, Organisation.name)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.reference == reference.upper()[:16])
    ).first()
    if one is None:
        raise NotVisible
    mine = (ReadingOpinion.case_id == one.id, ReadingOpinion.status == Status.OPEN)
    row = session.scalars(select(ReadingOpinion).where(*mine).order_by(ReadingOpinion.id.desc()).limit(1)).first()
    if row is None:
        raise NotVisible
    said = _said(session, one.id)
    story = next((text for text in said if text.kind == MessageKind.STORY), None)
    dispute = _disputes(session, [one.id])[one.id]
    by = contesting.ruler(dispute, *_people(session, one.organisation_id))
    opinion = seen(row, "", said, one.zone, at)
    themes = select(CaseTheme.theme, CaseTheme.status).where(CaseTheme.case_id == one.id)
    standing = {THEME_BY_ID[name]: status for name, status in session.execute(themes)}
    running = reader_switch.running(session)
    if not running:
        # Neither marked nor ticked is then what only the reader saw; what the person speaks of stands in their opinion.
        standing = {theme: status for theme, status in standing.items() if status == CONFIRMED}
    return ToRule(
        case_id=one.id,
        reference=one.reference,
        organisation=one.name,
        customer=one.customer_name,
        language=one.language,
        zone=one.zone,
        demo=one.demo,
        story=story.text if story is not None else None,
        story_language=story.language if story is not None else one.language,
        understood=_understood(session, one.id, standing, shown=running),
        standing=frozenset(standing),
        opinion=opinion,
        by=by,
        mine=_may(visitor, by, dispute, late=opinion.late),
    )


def ruled_by(session: Session, visitor: Visitor, opinion_id: int) -> int | None:
    """The account that ruled on an opinion. Raises NotVisible where nobody did, or the visitor had no business with it."""
    row = session.get(ReadingOpinion, opinion_id) if 0 < opinion_id < 2**63 else None
    if row is None or row.ruled_at is None:
        raise NotVisible
    own = row.organisation_id == visitor.organisation_id
    if not own and not visitor.has(Role.NEUTRAL):
        raise NotVisible
    return row.account_id


def _said(session: Session, case_id: int) -> tuple[Said, ...]:
    kinds = (MessageKind.STORY, MessageKind.READING_SAID, MessageKind.READING_RULED)
    rows = session.scalars(
        select(Message).where(Message.case_id == case_id, Message.kind.in_(kinds)).order_by(Message.id)
    )
    return tuple(
        Said(one.id, one.at, one.kind, Role(one.role), one.author, one.account_id, False, one.language, one.origin, one.text)
        for one in rows
    )  # fmt: skip


def _understood(session: Session, case_id: int, standing: Mapping[Theme, str], *, shown: bool) -> Understood:
    query = select(ReadingRow).where(ReadingRow.case_id == case_id).order_by(ReadingRow.id.desc()).limit(1)
    reading = session.scalars(query).first() if shown else None
    ruled = select(EventRow).where(EventRow.case_id == case_id, EventRow.kind == "themes_ruled").order_by(EventRow.seq)
    lines = session.scalars(ruled).all()
    return understood(reading, standing, lines, {})
