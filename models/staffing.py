"""When a person is there: hours that are staffed, absences with their substitute, and requests to talk to somebody."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Staffing(Base):
    """A way to reach a person, and when somebody is there: `way` is `written`, `callback` or `counter`.

    `weekdays` are ISO weekdays, `opens` and `closes` minutes after midnight where the organisation is;
    `within_minutes` is how soon, in staffed time, a person answers. `place` says where a counter is.
    """

    __tablename__ = "staffing"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    weekdays: Mapped[str] = mapped_column(String(7), default="12345")
    opens: Mapped[int]
    closes: Mapped[int]
    within_minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")


class Absence(Base):
    """A person is away from `first` to `last` (local days, both away); `substitute_id` answers meanwhile."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_account_id_last", "account_id", "last"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    substitute_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    first: Mapped[date]
    last: Mapped[date]
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class HumanRequest(Base):
    """Somebody asked to talk to a person; from then on a clock runs. `status` is `waiting`, `met` or `taken_back`.

    `slot_at` is the moment chosen for a call-back; `met_by` the person who answered.
    """

    __tablename__ = "human_request"
    __table_args__ = (Index("ix_human_request_organisation_id_status_due_at", "organisation_id", "status", "due_at"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    way: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")
    slot_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    met_at: Mapped[datetime | None]
    met_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
