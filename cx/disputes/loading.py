"""Many cases as ledgers at once, for whoever looks at cases by the hundred: three statements, whatever their number."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.acts import Event
from cx.core.dispute import fold
from cx.core.words import Role
from cx.disputes import switches
from cx.disputes.ledger import Ledger, Row
from cx.disputes.storing import table
from models import Case, ClockRun, EventRow


def load_due(session: Session, numbers: Sequence[int], until: date, targets: Callable[[int], int]) -> list[Ledger]:
    """Those of the cases that still have to be looked at by `until` and that nobody else holds, locked, with their clocks.

    Points and offers are not loaded: such a ledger takes notes and letters, no acts. `targets` gives the organisation's own
    aim in days.
    """
    case, run = table(Case), table(ClockRun)
    query = select(case).where(case.c.id.in_(numbers), case.c.watch_on <= until).order_by(case.c.id)
    rows = session.execute(query.with_for_update(skip_locked=True)).mappings().all()
    found = [row["id"] for row in rows]
    lines: dict[int, list[Event]] = defaultdict(list)
    events = select(EventRow.case_id, EventRow.kind, EventRow.role, EventRow.actor, EventRow.at, EventRow.data)
    for number, kind, role, actor, at, data in session.execute(
        events.where(EventRow.case_id.in_(found)).order_by(EventRow.case_id, EventRow.seq)
    ):
        lines[number].append(Event(kind, Role(role), actor, at, data))
    runs: dict[int, list[Row]] = defaultdict(list)
    for one in session.execute(select(run).where(run.c.case_id.in_(found)).order_by(run.c.id)).mappings():
        runs[one["case_id"]].append(Row(dict(one), stored=True))
    said = switches.said(session)
    return [
        Ledger(
            dict(row),
            fold(lines[row["id"]]),
            runs=runs[row["id"]],
            loaded=row["version"],
            target_days=targets(row["organisation_id"]),
            said=said,
        )
        for row in rows
    ]
