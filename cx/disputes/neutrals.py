"""Neutral people: who stands between the two sides of a case, what waits for one, and until when a recourse runs.

A neutral is named when the customer goes to the next body or asks for one; a neutral may also take a case that waits.
An installation without a neutral works: nothing is named then, and what nobody may end rests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.acts import Actor, day_of
from cx.core.dispute import happened
from cx.core.refusals import NotVisible, WrongState
from cx.core.visitor import Visitor
from cx.core.words import Action, Role, State
from cx.disputes import sight
from cx.disputes.acting import act_through
from cx.disputes.ledger import Ledger, Text, actor_id
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As, cases
from cx.disputes.storing import load, table
from cx.disputes.team import neutral_to
from cx.disputes.workbench import Workbench
from models import Account, Case, ClockRun, Organisation

MEDIATION = frozenset({State.IN_MEDIATION, State.MEDIATION_PROPOSED})
# Nobody answered the last word, or the question, or objected to what was done: from then on a neutral may look.
# An open offer is not among them: it rests, and nobody but the customer can end it.
QUIET_FOR = timedelta(days=30)
ENDABLE = frozenset({State.ACCEPTED, State.FINAL_POSITION, State.AWAITING_CUSTOMER})
MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a neutral, before anybody took it: where it stands and since when, no story and no name."""

    reference: str
    organisation: str
    state: State
    since: datetime


def neutrals(session: Session, organisation_id: int) -> tuple[int, ...]:
    """The neutral people of the installation who do not work for this organisation, those with the least work first."""
    case = table(Case)
    busy = (
        select(case.c.neutral_id, func.count().label("cases"))
        .where(case.c.neutral_id.is_not(None), case.c.ended_at.is_(None))
        .group_by(case.c.neutral_id)
        .subquery()
    )
    query = (
        neutral_to(organisation_id)
        .outerjoin(busy, busy.c.neutral_id == Account.id)
        .order_by(func.coalesce(busy.c.cases, 0), Account.id)
    )
    return tuple(session.scalars(query))


def can_ask(case: CaseFile) -> bool:
    """Whether the customer may ask for a neutral now: the dispute runs, none is named, and there is somebody."""
    return case.state.open and case.claimed and not case.neutral and bool(case.beside["neutrals"])


def _name_one(session: Session, ledger: Ledger, actor: Actor, at: datetime, who: int | None = None) -> bool:
    found = (who,) if who is not None else neutrals(session, ledger.case["organisation_id"])
    if not found:
        return False
    ledger.case["neutral_id"] = found[0]
    ledger.record(happened("neutral_named", actor, at, neutral=actor_id(found[0])), None, actor)
    return True


def ask(session: Session, bench: Workbench, hand: Hand) -> Ledger:
    """The customer asks for a neutral: the one with the least work gets the case. Asking twice changes nothing.

    Raises WrongState when the dispute does not run or there is nobody to ask, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    if ledger.case["neutral_id"] is not None:
        return ledger
    if not ledger.dispute.state.open or not _name_one(session, ledger, actor, hand.at):
        raise WrongState("ask_neutral", ledger.dispute.state.value)
    return put_down(session, bench, ledger, hand)


def escalate(
    session: Session, bench: Workbench, hand: Hand, facts: Mapping[str, Any], text: Text | None = None
) -> Ledger:
    """Go to the next body; a neutral of the installation, if there is one, looks after the case from then on."""
    ledger, actor = take_up(session, hand)
    act_through(ledger, Action.ESCALATE, actor, hand.at, facts, text)
    if ledger.case["neutral_id"] is None:
        _name_one(session, ledger, actor, hand.at)
    return put_down(session, bench, ledger, hand)


def _waits(at: datetime) -> ColumnElement[bool]:
    quiet = and_(Case.state.in_(sorted(ENDABLE)), Case.quiet_since <= at - QUIET_FOR)
    lost = (ClockRun.purpose == clock.Purpose.RIGHT_LOST, ClockRun.duty_holder == clock.DutyHolder.CUSTOMER)
    goes_on = exists().where(ClockRun.case_id == Case.id, *lost, ClockRun.due_on >= at.date())
    return or_(Case.state.in_(sorted(MEDIATION)), and_(quiet, or_(Case.state == State.ACCEPTED, ~goes_on)))


def waiting(session: Session, visitor: Visitor, at: datetime) -> tuple[Waiting, ...]:
    """What waits for a neutral: in mediation with nobody, then what is quiet and has no way left, longest wait first.

    At most `MOST` and one more, which says that there are others.
    """
    since = func.coalesce(Case.quiet_since, Case.sent_at, Case.told_at)
    query = (
        cases(visitor, As.TAKING, Case.reference, Organisation.name, Case.state, since.label("since"))
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(_waits(at))
        .order_by(Case.state.not_in(sorted(MEDIATION)), since)
        .limit(MOST + 1)
    )
    return tuple(Waiting(one.reference, one.name, State(one.state), one.since) for one in session.execute(query))


def take(session: Session, bench: Workbench, hand: Hand) -> Ledger:
    """A neutral takes a case that waits. Raises NotVisible when it does not wait (any more)."""
    found = sight.locate(session, hand.visitor, As.TAKING, hand.reference)
    ledger = load(session, found.case_id)
    waits = session.scalar(cases(hand.visitor, As.TAKING, Case.id).where(Case.id == found.case_id, _waits(hand.at)))
    if waits is None or ledger.case["neutral_id"] is not None or hand.visitor.account_id is None:
        raise NotVisible
    me = Actor(Role.NEUTRAL, actor_id(hand.visitor.account_id), hand.visitor.name, hand.visitor.function)
    _name_one(session, ledger, me, hand.at, hand.visitor.account_id)
    return put_down(session, bench, ledger, hand)


def last_recourse(case: CaseFile) -> date | None:
    """The last day of every recourse that is known; None where none is, or where one has no end."""
    lost = [one for one in case.clocks if one.lawful and one.purpose == clock.Purpose.RIGHT_LOST]
    ends = [one.due_on for one in lost if one.duty_holder == clock.DutyHolder.CUSTOMER]
    final = next((one for one in reversed(case.happened) if one.kind == "final_position_given"), None)
    if final is not None and case.dispute.had_final:
        named = day_of(final.data.get("next_body_deadline"))
        if named is None:
            return None
        ends.append(named)
    return max(ends, default=None)
