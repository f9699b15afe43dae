"""The vocabulary of charters: what can be promised, where a promise and its remedy stand, and how its days are counted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cx.core.counting import SATURDAY, Holidays

NEVER = datetime(2999, 12, 31, tzinfo=UTC)
"""Where a running promise has no day at present: nothing is owed just now."""


class Unit(StrEnum):
    """What the limit of a promise counts."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    STAFFED_HOURS = "staffed_hours"
    PERSONS = "persons"
    QUESTIONS = "questions"


class Rule(StrEnum):
    """What can be promised; `unit` is what its limit counts, `most` the largest limit that still is a promise."""

    unit: Unit
    most: int

    def __new__(cls, value: str, unit: Unit, most: int) -> "Rule":
        """Carry the unit and the bound on the member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.unit = unit
        member.most = most
        return member

    ACKNOWLEDGED = "acknowledged", Unit.WORKING_DAYS, 10
    ANSWERED = "answered", Unit.DAYS, 60
    REPLIED = "replied", Unit.WORKING_DAYS, 10
    CALLED_BACK = "called_back", Unit.STAFFED_HOURS, 48
    SECOND_LOOK = "second_look", Unit.WORKING_DAYS, 20
    NEWS = "news", Unit.DAYS, 60
    PERSONS = "persons", Unit.PERSONS, 5
    QUESTIONS = "questions", Unit.QUESTIONS, 3
    PAID = "paid", Unit.DAYS, 60


RULE_BY_ID: dict[str, Rule] = {rule.value: rule for rule in Rule}


class PledgeStatus(StrEnum):
    """Where a promise stands on one case. `VOID`: the dispute ended before anything was due; it counts as nothing."""

    RUNNING = "running"
    KEPT = "kept"
    BROKEN = "broken"
    WAIVED = "waived"
    VOID = "void"


class RemedyStatus(StrEnum):
    """Where the remedy of a broken promise stands."""

    HELD = "held"
    BLOCKED = "blocked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    COUNTERED = "countered"
    GIVEN = "given"


# A broken promise may be looked at for so many working days before its remedy is offered by itself.
DECIDE_WITHIN = 1
# What was accepted is given within so many days.
GIVE_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Place:
    """Where days are counted: the zone, the code of the calendar, and its days off."""

    zone: ZoneInfo
    calendar: str
    days_off: Holidays

    def after_days(self, at: datetime, many: int) -> datetime:
        """The last moment of the day that comes `many` days after `at`, in UTC."""
        return self._end(at.astimezone(self.zone).date() + timedelta(days=many))

    def after_working_days(self, at: datetime, many: int) -> datetime:
        """The last moment of the working day (Monday to Friday, no day off) that is the `many`-th after `at`."""
        day, counted = at.astimezone(self.zone).date(), 0
        while counted < many:
            day += timedelta(days=1)
            counted += day.weekday() < SATURDAY and day not in self.days_off(self.calendar, day.year)
        return self._end(day)

    def _end(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59, 59, 999999), self.zone).astimezone(UTC)
