"""What the reader suggested, what people ruled on it, and the themes of a case as they stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class ReadingRow(Base):
    """One reading of one story by one version of the reader; readings are added, never overwritten."""

    __tablename__ = "reading"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    abstained: Mapped[bool]
    scores: Mapped[dict[str, Any]]


class ThemeRuling(Base):
    """A person confirmed, rejected or added one theme on one case: a training row with author and date."""

    __tablename__ = "theme_ruling"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    theme: Mapped[str] = mapped_column(String(24))
    verdict: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(16))
    reader_version: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime]


class CaseTheme(Base):
    """A theme of a case as it stands: `maybe` (the reader alone) or `confirmed` (a person said so)."""

    __tablename__ = "case_theme"
    __table_args__ = (
        Index("ix_case_theme_organisation_id_theme_status_case_id", "organisation_id", "theme", "status", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(24), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    status: Mapped[str] = mapped_column(String(12))
