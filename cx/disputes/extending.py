"""Announcing a later day where the law allows one: the move of a due date is recorded, and whoever waits is told.

Nothing else in this house moves a due date. The rule itself is `cx.core.extending`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.extending import Running, extendable, judge, moved_with
from cx.core.refusals import GuardFailed, NotAllowed, WrongState
from cx.core.regimes import may_show
from cx.core.words import Role
from cx.disputes.calendars import days_off
from cx.disputes.effects import show_date
from cx.disputes.ledger import Ledger, Row, Text
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.workbench import Workbench

KIND = "extended"
MAY = frozenset({Role.AGENT, Role.SUPERVISOR})


def running(row: Mapping[str, Any]) -> Running:
    """A stored clock as the rule reads it."""
    return Running(row["started_on"], row["due_on"], row["done_on"], row["extended_from"])


def announce(
    session: Session, bench: Workbench, hand: Hand, regime_id: str, to: date | None, text: Text
) -> tuple[Ledger, date]:
    """Announce that the duty `regime_id` is done by `to`, with the letter that says why; the day that stood before.

    Raises GuardFailed (beside `regime`, `to` or `text`), NotAllowed, WrongState, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    before = extend(ledger, actor, hand.at, regime_id, to, text)
    return put_down(session, bench, ledger, hand), before


def extend(ledger: Ledger, actor: Actor, at: datetime, regime_id: str, to: date | None, text: Text) -> date:
    """The same on a ledger; rights that follow the duty move with it. Returns the day that stood before."""
    if actor.role not in MAY:
        raise NotAllowed(KIND, actor.role.value)
    if not ledger.dispute.state.open:
        raise WrongState(KIND, ledger.dispute.state.value)
    rows, regimes, today = {row["regime_id"]: row for row in ledger.runs}, clock.load(), ledger.local_day(at)
    row, regime = rows.get(regime_id), regimes.get(regime_id)
    if row is None or regime is None or not may_show(regime, ledger.said):
        raise GuardFailed("no_extension", "regime")
    day = judge(regime, running(row), to, text.text, today, days_off)
    before: date = row["due_on"]
    following = moved_with(regime_id, [regimes[name] for name in rows if name in regimes])
    for name in (regime_id, *following):
        if rows[name]["done_on"] is None and rows[name]["due_on"] < day:
            _move(ledger, actor, at, rows[name], day, text if name == regime_id else None)
    show_date(ledger, at)
    return before


def _move(ledger: Ledger, actor: Actor, at: datetime, row: Row, to: date, text: Text | None) -> None:
    """One due date and the line of the journal that says so, always together; the letter goes with the first."""
    data = {"regime": row["regime_id"], "from": row["due_on"], "to": to}
    ledger.record(happened(KIND, actor, at, **data), text, actor)
    row.change(due_on=to, extended_from=row["due_on"])


def choices(runs: Mapping[str, Running], today: date) -> tuple[str, ...]:
    """The duties whose later day may be announced today, by id, the first one due first."""
    regimes = clock.load()
    found = [name for name, run in runs.items() if name in regimes and extendable(regimes[name], run, today)]
    return tuple(sorted(found, key=lambda name: runs[name].due_on))
