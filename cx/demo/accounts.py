"""The demo's organisations, touchpoints and accounts as rows, and how its stories name them (`Cast`)."""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, make_transient

from cx.accounts.passwords import hash_password
from cx.core.acts import Actor
from cx.core.words import Role
from cx.demo.people import ADMIN, BY_SLUG, EVERYBODY, NEUTRAL, ORGANISATIONS, DemoOrganisation, DemoPerson
from cx.disputes.analysis import fold
from cx.disputes.calendars import calendar_of
from cx.disputes.ledger import actor_id
from models import Account, Membership, Organisation, Touchpoint

PASSWORD = "une-voix-humaine"  # noqa: S105 - known to everybody: demo accounts work on the machine itself only
ACCOUNTS_FILE = "demo-accounts.json"
# The demo looks back over eighteen months; its people were there before.
SINCE = timedelta(days=600)
# Whose names the tour begins with: the service team of the demo story, then who looks from outside.
FIRST = (
    "Nadia Ferrand",
    "Claire Okafor",
    "Philippe Sarrazin",
    "Idris Benhamou",
    "Tom Ashdown",
    NEUTRAL.name,
    ADMIN.name,
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what the stories speak of, by the names that they use: slug, (slug, code) and e-mail.

    The organisations belong to no session, so that other processes can have them.
    """

    organisations: Mapping[str, Organisation]
    touchpoints: Mapping[tuple[str, str], int]
    actors: Mapping[str, Actor]


def furnish(session: Session, now: datetime) -> Cast:
    """Write the organisations, their touchpoints and their people.

    Raises ValueError when there is a demo already, or when somebody real bears one of its names.
    """
    since = now - SINCE
    slugs = [one.slug for one in ORGANISATIONS]
    taken = session.scalar(select(Organisation).where(or_(Organisation.demo, Organisation.slug.in_(slugs))))
    if taken is not None:
        message = "there is a demo already" if taken.demo else f"{taken.name} bears a name of the demo"
        raise ValueError(message)
    organisations = {one.slug: _organisation(session, one, since) for one in ORGANISATIONS}
    points = {one.slug: _touchpoints(session, organisations[one.slug], one) for one in ORGANISATIONS}
    accounts = _accounts(session, organisations, since)
    for one in ORGANISATIONS:
        # Until somebody takes a case, this person answers for it.
        organisations[one.slug].duty_account_id = accounts[one.staff[0].email].id
    session.flush()
    actors = {person.email: _actor(person, accounts[person.email]) for person in EVERYBODY}
    for organisation in organisations.values():
        make_transient(organisation)
    named = {(slug, code): number for slug, codes in points.items() for code, number in codes.items()}
    return Cast(organisations, named, actors)


def _organisation(session: Session, one: DemoOrganisation, since: datetime) -> Organisation:
    organisation = Organisation(
        slug=one.slug,
        name=one.name,
        name_folded=fold(one.name),
        sector=one.sector.value,
        country=one.country,
        zone=one.zone,
        jurisdiction=one.jurisdiction,
        calendar=calendar_of(one.jurisdiction),
        language=one.language,
        address=one.address,
        target_days=one.target_days,
        agent_limit_minor=one.agent_limit_minor,
        claimed=True,
        demo=True,
        created_at=since,
    )
    session.add(organisation)
    session.flush()
    return organisation


def _touchpoints(session: Session, organisation: Organisation, one: DemoOrganisation) -> dict[str, int]:
    """Write the touchpoints; return their numbers by code."""
    points = [
        Touchpoint(
            organisation_id=organisation.id,
            code=point.code,
            name=point.name,
            channel=point.channel.value,
            place=point.place,
        )
        for point in one.touchpoints
    ]
    session.add_all(points)
    session.flush()
    return {point.code: point.id for point in points}


def _accounts(session: Session, organisations: Mapping[str, Organisation], since: datetime) -> dict[str, Account]:
    """Write the accounts, each with its role; return them by e-mail.

    Those whom an earlier demo had to leave behind, because they had worked on real cases, come back.
    """
    emails = [person.email for person in EVERYBODY]
    found = {one.email: one for one in session.scalars(select(Account).where(Account.email.in_(emails)))}
    # One hash for all of them: hashing is slow on purpose.
    password = hash_password(PASSWORD)
    for person in EVERYBODY:
        account = found.get(person.email) or Account(email=person.email, demo=True, created_at=since)
        if not account.demo:
            message = f"{person.email} is somebody real"
            raise ValueError(message)
        account.name, account.function, account.language = person.name, person.function, person.language
        account.password, account.active, account.fs_uniquifier = password, True, secrets.token_hex(32)
        home = organisations[person.organisation].id if person.organisation else None
        account.memberships.append(Membership(organisation_id=home, role=person.role.value, since=since))
        session.add(account)
        found[person.email] = account
    session.flush()
    return found


def _actor(person: DemoPerson, account: Account) -> Actor:
    limited = person.role is Role.AGENT and person.organisation in BY_SLUG
    limit = BY_SLUG[person.organisation].agent_limit_minor if limited else None
    return Actor(person.role, actor_id(account.id), person.name, person.function, limit)


def in_order(people: Iterable[DemoPerson] = EVERYBODY) -> list[DemoPerson]:
    """The people, those of the demo story first."""
    places = {name: place for place, name in enumerate(FIRST)}
    return sorted(people, key=lambda person: places.get(person.name, len(places)))


def write_accounts(home: Path) -> None:
    """Write the sign-ins to `demo-accounts.json` in the data folder, readable by us only."""
    rows = [
        {
            "email": person.email,
            "password": PASSWORD,
            "role": person.role.value,
            "organisation": BY_SLUG[person.organisation].name if person.organisation else "",
            "name": person.name,
        }
        for person in in_order()
    ]
    write_file(home / ACCOUNTS_FILE, rows)


def write_file(path: Path, rows: object) -> None:
    """Write JSON so that it is there whole or not at all, readable by us only."""
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(rows, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
