"""The case: one row is a story plus an optional dispute, with its points, offers, clocks and ways in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


def _desk(name: str, *columns: str) -> Index:
    """An index over the cases that lie in a lane of a desk."""
    on_desk = text("lane IS NOT NULL")
    return Index(f"ix_complaint_case_desk_{name}", *columns, sqlite_where=on_desk, postgresql_where=on_desk)


class Case(Base):
    """A story about one organisation, for ever; `state` equals fold(journal), `version` the journal's length.

    `sector`, `country`, `zone`, `jurisdiction` and `calendar` are frozen copies from the organisation at
    filing. `first_words` are the opening words of the masked story, for lists. `quiet_since` is set while the
    next word is the customer's; `lane` says where the case lies on the desk (`cx.disputes.lanes`). `next_due_on` is
    the earliest running answer date owed by law, else the day of the next right, else the own target;
    `next_due_kind` says which (`law`, `right`, `target`). `watch_on` is the next local day on which time alone has
    something to do here (a reminder, a right that opens); None when nothing is to come. A case that came from another
    organisation names the case before it in `redirected_from_id`.
    """

    __tablename__ = "complaint_case"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_complaint_case_organisation_id_id", "organisation_id", "id"),
        Index("ix_complaint_case_organisation_id_state_id", "organisation_id", "state", "id"),
        Index("ix_complaint_case_owner_id_state_id", "owner_id", "state", "id"),
        Index("ix_complaint_case_organisation_id_told_at", "organisation_id", "told_at"),
        # The desk: few cases beside the archive, so each of these is small.
        _desk("lane", "organisation_id", "lane", "id"),
        _desk("mine", "organisation_id", "owner_id", "lane", "id", "bring_back_on", "next_due_kind", "next_due_on"),
        _desk("due", "organisation_id", "next_due_on", "next_due_kind"),
        _desk("quiet", "organisation_id", "lane", "quiet_since", "next_due_kind", "next_due_on"),
        Index(
            "ix_complaint_case_watch_on",
            "watch_on",
            sqlite_where=text("watch_on IS NOT NULL"),
            postgresql_where=text("watch_on IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    key_digest: Mapped[str] = mapped_column(String(64), default="")
    story_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    sector: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    zone: Mapped[str] = mapped_column(String(40))
    jurisdiction: Mapped[str] = mapped_column(String(8), default="")
    calendar: Mapped[str] = mapped_column(String(16), default="none")
    origin: Mapped[str] = mapped_column(String(16))
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(120))
    source_label: Mapped[str | None] = mapped_column(String(400))
    source_rating: Mapped[str | None] = mapped_column(String(16))
    issue: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(16))
    touchpoint_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("touchpoint.id"))
    place: Mapped[str] = mapped_column(String(120), default="")
    occurred_on: Mapped[date | None]
    occurred_about: Mapped[bool] = mapped_column(default=False)
    wish: Mapped[str] = mapped_column(String(16))
    wish_text: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]]
    severity_told: Mapped[int | None]
    severity_agreed: Mapped[int | None]
    first_words: Mapped[str] = mapped_column(String(200))
    customer_name: Mapped[str] = mapped_column(String(80), default="")
    interface_language: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    detected_language: Mapped[str] = mapped_column(String(8), default="")
    told_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20))
    lane: Mapped[str | None] = mapped_column(String(8))
    version: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    owner_since: Mapped[datetime | None]
    first_decider_id: Mapped[int | None] = mapped_column(BigId)
    neutral_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    redirected_from_id: Mapped[int | None] = mapped_column(BigId)
    watch_on: Mapped[date | None]
    quiet_since: Mapped[datetime | None]
    customer_waits: Mapped[bool] = mapped_column(default=False)
    bring_back_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    next_due_kind: Mapped[str] = mapped_column(String(8), default="")
    next_due_rule: Mapped[str] = mapped_column(String(24), default="")
    reading_state: Mapped[str] = mapped_column(String(8), default="to_read")
    solved: Mapped[str | None] = mapped_column(String(8))
    solved_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False)


class Contact(Base):
    """Where the answer goes; a row of its own so that it can be erased alone.

    An address is verified by its first use: somebody opened the link that was sent there. `reminders_off_at` is set
    when the person wants no reminders any more; letters about rights and answers still go.
    """

    __tablename__ = "contact"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(255), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    postal: Mapped[str] = mapped_column(Text, default="")
    email_verified_at: Mapped[datetime | None]
    reminders_off_at: Mapped[datetime | None]


class AccessLink(Base):
    """A secret that opens one case (`/k/<secret>`, or the code written down); stored hashed, never logged."""

    __tablename__ = "access_link"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Point(Base):
    """One point of a dispute; each is answered with reasons. `agreed`: the facts that a mediator found undisputed."""

    __tablename__ = "point"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(String(16))
    reasons: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    agreed: Mapped[str] = mapped_column(Text, default="", server_default="")


class OfferVersion(Base):
    """One version of an offer; a better one is a new row. `amount_minor` in minor units of `currency`.

    `counter` is what the customer asked for instead, `paid_said` what they said of the payment (`yes`, `no`).
    `made_by` is empty for what a mediator without an account here proposed and both sides accepted.
    """

    __tablename__ = "offer"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    version: Mapped[int]
    point_number: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(32))
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    basis: Mapped[str] = mapped_column(String(120), default="")
    voucher_expires_on: Mapped[date | None]
    conditions: Mapped[str] = mapped_column(Text, default="", server_default="")
    pay_by: Mapped[date | None]
    expires_on: Mapped[date | None]
    final: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    approved_by: Mapped[int | None] = mapped_column(BigId)
    made_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    answered_at: Mapped[datetime | None]
    performed_at: Mapped[datetime | None]
    proof: Mapped[str] = mapped_column(Text, default="")
    counter: Mapped[str] = mapped_column(Text, default="", server_default="")
    paid_said: Mapped[str] = mapped_column(String(4), default="", server_default="")


class ClockRun(Base):
    """A clock of one case: its due date is stored when it starts, with the version of the rule.

    Only a recorded, notified extension moves `due_on`; `extended_from` is the date that stood before.
    """

    __tablename__ = "clock_run"
    __table_args__ = (
        UniqueConstraint("case_id", "regime_id"),
        Index(
            "ix_clock_run_due_on",
            "due_on",
            sqlite_where=text("done_on IS NULL"),
            postgresql_where=text("done_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    regime_id: Mapped[str] = mapped_column(String(24))
    regime_version: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))
    duty_holder: Mapped[str] = mapped_column(String(16))
    started_on: Mapped[date]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    extended_from: Mapped[date | None]


class Survey(Base):
    """What the customer says of the handling: solved or not, and the four values, 1 to 5. Rows are added only."""

    __tablename__ = "survey"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    at: Mapped[datetime]
    solved: Mapped[str | None] = mapped_column(String(8))
    price: Mapped[int | None]
    choice: Mapped[int | None]
    listening: Mapped[int | None]
    guarantee: Mapped[int | None]
    message_id: Mapped[int | None] = mapped_column(BigId)


class Draft(Base):
    """A story being written; unseen by the organisation. The browser holds the secret, the row its hash."""

    __tablename__ = "draft"

    id: Mapped[Id]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
