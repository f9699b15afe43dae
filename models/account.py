"""Staff accounts, what they may do where, invitations and sessions kept on the server."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, Id

if TYPE_CHECKING:
    from models.organisation import Organisation


class Account(Base):
    """A person of a service team, a neutral or an administrator. Customers need no account.

    `working_days` are ISO weekdays ("12345": Monday to Friday). `name` is a registered pseudonym when `pseudonymous`.
    """

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(80))
    function: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    after_sending: Mapped[str] = mapped_column(String(8), default="stay")
    working_days: Mapped[str] = mapped_column(String(7), default="12345", server_default="12345")
    pseudonymous: Mapped[bool] = mapped_column(default=False, server_default="0")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="account", lazy="selectin")

    # What Flask-Login asks of whoever is signed in, without any library in the tables.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may be used."""
        return self.active

    def get_id(self) -> str:
        """What a session remembers of the account; a new one ends every session at once."""
        return self.fs_uniquifier


class Membership(Base):
    """One role of one account, in one organisation (none for neutrals and administrators), until it leaves."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_organisation_id_role", "organisation_id", "role"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    account: Mapped[Account] = relationship(back_populates="memberships")
    organisation: Mapped["Organisation | None"] = relationship()


class Invitation(Base):
    """A one-time link that lets a person make an account with a role; the secret is stored hashed."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(255), default="")
    invited_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser. The cookie holds a secret, the row its hash: deleting the row ends the session."""

    __tablename__ = "staff_session"

    id: Mapped[Id]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LoginAttempt(Base):
    """A failed sign-in, for slowing guesses down; `subject` is a hash of the address or of the e-mail."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_subject_at", "subject", "at"),)

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
