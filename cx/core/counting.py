"""The arithmetic of legal clocks: from the day a dispute is sent to the day something is owed, and why.

Pure: the days off come in as an argument. Rules of counting (sources stand in each row of `regimes.toml`): the
first day is not counted; months end on the same day number, else on the last day of the month; a company's duty
and the loss of a right take the earliest date when counts disagree, the opening of a right the latest; nothing
pauses a legal clock.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cx.core.refusals import GuardFailed
from cx.core.regimes import Limit, Purpose, Regime, Roll, Status, Unit

Holidays = Callable[[str, int], Mapping[date, str]]
"""Calendar code and year to {day off: its name in the language of the calendar}."""

Skipped = tuple[tuple[date, str], ...]
"""Days left out, each with its reason: `saturday`, `sunday` or `holiday:<name>`."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)
OPEN_DAY_UNITS = frozenset({Unit.WORKING_DAY_6, Unit.BUSINESS_DAY_5})


@dataclass(frozen=True, slots=True)
class Due:
    """A started clock: `counted` units of `unit` after `start` comes `due_on`.

    `considered` holds (limit, date) for each count when there were several, the chosen one among them.
    """

    regime_id: str
    version: str
    start: date
    due_on: date
    counted: int
    skipped: Skipped
    unit: Unit
    calendar: str
    considered: tuple[tuple[Limit, date], ...] = ()


class StepKind(StrEnum):
    """A line of the arithmetic."""

    START = "start"
    COUNT = "count"
    SKIP = "skip"
    MONTH_END = "month_end"
    ROLL = "roll"
    CONSIDER = "consider"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Step:
    """From `first` to `last` inclusive. `number` is how many units are counted at its end, `reason` why a day is off."""

    kind: StepKind
    first: date
    last: date
    number: int = 0
    unit: Unit | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due date with its arithmetic and its source; `safest` is `later`, `earlier` or empty (one count only)."""

    regime_id: str
    version: str
    start: date
    due_on: date
    steps: tuple[Step, ...]
    skipped: Skipped
    safest: str
    source: str
    source_url: str | None
    status: Status


def due(regime: Regime, start: date, holidays: Holidays, *, extended: bool = False) -> Due:
    """The day on which the limit ends when its trigger happens on the local date `start`.

    `extended` uses the longer limit that the regime allows. Raises GuardFailed when there is none, or when
    `start` lies outside the years that calendars know (1900 to 2199).
    """
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise GuardFailed("start_out_of_range", "start")
    limits = regime.limits
    if extended:
        if regime.extension is None or regime.extension.limit is None:
            raise GuardFailed("no_extension", "extended")
        limits = (regime.extension.limit,)
    counts = [(limit, *_count(limit, start, regime, holidays)) for limit in limits]
    choose = max if regime.purpose is Purpose.RIGHT_OPENS else min
    limit, due_on, skipped = choose(counts, key=lambda count: count[1])
    considered = tuple((other, day) for other, day, _ in counts) if len(counts) > 1 else ()
    return Due(regime.id, regime.version, start, due_on, limit.amount, skipped, limit.unit, regime.calendar, considered)


def _count(limit: Limit, start: date, regime: Regime, holidays: Holidays) -> tuple[date, Skipped]:
    match limit.unit:
        case Unit.WORKING_DAY_6 | Unit.BUSINESS_DAY_5:
            return _count_open_days(limit, start, regime.calendar, holidays)
        case Unit.CALENDAR_DAY:
            end = start + timedelta(days=limit.amount)
        case Unit.WEEK:
            end = start + timedelta(weeks=limit.amount)
        case Unit.MONTH:
            end = _months_later(start, limit.amount)
        case Unit.YEAR:
            end = _months_later(start, 12 * limit.amount)
    rolled: list[tuple[date, str]] = []
    if regime.roll is Roll.FOLLOWING:
        while reason := _off(end, Unit.BUSINESS_DAY_5, regime.calendar, holidays):
            rolled.append((end, reason))
            end += ONE_DAY
    return end, tuple(rolled)


def _count_open_days(limit: Limit, start: date, calendar: str, holidays: Holidays) -> tuple[date, Skipped]:
    day, counted = start, 0
    skipped: list[tuple[date, str]] = []
    while counted < limit.amount:
        day += ONE_DAY
        if reason := _off(day, limit.unit, calendar, holidays):
            skipped.append((day, reason))
        else:
            counted += 1
    return day, tuple(skipped)


def _off(day: date, unit: Unit, calendar: str, holidays: Holidays) -> str:
    """Why a day is not worked, or nothing when it is."""
    if day.weekday() == SUNDAY:
        return "sunday"
    if day.weekday() == SATURDAY and unit is not Unit.WORKING_DAY_6:
        return "saturday"
    name = holidays(calendar, day.year).get(day)
    return "" if name is None else f"holiday:{name}"


def _months_later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def left(due_on: date, today: date, calendar: str, holidays: Holidays) -> int:
    """Working days (Monday to Friday) after today until `due_on`; 0 on the last one, below 0 as soon as it is late."""
    if due_on >= today:
        return _open_days(today, due_on, calendar, holidays)
    # Late over a weekend is late already, though no working day has gone by.
    return -max(1, _open_days(due_on, today, calendar, holidays))


def _open_days(after: date, until: date, calendar: str, holidays: Holidays) -> int:
    weeks, rest = divmod((until - after).days, 7)
    weekdays = 5 * weeks + sum((after.weekday() + step) % 7 < SATURDAY for step in range(1, rest + 1))
    years = range(after.year, until.year + 1)
    return weekdays - sum(
        after < day <= until and day.weekday() < SATURDAY for year in years for day in holidays(calendar, year)
    )


def open_days_before(today: date, many: int, calendar: str, holidays: Holidays) -> date:
    """The day from which, up to the eve of `today`, `many` days were worked (Monday to Friday, without days off)."""
    day, counted = today, 0
    while counted < many:
        day -= ONE_DAY
        counted += not _off(day, Unit.BUSINESS_DAY_5, calendar, holidays)
    return day


def open_days_after(day: date, many: int, calendar: str, holidays: Holidays) -> date:
    """The `many`th working day (Monday to Friday, without days off) after `day`."""
    counted = 0
    while counted < many:
        day += ONE_DAY
        counted += not _off(day, Unit.BUSINESS_DAY_5, calendar, holidays)
    return day


def open_days_back(day: date, many: int, calendar: str, holidays: Holidays) -> date:
    """The last day on which `many` working days are left until `day`, itself counted (see `left`)."""
    counted = 0
    while counted < many:
        counted += not _off(day, Unit.BUSINESS_DAY_5, calendar, holidays)
        day -= ONE_DAY
    return day


def explain(started: Due, regime: Regime) -> Explanation:
    """The arithmetic of a due date as plain data, without a sentence: what was counted, what was left out, and why.

    Needs no calendar: a stored `Due` explains itself, whatever the days off have become since.
    """
    steps = [Step(StepKind.START, started.start, started.start)]
    first = started.start + ONE_DAY
    if started.unit in OPEN_DAY_UNITS:
        steps += _open_day_steps(started, first)
    else:
        end = started.skipped[0][0] if started.skipped else started.due_on
        steps.append(Step(StepKind.COUNT, first, end, started.counted, started.unit))
        if started.unit in (Unit.MONTH, Unit.YEAR) and end.day != started.start.day:
            steps.append(Step(StepKind.MONTH_END, end, end))
        steps += [Step(StepKind.ROLL, day, day, reason=reason) for day, reason in started.skipped]
    steps += [Step(StepKind.CONSIDER, first, day, limit.amount, limit.unit) for limit, day in started.considered]
    steps.append(Step(StepKind.DUE, started.due_on, started.due_on, started.counted, started.unit))
    return Explanation(
        regime_id=started.regime_id,
        version=started.version,
        start=started.start,
        due_on=started.due_on,
        steps=tuple(steps),
        skipped=started.skipped,
        safest=_safest(started, regime),
        source=regime.source,
        source_url=regime.source_url,
        status=regime.status,
    )


def _open_day_steps(started: Due, first: date) -> list[Step]:
    """Runs of counted days, parted by the days left out."""
    steps: list[Step] = []
    day, number = first, 0
    for off, reason in (*started.skipped, (started.due_on + ONE_DAY, "")):
        if off > day:
            number += (off - day).days
            steps.append(Step(StepKind.COUNT, day, off - ONE_DAY, number, started.unit))
        if reason:
            steps.append(Step(StepKind.SKIP, off, off, number, reason=reason))
        day = off + ONE_DAY
    return steps


def _safest(started: Due, regime: Regime) -> str:
    if not started.considered:
        return ""
    return "later" if regime.purpose is Purpose.RIGHT_OPENS else "earlier"
