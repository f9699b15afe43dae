"""The journal of a case (hash-chained events) and its texts, in rows of their own that can be erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class EventRow(Base):
    """One line of the journal. `data` holds no personal text; `digest` fingerprints the message it came with.

    hash = SHA-256 over (case, seq, at, kind, role, actor, data, digest, prev) in canonical JSON.
    """

    __tablename__ = "event"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64), default="")
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Message(Base):
    """A text exactly as it was sent. `salt` keeps the digest in the journal from giving an erased text away."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(12))
    role: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    author: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(2))
    origin: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    erased_at: Mapped[datetime | None]


class AccessRecord(Base):
    """Somebody of staff opened a case or a story: appended, never edited."""

    __tablename__ = "access_record"
    __table_args__ = (Index("ix_access_record_case_id_at", "case_id", "at"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(16))
