"""An offer above what an agent may give alone: it waits on the case until a supervisor sends it, in their own name.

What was typed is kept as a draft of the case and goes with the next answer; that somebody asked stays in the journal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from cx.core.dispute import happened
from cx.core.journal import to_json
from cx.disputes import drafts
from cx.disputes.beside import APPROVAL
from cx.disputes.ledger import Ledger
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.seen import CaseFile
from cx.disputes.workbench import Workbench

ASKED = "approval_asked"
_DAYS = frozenset({"pay_by", "expires_on", "voucher_expires_on"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a supervisor: who asked, when, and the values of the form by name."""

    asked_by: str
    account_id: int
    asked_at: datetime
    values: Mapping[str, Any]


def _place(case_id: int) -> str:
    return f"{APPROVAL}{case_id}"


def propose(
    session: Session, bench: Workbench, hand: Hand, values: Mapping[str, object], said: Mapping[str, object]
) -> Ledger:
    """Keep what was typed for a supervisor; `said` (offer, amount, currency) goes into the journal, texts never.

    Raises NotVisible, and Conflict when the case moved since it was seen.
    """
    ledger, actor = take_up(session, hand)
    ledger.record(happened(ASKED, actor, hand.at, **said), None, actor)
    kept = {
        "asked_by": hand.visitor.name,
        "account_id": hand.visitor.account_id,
        "asked_at": hand.at.isoformat(),
        "values": {name: to_json(value) for name, value in values.items()},
    }
    drafts.keep(session, _place(ledger.case["id"]), kept, hand.at)
    return put_down(session, bench, ledger, hand)


def pending(session: Session, case_id: int) -> Waiting | None:
    """What waits for a supervisor on this case, if anything."""
    kept = drafts.find(session, _place(case_id))
    return None if kept is None else _waiting(kept)


def waits(case: CaseFile) -> Waiting | None:
    """The same on a case that was opened for a person of staff."""
    return next((_waiting(one.data) for one in case.beside["approval"]), None)


def _waiting(kept: Mapping[str, Any]) -> Waiting:
    values = {name: _read(name, value) for name, value in kept["values"].items()}
    return Waiting(kept["asked_by"], kept["account_id"], datetime.fromisoformat(kept["asked_at"]), values)


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DAYS and value else value


def settle(session: Session, case_id: int) -> None:
    """The answer went out: nothing waits any more."""
    drafts.drop(session, _place(case_id))
