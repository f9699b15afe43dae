"""What a row of `regimes.toml` is: a limit with its trigger, its unit and what follows from it; a right; a recourse."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cx.core.words import NextBody, Sector


class Purpose(StrEnum):
    """What happens on the day: a duty falls due, or a right of the customer opens or is lost."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RIGHT_OPENS = "right_opens"
    RIGHT_LOST = "right_lost"
    REDRESS = "redress"


class DutyHolder(StrEnum):
    """Who must act by the day (for a right: whose right it is)."""

    COMPANY = "company"
    CUSTOMER = "customer"
    MEDIATOR = "mediator"
    REGULATOR = "regulator"


class Trigger(StrEnum):
    """What a limit counts from. The days of `FACT_DAYS` are facts of the case, the others are events of its journal.

    `received` is the day of sending: what is sent here, or said to be sent, counts as received that day, so that a duty
    is never due too late. `body_asked`: the next body put the case to the organisation; `body_answered`: it answered.
    """

    SENT = "sent"
    RECEIVED = "received"
    EVENT = "event"
    FLIGHT = "flight"
    POSTED = "posted"
    DELIVERED = "delivered"
    STATEMENT_SENT = "statement_sent"
    FINAL_RESPONSE = "final_response"
    DENIAL = "denial"
    REDRESS_DUE = "redress_due"
    ESCALATED = "escalated"
    NOTIFICATION = "notification"
    BODY_ASKED = "body_asked"
    BODY_ANSWERED = "body_answered"
    OUTCOME = "outcome"


SENDING = (Trigger.SENT, Trigger.RECEIVED)
FACT_DAYS = (Trigger.EVENT, Trigger.FLIGHT, Trigger.POSTED, Trigger.DELIVERED, Trigger.STATEMENT_SENT)
AT_BODY = frozenset(
    {Trigger.ESCALATED, Trigger.NOTIFICATION, Trigger.BODY_ASKED, Trigger.BODY_ANSWERED, Trigger.OUTCOME}
)
"""Triggers of limits that run before the next body: they are no date of the conversation with the organisation."""


class KeptBy(StrEnum):
    """The act by which a customer keeps a limit of theirs; a limit to go to court is kept outside this house."""

    SENT = "sent"
    ESCALATED = "escalated"


MEDIATORS = frozenset({NextBody.FR_BANK_MEDIATOR, NextBody.FR_MTV, NextBody.FR_POST_OMBUDSMAN, NextBody.FR_MEDIATOR})
"""Consumer mediators (Code de la consommation, art. L611-1 to L616-3); authorities and courts have other rules."""


class Unit(StrEnum):
    """What is counted. French *jours ouvrables* are `WORKING_DAY_6`, *jours ouvrés* `BUSINESS_DAY_5`."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY_6 = "working_day_6"
    BUSINESS_DAY_5 = "business_day_5"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Roll(StrEnum):
    """What becomes of a limit that ends on a day off: nothing, or the next working day."""

    NONE = "none"
    FOLLOWING = "following"


class Status(StrEnum):
    """How well the row was checked. `TO_CHECK` (or not in force yet) rests until an administrator uses it."""

    VERIFIED = "V"
    SECONDARY = "V~"
    TO_CHECK = "M"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of units, at least one."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a limit that would fall due on its own first day. Raises ValueError."""
        if self.amount < 1:
            raise ValueError(f"a limit counts at least one {self.unit}, not {self.amount}")


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer limit that the law allows; `limit` counts from the start, None when the company announces a date."""

    limit: Limit | None = None
    needs_notice: bool = True
    needs_reason: bool = True


@dataclass(frozen=True, slots=True)
class Regime:
    """One legal limit. `also` holds other counts of the same limit, `applies_when` the facts it needs.

    `jurisdiction` is a country (ISO 3166), a region (`GB-SCT`) or a group (`EU`, `INT`); `except_in` are places where
    another row stands for it. `calendar` is a code that the holidays of the caller understand. `at_body`: runs only
    before that body, `at_mediator`: before a consumer mediator, or a body that nobody named. `kept_at`: the bodies at
    which a limit is kept by going there. `follows`: the duty whose announced extension moves this right too. `valid_from` and `valid_to`
    are inclusive; None means not bounded in our knowledge.
    """

    id: str
    sector: tuple[Sector, ...]
    jurisdiction: str
    duty_holder: DutyHolder
    purpose: Purpose
    trigger: Trigger
    amount: int
    unit: Unit
    calendar: str
    source: str
    status: Status
    version: str
    also: tuple[Limit, ...] = ()
    roll: Roll = Roll.NONE
    extension: Extension | None = None
    pausable: bool = False
    applies_when: Mapping[str, bool] = field(default_factory=dict)
    except_in: tuple[str, ...] = ()
    at_body: NextBody | None = None
    at_mediator: bool = False
    kept_by: KeptBy | None = None
    kept_at: tuple[NextBody, ...] = ()
    follows: str | None = None
    on_expiry: NextBody | None = None
    note: str = ""
    source_url: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def lawful(self) -> bool:
        """Whether the row was verified, so that a customer may be shown it without a word of the administrator."""
        return self.status is not Status.TO_CHECK

    @property
    def ends_way_on(self) -> bool:
        """Whether the next body takes the case no more after it; a baggage claim or a court have limits of their own."""
        return self.purpose is Purpose.RIGHT_LOST and self.kept_by is KeptBy.ESCALATED

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every way to count the limit, the main one first."""
        return (Limit(self.amount, self.unit), *self.also)

    def runs_at(self, body: NextBody | None) -> bool:
        """Whether the row has to do with a body; None: none is involved, or nobody said which."""
        return self.at_body in (None, body) and not (self.at_mediator and body is not None and body not in MEDIATORS)

    def valid(self, on: date) -> bool:
        """Whether the row is in force on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Right:
    """A row of the reference that has no limit to count, and why; documentation only."""

    id: str
    jurisdiction: str
    says: str
    why: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Recourse:
    """A body for customers of this sector and country after the organisation.

    `signal`: one that is only told of it, and decides nothing for the customer.
    """

    body: NextBody
    sector: tuple[Sector, ...]
    jurisdiction: str
    applies_when: Mapping[str, bool] = field(default_factory=dict)
    signal: bool = False
    except_in: tuple[str, ...] = ()
