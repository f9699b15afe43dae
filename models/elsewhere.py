"""When a case goes elsewhere: files that were handed out, links for a mediator, and each opening of such a link."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id


class Dossier(Base):
    """A file that was handed out: its fingerprint, and where the journal stood. The file itself is not kept.

    `kind` is `zip`, `pdf` or `json`; `sha256` the hex digest of its bytes; `seq` and `head` the last line it tells.
    """

    __tablename__ = "dossier"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    seq: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class MediatorLink(Base):
    """A link by which one mediator enters one case until it expires; the secret is stored hashed.

    `body` is the next body it is for, `name` and `function` the person who entered by it first.
    """

    __tablename__ = "mediator_link"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaint_case.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column(String(24), default="")
    name: Mapped[str] = mapped_column(String(80), default="")
    function: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class MediatorOpening(Base):
    """A mediator opened the case: shown to both parties, never edited."""

    __tablename__ = "mediator_opening"

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediator_link.id"), index=True)
    at: Mapped[datetime]
