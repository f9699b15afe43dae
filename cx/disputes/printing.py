"""Letters on paper, for people without e-mail: what waits to be printed and who prints it, letters whole, and the day
they were posted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlalchemy.orm import Session

from cx.core.dispute import happened
from cx.core.refusals import GuardFailed, NotVisible
from cx.core.visitor import Visitor
from cx.core.words import Audience
from cx.disputes.casefile import actor_of
from cx.disputes.correspondence import PRINT
from cx.disputes.letters_seen import Words, announced
from cx.disputes.sight import As, cases
from cx.disputes.storing import load, save
from cx.disputes.workbench import Workbench
from models import Account, Case, Contact, Letter, Message, Organisation

POSTED = "posted"
MOST = 100
# So many sheets are printed in one go.
A_PILE = 50
# Whoever said that they print a letter has a day for it; then anybody may.
HELD = timedelta(days=1)
# Reminders after which a dispute may go on without an answer: on paper they count from the day they were posted.
COUNTING = frozenset({"question_reminder", "final_reminder"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits to be printed, as the queue shows it; `printer` is whoever prints it, since `printed_at`."""

    id: int
    kind: str
    data: dict[str, Any]
    created_at: datetime
    reference: str
    zone: str
    name: str
    printer_id: int | None
    printer: str
    printed_at: datetime | None
    posted_on: date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter for paper: who writes to whom, what the letter says, and the words that it announces."""

    id: int
    kind: str
    language: str
    data: dict[str, Any]
    created_at: datetime
    reference: str
    zone: str
    organisation: str
    organisation_address: str
    name: str
    postal: str
    words: tuple[Words, ...]


def _kept(visitor: Visitor, *columns: Any) -> Select[Any]:
    """A select over the letters to be printed whose case the visitor may see and whose reader has a postal address."""
    seen = cases(visitor, As.STAFF, Case.id).where(Case.id == Letter.case_id).exists()
    reached = exists().where(Contact.case_id == Letter.case_id, Contact.postal != "")
    kept = (Letter.status == PRINT, Letter.account_id.is_(None))
    return select(*columns).select_from(Letter).where(*kept, seen, reached).execution_options(sighted=True)


def _listed(session: Session, visitor: Visitor, *which: ColumnElement[bool], newest: bool = False) -> list[Waiting]:
    order = (Letter.posted_on.desc(), Letter.id.desc()) if newest else (Letter.created_at, Letter.id)
    query = (
        cases(visitor, As.STAFF, Letter.id, Letter.kind, Letter.data, Letter.created_at, Case.reference, Case.zone)
        .add_columns(Contact.name, Letter.printed_by, func.coalesce(Account.name, ""))
        .add_columns(Letter.printed_at, Letter.posted_on)
        .join(Letter, Letter.case_id == Case.id)
        .join(Contact, Contact.case_id == Case.id)
        .outerjoin(Account, Account.id == Letter.printed_by)
        .where(Letter.account_id.is_(None), *which)
        .order_by(*order)
    )
    return [Waiting(*row) for row in session.execute(query.limit(MOST))]


def many(session: Session, visitor: Visitor) -> int:
    """How many letters wait to be printed, counted up to `MOST` + 1."""
    some = _kept(visitor, Letter.id).limit(MOST + 1).subquery()
    return session.scalar(select(func.count()).select_from(some).execution_options(sighted=True)) or 0


def queue(session: Session, visitor: Visitor) -> Sequence[Waiting]:
    """The letters that wait to be printed, the oldest first, at most `MOST`."""
    return _listed(session, visitor, Letter.status == PRINT, Contact.postal != "")


def lately(session: Session, visitor: Visitor, since: date) -> Sequence[Waiting]:
    """The letters that were posted since a day, the last first, at most `MOST`."""
    return _listed(session, visitor, Letter.status == POSTED, Letter.posted_on >= since, newest=True)


def hold(session: Session, visitor: Visitor, at: datetime) -> int:
    """Say that the visitor prints what nobody else prints, at most `A_PILE` letters; how many are theirs by it."""
    free = or_(Letter.printed_by.is_(None), Letter.printed_at < at - HELD, Letter.printed_by == visitor.account_id)
    some = _kept(visitor, Letter.id).where(free).order_by(Letter.created_at, Letter.id).limit(A_PILE)
    ids = list(session.scalars(some.with_for_update(of=Letter)))
    values = {"printed_by": visitor.account_id, "printed_at": at}
    session.execute(update(Letter).where(Letter.id.in_(ids), Letter.status == PRINT).values(values))
    return len(ids)


def pile(session: Session, visitor: Visitor, at: datetime) -> list[Sheet]:
    """The letters that the visitor said they print, whole, the oldest first."""
    mine = (Letter.printed_by == visitor.account_id, Letter.printed_at >= at - HELD)
    some = _kept(visitor, Letter).where(*mine).order_by(Letter.created_at, Letter.id).limit(A_PILE)
    return _sheets(session, visitor, list(session.scalars(some)))


def sheet(session: Session, visitor: Visitor, number: int) -> Sheet:
    """One letter, whole. Raises NotVisible for one of another organisation, or that is not to be printed."""
    letter = session.scalars(_kept(visitor, Letter).where(Letter.id == number)).first()
    if letter is None:
        raise NotVisible
    return _sheets(session, visitor, [letter])[0]


def _sheets(session: Session, visitor: Visitor, letters: Sequence[Letter]) -> list[Sheet]:
    """Letters that were found, with what stands around them. Two queries, whatever their number."""
    ids = {one.case_id for one in letters}
    query = (
        cases(visitor, As.STAFF, Case.id, Case.reference, Case.zone, Organisation.name, Organisation.address)
        .add_columns(Contact.name.label("person"), Contact.postal)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(Contact, Contact.case_id == Case.id)
        .where(Case.id.in_(ids))
    )
    around = {one.id: one for one in session.execute(query)}
    columns = (Message.case_id, Message.at, Message.kind, Message.role, Message.author, Message.language, Message.text)
    said = select(*columns).where(Message.case_id.in_(ids), Message.audience == Audience.BOTH).order_by(Message.id)
    texts = defaultdict(list)
    for one in session.execute(said):
        texts[one.case_id].append(one)
    return [_sheet(letter, around[letter.case_id], texts[letter.case_id or 0]) for letter in letters]


def _sheet(letter: Letter, found: Any, texts: Sequence[Any]) -> Sheet:
    return Sheet(
        id=letter.id,
        kind=letter.kind,
        language=letter.language,
        data=letter.data,
        created_at=letter.created_at,
        reference=found.reference,
        zone=found.zone,
        organisation=found.name,
        organisation_address=found.address,
        name=found.person,
        postal=found.postal,
        words=announced(letter.kind, letter.created_at, texts),
    )


def posted(session: Session, bench: Workbench, visitor: Visitor, number: int, on: date, at: datetime) -> None:
    """Write down that the letter was printed and posted on the local day `on`. A paper reminder counts from now.

    Raises NotVisible, and GuardFailed for a day before the letter was written or still to come.
    """
    letter = session.scalars(_kept(visitor, Letter).where(Letter.id == number)).first()
    if letter is None or letter.case_id is None:
        raise NotVisible
    ledger = load(session, letter.case_id)
    if not ledger.local_day(letter.created_at) <= on <= ledger.local_day(at):
        raise GuardFailed("posted_since_written", "posted_on")
    mine = (Letter.id == number, Letter.status == PRINT)
    values = {"status": POSTED, "posted_on": on, "printed_by": visitor.account_id, "printed_at": at}
    done = session.execute(update(Letter).where(*mine).values(values))
    if getattr(done, "rowcount", 0) != 1:
        raise NotVisible  # somebody else posted it meanwhile
    # A letter that came back from its e-mail address was counted when it left.
    if letter.kind in COUNTING and not letter.address and ledger.dispute.state.open:
        actor = actor_of(visitor, As.STAFF)
        ledger.record(happened("reminded", actor, at, letter=letter.kind, posted_on=on), None, actor)
        save(session, bench, [ledger])


def posted_all(
    session: Session, bench: Workbench, visitor: Visitor, numbers: Iterable[int], on: date, at: datetime
) -> int:
    """The same for a pile; what somebody else posted meanwhile is passed over. How many were written down."""
    done = 0
    for number in numbers:
        try:
            posted(session, bench, visitor, number, on, at)
        except NotVisible:
            continue
        done += 1
    return done
