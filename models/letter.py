"""The outbox: letters are rows written in the same transaction as the move that causes them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Letter(Base):
    """One letter to one address. `data` holds what its template needs and no content of the case.

    `status` is `waiting`, `sent`, `failed` or `kept` (no address: it is read on the site or printed).
    `message_id` is fixed when the row is written, so a letter sent twice can be recognised. `once` names what is
    said once only (`case:kind:day`); `account_id` is the person of staff to whom it goes. Letters of people without
    e-mail are printed by somebody (`printed_by`) and posted.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_status_next_try_at", "status", "next_try_at"),)

    id: Mapped[Id]
    case_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    address: Mapped[str] = mapped_column(String(255), default="")
    data: Mapped[dict[str, Any]]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(String(120), index=True, unique=True)
    account_id: Mapped[int | None] = mapped_column(BigId, index=True)
    printed_by: Mapped[int | None] = mapped_column(BigId)
    printed_at: Mapped[datetime | None]
    posted_on: Mapped[date | None]


class InboundMail(Base):
    """A mail that came in: what became of it, never its text (that is a message of the case, or nothing).

    `message_hash` is the SHA-256 of its Message-ID and tells a mail that was met before. `outcome` says what became of
    it (`taken`, `auto`, `loop`, `unsigned`, `stale`, `too_big`, `unreadable`).
    """

    __tablename__ = "inbound_mail"

    id: Mapped[Id]
    message_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
