"""The legal clocks as data: what a row of `regimes.toml` means, and which rows a case falls under."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

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
    """How well the row was checked. `TO_CHECK` is never shown to a customer as a right."""

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

    `jurisdiction` is a country (ISO 3166), `calendar` a code that the holidays of the caller understand.
    `valid_from` and `valid_to` are inclusive; None means not bounded in our knowledge.
    """

    id: str
    sector: tuple[Sector, ...]
    jurisdiction: str
    duty_holder: DutyHolder
    purpose: Purpose
    trigger: str
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
    on_expiry: NextBody | None = None
    source_url: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def lawful(self) -> bool:
        """Whether the row was verified, so that a customer may be shown it."""
        return self.status is not Status.TO_CHECK

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every way to count the limit, the main one first."""
        return (Limit(self.amount, self.unit), *self.also)

    def valid(self, on: date) -> bool:
        """Whether the row is in force on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Recourse:
    """A body that a customer of this sector and country may go to after the organisation."""

    body: NextBody
    sector: tuple[Sector, ...]
    jurisdiction: str
    applies_when: Mapping[str, bool] = field(default_factory=dict)


def country_of(jurisdiction: str) -> str:
    """The country of a jurisdiction: `GB-SCT` gives `GB`."""
    return jurisdiction.partition("-")[0].upper()


def applicable(sector: Sector, jurisdiction: str, facts: Mapping[str, object], on: date) -> tuple[Regime, ...]:
    """The limits in force on the day `on` for such a case, in the order of the file; none for other countries.

    `facts` are the facts of the case (`payment_service`, `data_request`, `billing_error`, `private_carrier`).
    """
    return tuple(row for row in load().values() if row.valid(on) and _covers(row, sector, jurisdiction, facts))


def next_body(sector: Sector, jurisdiction: str, facts: Mapping[str, object]) -> tuple[NextBody, ...]:
    """Who comes after the organisation, in the order to go to them; none where nothing was verified."""
    return tuple(row.body for row in _recourses() if _covers(row, sector, jurisdiction, facts))


def _covers(row: Regime | Recourse, sector: Sector, jurisdiction: str, facts: Mapping[str, object]) -> bool:
    here = sector in row.sector and row.jurisdiction == country_of(jurisdiction)
    return here and all((facts.get(name) is True) == wanted for name, wanted in row.applies_when.items())


@cache
def load() -> Mapping[str, Regime]:
    """Every regime of `regimes.toml` by its id, in the order of the file. Raises ValueError on a bad row."""
    regimes: dict[str, Regime] = {}
    for row in _document()["regime"]:
        regime = read_regime(row)
        if regime.id in regimes:
            raise ValueError(f"two regimes are called {regime.id}")
        regimes[regime.id] = regime
    return MappingProxyType(regimes)


def read_regime(row: Mapping[str, Any]) -> Regime:
    """A regime from one table of the file. Raises ValueError for an unknown value, TypeError for an unknown key."""
    values = dict(row)
    main = _read_limit(values)
    values |= {
        "sector": tuple(Sector(name) for name in values["sector"]),
        "duty_holder": DutyHolder(values["duty_holder"]),
        "purpose": Purpose(values["purpose"]),
        "unit": main.unit,
        "status": Status(values["status"]),
        "also": tuple(_read_limit(limit) for limit in values.get("also", ())),
        "roll": Roll(values.get("roll", Roll.NONE)),
        "extension": _read_extension(values.get("extension")),
        "on_expiry": NextBody(values["on_expiry"]) if "on_expiry" in values else None,
        "applies_when": MappingProxyType(dict(values.get("applies_when", {}))),
    }
    return Regime(**values)


def _read_limit(row: Mapping[str, Any]) -> Limit:
    return Limit(int(row["amount"]), Unit(row["unit"]))


def _read_extension(row: Mapping[str, Any] | None) -> Extension | None:
    if row is None:
        return None
    limit = _read_limit(row) if "amount" in row else None
    return Extension(limit, bool(row["needs_notice"]), bool(row["needs_reason"]))


@cache
def _recourses() -> tuple[Recourse, ...]:
    return tuple(
        Recourse(
            body=NextBody(row["body"]),
            sector=tuple(Sector(name) for name in row["sector"]),
            jurisdiction=row["jurisdiction"],
            applies_when=MappingProxyType(dict(row.get("applies_when", {}))),
        )
        for row in _document()["recourse"]
    )


def _document() -> dict[str, Any]:
    return tomllib.loads(files("cx.core").joinpath("regimes.toml").read_text(encoding="utf-8"))
