"""A person was promised by a certain hour and nobody answered: whoever reads the case and the supervisors hear it once."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from cx.core.refusals import NotVisible
from cx.core.reminders import To
from cx.disputes import correspondence
from cx.disputes.asking import crew_today
from cx.disputes.meeting import WAITING
from cx.disputes.storing import load, post
from cx.disputes.workbench import Workbench
from models import Case, HumanRequest, Letter, ReadingOpinion
from models.engine import Database

KIND = "human_late"
# A clock that stood still for longer does not send old news when it runs again: the desk shows who is late all the time.
RECENT = timedelta(days=3)


def tell_late(database: Database, bench: Workbench, at: datetime) -> int:
    """Tell the teams whose promised hour passed lately; how many requests it were. Doing it twice tells nobody twice."""
    with database.reading() as session:
        late = session.execute(_late(at)).all()
    return sum(_tell(database, bench, one.case_id, one.id, at) for one in late)


def _late(at: datetime) -> Select[int, int]:
    return untold(HumanRequest, WAITING, KIND, at, RECENT)


def untold(
    promise: type[HumanRequest | ReadingOpinion], waiting: str, kind: str, at: datetime, recent: timedelta
) -> Select[int, int]:
    """What somebody was promised by an hour that passed within `recent`, and of which no letter of this kind told yet.

    Gives the number of the promise and of its case; `waiting` is the status of one that nobody kept.
    """
    said = select(Letter.id).where(
        Letter.case_id == promise.case_id, Letter.kind == kind, Letter.created_at >= promise.due_at
    )
    # Nobody is mailed about an invented case.
    invented = select(Case.id).where(Case.id == promise.case_id, Case.demo)
    return select(promise.id, promise.case_id).where(
        promise.status == waiting,
        promise.due_at <= at,
        promise.due_at > at - recent,
        ~said.exists(),
        ~invented.exists(),
    )


def _tell(database: Database, bench: Workbench, case_id: int, number: int, at: datetime) -> bool:
    """Tell of one request, unless it was answered meanwhile, or another clock was faster: the case is locked."""
    try:
        with database.writing() as session:
            ledger = load(session, case_id)
            due = session.scalar(_late(at).where(HumanRequest.id == number).with_only_columns(HumanRequest.due_at))
            if due is None:
                return False
            crew = correspondence.crew_of(session, ledger.case["organisation_id"])
            reading = crew_today(session, crew, ledger, at)
            for to in (To.OWNER, To.SUPERVISORS):
                correspondence.to_team(ledger, reading, to, KIND, at, when=due.isoformat(), zone=ledger.case["zone"])
            post(session, bench, [ledger])
            return True
    except NotVisible:
        return False
