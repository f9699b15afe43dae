"""The outbox: letters are rows written in the same transaction as the move that causes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Letter(Base):
    """One letter to one address. `data` holds what its template needs and no content of the case.

    `status` is `waiting`, `sent`, `failed` or `kept` (no address: it is read on the site or printed).
    `message_id` is fixed when the row is written, so a letter sent twice can be recognised.
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
