"""What the address of a page of figures asks for: which organisation, which months. Bad values are said, not guessed."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cx.core.visitor import Visitor
from cx.core.words import Role
from cx.web.forms import clean_line
from cx.web.sentence import _
from models import Organisation

PRESETS = (3, 6, 12, 18)
USUAL = 12
EARLIEST_YEAR = 2000
MOST_MONTHS = 60
MOST_ORGANISATIONS = 500
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """Figures of `organisations` (None: all of them) from the month `first` to the month whose last day is `last`.

    `organisation` is the one when there is one, `zone` its time zone. `months` is the preset, 0 for other periods.
    `errors` are sentences by field, and `typed` what was typed; with errors the usual period stands in.
    """

    organisation: Organisation | None
    organisations: tuple[int, ...] | None
    first: date
    last: date
    months: int
    errors: Mapping[str, str]
    typed: Mapping[str, str]

    @property
    def zone(self) -> str:
        """The clock by which days are counted."""
        return self.organisation.zone if self.organisation is not None else "UTC"

    def address(self, **others: Any) -> dict[str, Any]:
        """The parameters that ask for the same again, with others added or (None) taken out."""
        same: dict[str, Any] = {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}
        if self.months:
            same = {"months": self.months}
        same["organisation"] = self.typed["organisation"] or None
        return {name: value for name, value in (same | others).items() if value is not None}


def read(session: Session, visitor: Visitor, args: MultiDict[str, str], now: datetime) -> Asked:
    """Read the address. An organisation that is not the visitor's to see does not exist (404)."""
    typed = {name: clean_line(args.get(name))[:80] for name in ("organisation", "from", "to", "months")}
    organisation, organisations = _whose(session, visitor, typed["organisation"])
    zone = ZoneInfo(organisation.zone) if organisation is not None else UTC
    this_month = now.astimezone(zone).date().replace(day=1)
    months, first, last, errors = _period(typed, this_month)
    if errors:
        months, first, last = USUAL, months_later(this_month, 1 - USUAL), this_month
    return Asked(organisation, organisations, first, _end(last), months, errors, typed)


def choices(session: Session, visitor: Visitor) -> list[tuple[str, str]]:
    """The organisations between which the visitor may choose, as (slug, name); none when there is no choice."""
    if not visitor.has(Role.NEUTRAL):
        return []
    query = select(Organisation.slug, Organisation.name).order_by(Organisation.name_folded).limit(MOST_ORGANISATIONS)
    return [(slug, name) for slug, name in session.execute(query)]


def _whose(session: Session, visitor: Visitor, slug: str) -> tuple[Organisation | None, tuple[int, ...] | None]:
    everywhere = visitor.has(Role.NEUTRAL)
    if not slug and everywhere:
        return None, None
    if slug:
        found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    else:
        found = session.get(Organisation, visitor.organisation_id) if visitor.organisation_id is not None else None
    if found is None or not (everywhere or found.id == visitor.organisation_id):
        abort(404)
    return found, (found.id,)


def _period(typed: Mapping[str, str], this_month: date) -> tuple[int, date, date, dict[str, str]]:
    errors: dict[str, str] = {}
    if typed["months"]:
        months = int(typed["months"]) if re.fullmatch(r"\d{1,3}", typed["months"], re.ASCII) else 0
        if months not in PRESETS:
            errors["months"] = _("Choose 3, 6, 12 or 18 months.")
        return months, months_later(this_month, 1 - months), this_month, errors
    if not typed["from"] and not typed["to"]:
        return USUAL, months_later(this_month, 1 - USUAL), this_month, errors
    last = _month(typed["to"], "to", this_month, this_month, errors)
    first = _month(typed["from"], "from", months_later(last, 1 - USUAL), this_month, errors)
    if not errors and first > last:
        errors["from"] = _("The first month comes after the last one.")
    if not errors and months_later(first, MOST_MONTHS) <= last:
        errors["from"] = _("At most %(many)d months at a time, please.", many=MOST_MONTHS)
    return 0, first, last, errors


def _month(text: str, field: str, otherwise: date, this_month: date, errors: dict[str, str]) -> date:
    if not text:
        return otherwise
    found = _MONTH.fullmatch(text)
    if found is None:
        errors[field] = _("Write the month as year and month, for example %(example)s.", example=f"{this_month:%Y-%m}")
        return otherwise
    year, number = map(int, found.groups())
    if year < EARLIEST_YEAR:
        errors[field] = _("There are no figures before %(year)d.", year=EARLIEST_YEAR)
        return otherwise
    month = date(year, number, 1)
    if month > this_month:
        errors[field] = _("This month is still to come.")
        return otherwise
    return month


def months_later(month: date, many: int) -> date:
    """The first day of the month that comes `many` months after `month` (before, when negative)."""
    years, number = divmod(month.month - 1 + many, 12)
    return date(month.year + years, number + 1, 1)


def _end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
