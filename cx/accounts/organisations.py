"""The organisations of an installation and their touchpoints, as administrators keep them.

Functions that change something are called inside the transaction of the request.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.accounts.places import calendar_for, jurisdiction_of, zone_of
from cx.core.words import Role
from cx.disputes.analysis import fold
from models import Account, Installation, Membership, Organisation, Touchpoint

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation in the list: how many people it has, and whether it reads what is written."""

    id: int
    name: str
    sector: str
    country: str
    claimed: bool
    demo: bool
    people: int
    duty: str


def listed(session: Session, words: str = "") -> tuple[Line, ...]:
    """The organisations, those that read first, by name; `words` narrows them. At most `SHOWN`."""
    people = (
        select(Membership.organisation_id, func.count(Membership.account_id.distinct()).label("people"))
        .where(Membership.until.is_(None))
        .group_by(Membership.organisation_id)
        .subquery()
    )
    query = (
        select(Organisation, people.c.people, Account.name)
        .outerjoin(people, people.c.organisation_id == Organisation.id)
        .outerjoin(Account, Account.id == Organisation.duty_account_id)
        .order_by(Organisation.claimed.desc(), Organisation.name_folded)
        .limit(SHOWN)
    )
    if words:
        query = query.where(Organisation.name_folded.contains(fold(words), autoescape=True))
    return tuple(
        Line(one.id, one.name, one.sector, one.country, one.claimed, one.demo, many or 0, duty or "")
        for one, many, duty in session.execute(query)
    )


def choices(session: Session) -> tuple[tuple[int, str], ...]:
    """The organisations that read what is written, as (number, name): those that people can belong to."""
    query = select(Organisation.id, Organisation.name).where(Organisation.claimed).order_by(Organisation.name_folded)
    return tuple((number, name) for number, name in session.execute(query.limit(1000)))


def known_by_name(session: Session, name: str, but: int | None = None) -> bool:
    """Whether another organisation that reads us has this name already."""
    query = select(Organisation.id).where(Organisation.name_folded == fold(name), Organisation.claimed)
    if but is not None:
        query = query.where(Organisation.id != but)
    return session.scalars(query.limit(1)).first() is not None


def slug_of(session: Session, name: str) -> str:
    """The name as it stands in an address, different from all others."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60] or "organisation"
    taken = session.scalars(select(Organisation.id).where(Organisation.slug == plain)).first()
    return plain if taken is None else f"{plain}-{secrets.token_hex(3)}"


def _follows(values: dict[str, Any]) -> dict[str, Any]:
    country = values["country"]
    return _counted(values) | {"name_folded": fold(values["name"]), "zone": zone_of(country)}


def _counted(values: dict[str, Any]) -> dict[str, Any]:
    """The columns with the law and the days off of the country, or of its region where one was chosen."""
    country, region = values["country"], values.get("region") or ""
    kept = {name: value for name, value in values.items() if name != "region"}
    return kept | {"jurisdiction": jurisdiction_of(country, region), "calendar": calendar_for(country, region)}


def add(session: Session, values: dict[str, Any], at: datetime) -> Organisation:
    """Add an organisation; zone, law and days off follow from its country."""
    made = Organisation(**_follows(values), slug=slug_of(session, values["name"]), created_at=at)
    session.add(made)
    session.flush()
    return made


def change(organisation: Organisation, values: dict[str, Any]) -> None:
    """Change an organisation. Cases keep the country, law and zone under which they were told."""
    kept = _counted(values) if "region" in values else values
    if values["country"] != organisation.country:
        kept = _follows(values)
    for name, value in {**kept, "name_folded": fold(values["name"])}.items():
        setattr(organisation, name, value)


def touchpoint_code_taken(session: Session, organisation_id: int, code: str, but: int | None = None) -> bool:
    """Whether another touchpoint of the organisation has this code."""
    query = select(Touchpoint.id).where(
        Touchpoint.organisation_id == organisation_id, func.lower(Touchpoint.code) == code.lower()
    )
    if but is not None:
        query = query.where(Touchpoint.id != but)
    return session.scalars(query.limit(1)).first() is not None


def touchpoints(session: Session, organisation_id: int) -> list[Touchpoint]:
    """The touchpoints of an organisation, by code."""
    query = select(Touchpoint).where(Touchpoint.organisation_id == organisation_id).order_by(Touchpoint.code)
    return list(session.scalars(query.limit(1000)))


def installation(session: Session) -> Installation | None:
    """What the installer said in the first hour."""
    return session.scalars(select(Installation).order_by(Installation.id).limit(1)).first()


def without_duty(session: Session) -> list[str]:
    """The organisations that read but name nobody, and those that nobody works for."""
    working = select(Membership.organisation_id).where(
        Membership.until.is_(None), Membership.role.in_((Role.AGENT, Role.SUPERVISOR)),
        Membership.organisation_id.is_not(None),
    )  # fmt: skip
    query = select(Organisation.name).where(
        Organisation.claimed, Organisation.duty_account_id.is_(None) | Organisation.id.not_in(working)
    )
    return list(session.scalars(query.order_by(Organisation.name_folded).limit(20)))
