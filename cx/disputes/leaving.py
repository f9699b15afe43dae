"""A person leaves a team: every case they had in hand goes to a colleague, each by an act of its own in the journal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.visitor import Visitor
from cx.core.words import OPEN_STATES, MessageKind, MessageOrigin, Role, State
from cx.disputes.correspondence import crew_of
from cx.disputes.handing import hand_over
from cx.disputes.ledger import Text, actor_id
from cx.disputes.sight import As, cases
from cx.disputes.storing import load, save
from cx.disputes.workbench import Workbench
from models import Case


def _in_hand(account_id: int, organisation_id: int, *columns: object) -> Select[Any]:
    """The open cases of a person, and the stories that wait for their word: seen with that person's own eyes."""
    leaver = Visitor(account_id=account_id, organisation_id=organisation_id, roles=frozenset({Role.AGENT}))
    waiting_story = and_(Case.state == State.NONE, Case.customer_waits)
    return cases(leaver, As.STAFF, *columns).where(
        Case.owner_id == account_id, or_(Case.state.in_(OPEN_STATES), waiting_story)
    )


def cases_in_hand(session: Session, account_id: int, organisation_id: int) -> int:
    """How many cases a person would leave behind: a number, no contents."""
    return session.scalar(_in_hand(account_id, organisation_id, func.count())) or 0


def hand_over_all(
    session: Session,
    bench: Workbench,
    leaver: tuple[int, int],
    to: int,
    actor: Actor,
    at: datetime,
    sentence: Callable[[str], str],
) -> int:
    """Give all cases that the leaver (account, organisation) has in hand to the account `to`; how many they were.

    Each customer reads the `sentence` in their language (it takes the two letters of one). Administrators do nothing
    to disputes: when one of them sees a person off, `actor` is the leaver, whose last act this is. Called inside the
    transaction of the request: all go, or none. Raises GuardFailed on `owner` when a case complains about the person
    who should get it.
    """
    numbers = session.scalars(_in_hand(*leaver, Case.id).order_by(Case.id)).all()
    ledgers = [load(session, number) for number in numbers]
    crew = crew_of(session, leaver[1])
    for ledger in ledgers:
        language = ledger.case["language"]
        text = Text(sentence(language), MessageKind.ACKNOWLEDGEMENT, origin=MessageOrigin.AUTOMATIC, language=language)
        hand_over(session, ledger, actor, at, actor_id(to), text, crew)
    save(session, bench, ledgers)
    return len(ledgers)
