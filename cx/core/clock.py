"""The clocks of one case: which start when it is sent, and the one date that everybody sees.

The arithmetic is in `cx.core.counting`, the limits themselves in `cx.core.regimes`; both are offered here too, so that
callers need one name. Pure: days off and today come in as arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cx.core.counting import (
    FIRST_YEAR,
    LAST_YEAR,
    Due,
    Explanation,
    Holidays,
    Skipped,
    Step,
    StepKind,
    due,
    explain,
    left,
)
from cx.core.regimes import (
    FACT_DAYS,
    SENDING,
    DutyHolder,
    Limit,
    Purpose,
    Regime,
    Roll,
    Status,
    Trigger,
    Unit,
    applicable,
    country_of,
    load,
    next_body,
    signalled_to,
)
from cx.core.words import NextBody, Sector

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
    "Trigger",
    "Unit",
    "applicable",
    "counted_in",
    "date_shown",
    "due",
    "explain",
    "left",
    "load",
    "next_body",
    "run_of",
    "signalled_to",
    "start_all",
    "started_by",
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
    sector: Sector,
    jurisdiction: str,
    facts: Mapping[str, object],
    sent_on: date,
    holidays: Holidays,
    days: Mapping[Trigger, date] | None = None,
    said: Mapping[str, bool] | None = None,
) -> tuple[Due, ...]:
    """Every clock that a dispute sent on the local date `sent_on` starts; none where nothing was verified.

    `days` are the days told with the facts (of the event, the posting …); a clock that counts from one that nobody
    told does not start. `said`: what the administrator said of single rows. A jurisdiction with a region (`GB-SCT`,
    `FR-57`) counts with the days off of that region. In the order of the rows.
    """
    begun = {**dict.fromkeys(SENDING, sent_on), **{name: on for name, on in (days or {}).items() if name in FACT_DAYS}}
    found = [
        one
        for trigger, on in begun.items()
        for one in started_by(trigger, sector, jurisdiction, facts, on, holidays, said=said)
    ]
    order = {name: place for place, name in enumerate(load())}
    return tuple(sorted(found, key=lambda one: order[one.regime_id]))


def started_by(
    trigger: Trigger,
    sector: Sector,
    jurisdiction: str,
    facts: Mapping[str, object],
    on: date,
    holidays: Holidays,
    *,
    said: Mapping[str, bool] | None = None,
    body: NextBody | None = None,
) -> tuple[Due, ...]:
    """The clocks that `trigger` starts on the local day `on`; `body` is the next body before which it happened.

    A day told with the facts that no calendar knows starts none. Raises GuardFailed for another such day.
    """
    if trigger in FACT_DAYS and not FIRST_YEAR <= on.year <= LAST_YEAR:
        return ()
    rows = applicable(sector, jurisdiction, facts, on, said)
    return tuple(
        due(counted_in(row, jurisdiction), on, holidays) for row in rows if row.trigger is trigger and row.runs_at(body)
    )


def counted_in(regime: Regime, jurisdiction: str) -> Regime:
    """The row with the calendar of a region, where the jurisdiction has one (`FR-57`, `GB-SCT`)."""
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
