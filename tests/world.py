"""A small world for tests of rooms: two organisations on board, one that is not, and a person for every role."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from cx.core.incident import Contact, Report
from cx.core.visitor import Visitor
from cx.core.words import Role, Sector, Wish
from cx.disputes import filing
from cx.disputes.analysis import fold
from cx.disputes.reference import hash_secret
from cx.web.visitors import hashed
from models import Account, Membership, Organisation, StaffSession, Touchpoint
from models.engine import Database
from tests.pages import Browser


@dataclass
class World:
    """What the fixture made. Numbers are database ids; `people` are keyed "role@organisation" ("admin", "neutral")."""

    app: Flask
    database: Database
    organisations: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def browser(self, language: str = "en") -> Browser:
        """A stranger's browser."""
        return Browser(self.app, language)

    def staff(self, who: str, language: str = "en") -> Browser:
        """A browser in which this person is signed in (the session row is made directly; signing in has its tests)."""
        browser = Browser(self.app, language)
        secret, now = secrets.token_urlsafe(24), datetime.now(UTC)
        with self.database.writing() as session:
            account = session.get(Account, self.people[who])
            assert account is not None
            data = {"_user_id": account.fs_uniquifier, "_fresh": True, "account_id": account.id}
            session.add(
                StaffSession(
                    secret_hash=hashed(secret),
                    account_id=account.id,
                    data=data,
                    created_at=now,
                    expires_at=now + timedelta(hours=1),
                )
            )
        browser.client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], secret)
        return browser

    def visitor(self, who: str) -> Visitor:
        """The same person as workshops see them."""
        with self.database.reading() as session:
            account = session.get(Account, self.people[who])
            assert account is not None
            return Visitor(
                account_id=account.id,
                name=account.name,
                function=account.function,
                organisation_id=next((one.organisation_id for one in account.memberships), None),
                roles=frozenset(Role(one.role) for one in account.memberships),
            )

    def tell(self, organisation: str = "poste", wish: Wish = Wish.ANSWER, **given: Any) -> filing.Filed:
        """File a story, with its `reading` if there is one; a wish other than telling makes it a dispute."""
        now = given.pop("at", None) or datetime.now(UTC)
        reading = given.pop("reading", None)
        with self.database.writing() as session:
            found = session.get(Organisation, self.organisations[organisation])
            assert found is not None
            values: dict[str, Any] = {
                "text": "Thirty-five minutes in front of the machine, and the counter sent me away.",
                "organisation_id": found.id,
                "sector": Sector(found.sector),
                "wish": wish,
                "key": secrets.token_urlsafe(18),
                "told_at": now,
                "consent": wish is not Wish.TELL,
                "contact": Contact(name="Madeleine Garnier", email="madeleine@example.org"),
                "language": "en",
                "detected_language": "en",
            }
            report = Report(**{**values, **given})
            secret = filing.secret_of_key("test", report.key)
            return filing.file(session, self.app.extensions["workbench"], found, report, reading, secret)

    def customer(self, filed: filing.Filed, language: str = "en") -> Browser:
        """The browser of the person who told a story: it holds the key."""
        browser = Browser(self.app, language)
        browser.client.set_cookie("doleance_keys", filed.secret)
        return browser

    def holder(self, filed: filing.Filed) -> Visitor:
        """The person who told a story, as workshops see them."""
        return Visitor(keys=(hash_secret(filed.secret),))


ORGANISATIONS = {
    "poste": ("Poste Arvane", Sector.POSTAL, "FR", True),
    "banque": ("Banque Tessaure", Sector.BANK, "FR", True),
    "nobody": ("Northmere Air", Sector.AIRLINE, "GB", False),
}
PEOPLE = {
    "agent@poste": ("Nadia Ferrand", Role.AGENT, "poste"),
    "agent2@poste": ("Karim Lemoine", Role.AGENT, "poste"),
    "supervisor@poste": ("Claire Okafor", Role.SUPERVISOR, "poste"),
    "manager@poste": ("Jeanne Wolff", Role.MANAGER, "poste"),
    "agent@banque": ("Idris Benhamou", Role.AGENT, "banque"),
    "supervisor@banque": ("Paul Arnoux", Role.SUPERVISOR, "banque"),
    "manager@banque": ("Odile Perrin", Role.MANAGER, "banque"),
    "neutral": ("Hélène Varga", Role.NEUTRAL, None),
    "admin": ("Anna Admin", Role.ADMIN, None),
}


def build(app: Flask) -> World:
    """Make the small world in the (empty) database of `app`."""
    world = World(app, app.extensions["database"])
    now = datetime.now(UTC)
    with world.database.writing() as session:
        for slug, (name, sector, country, claimed) in ORGANISATIONS.items():
            zone = "Europe/Paris" if country == "FR" else "Europe/London"
            calendar = "FR" if country == "FR" else "GB-ENG"
            made = Organisation(
                slug=slug, name=name, name_folded=fold(name), sector=sector, country=country, zone=zone,
                jurisdiction=country, calendar=calendar, claimed=claimed, created_at=now,
                language="fr" if country == "FR" else "en",
            )  # fmt: skip
            session.add(made)
            session.flush()
            world.organisations[slug] = made.id
        for who, (name, role, organisation) in PEOPLE.items():
            account = Account(
                email=f"{who.replace('@', '.')}@example.org", name=name, function=role.value.title(),
                fs_uniquifier=secrets.token_hex(16), created_at=now, language="en",
            )  # fmt: skip
            session.add(account)
            session.flush()
            place = world.organisations[organisation] if organisation else None
            session.add(Membership(account_id=account.id, organisation_id=place, role=role, since=now))
            world.people[who] = account.id
        for slug, who in (("poste", "agent@poste"), ("banque", "agent@banque")):
            found = session.get(Organisation, world.organisations[slug])
            assert found is not None
            found.duty_account_id = world.people[who]
        session.add(
            Touchpoint(
                organisation_id=world.organisations["poste"],
                code="AF-07",
                name="Machine AF-07",
                channel="kiosk",
                place="Arvane-Centre",
            )
        )
    return world
