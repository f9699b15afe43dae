"""What the reader suggested, what people ruled on it, and the themes of a case as they stand."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class ReadingRow(Base):
    """One reading of one story by one version of the reader; readings are added, never overwritten.

    `reasons` holds, for each theme suggested, whether the reader is rather `sure`, the `span` of the sentences that
    tell it and the `words` in them that weighed most: (start, end, weight), in characters. Never the words themselves.
    `known` is how many of a hundred words of the story the reader had seen before.
    """

    __tablename__ = "reading"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    abstained: Mapped[bool]
    scores: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any] | None]
    known: Mapped[int | None]


class ThemeRuling(Base):
    """A person confirmed, rejected or added one theme on one case: a training row with author and date.

    `source` says what brought the person to it: `desk` (by the way), `contest` (a customer contradicted the reader),
    `sample` (drawn by lot, so that figures do not rest on the cases somebody cared about) or `unsure` (suggested
    because the reader learns most from it).
    """

    __tablename__ = "theme_ruling"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    theme: Mapped[str] = mapped_column(String(24))
    verdict: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(16))
    reader_version: Mapped[str] = mapped_column(String(32), default="")
    source: Mapped[str] = mapped_column(String(8), default="desk", server_default="desk")
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


class ReadingOpinion(Base):
    """What a customer said of a reading: themes that are `right`, `wrong`, or that something is `missing`.

    Anything but "right" is a contest: a person rules on it by `due_at`. `status` is `agreed` (nothing to rule), `open`,
    `changed` (the ruling followed the customer at least in part), `kept`, or `replaced` (the customer said something
    newer before anybody ruled; the new row inherits the day). `seq` is the line of the journal that holds
    the customer's own words, `answer_seq` the one with the written outcome.
    """

    __tablename__ = "reading_opinion"
    __table_args__ = (Index("ix_reading_opinion_organisation_id_status_due_at", "organisation_id", "status", "due_at"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    at: Mapped[datetime]
    seq: Mapped[int]
    reader_version: Mapped[str] = mapped_column(String(32))
    said: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime | None]
    ruled_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answer_seq: Mapped[int | None]


class ReviewPick(Base):
    """A case put before the team to confirm its themes: drawn by lot (`sample`) or where the reader doubts (`unsure`)."""

    __tablename__ = "review_pick"
    __table_args__ = (
        UniqueConstraint("case_id", "why"),
        Index("ix_review_pick_organisation_id_done_at_day", "organisation_id", "done_at", "day"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    day: Mapped[date]
    why: Mapped[str] = mapped_column(String(8))
    done_at: Mapped[datetime | None]


class ReaderSwitch(Base):
    """An administrator turned the reader off or on for the whole installation, and why; the newest row counts."""

    __tablename__ = "reader_switch"

    id: Mapped[Id]
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    running: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
