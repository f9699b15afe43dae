"""The clocks of one case: which start when it is sent, and the one date that everybody sees.

The arithmetic is in `cx.core.counting`, the limits themselves in `cx.core.regimes`; both are offered here too, so that
callers need one name. Pure: days off and today come in as arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cx.core.counting import Due, Explanation, Holidays, Skipped, Step, StepKind, due, explain, left
from cx.core.regimes import (
    DutyHolder,
    Limit,
    Purpose,
    Regime,
    Roll,
    Status,
    Unit,
    applicable,
    country_of,
    load,
    next_body,
)
from cx.core.words import Sector

__all__ = [
    "Due",
    "DutyHolder",
    "Explanation",
    "Holidays",
    "Limit",
    "Purpose",
    "Regime",
    "Roll",
    "Run",
    "Shown",
    "ShownKind",
    "Skipped",
    "Status",
    "Step",
    "StepKind",
    "Unit",
    "applicable",
    "date_shown",
    "due",
    "explain",
    "left",
    "load",
    "next_body",
    "run_of",
    "start_all",
]


@dataclass(frozen=True, slots=True)
class Run:
    """A clock of one case as it stands; `done_on` is the day on which what it asks for was done."""

    regime_id: str
    purpose: Purpose
    duty_holder: DutyHolder
    due_on: date
    done_on: date | None
    lawful: bool


class ShownKind(StrEnum):
    """What the one date of a case is: owed by law, the opening of a right, or the organisation's own aim."""

    LAW = "law"
    RIGHT = "right"
    TARGET = "target"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Shown:
    """The one date of a case. `passed` when it lies before today: late for a duty, open since for a right."""

    kind: ShownKind
    due_on: date | None = None
    regime_id: str | None = None
    passed: bool = False


def start_all(
    sector: Sector, jurisdiction: str, facts: Mapping[str, object], sent_on: date, holidays: Holidays
) -> tuple[Due, ...]:
    """Every clock that a dispute sent on the local date `sent_on` starts; none where nothing was verified.

    A jurisdiction with a region (`GB-SCT`, `FR-57`) counts with the days off of that region.
    """
    rows = applicable(sector, jurisdiction, facts, sent_on)
    return tuple(due(_local(row, jurisdiction), sent_on, holidays) for row in rows)


def _local(regime: Regime, jurisdiction: str) -> Regime:
    # Federal law counts federal days off in every state, so an American state changes nothing.
    regional = "-" in jurisdiction and country_of(jurisdiction) == country_of(regime.calendar) != "US"
    return replace(regime, calendar=jurisdiction.upper()) if regional else regime


def run_of(started: Due, regime: Regime, done_on: date | None = None) -> Run:
    """The clock of a case, from what was started."""
    return Run(regime.id, regime.purpose, regime.duty_holder, started.due_on, done_on, regime.lawful)


def date_shown(runs: Iterable[Run], today: date, own_target: date | None = None) -> Shown:
    """The one date of a case.

    The earliest running answer that the organisation owes by law, late or not; else the next right of the customer
    to open, or the last one that did; else the organisation's own target. Rows that were not verified never count.
    """
    running = [run for run in runs if run.lawful and run.done_on is None]
    owed = [run for run in running if run.purpose is Purpose.ANSWER and run.duty_holder is DutyHolder.COMPANY]
    if owed:
        return _shown(ShownKind.LAW, min(owed, key=lambda run: run.due_on), today)
    rights = [run for run in running if run.purpose is Purpose.RIGHT_OPENS]
    if rights:
        to_come = [run for run in rights if run.due_on >= today]
        run = min(to_come, key=lambda run: run.due_on) if to_come else max(rights, key=lambda run: run.due_on)
        return _shown(ShownKind.RIGHT, run, today)
    if own_target is not None:
        return Shown(ShownKind.TARGET, own_target, None, own_target < today)
    return Shown(ShownKind.NONE)


def _shown(kind: ShownKind, run: Run, today: date) -> Shown:
    return Shown(kind, run.due_on, run.regime_id, run.due_on < today)
