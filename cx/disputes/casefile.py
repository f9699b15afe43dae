"""One case as its reader may see it: frozen values, filtered by audience, selected through `sight`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.acts import Actor, Event
from cx.core.dispute import allowed, fold
from cx.core.refusals import NotVisible
from cx.core.regimes import may_show
from cx.core.visitor import Visitor
from cx.core.words import STAFF_ROLES, THEME_BY_ID, Audience, OfferKind, Role, Solved, Wish
from cx.disputes import reader_switch, switches
from cx.disputes.beside import beside
from cx.disputes.judging import CONFIRMED
from cx.disputes.ledger import actor_id, local_days
from cx.disputes.mediators import actor_of_link
from cx.disputes.reader_switch import Standing
from cx.disputes.seen import CaseFile, ClockSeen, Happened, OfferSeen, Person, PointSeen, Said
from cx.disputes.sight import As, cases, reads_notes
from cx.disputes.team import at_work
from cx.disputes.understood import understood
from models import Account, Case, Contact, Organisation, Touchpoint
from models.bundle import Row


def actor_of(visitor: Visitor, capacity: As) -> Actor:
    """The visitor as an actor of disputes. Raises NotVisible when they cannot act at all."""
    if capacity is As.CUSTOMER:
        return Actor(Role.CUSTOMER, "customer")
    if capacity is As.MEDIATOR:
        return Actor(Role.NEUTRAL, "mediator", visitor.name, visitor.function)
    role = visitor.acting_role
    if role is None or visitor.account_id is None:
        raise NotVisible
    limit = visitor.money_limit_minor if role is Role.AGENT else None
    return Actor(
        role, actor_id(visitor.account_id), visitor.name, visitor.function, limit, visitor.money_limit_currency
    )


# Columns that a reader sees as they are stored, under the same name.
_AS_STORED = (
    "id", "reference", "version", "sector", "jurisdiction", "calendar", "zone", "language", "detected_language", "wish_text", "first_words", "place", "channel", "issue",
    "occurred_on", "occurred_about", "facts", "severity_told", "told_at", "sent_at", "origin", "customer_waits", "bring_back_on", "quiet_since", "outcome", "ended_at", "demo",
)  # fmt: skip


# Rows of which the case file makes values of its own; the rest stays for those who show it.
_TOLD = frozenset({"events", "said", "points", "offers", "clocks", "themes", "reading"})


def open_case(session: Session, visitor: Visitor, capacity: As, reference: str, at: datetime) -> CaseFile:
    """The case with this reference for this reader. Raises NotVisible: foreign and missing are the same."""
    query = (
        cases(visitor, capacity, Case, Organisation, Contact, Account.name)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .outerjoin(Account, Account.id == Case.neutral_id)
        .where(Case.reference == reference.upper()[:16])
    )
    found = session.execute(query).first()
    if found is None:
        raise NotVisible
    case, organisation, contact, neutral = found
    staff = capacity is As.STAFF
    notes = _notes_of(visitor, case.organisation_id) if staff else frozenset()
    rows = beside(session, capacity, case, organisation, contact, sorted(notes), at)
    lines = sorted(rows["events"], key=lambda one: one.seq)
    dispute = fold(Event(one.kind, Role(one.role), one.actor, one.at, one.data) for one in lines)
    mediators = {actor_of_link(one.id): one.name for one in rows["links"] if one.name}
    readers = {one.id: Person(one.id, one.name, one.function, one.here) for one in rows["readers"]}
    owner = readers.get(case.owner_id or 0)
    if owner is not None and not owner.here and case.ended_at is None:
        owner = None  # whoever is not at work here any more has nothing in hand
    return CaseFile(
        **{name: getattr(case, name) for name in _AS_STORED},
        owner_id=owner.account_id if owner is not None else None,
        organisation_id=organisation.id,
        organisation=organisation.name,
        slug=organisation.slug,
        claimed=organisation.claimed,
        state=dispute.state,
        dispute=dispute,
        wish=Wish(case.wish),
        customer=case.customer_name,
        contact=contact,
        person=owner or readers.get(organisation.duty_account_id or 0),
        neutral=neutral or "",
        due_on=case.next_due_on,
        due_kind=case.next_due_kind,
        due_rule=case.next_due_rule,
        solved=Solved(case.solved) if case.solved else None,
        actions=allowed(dispute, actor_of(visitor, capacity), at, local_days(dispute, case.zone, at)),
        said=_said(rows["said"]),
        happened=tuple(_happened(one, mediators.get(one.actor) or one.name) for one in lines),
        points=_points(rows["points"]),
        offers=_offers(rows["offers"], _proposals(lines, mediators)),
        clocks=_clocks(rows["clocks"], switches.said(session)),
        beside={name: rows[name] for name in rows.keys() - _TOLD},
        **_themes(rows, capacity, lines, reader_switch.standing(session)),
    )


def _happened(line: Row, name: str) -> Happened:
    return Happened(line.seq, line.at, line.kind, Role(line.role), name, line.data, line.hash)


def _notes_of(visitor: Visitor, organisation_id: int) -> frozenset[Role]:
    """Whose internal notes the reader sees: a team its own, a neutral those of neutrals (decision 0006)."""
    own = STAFF_ROLES - {Role.NEUTRAL} if reads_notes(visitor, organisation_id) else frozenset()
    return own | {Role.NEUTRAL} if visitor.has(Role.NEUTRAL) else own


def _said(rows: Iterable[Row]) -> tuple[Said, ...]:
    return tuple(
        Said(
            one.id, one.at, one.kind, Role(one.role), one.author, one.account_id,
            one.audience == Audience.INTERNAL, one.language, one.origin, one.text,
        )
        for one in sorted(rows, key=lambda one: one.id)
    )  # fmt: skip


def _points(rows: Iterable[Row]) -> tuple[PointSeen, ...]:
    found = sorted(rows, key=lambda one: one.number)
    return tuple(PointSeen(one.number, one.text, one.answer, one.reasons) for one in found)


def _proposals(lines: Iterable[Row], mediators: Mapping[str, str]) -> dict[int, str]:
    """What mediators proposed: the version, and who did by name where it is known here."""
    told = (one for one in lines if one.kind == "opinion_recorded" and one.data.get("version"))
    return {one.data["version"]: mediators.get(one.actor) or one.name for one in told}


def _offers(rows: Iterable[Row], proposals: Mapping[int, str]) -> tuple[OfferSeen, ...]:
    return tuple(
        OfferSeen(
            one.version, OfferKind(one.kind), one.amount_minor, one.currency, one.basis, one.pay_by, one.expires_on,
            one.final, one.status, proposals.get(one.version) or one.maker or "", one.made_at, one.performed_at, one.proof, one.answered_at,
            one.conditions, one.voucher_expires_on, one.approver or "", one.counter, one.paid_said,
            one.version in proposals,
        )
        for one in sorted(rows, key=lambda one: one.version)
    )  # fmt: skip


def _clocks(rows: Iterable[Row], said: Mapping[str, bool]) -> tuple[ClockSeen, ...]:
    regimes = clock.load()
    return tuple(
        ClockSeen(
            one.regime_id, one.regime_version, one.purpose, one.duty_holder, one.started_on, one.due_on, one.done_on,
            one.regime_id in regimes and may_show(regimes[one.regime_id], said), one.extended_from,
        )
        for one in sorted(rows, key=lambda one: (one.due_on, one.id))
    )  # fmt: skip


def _themes(
    rows: Mapping[str, Sequence[Row]], capacity: As, lines: Sequence[Row], switched: Standing
) -> dict[str, Any]:
    """The themes for an audience: a customer reads what was understood, without any score; a mediator nothing.

    While the reader is switched off, only what people said is there.
    """
    if capacity not in {As.STAFF, As.CUSTOMER}:
        return {"themes": {}, "scores": {}, "abstained": False, "understood": None}
    reading = next(iter(rows["reading"]), None)
    standing = {THEME_BY_ID[one.theme]: one.status for one in rows["themes"]}
    if not switched.running:
        reading, standing = None, {theme: status for theme, status in standing.items() if status == CONFIRMED}
    known = understood(reading, standing, lines, {one.seq: one.name for one in lines})
    if not switched.running:
        known = replace(known, off_since=switched.since)
    if capacity is As.CUSTOMER:
        return {"themes": {}, "scores": {}, "abstained": False, "understood": known}
    scores = dict(reading.scores) if reading else {}
    return {"themes": standing, "scores": scores, "abstained": known.abstained, "understood": known}


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
