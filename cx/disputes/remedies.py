"""What a broken promise brings: offers beside the dispute, which accepting them never ends.

The organisation may raise a remedy or block it with a reason while it is held; then it is offered by itself. The
customer accepts, refuses or asks for something else. Every step is a line of the journal that folds to nothing, so
state, clocks and offers of the dispute stay as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.acts import TO_PERFORM, Actor
from cx.core.charter import GIVE_WITHIN, RULE_BY_ID, PledgeStatus, RemedyStatus, Rule, judge
from cx.core.dispute import happened
from cx.core.refusals import NotVisible, WrongState
from cx.core.visitor import Visitor
from cx.core.words import OfferKind, Role
from cx.disputes import correspondence, sight
from cx.disputes.ledger import Ledger, actor_id
from cx.disputes.pledges import apply, journal_of, place_of, requests_for
from cx.disputes.sight import As
from cx.disputes.storing import load, save
from cx.disputes.workbench import Workbench
from models import Case, Pledge, Promise, Remedy

DECIDERS = (Role.MANAGER, Role.SUPERVISOR)
GIVERS = (Role.AGENT, *DECIDERS)
CUSTOMER = Actor(Role.CUSTOMER, "customer")
# The customer's word counts while it is offered, and while what they ask for instead is not met.
ANSWERABLE = (RemedyStatus.OFFERED, RemedyStatus.COUNTERED)
# A remedy that leaves something to be done once it is accepted; a signed apology is given by being accepted.
LEAVES_SOMETHING = frozenset(kind.value for kind in TO_PERFORM | {OfferKind.VOUCHER})


@dataclass(frozen=True, slots=True)
class Held:
    """A remedy taken in hand with its case, locked until the transaction ends."""

    ledger: Ledger
    remedy: Remedy
    promise: Promise
    actor: Actor

    def note(self, kind: str, at: datetime, **facts: object) -> None:
        """Write a line of the journal about this remedy."""
        event = happened(kind, self.actor, at, promise=self.promise.id, rule=self.promise.rule, **facts)
        self.ledger.record(event, None, self.actor)

    @property
    def facts(self) -> dict[str, object]:
        """What is offered, as it stands in the journal."""
        return {"remedy": self.remedy.kind, "amount_minor": self.remedy.amount_minor, "currency": self.remedy.currency}


def _held(session: Session, remedy: Remedy | None, actor: Actor) -> Held:
    if remedy is None:
        raise NotVisible
    ledger = load(session, remedy.case_id)
    # Whoever waited for the lock sees what was decided meanwhile.
    session.refresh(remedy)
    promise_id = session.scalar(select(Pledge.promise_id).where(Pledge.id == remedy.pledge_id))
    return Held(ledger, remedy, session.get_one(Promise, promise_id), actor)


def visible(session: Session, visitor: Visitor, remedy_id: int, roles: tuple[Role, ...] = GIVERS) -> Remedy:
    """A remedy of the visitor's own organisation. Raises NotVisible."""
    house = visitor.organisation_id
    found = session.get(Remedy, remedy_id) if house is not None and visitor.has(*roles) else None
    if found is None or found.organisation_id != house:
        raise NotVisible
    if session.execute(sight.cases(visitor, As.FIGURES, Case.id).where(Case.id == found.case_id)).first() is None:
        raise NotVisible
    return found


def of_staff(session: Session, visitor: Visitor, remedy_id: int, roles: tuple[Role, ...] = DECIDERS) -> Held:
    """Take a remedy of the own organisation in hand. Raises NotVisible."""
    remedy = visible(session, visitor, remedy_id, roles)
    assert visitor.account_id is not None
    role = next(one for one in (Role.MANAGER, Role.SUPERVISOR, Role.AGENT) if visitor.has(one))
    return _held(session, remedy, Actor(role, actor_id(visitor.account_id), visitor.name, visitor.function))


def of_customer(session: Session, visitor: Visitor, reference: str, remedy_id: int) -> Held:
    """Take a remedy of the own case in hand, once it was offered. Raises NotVisible."""
    found = sight.locate(session, visitor, As.CUSTOMER, reference)
    query = select(Remedy).where(Remedy.id == remedy_id, Remedy.case_id == found.case_id)
    return _held(session, session.scalars(query).first(), CUSTOMER)


def by_time(session: Session, remedy_id: int, timer: Actor) -> Held:
    """Take a remedy in hand because its time has come. Raises NotVisible when it is gone."""
    return _held(session, session.get(Remedy, remedy_id), timer)


def _from(held: Held, action: str, *states: RemedyStatus) -> None:
    if held.remedy.status not in states:
        raise WrongState(action, held.remedy.status)


def offer(session: Session, bench: Workbench, held: Held, at: datetime) -> None:
    """Offer a remedy that was held: somebody says so early, or the time to decide is over."""
    _from(held, "offer", RemedyStatus.HELD)
    _offer(session, held, at)
    save(session, bench, [held.ledger])


def _offer(session: Session, held: Held, at: datetime) -> None:
    held.remedy.status, held.remedy.offered_at = RemedyStatus.OFFERED.value, held.remedy.offered_at or at
    held.note("remedy_offered", at, **held.facts)
    _letter(session, held, "remedy_offered", at)


def raise_to(
    session: Session, bench: Workbench, held: Held, amount_minor: int | None, words: str, at: datetime
) -> None:
    """Offer more than was promised: at once, also in answer to what the customer asked for instead.

    Raises WrongState, and ValueError for an amount that is smaller than the one on the table.
    """
    _from(held, "raise", RemedyStatus.HELD, RemedyStatus.COUNTERED)
    remedy = held.remedy
    if amount_minor is not None and remedy.amount_minor is not None and amount_minor < remedy.amount_minor:
        message = "a remedy is raised, never lowered"
        raise ValueError(message)
    if remedy.amount_minor is not None and amount_minor is not None:
        remedy.amount_minor = amount_minor
    remedy.words = words or remedy.words
    _decided(held)
    held.note("remedy_raised", at, **held.facts)
    _offer(session, held, at)
    save(session, bench, [held.ledger])


def remain(session: Session, bench: Workbench, held: Held, reason: str, at: datetime) -> None:
    """Stay with what was promised, for a reason that the customer reads: it is offered again as it was."""
    _from(held, "remain", RemedyStatus.COUNTERED)
    held.remedy.reason = reason
    _decided(held)
    _offer(session, held, at)
    save(session, bench, [held.ledger])


def block(session: Session, bench: Workbench, held: Held, reason: str, at: datetime) -> None:
    """Do not give it, for a reason that the customer reads. Only while it is held."""
    _from(held, "block", RemedyStatus.HELD)
    held.remedy.status, held.remedy.reason = RemedyStatus.BLOCKED.value, reason
    _decided(held)
    held.note("remedy_blocked", at)
    _letter(session, held, "remedy_blocked", at)
    save(session, bench, [held.ledger])


def _decided(held: Held) -> None:
    kind, _, number = held.actor.id.partition(":")
    held.remedy.decided_by = int(number) if kind == "account" else None


def accept(session: Session, bench: Workbench, held: Held, at: datetime) -> None:
    """The customer takes it, also after asking for something else. The dispute goes on as before.

    What is left to be done is due within fourteen days.
    """
    _from(held, "accept", *ANSWERABLE)
    remedy = held.remedy
    remedy.status, remedy.answered_at = RemedyStatus.ACCEPTED.value, at
    held.note("remedy_accepted", at, **held.facts)
    if remedy.kind in LEAVES_SOMETHING:
        remedy.give_by = held.ledger.local_day(at) + GIVE_WITHIN
    else:
        remedy.status, remedy.given_at = RemedyStatus.GIVEN.value, at
        held.note("remedy_given", at)
    save(session, bench, [held.ledger])


def refuse(session: Session, bench: Workbench, held: Held, at: datetime) -> None:
    """The customer does not want it."""
    _from(held, "refuse", *ANSWERABLE)
    held.remedy.status, held.remedy.answered_at = RemedyStatus.REFUSED.value, at
    held.note("remedy_refused", at)
    save(session, bench, [held.ledger])


def counter(session: Session, bench: Workbench, held: Held, wanted: str, at: datetime) -> None:
    """The customer asks for something else; what they wrote stands beside the remedy, not in the journal."""
    _from(held, "counter", RemedyStatus.OFFERED)
    held.remedy.status, held.remedy.answered_at = RemedyStatus.COUNTERED.value, at
    held.remedy.counter = wanted
    held.note("remedy_countered", at)
    save(session, bench, [held.ledger])


def give(session: Session, bench: Workbench, held: Held, proof: str, at: datetime) -> None:
    """The organisation says that it was given, and how."""
    _from(held, "give", RemedyStatus.ACCEPTED)
    held.remedy.status, held.remedy.given_at, held.remedy.proof = RemedyStatus.GIVEN.value, at, proof
    held.note("remedy_given", at, proof=True)
    save(session, bench, [held.ledger])


def not_arrived(session: Session, bench: Workbench, held: Held, at: datetime) -> None:
    """The customer says that it did not arrive: it is owed again."""
    _from(held, "not_arrived", RemedyStatus.GIVEN)
    held.remedy.status, held.remedy.given_at = RemedyStatus.ACCEPTED.value, None
    held.note("remedy_missing", at)
    save(session, bench, [held.ledger])


def _letter(session: Session, held: Held, kind: str, at: datetime) -> None:
    """Tell the customer by letter, signed where a person decided; without content, like every letter."""
    ledger, who = held.ledger, held.actor
    case_id, crew = ledger.case["id"], correspondence.crew_of(session, ledger.case["organisation_id"])
    address = correspondence.addresses_of(session, [case_id]).get(case_id, correspondence.Address())
    signed = {"person": who.name, "function": who.function} if who.name else {}
    correspondence.to_customer(ledger, crew, address, kind, at, day=None, **signed)


def waive(session: Session, bench: Workbench, visitor: Visitor, reference: str, promise_id: int, at: datetime) -> None:
    """The customer does without a promise that still runs. Raises NotVisible, WrongState."""

    def do(ledger: Ledger, pledge: Pledge, _promise: Promise) -> None:
        if pledge.status != PledgeStatus.RUNNING or pledge.due_at < at:
            raise WrongState("waive", pledge.status)
        pledge.status = PledgeStatus.WAIVED.value
        ledger.record(happened("promise_waived", CUSTOMER, at, promise=promise_id), None, CUSTOMER)

    _change(session, bench, visitor, reference, promise_id, do)


def unwaive(
    session: Session, bench: Workbench, visitor: Visitor, reference: str, promise_id: int, at: datetime
) -> None:
    """The customer wants the promise after all, while its time still runs. Raises NotVisible, WrongState."""

    def do(ledger: Ledger, pledge: Pledge, promise: Promise) -> None:
        asked = requests_for(session, ledger, promise.amount) if promise.rule == Rule.CALLED_BACK else ()
        journal, place = journal_of(session, ledger), place_of(ledger)
        standing = judge(RULE_BY_ID[promise.rule], promise.amount, journal, place, at, asked)
        if pledge.status != PledgeStatus.WAIVED or standing is None or standing.status is not PledgeStatus.RUNNING:
            raise WrongState("unwaive", pledge.status)
        apply(pledge, standing)
        ledger.record(happened("promise_wanted", CUSTOMER, at, promise=promise_id), None, CUSTOMER)

    _change(session, bench, visitor, reference, promise_id, do)


def _change(
    session: Session,
    bench: Workbench,
    visitor: Visitor,
    reference: str,
    promise_id: int,
    do: Callable[[Ledger, Pledge, Promise], None],
) -> None:
    found = sight.locate(session, visitor, As.CUSTOMER, reference)
    ledger = load(session, found.case_id)
    query = select(Pledge, Promise).join(Promise, Promise.id == Pledge.promise_id)
    row = session.execute(query.where(Pledge.case_id == found.case_id, Pledge.promise_id == promise_id)).first()
    if row is None:
        raise NotVisible
    do(ledger, row[0], row[1])
    save(session, bench, [ledger])
