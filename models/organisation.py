"""Organisations and their touchpoints (a counter, a line, an app, a site, a machine)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Organisation(Base):
    """Somebody people complain about. `claimed` is false for one that does not read us yet.

    `country` is ISO 3166 alpha-2, `zone` an IANA time zone, `jurisdiction` a key of the clocks (FR, GB, US or
    empty), `calendar` a calendar code, `target_days` the organisation's own promise in days (not law).
    """

    __tablename__ = "organisation"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(120), index=True)
    sector: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    zone: Mapped[str] = mapped_column(String(40))
    jurisdiction: Mapped[str] = mapped_column(String(8), default="")
    calendar: Mapped[str] = mapped_column(String(16), default="none")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    address: Mapped[str] = mapped_column(default="")
    target_days: Mapped[int] = mapped_column(default=10)
    agent_limit_minor: Mapped[int | None]
    claimed: Mapped[bool] = mapped_column(default=True)
    duty_account_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("account.id", use_alter=True, name="fk_organisation_duty_account_id_account")
    )
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Touchpoint(Base):
    """A place or channel of an organisation at which something can happen."""

    __tablename__ = "touchpoint"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(120), default="")


class Installation(Base):
    """One row: what the installer said in the first hour. `setup_hash` is the hash of the one-time token."""

    __tablename__ = "installation"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), default="Doléance")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    address: Mapped[str] = mapped_column(default="")
    setup_hash: Mapped[str] = mapped_column(String(64), default="")
    ready_at: Mapped[datetime | None]


class OrganisationClaim(Base):
    """Somebody says that they speak for an organisation that does not read us; an administrator checks the proof.

    `status` is `waiting`, `granted` or `refused`; `reason` is what the claimant reads of a refusal.
    """

    __tablename__ = "organisation_claim"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    function: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(255))
    proof: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2), default="fr")
    status: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))


class RegimeSwitch(Base):
    """An administrator's word on one legal clock: use a row that waits to be checked, or freeze one, with a reason."""

    __tablename__ = "regime_switch"

    id: Mapped[Id]
    regime_id: Mapped[str] = mapped_column(String(24), unique=True)
    used: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime]
