"""Letters that were given up: counted for those who can do something about it, and tried again when they say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cx.post.brake import HELD
from models import InboundMail, Letter

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that was given up. `why` is the mail server's own sentence."""

    id: int
    case_id: int | None
    kind: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """The mail of an installation in numbers: what waits, was held back, was given up, left lately, and came in.

    `oldest` is since when the first of the waiting ones waits; `came` counts the mails of a week by their outcome.
    """

    waiting: int
    held: int
    failed: int
    sent_lately: int
    oldest: datetime | None
    came: dict[str, int]


_COLUMNS = (Letter.id, Letter.case_id, Letter.kind, Letter.created_at, Letter.error)


def given_up(session: Session, case_id: int | None = None) -> Sequence[Undelivered]:
    """The letters that were given up, of one case (to the customer) or of all, newest first."""
    query = select(*_COLUMNS).where(Letter.status == "failed").order_by(Letter.id.desc()).limit(MOST_SHOWN)
    if case_id is not None:
        query = query.where(Letter.case_id == case_id, Letter.account_id.is_(None))
    return [Undelivered(*row) for row in session.execute(query)]


def traffic(session: Session, at: datetime) -> Traffic:
    """The mail of the installation in numbers."""
    rows = session.execute(
        select(Letter.status, func.count(Letter.id), func.min(Letter.created_at))
        .where(Letter.status.in_(["waiting", "failed"]))
        .group_by(Letter.status)
    )
    counts = {status: (many, oldest) for status, many, oldest in rows}
    held = session.scalar(select(func.count(Letter.id)).where(Letter.status == "waiting", Letter.error == HELD))
    lately = (Letter.status == "sent", Letter.next_try_at > at - timedelta(days=1))
    week = select(InboundMail.outcome, func.count(InboundMail.id)).where(InboundMail.at > at - timedelta(days=7))
    waiting, oldest = counts.get("waiting", (0, None))
    return Traffic(
        waiting=waiting,
        held=held or 0,
        failed=counts.get("failed", (0, None))[0],
        sent_lately=session.scalar(select(func.count(Letter.id)).where(*lately)) or 0,
        oldest=oldest,
        came={row[0]: row[1] for row in session.execute(week.group_by(InboundMail.outcome))},
    )


def try_again(session: Session, number: int | None, at: datetime) -> int:
    """Let a letter that was given up wait for its turn again (None: all of them); returns how many do.

    Its Message-ID stays, so that a letter that had arrived after all is recognised. A letter whose secret is forgotten
    had left once: it goes out without a link, and the person opens the page with the code.
    """
    failed = [Letter.status == "failed"]
    if number is not None:
        failed.append(Letter.id == number)
    fresh = {"status": "waiting", "attempts": 0, "next_try_at": at, "lease_until": None, "error": ""}
    done = session.execute(update(Letter).where(*failed).values(fresh))
    return int(getattr(done, "rowcount", 0))


def print_instead(session: Session, number: int) -> bool:
    """Leave the letter to the print queue; says whether it was one that was given up."""
    done = session.execute(
        update(Letter).where(Letter.id == number, Letter.status == "failed").values(status="kept", error="")
    )
    return int(getattr(done, "rowcount", 0)) == 1
