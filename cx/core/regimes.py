"""The legal clocks as data (`regimes.toml`): which rows a case falls under, and who comes after the organisation."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from cx.core.limits import (
    AT_BODY,
    FACT_DAYS,
    SENDING,
    DutyHolder,
    Extension,
    KeptBy,
    Limit,
    Purpose,
    Recourse,
    Regime,
    Right,
    Roll,
    Status,
    Trigger,
    Unit,
)
from cx.core.words import NextBody, Sector

__all__ = [
    "AT_BODY", "FACT_DAYS", "SENDING", "DutyHolder", "Extension", "KeptBy", "Limit", "Purpose", "Recourse", "Regime",
    "Right", "Roll", "Status", "Trigger", "Unit", "applicable", "country_of", "facts_asked", "in_use", "load",
    "may_show", "next_body", "read_regime", "recourses", "rights", "signalled_to",
]  # fmt: skip

GROUPS: Mapping[str, frozenset[str]] = {"EU": frozenset({"FR", "ES"}), "INT": frozenset({"FR", "GB", "US", "ES"})}
"""Groups of countries: those of the group in which we count at all."""


def country_of(jurisdiction: str) -> str:
    """The country of a jurisdiction: `GB-SCT` gives `GB`."""
    return jurisdiction.partition("-")[0].upper()


def in_use(row: Regime, said: Mapping[str, bool]) -> bool:
    """Whether new clocks start by the row: as the administrator said (`said`, by id), else when it was verified."""
    return said.get(row.id, row.lawful)


def may_show(row: Regime, said: Mapping[str, bool]) -> bool:
    """Whether a clock that runs may be seen. Freezing a verified row ends no clock; a row to check rests unless used."""
    return row.lawful or said.get(row.id, False)


def applicable(
    sector: Sector, jurisdiction: str, facts: Mapping[str, object], on: date, said: Mapping[str, bool] | None = None
) -> tuple[Regime, ...]:
    """The limits in use and in force on the day `on` for such a case, in the order of the file; none elsewhere.

    `facts` are the facts of the case (`payment_service`, `data_request`, `billing_error`, `private_carrier` …), `said`
    what the administrator said of single rows.
    """
    told = said or {}
    return tuple(
        row for row in _here(sector, jurisdiction) if row.valid(on) and in_use(row, told) and _fits(row, facts)
    )


def facts_asked(
    sector: Sector, jurisdiction: str, on: date, said: Mapping[str, bool] | None = None
) -> tuple[frozenset[str], frozenset[Trigger]]:
    """What limits in use and in force on the day `on` need to be told of such a case: facts by name, and days.

    A fact that a body that comes next depends on is among them.
    """
    here = [row for row in _here(sector, jurisdiction) if row.valid(on) and in_use(row, said or {})]
    bodies = _bodies_here(sector, jurisdiction)
    names = {name for row in here for name in row.applies_when} | {name for row in bodies for name in row.applies_when}
    return frozenset(names), frozenset(row.trigger for row in here if row.trigger in FACT_DAYS)


def next_body(sector: Sector, jurisdiction: str, facts: Mapping[str, object]) -> tuple[NextBody, ...]:
    """Who comes after the organisation, in the order to go to them; none where nothing was verified."""
    return _bodies(sector, jurisdiction, facts, signal=False)


def signalled_to(sector: Sector, jurisdiction: str, facts: Mapping[str, object]) -> tuple[NextBody, ...]:
    """Authorities that a customer may tell of it; they watch the organisation and decide nothing for the customer."""
    return _bodies(sector, jurisdiction, facts, signal=True)


def _bodies(sector: Sector, jurisdiction: str, facts: Mapping[str, object], *, signal: bool) -> tuple[NextBody, ...]:
    rows = _bodies_here(sector, jurisdiction)
    return tuple(row.body for row in rows if row.signal is signal and _fits(row, facts))


def _stands(row: Regime | Recourse, sector: Sector, jurisdiction: str) -> bool:
    country = country_of(jurisdiction)
    here = country in GROUPS.get(row.jurisdiction, ()) or row.jurisdiction in (country, jurisdiction.upper())
    return sector in row.sector and here and not {country, jurisdiction.upper()} & set(row.except_in)


# A hundred rows, and every case asks of each of them where it stands; of sectors and jurisdictions there are few.
@lru_cache(maxsize=256)
def _here(sector: Sector, jurisdiction: str) -> tuple[Regime, ...]:
    return tuple(row for row in load().values() if _stands(row, sector, jurisdiction))


@lru_cache(maxsize=256)
def _bodies_here(sector: Sector, jurisdiction: str) -> tuple[Recourse, ...]:
    return tuple(row for row in recourses() if _stands(row, sector, jurisdiction))


def _fits(row: Regime | Recourse, facts: Mapping[str, object]) -> bool:
    """Whether the facts of a case are those that the row asks for."""
    return all((facts.get(name) is True) == wanted for name, wanted in row.applies_when.items())


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
        "trigger": Trigger(values["trigger"]),
        "unit": main.unit,
        "status": Status(values["status"]),
        "also": tuple(_read_limit(limit) for limit in values.get("also", ())),
        "roll": Roll(values.get("roll", Roll.NONE)),
        "extension": _read_extension(values.get("extension")),
        "except_in": tuple(values.get("except_in", ())),
        "at_body": NextBody(values["at_body"]) if "at_body" in values else None,
        "kept_at": tuple(NextBody(name) for name in values.get("kept_at", ())),
        "kept_by": KeptBy(values["kept_by"]) if "kept_by" in values else None,
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
def recourses() -> tuple[Recourse, ...]:
    """Every body that comes after an organisation, in the order of the file."""
    return tuple(
        Recourse(
            body=NextBody(row["body"]),
            sector=tuple(Sector(name) for name in row["sector"]),
            jurisdiction=row["jurisdiction"],
            applies_when=MappingProxyType(dict(row.get("applies_when", {}))),
            signal=bool(row.get("signal", False)),
            except_in=tuple(row.get("except_in", ())),
        )
        for row in _document()["recourse"]
    )


@cache
def rights() -> tuple[Right, ...]:
    """The rows of the reference that are no clock, in the order of the file."""
    return tuple(Right(**{**row, "status": Status(row["status"])}) for row in _document()["right"])


def _document() -> dict[str, Any]:
    return tomllib.loads(files("cx.core").joinpath("regimes.toml").read_text(encoding="utf-8"))
