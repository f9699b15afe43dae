"""Rollups: figures kept as appended deltas and folded by the clock process, so that no row is ever hot."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Figure(Base):
    """A folded figure: how many `measure`/`key` an organisation had in a month (`month` is its first day)."""

    __tablename__ = "figure"

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(24), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int]


class FigureDelta(Base):
    """A change of one figure, not folded yet."""

    __tablename__ = "figure_delta"
    __table_args__ = (Index("ix_figure_delta_organisation_id_measure", "organisation_id", "measure"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    measure: Mapped[str] = mapped_column(String(24))
    month: Mapped[date]
    key: Mapped[str] = mapped_column(String(80))
    count: Mapped[int]
