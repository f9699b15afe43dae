"""What was said before a customer ends a dispute, gathered for the one question that is asked back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.contradiction import Ending
from cx.core.words import Action, MessageKind, Role, Value
from cx.disputes.analysis import fold
from cx.disputes.seen import CaseFile
from cx.disputes.storing import table
from models import OfferVersion, Survey

ANSWERS = frozenset({"reply", "offer", "final_position", "opinion", "performed"})


def ending(session: Session, case: CaseFile, action: Action, satisfied: bool | None, typed: str = "") -> Ending:
    """The ending as it is tried now; `typed` is what the customer writes with it."""
    answered = max((one.id for one in case.said if one.kind in ANSWERS and one.role is not Role.CUSTOMER), default=0)
    said = [
        one.text or ""
        for one in case.said
        if one.role is Role.CUSTOMER and one.id > answered and one.kind != MessageKind.STORY
    ]
    return Ending(
        action=action,
        satisfied=satisfied,
        solved=_solved(case),
        words=fold(" ".join((*said, typed))),
        lowest=_lowest(session, case.id),
        unpaid=case.dispute.redress_unpaid and (action is Action.WITHDRAW or _said_unpaid(session, case.id)),
    )


def _solved(case: CaseFile) -> str:
    """The latest answer to "is it solved?", unless the organisation has answered on the merits since."""
    moved = {"offered", "final_position_given", "performed_proposed"}
    last = next((one for one in reversed(case.happened) if one.kind == "said_solved" or one.kind in moved), None)
    return str(last.data.get("solved", "")) if last is not None and last.kind == "said_solved" else ""


def _lowest(session: Session, case_id: int) -> int | None:
    columns = table(Survey).c
    query = select(*(columns[one.value] for one in Value)).where(columns.case_id == case_id, columns.solved.is_(None))
    row = session.execute(query.order_by(columns.id.desc()).limit(1)).first()
    return min((number for number in row if number is not None), default=None) if row is not None else None


def _said_unpaid(session: Session, case_id: int) -> bool:
    query = select(OfferVersion.id).where(OfferVersion.case_id == case_id, OfferVersion.status == "accepted")
    return session.scalar(query.where(OfferVersion.paid_said == "no").limit(1)) is not None
