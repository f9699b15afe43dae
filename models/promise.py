"""The charter of an organisation: promises that a machine can check, and the remedies that broken ones bring."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Promise(Base):
    """One promise of one organisation: a rule with its limit, and what is given when it is broken.

    `rule` names a check of `cx.core.charter`, `amount` its limit in the unit of the rule. `kind` is an offer kind,
    `amount_minor` in minor units of `currency`; at most `cap` remedies a person and year. Off until `published_at`.
    """

    __tablename__ = "promise"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), index=True)
    rule: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    words: Mapped[str] = mapped_column(Text, default="")
    cap: Mapped[int] = mapped_column(default=3)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class Pledge(Base):
    """A promise on one case: due, kept or broken. `status` is `running`, `kept`, `broken` or `waived`."""

    __tablename__ = "pledge"
    __table_args__ = (
        UniqueConstraint("case_id", "promise_id"),
        Index("ix_pledge_status_due_at", "status", "due_at"),
        Index("ix_pledge_organisation_id_settled_at", "organisation_id", "settled_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    promise_id: Mapped[int] = mapped_column(BigId, ForeignKey("promise.id"))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(8), default="running")
    settled_at: Mapped[datetime | None]


class Remedy(Base):
    """What a broken promise brings: an offer beside the dispute, which accepting it never ends.

    `status`: `held` (a manager may raise or block it until `decide_by`), `blocked`, `offered`, `accepted`, `refused`,
    `countered`, `given`. `reason` is what the customer reads of a block, `counter` what they ask for instead.
    """

    __tablename__ = "remedy"

    id: Mapped[Id]
    pledge_id: Mapped[int] = mapped_column(BigId, ForeignKey("pledge.id"), unique=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    words: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10), default="held", index=True)
    decide_by: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    counter: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    give_by: Mapped[date | None]
    given_at: Mapped[datetime | None]
    proof: Mapped[str] = mapped_column(Text, default="")
