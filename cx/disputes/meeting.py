"""A request to talk to a person ends when a person answers it: by a letter of their own, or by a call that was noted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.presence import Way
from cx.core.words import Audience, MessageKind, MessageOrigin, Role
from cx.disputes.ledger import Ledger, account_of
from models import HumanRequest

WAITING, MET, TAKEN_BACK = "waiting", "met", "taken_back"
ANSWERING = frozenset({Role.AGENT, Role.SUPERVISOR})


def settle(session: Session, ledger: Ledger, actor: Actor, at: datetime) -> None:
    """End the requests that the acts in the ledger answered.

    A ready acknowledgement answers nobody's request, nor does a ruling on what the reader understood.
    """
    if actor.role not in ANSWERING or ledger.fresh:
        return
    wrote = any(
        one["audience"] == Audience.BOTH
        and one["kind"] not in {MessageKind.ACKNOWLEDGEMENT, MessageKind.READING_RULED}
        and one["origin"] != MessageOrigin.AUTOMATIC
        and one["account_id"] == account_of(actor.id)
        for one in ledger.messages
    )
    called = any(line["kind"] == "call_logged" for line in ledger.events)
    if not (wrote or called):
        return
    for one in waiting_of(session, ledger.case["id"]):
        if wrote if one.way == Way.WRITTEN else called:
            meet(one, ledger, actor, at)


def waiting_of(session: Session, case_id: int) -> list[HumanRequest]:
    """The requests of a case that nobody answered yet."""
    query = select(HumanRequest).where(HumanRequest.case_id == case_id, HumanRequest.status == WAITING)
    return list(session.scalars(query.order_by(HumanRequest.id)))


def meet(one: HumanRequest, ledger: Ledger, actor: Actor, at: datetime) -> None:
    """A person answered this request: its clock stops, and the journal says whether in time."""
    one.status, one.met_at, one.met_by = MET, at, account_of(actor.id)
    ledger.record(happened("human_met", actor, at, way=one.way, in_time=at <= one.due_at), None, actor)
