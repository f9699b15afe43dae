"""The pulse of the processes that no page waits for: each says now and then that it is alive."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Beat(Base):
    """When the process `name` (`letters`, `clock`) last finished a round, on whichever machine it runs."""

    __tablename__ = "beat"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]
