"""Somebody asks to talk to a person: the request, its clock, who waits at the desk, and the answer that ends it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cx.core.dispute import happened
from cx.core.presence import MEETINGS, SLOT, Way
from cx.core.refusals import GuardFailed, NotVisible
from cx.core.reminders import To
from cx.core.visitor import Visitor
from cx.core.words import Role
from cx.disputes import correspondence, moves
from cx.disputes.casefile import actor_of
from cx.disputes.correspondence import Crew
from cx.disputes.ledger import Ledger, Text
from cx.disputes.meeting import TAKEN_BACK, WAITING, meet, waiting_of
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.presence import Reach, reach
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As, cases
from cx.disputes.storing import save
from cx.disputes.workbench import Workbench
from models import Absence, Account, Case, Contact, HumanRequest, Message, Organisation

MOST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as both sides read it. `met_by` is the name of whoever answered."""

    id: int
    way: Way
    slot_at: datetime | None
    asked_at: datetime
    due_at: datetime
    status: str
    met_at: datetime | None
    met_by: str

    @property
    def waiting(self) -> bool:
        """Whether nobody answered yet."""
        return self.status == WAITING

    @property
    def in_time(self) -> bool:
        """Whether it was answered by when it was said."""
        return self.met_at is not None and self.met_at <= self.due_at


def on_case(case: CaseFile) -> tuple[Asked, ...]:
    """The requests of a case that was opened for its reader, the latest first."""
    rows = sorted(case.beside["requests"], key=lambda one: one.id, reverse=True)
    return tuple(_asked(one, one.name) for one in rows)


def _asked(one: HumanRequest, name: str) -> Asked:
    return Asked(one.id, Way(one.way), one.slot_at, one.asked_at, one.due_at, one.status, one.met_at, name)


def ask(
    session: Session,
    bench: Workbench,
    hand: Hand,
    way: Way,
    text: Text | None = None,
    slot: datetime | None = None,
    phone: str = "",
) -> None:
    """Ask for a person. Every request that somebody staffs is taken; from now on its clock runs.

    Raises GuardFailed: `not_twice` when one waits already, `way_staffed` when nobody is there for this way,
    `slot_free` (beside `slot`) when somebody else took the moment, `phone_given` (beside `phone`) for a call.
    """
    ledger, actor = take_up(session, hand)
    case_id, place = ledger.case["id"], ledger.case["organisation_id"]
    # Two people must not get the same moment: whoever asks the organisation waits for the other.
    session.execute(select(Organisation.id).where(Organisation.id == place).with_for_update())
    if waiting_of(session, case_id):
        raise GuardFailed("not_twice", None)
    due = _due(reach(session, place, hand.at), way, slot)
    if way is Way.CALLBACK:
        if not phone:
            raise GuardFailed("phone_given", "phone")
        _keep_phone(session, case_id, phone)
    meets = slot if way in MEETINGS else None
    session.add(
        HumanRequest(
            case_id=case_id, organisation_id=place, way=way.value, words="", slot_at=meets, asked_at=hand.at,
            due_at=due, status=WAITING,
        )
    )  # fmt: skip
    ledger.record(happened("human_asked", actor, hand.at, way=way.value, due=due, slot=meets), text, actor)
    _letters(session, ledger, hand.at, due, meets)
    put_down(session, bench, ledger, hand)


def _due(found: Reach | None, way: Way, slot: datetime | None) -> datetime:
    """By when a person answers, as the page said it. Raises GuardFailed where nobody would."""
    if found is None or way not in found.offers:
        raise GuardFailed("way_staffed", None)
    if way in MEETINGS:
        if slot is None or slot not in found.ways[way].slots:
            raise GuardFailed("slot_free", "slot")
        return slot + SLOT
    due = found.ways[way].due_at if way in found.ways else found.own_target
    if due is None:
        raise GuardFailed("way_staffed", None)
    return due


def _keep_phone(session: Session, case_id: int, phone: str) -> None:
    contact = session.get(Contact, case_id)
    if contact is None:
        session.add(Contact(case_id=case_id, phone=phone))
    else:
        contact.phone = phone


def _letters(session: Session, ledger: Ledger, at: datetime, due: datetime, meets: datetime | None) -> None:
    """Whoever reads the case today hears of it; who chose a moment gets it in writing."""
    if ledger.case["demo"]:
        return
    crew, zone = correspondence.crew_of(session, ledger.case["organisation_id"]), ledger.case["zone"]
    correspondence.to_team(
        ledger, crew_today(session, crew, ledger, at), To.OWNER, "human_asked", at, when=due.isoformat(), zone=zone
    )
    case_id = ledger.case["id"]
    address = correspondence.addresses_of(session, [case_id]).get(case_id)
    if meets is not None and address is not None and address.email:
        correspondence.to_customer(ledger, crew, address, "call_back_agreed", at, when=meets.isoformat(), zone=zone)


def crew_today(session: Session, crew: Crew, ledger: Ledger, at: datetime) -> Crew:
    """The crew in which the substitute has the place of the owner who is away: a clock of hours waits for nobody."""
    owner, today = ledger.case["owner_id"], ledger.local_day(at)
    query = (
        select(Absence.substitute_id)
        .where(
            Absence.account_id == owner,
            Absence.organisation_id == ledger.case["organisation_id"],
            Absence.first <= today,
            Absence.last >= today,
        )
        .order_by(Absence.last.desc(), Absence.id.desc())
    )
    instead = crew.answering.get(session.scalar(query.limit(1)) or 0) if owner is not None else None
    return replace(crew, answering={**crew.answering, owner: instead}) if instead is not None else crew


def take_back(session: Session, bench: Workbench, hand: Hand) -> bool:
    """The customer needs nobody any more; whether there was a request to take back."""
    ledger, actor = take_up(session, hand)
    found = waiting_of(session, ledger.case["id"])
    for one in found:
        one.status = TAKEN_BACK
        ledger.record(happened("human_taken_back", actor, hand.at, way=one.way), None, actor)
    if found:
        put_down(session, bench, ledger, hand)
    return bool(found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who asks for a person, as the team reads it. `words`: what they wrote with it (found by `find` only)."""

    asked: Asked
    case_id: int
    reference: str
    customer: str
    first_words: str
    language: str
    zone: str
    owner: str
    phone: str
    words: str = ""


def _seen(visitor: Visitor) -> Select[Any]:
    return (
        cases(
            visitor, As.STAFF, HumanRequest, Case.reference, Case.customer_name, Case.first_words, Case.language,
            Case.zone, Account.name, Contact.phone,
        )
        .join(HumanRequest, HumanRequest.case_id == Case.id)
        .outerjoin(Account, Account.id == Case.owner_id)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .where(HumanRequest.organisation_id == visitor.organisation_id)
    )  # fmt: skip


def _waiting(row: Any) -> Waiting:
    one = row.HumanRequest
    return Waiting(
        _asked(one, ""), one.case_id, row.reference, row.customer_name, row.first_words, row.language, row.zone, row.name or "",
        row.phone or "",
    )  # fmt: skip


def waiting(session: Session, visitor: Visitor) -> tuple[Waiting, ...]:
    """Who asks for a person of the visitor's organisation, whoever must be answered first comes first."""
    query = _seen(visitor).where(HumanRequest.status == WAITING).order_by(HumanRequest.due_at, HumanRequest.id)
    return tuple(_waiting(row) for row in session.execute(query.limit(MOST)))


def find(session: Session, visitor: Visitor, number: int) -> Waiting:
    """One request of the visitor's organisation, whatever became of it. Raises NotVisible."""
    row = session.execute(_seen(visitor).where(HumanRequest.id == number)).first() if number < 2**63 else None
    if row is None:
        raise NotVisible
    one = row.HumanRequest
    said = select(Message.text).where(
        Message.case_id == one.case_id, Message.at == one.asked_at, Message.role == Role.CUSTOMER.value
    )
    return replace(_waiting(row), words=session.scalar(said.limit(1)) or "")


def answer(session: Session, bench: Workbench, hand: Hand, number: int, text: Text, *, called: bool) -> None:
    """A person answered: by a call, whose note stays inside, or by a letter. The clock of this request stops with it."""
    if called:
        ledger = moves.note(session, bench, hand, text.text, call=True)
    else:
        ledger = moves.write(session, bench, hand, text)
    one = session.get(HumanRequest, number)
    if one is not None and one.status == WAITING and one.case_id == ledger.case["id"]:
        # Another way than the one that was asked for: they spoke all the same.
        meet(one, ledger, actor_of(hand.visitor, hand.capacity), hand.at)
        save(session, bench, [ledger])
