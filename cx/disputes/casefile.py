"""One case as its reader may see it: frozen values, filtered by audience, selected through `sight`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.acts import Actor, Event
from cx.core.dispute import allowed, fold
from cx.core.refusals import NotVisible
from cx.core.visitor import Visitor
from cx.core.words import THEME_BY_ID, Audience, OfferKind, Role, Solved, Wish
from cx.disputes.ledger import account_of, actor_id
from cx.disputes.seen import CaseFile, ClockSeen, Happened, OfferSeen, Person, PointSeen, Said
from cx.disputes.sight import As, cases
from cx.disputes.team import at_work
from models import (
    Account,
    Case,
    CaseTheme,
    ClockRun,
    Contact,
    EventRow,
    Message,
    OfferVersion,
    Organisation,
    Point,
    ReadingRow,
    Touchpoint,
)


def actor_of(visitor: Visitor, capacity: As) -> Actor:
    """The visitor as an actor of disputes. Raises NotVisible when they cannot act at all."""
    if capacity is As.CUSTOMER:
        return Actor(Role.CUSTOMER, "customer")
    role = visitor.acting_role
    if role is None or visitor.account_id is None:
        raise NotVisible
    limit = visitor.money_limit_minor if role is Role.AGENT else None
    return Actor(role, actor_id(visitor.account_id), visitor.name, visitor.function, limit)


# Columns that a reader sees as they are stored, under the same name.
_AS_STORED = (
    "id", "reference", "version", "sector", "jurisdiction", "calendar", "zone", "language", "detected_language", "wish_text", "first_words", "place", "channel", "issue",
    "occurred_on", "occurred_about", "facts", "severity_told", "told_at", "sent_at", "origin", "customer_waits", "bring_back_on", "quiet_since", "outcome", "ended_at", "demo",
)  # fmt: skip


def open_case(session: Session, visitor: Visitor, capacity: As, reference: str, at: datetime) -> CaseFile:
    """The case with this reference for this reader. Raises NotVisible: foreign and missing are the same."""
    query = (
        cases(visitor, capacity, Case, Organisation, Contact)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .where(Case.reference == reference.upper()[:16])
    )
    found = session.execute(query).first()
    if found is None:
        raise NotVisible
    case, organisation, contact = found
    staff = capacity is As.STAFF
    lines = session.scalars(select(EventRow).where(EventRow.case_id == case.id).order_by(EventRow.seq)).all()
    dispute = fold(Event(one.kind, Role(one.role), one.actor, one.at, one.data) for one in lines)
    people = _people(session, case, organisation, lines)
    owner = people.get(case.owner_id or 0)
    if owner is not None and not owner.here and case.ended_at is None:
        owner = None  # whoever is not at work here any more has nothing in hand
    return CaseFile(
        **{name: getattr(case, name) for name in _AS_STORED},
        owner_id=owner.account_id if owner is not None else None,
        organisation_id=organisation.id,
        organisation=organisation.name,
        claimed=organisation.claimed,
        state=dispute.state,
        dispute=dispute,
        wish=Wish(case.wish),
        customer=case.customer_name,
        contact=contact,
        person=owner or people.get(organisation.duty_account_id or 0),
        due_on=case.next_due_on,
        due_kind=case.next_due_kind,
        due_rule=case.next_due_rule,
        solved=Solved(case.solved) if case.solved else None,
        actions=allowed(dispute, actor_of(visitor, capacity), at),
        said=_said(session, case.id, staff),
        happened=tuple(
            Happened(one.seq, one.at, one.kind, Role(one.role), _name(people, one.actor), one.data, one.hash)
            for one in lines
        ),
        points=_points(session, case.id),
        offers=_offers(session, case.id, people),
        clocks=_clocks(session, case.id),
        **_themes(session, case.id, staff),
    )


def _people(session: Session, case: Case, organisation: Organisation, lines: Any) -> dict[int, Person]:
    wanted = {account_of(one.actor) for one in lines} | {case.owner_id, organisation.duty_account_id}
    here = Account.id.in_(at_work(organisation.id))
    query = select(Account.id, Account.name, Account.function, here).where(Account.id.in_(wanted - {None}))
    return {row[0]: Person(*row) for row in session.execute(query)}


def _name(people: Mapping[int, Person], actor: str) -> str:
    person = people.get(account_of(actor) or 0)
    return person.name if person else ""


def _said(session: Session, case_id: int, staff: bool) -> tuple[Said, ...]:
    query = select(Message).where(Message.case_id == case_id).order_by(Message.id)
    if not staff:
        query = query.where(Message.audience == Audience.BOTH)
    return tuple(
        Said(
            one.id, one.at, one.kind, Role(one.role), one.author, one.account_id,
            one.audience == Audience.INTERNAL, one.language, one.origin, one.text,
        )
        for one in session.scalars(query)
    )  # fmt: skip


def _points(session: Session, case_id: int) -> tuple[PointSeen, ...]:
    query = select(Point).where(Point.case_id == case_id).order_by(Point.number)
    return tuple(PointSeen(one.number, one.text, one.answer, one.reasons) for one in session.scalars(query))


def _offers(session: Session, case_id: int, people: Mapping[int, Person]) -> tuple[OfferSeen, ...]:
    query = select(OfferVersion).where(OfferVersion.case_id == case_id).order_by(OfferVersion.version)
    return tuple(
        OfferSeen(
            one.version, OfferKind(one.kind), one.amount_minor, one.currency, one.basis, one.pay_by, one.expires_on,
            one.final, one.status, _name(people, actor_id(one.made_by)), one.made_at, one.performed_at, one.proof,
        )
        for one in session.scalars(query)
    )  # fmt: skip


def _clocks(session: Session, case_id: int) -> tuple[ClockSeen, ...]:
    regimes = clock.load()
    query = select(ClockRun).where(ClockRun.case_id == case_id).order_by(ClockRun.due_on)
    return tuple(
        ClockSeen(
            one.regime_id, one.regime_version, one.purpose, one.duty_holder, one.started_on, one.due_on, one.done_on,
            one.regime_id in regimes and regimes[one.regime_id].lawful,
        )
        for one in session.scalars(query)
    )  # fmt: skip


def _themes(session: Session, case_id: int, staff: bool) -> dict[str, Any]:
    if not staff:
        return {"themes": {}, "scores": {}, "abstained": False}
    standing = session.execute(select(CaseTheme.theme, CaseTheme.status).where(CaseTheme.case_id == case_id))
    reading = session.scalars(
        select(ReadingRow).where(ReadingRow.case_id == case_id).order_by(ReadingRow.id.desc()).limit(1)
    ).first()
    return {
        "themes": {THEME_BY_ID[theme]: status for theme, status in standing},
        "scores": dict(reading.scores) if reading else {},
        "abstained": reading.abstained if reading else True,
    }


def similar(session: Session, visitor: Visitor, case: CaseFile, most: int = 3) -> tuple[tuple[str, str, datetime], ...]:
    """The latest other cases at the same place (else with the same issue): reference, first words, when."""
    if not case.place and not case.issue:
        return ()
    same = Case.place == case.place if case.place else Case.issue == case.issue
    query = cases(visitor, As.STAFF, Case.reference, Case.first_words, Case.told_at).where(same, Case.id != case.id)
    rows = session.execute(query.order_by(Case.id.desc()).limit(most))
    return tuple((reference, words, at) for reference, words, at in rows)


def colleagues(session: Session, organisation_id: int) -> tuple[Person, ...]:
    """The agents and supervisors of an organisation, by name."""
    query = (
        select(Account.id, Account.name, Account.function)
        .where(Account.id.in_(at_work(organisation_id)))
        .order_by(Account.name)
    )
    return tuple(Person(*row) for row in session.execute(query))


def touchpoints(session: Session, organisation_id: int) -> tuple[tuple[int, str, str, str], ...]:
    """The touchpoints of an organisation: number, code, name, channel."""
    query = (
        select(Touchpoint.id, Touchpoint.code, Touchpoint.name, Touchpoint.channel)
        .where(Touchpoint.organisation_id == organisation_id)
        .order_by(Touchpoint.code)
    )
    return tuple((a, b, c, d) for a, b, c, d in session.execute(query))
