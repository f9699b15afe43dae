"""A line of the desk: what is selected of a case for a list, and the row that a page shows of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cx.core.dispute import REST_AFTER
from cx.core.words import State
from cx.disputes.lanes import Lane
from models import Account, Case

DISTRESS = 5
# Dates by which the organisation must do something: an answer that the law asks for, a promise to perform.
DUTIES = ("law", "promise")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the desk. `place` is where it happened, `due_kind` what kind of date `due_on` is."""

    id: int
    reference: str
    person: str
    first_words: str
    place: str
    state: State
    owner: str
    due_on: date | None
    due_kind: str
    overdue: bool
    told_at: datetime
    new_message: bool
    distress: bool
    mediation: bool
    imported: bool
    resting: bool
    language: str
    owner_id: int | None


COLUMNS = (
    Case.id, Case.reference, Case.customer_name, Case.first_words, Case.place, Case.state, Account.name,
    Case.next_due_on, Case.next_due_kind, Case.told_at, Case.customer_waits, Case.severity_told, Case.origin,
    Case.quiet_since, Case.bring_back_on, Case.language, Case.owner_id, Case.lane,
)  # fmt: skip


def row_of(row: Any, now: datetime) -> CaseRow:
    """A line of the desk from what was selected."""
    state = State(row.state)
    today = now.date()
    duty = row.next_due_kind in DUTIES
    return CaseRow(
        id=row.id,
        reference=row.reference,
        person=row.customer_name,
        first_words=row.first_words,
        place=row.place,
        state=state,
        owner=row.name or "",
        due_on=row.next_due_on,
        due_kind=row.next_due_kind,
        overdue=bool(duty and row.next_due_on and row.next_due_on < today and state.open),
        told_at=row.told_at,
        new_message=row.customer_waits and state is not State.RECEIVED,
        distress=(row.severity_told or 0) >= DISTRESS,
        mediation=state in (State.IN_MEDIATION, State.MEDIATION_PROPOSED),
        imported=row.origin == "import",
        resting=row.quiet_since is not None and row.quiet_since <= now - REST_AFTER and row.lane == Lane.OFFERED,
        language=row.language,
        owner_id=row.owner_id,
    )
