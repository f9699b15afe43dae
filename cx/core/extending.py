"""When an organisation may announce a later day of its own duty, and until when: only where the law says so.

The same duty is extended once, before it is late, with a reason; whoever waits is told. Nothing else moves a due date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cx.core.counting import Holidays, due
from cx.core.limits import AT_BODY, DutyHolder, Purpose, Regime
from cx.core.refusals import GuardFailed

LONGEST = timedelta(days=366)
"""Where the law lets the company announce the day, one further away than this is no announcement but a silence."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running clock as the rule needs it: its first day, its due date, and whether that was moved before."""

    started_on: date
    due_on: date
    done_on: date | None = None
    extended_from: date | None = None


def extendable(regime: Regime, run: Running, today: date) -> bool:
    """Whether a later day may be announced today: the law allows one, the duty is open, not late, not moved before."""
    ours = regime.duty_holder is DutyHolder.COMPANY and regime.purpose is Purpose.ANSWER
    if regime.extension is None or not ours or regime.trigger in AT_BODY:
        return False
    return run.done_on is None and run.extended_from is None and today <= run.due_on


def latest(regime: Regime, run: Running, holidays: Holidays) -> date:
    """The last day that may be announced. Raises GuardFailed when the law allows no later day at all."""
    if regime.extension is None:
        raise GuardFailed("no_extension", "regime")
    if regime.extension.limit is None:
        return run.due_on + LONGEST
    return due(regime, run.started_on, holidays, extended=True).due_on


def judge(regime: Regime, run: Running, to: date | None, reason: str, today: date, holidays: Holidays) -> date:
    """The day to which the duty moves. Raises GuardFailed (the guard, the field): no extension, no later day, no reason."""
    if not extendable(regime, run, today):
        raise GuardFailed("no_extension", "regime")
    if to is None or to <= run.due_on:
        raise GuardFailed("later_day", "to")
    if to > latest(regime, run, holidays):
        raise GuardFailed("within_extension", "to")
    if regime.extension is not None and regime.extension.needs_reason and not reason.strip():
        raise GuardFailed("reason_given", "text")
    return to


def moved_with(regime_id: str, running: Iterable[Regime]) -> tuple[str, ...]:
    """The ids of the rights that open by the same day, because they follow this duty."""
    return tuple(row.id for row in running if row.follows == regime_id)
