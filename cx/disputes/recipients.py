"""To whom a story goes: organisations found by their names, and rows for those that do not read us yet."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.words import Sector
from cx.disputes.analysis import fold
from cx.disputes.calendars import calendar_of
from models import Organisation

MOST = 12
# Countries with their time zone (of the capital, where there are several). Elsewhere, days are counted in UTC.
ZONES = {
    "FR": "Europe/Paris", "GB": "Europe/London", "US": "America/New_York", "AT": "Europe/Vienna",
    "AU": "Australia/Sydney", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CH": "Europe/Zurich", "CI": "Africa/Abidjan", "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "DZ": "Africa/Algiers",
    "EE": "Europe/Tallinn", "ES": "Europe/Madrid", "FI": "Europe/Helsinki", "GR": "Europe/Athens",
    "HR": "Europe/Zagreb", "HU": "Europe/Budapest", "IE": "Europe/Dublin", "IN": "Asia/Kolkata",
    "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "JP": "Asia/Tokyo", "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MA": "Africa/Casablanca", "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "NZ": "Pacific/Auckland", "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon", "RO": "Europe/Bucharest", "SE": "Europe/Stockholm", "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava", "SN": "Africa/Dakar", "TN": "Africa/Tunis", "TR": "Europe/Istanbul",
}  # fmt: skip
# Where we know the law well enough to count (a key of the clocks).
JURISDICTIONS = frozenset({"FR", "GB", "US", "ES"})
# Words that are addresses of the telling pages; no organisation may have one of them as its slug.
RESERVED_SLUGS = frozenset({"2", "3", "4", "company", "draft", "anew", "same", "remedies"})


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation as a customer may see it."""

    id: int
    slug: str
    name: str
    sector: Sector
    country: str
    claimed: bool


_COLUMNS = (
    Organisation.id, Organisation.slug, Organisation.name, Organisation.sector, Organisation.country,
    Organisation.claimed,
)  # fmt: skip


def _escaped(typed: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", typed)


def suggest(session: Session, typed: str, most: int = MOST) -> tuple[Recipient, ...]:
    """The organisations that read us and whose name holds what was typed, those that begin with it first."""
    words = fold(typed).strip()[:120]
    if not words:
        return ()
    query = (
        select(*_COLUMNS)
        .where(Organisation.claimed, Organisation.name_folded.like(f"%{_escaped(words)}%", escape="\\"))
        .order_by(Organisation.name_folded.like(f"{_escaped(words)}%", escape="\\").desc(), Organisation.name)
    )
    return tuple(_recipient(row) for row in session.execute(query.limit(most)))


def chosen(found: tuple[Recipient, ...], typed: str) -> Recipient | None:
    """The one that was meant: the only one with exactly this name, else the only one if its name begins so."""
    words = fold(typed).strip()
    exact = [one for one in found if fold(one.name) == words]
    if len(exact) == 1:
        return exact[0]
    return found[0] if len(found) == 1 and not exact and fold(found[0].name).startswith(words) else None


def by_slug(session: Session, slug: str) -> Recipient | None:
    """The organisation with this slug, if it reads us."""
    row = session.execute(select(*_COLUMNS).where(Organisation.slug == slug, Organisation.claimed)).first()
    return _recipient(row) if row is not None else None


def by_id(session: Session, organisation_id: int) -> Recipient | None:
    """The organisation with this number."""
    row = session.execute(select(*_COLUMNS).where(Organisation.id == organisation_id)).first()
    return _recipient(row) if row is not None else None


def _recipient(row: Any) -> Recipient:
    return Recipient(row.id, row.slug, row.name, Sector(row.sector), row.country, row.claimed)


def stored(session: Session, organisation_id: int) -> Organisation | None:
    """The row of an organisation, as filing needs it."""
    return session.get(Organisation, organisation_id)


def known_unclaimed(session: Session, name: str, sector: Sector, country: str) -> Recipient | None:
    """The organisation of that name, sector and country that was told of before and does not read us."""
    row = session.execute(
        select(*_COLUMNS)
        .where(
            Organisation.name_folded == fold(name)[:120],
            Organisation.sector == sector.value,
            Organisation.country == country,
            Organisation.claimed.is_(False),
        )
        .limit(1)
    ).first()
    return _recipient(row) if row is not None else None


def claimed_twin(session: Session, organisation_id: int) -> Recipient | None:
    """The organisation that reads us under the name, the sector and the country of this one, which does not."""
    own = session.get(Organisation, organisation_id)
    if own is None or own.claimed:
        return None
    row = session.execute(
        select(*_COLUMNS)
        .where(
            Organisation.name_folded == own.name_folded,
            Organisation.sector == own.sector,
            Organisation.country == own.country,
            Organisation.claimed,
        )
        .order_by(Organisation.id)
        .limit(1)
    ).first()
    return _recipient(row) if row is not None else None


def unclaimed(session: Session, name: str, sector: Sector, country: str, language: str, at: datetime) -> Organisation:
    """The row of an organisation that does not read us, made at its first story, in the present transaction."""
    known = known_unclaimed(session, name, sector, country)
    found = session.get(Organisation, known.id) if known else None
    if found is not None:
        return found
    made = never_told_of(name, sector, country, language, at)
    session.add(made)
    session.flush()
    return made


def never_told_of(name: str, sector: Sector, country: str, language: str, at: datetime) -> Organisation:
    """A new row for an organisation that does not read us and that nobody told of before; not stored yet."""
    folded = fold(name)[:120]
    jurisdiction = country if country in JURISDICTIONS else ""
    stem = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60] or "organisation"
    return Organisation(
        slug=f"{stem}-{secrets.token_hex(4)}", name=name[:120], name_folded=folded, sector=sector.value,
        country=country, zone=ZONES.get(country, "UTC"), jurisdiction=jurisdiction,
        calendar=calendar_of(country), language=language, claimed=False, created_at=at,
    )  # fmt: skip
