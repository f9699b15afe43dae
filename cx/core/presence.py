"""When a person is there: staffed hours, how soon somebody answers in staffed time, and the free moments to meet.

Pure: the time, the zone and the days off come in as arguments. Hours are local to the organisation, so a day on which
the clocks change has an hour more or less of the night, never a promise that nobody can keep.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cx.core.counting import Holidays

DAY_MINUTES = 24 * 60
WEEKDAYS = "1234567"
SLOT = timedelta(minutes=30)
# Nobody is asked to be at the telephone within less than this.
NOTICE = timedelta(minutes=30)
# Further ahead nobody knows who is there: an organisation closed for longer promises nothing.
HORIZON_DAYS = 42
_ONE_DAY = timedelta(days=1)


class Way(StrEnum):
    """The ways to reach a person."""

    WRITTEN = "written"
    CALLBACK = "callback"
    COUNTER = "counter"


# Ways in which two people meet at a moment that was chosen.
MEETINGS = frozenset({Way.CALLBACK, Way.COUNTER})


@dataclass(frozen=True, slots=True)
class Hours:
    """One stretch of a week in which a way is staffed: `opens` to `closes`, in minutes after local midnight.

    `weekdays` are ISO weekdays ("12345"); `within` is how soon a person answers, in staffed minutes.
    """

    way: Way
    weekdays: str
    opens: int
    closes: int
    within: int
    place: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """The place whose clock and days off count: an IANA zone, a calendar code, and what knows its days off."""

    zone: str
    calendar: str
    holidays: Holidays

    def works(self, day: date) -> bool:
        """Whether a local day is no day off."""
        return day not in self.holidays(self.calendar, day.year)


Window = tuple[datetime, datetime]
"""From when to when (UTC) somebody is there."""


def sound(weekdays: str, opens: int, closes: int, within: int) -> bool:
    """Whether these can be hours: known weekdays, a stretch within one day, a wait of a minute to four weeks."""
    known = bool(weekdays) and set(weekdays) <= set(WEEKDAYS)
    return known and 0 <= opens < closes <= DAY_MINUTES and 0 < within <= 28 * DAY_MINUTES


def windows(hours: Sequence[Hours], at: datetime, where: Where, days: int = HORIZON_DAYS) -> Iterator[Window]:
    """The stretches in which somebody is there from the moment `at` on, in order and joined where they touch."""
    today = at.astimezone(ZoneInfo(where.zone)).date()
    last: Window | None = None
    for step in range(days):
        for start, end in sorted(_of_day(hours, today + step * _ONE_DAY, where)):
            if end <= at:
                continue
            begin = max(start, at)
            if last is not None and begin <= last[1]:
                last = (last[0], max(last[1], end))
                continue
            if last is not None:
                yield last
            last = (begin, end)
    if last is not None:
        yield last


def _of_day(hours: Sequence[Hours], day: date, where: Where) -> Iterator[Window]:
    if not where.works(day):
        return
    for one in hours:
        if str(day.isoweekday()) in one.weekdays:
            start, end = (_moment(day, minutes, where.zone) for minutes in (one.opens, one.closes))
            if start < end:  # on the night of the change a short stretch may not exist at all
                yield start, end


def _moment(day: date, minutes: int, zone: str) -> datetime:
    """Minutes after midnight on a local day, as the clock on the wall shows them."""
    on, rest = day + timedelta(days=minutes // DAY_MINUTES), minutes % DAY_MINUTES
    return datetime.combine(on, time(rest // 60, rest % 60), ZoneInfo(zone)).astimezone(UTC)


def opening(hours: Sequence[Hours], at: datetime, where: Where) -> Window | None:
    """The stretch that runs at `at`, else the next one; None when nobody is there for weeks."""
    return next(windows(hours, at, where), None)


def due_at(hours: Sequence[Hours], asked_at: datetime, where: Where) -> datetime | None:
    """By when a person answers who was asked at `asked_at`: the longest wait that the hours name, in staffed time.

    None when so much staffed time does not come within the horizon: then nothing may be promised.
    """
    left = timedelta(minutes=max((one.within for one in hours), default=0))
    for start, end in windows(hours, asked_at, where):
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def staffed(hours: Sequence[Hours], start: datetime, end: datetime, where: Where) -> timedelta:
    """How long somebody was there between two moments."""
    total = timedelta()
    days = max(0, (end - start).days) + 2
    for begin, until in windows(hours, start, where, days):
        if begin >= end:
            break
        total += min(until, end) - begin
    return total


def slots(
    hours: Sequence[Hours], at: datetime, where: Where, taken: Collection[datetime] = (), most: int = 6
) -> tuple[datetime, ...]:
    """The next free moments to meet, half an hour each, that nobody took yet; the person gets half an hour's notice.

    They lie on half hours counted from the opening, so that they do not depend on when somebody looks.
    """
    gone, found = set(taken), []
    earliest = at + NOTICE
    for day in range(HORIZON_DAYS):
        local = at.astimezone(ZoneInfo(where.zone)).date() + day * _ONE_DAY
        starts = {
            start + step * SLOT
            for start, end in _of_day(hours, local, where)
            for step in range(int((end - start) / SLOT))
        }
        found += [one for one in sorted(starts) if one >= earliest and one not in gone]
        if len(found) >= most:
            break
    return tuple(found[:most])


def by_way(hours: Sequence[Hours]) -> Mapping[Way, tuple[Hours, ...]]:
    """The hours of each way that is staffed at all, in the order in which ways are offered."""
    kept = {way: tuple(one for one in hours if one.way is way) for way in Way}
    return {way: found for way, found in kept.items() if found}
