"""Where one clock of a case stands today: done, running, late, a right that is open or lost. Pure; words are elsewhere."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cx.core.limits import AT_BODY, DutyHolder, Purpose, Regime


class Stand(StrEnum):
    """How a clock stands. `OVER`: it still ran when the case ended, so it counts no more."""

    DONE = "done"
    RUNNING = "running"
    LATE = "late"
    OPENS = "opens"
    OPEN = "open"
    LOST = "lost"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Strand:
    """One clock as both sides see it. `left`: working days after today until the date, below 0 once it is late."""

    regime: Regime
    version: str
    started_on: date
    due_on: date
    done_on: date | None
    extended_from: date | None
    stand: Stand
    left: int = 0


def stand_of(regime: Regime, due_on: date, done_on: date | None, today: date, ended_on: date | None = None) -> Stand:
    """How a clock stands on the local day `today`. A right opens on its day; a duty is late the day after it."""
    if done_on is not None:
        return Stand.DONE
    judged = today if ended_on is None else min(today, ended_on)
    if regime.purpose is Purpose.RIGHT_OPENS:
        open_now = judged >= due_on
        return Stand.OPEN if open_now and ended_on is None else Stand.OVER if ended_on is not None else Stand.OPENS
    if regime.purpose is Purpose.RIGHT_LOST:
        # A right before a court or a mediator goes on running when the case here has ended.
        return Stand.LOST if today > due_on else Stand.RUNNING
    if judged > due_on:
        return Stand.LATE
    return Stand.OVER if ended_on is not None else Stand.RUNNING


def leads_on(strand: Strand) -> bool:
    """Whether the clock, as it stands, lets the customer go to the next body: a right opened, or an answer is late."""
    regime = strand.regime
    if regime.on_expiry is None or regime.trigger in AT_BODY:
        return False
    owed = regime.duty_holder is DutyHolder.COMPANY and regime.purpose is Purpose.ANSWER
    return strand.stand is Stand.OPEN or (owed and strand.stand is Stand.LATE)
