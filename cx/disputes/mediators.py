"""The room of the mediator: links that let one outside person into one case until a day, and what they do in there.

The customer makes the link and takes it back; the secret is shown once and stored hashed. Each opening is kept and
shown to both parties. A mediator acts as a neutral under the name given at the first entry, never as staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cx.core.refusals import NotVisible
from cx.core.words import NextBody
from cx.disputes.reference import hash_secret
from cx.disputes.seen import CaseFile
from models import MediatorLink, MediatorOpening

# For how long a link may be made, in days.
TERMS: tuple[int, ...] = (30, 60, 90)
# So many links of one case may live at once: a body, its successor, and one that was mistyped.
MOST_LIVE = 5


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A link as the parties see it; `openings` are the moments at which its holder opened the case, oldest first."""

    id: int
    case_id: int
    body: str
    name: str
    function: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    openings: tuple[datetime, ...] = ()

    def live(self, at: datetime) -> bool:
        """Whether it lets somebody in."""
        return self.revoked_at is None and at < self.expires_at

    @property
    def entered(self) -> bool:
        """Whether its holder said who they are."""
        return bool(self.name)


def actor_of_link(link_id: int) -> str:
    """The id under which the holder of a link acts in a journal."""
    return f"mediator:{link_id}"


class TooManyLinks(ValueError):
    """So many links of the case live already; one is taken back before another is made."""


def make(session: Session, case_id: int, secret: str, body: NextBody | None, days: int, at: datetime) -> bool:
    """Make a link for `body` that lasts `days`; the secret itself is stored nowhere. False when it was made before.

    Raises TooManyLinks, and ValueError for another term.
    """
    if days not in TERMS:
        raise ValueError("days")
    if by_secret(session, hash_secret(secret)) is not None:
        return False
    if sum(one.live(at) for one in links_of(session, case_id)) >= MOST_LIVE:
        raise TooManyLinks
    session.add(
        MediatorLink(
            case_id=case_id,
            secret_hash=hash_secret(secret),
            body=body.value if body is not None else "",
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    return True


def revoke(session: Session, case_id: int, link_id: int, at: datetime) -> None:
    """Take a link of this case back; nothing happens when it was. Raises NotVisible when it is not of this case."""
    found = session.scalar(select(MediatorLink.id).where(MediatorLink.id == link_id, MediatorLink.case_id == case_id))
    if found is None:
        raise NotVisible
    still = update(MediatorLink).where(MediatorLink.id == link_id, MediatorLink.revoked_at.is_(None))
    session.execute(still.values(revoked_at=at))


def links_of(session: Session, case_id: int) -> tuple[LinkSeen, ...]:
    """Every link of a case, newest first, with its openings."""
    rows = session.scalars(
        select(MediatorLink).where(MediatorLink.case_id == case_id).order_by(MediatorLink.id.desc())
    ).all()
    if not rows:
        return ()
    openings: dict[int, list[datetime]] = {row.id: [] for row in rows}
    query = select(MediatorOpening.link_id, MediatorOpening.at).where(MediatorOpening.link_id.in_(openings))
    for link_id, at in session.execute(query.order_by(MediatorOpening.id)):
        openings[link_id].append(at)
    return tuple(_seen(row, openings[row.id]) for row in rows)


def links_on(case: CaseFile) -> tuple[LinkSeen, ...]:
    """The same of a case that was opened for its reader."""
    openings: dict[int, list[datetime]] = {row.id: [] for row in case.beside["links"]}
    for one in sorted(case.beside["openings"], key=lambda one: one.id):
        openings[one.link_id].append(one.at)
    rows = sorted(case.beside["links"], key=lambda row: row.id, reverse=True)
    return tuple(_seen(row, openings[row.id]) for row in rows)


def _seen(row: MediatorLink, openings: Sequence[datetime] = ()) -> LinkSeen:
    return LinkSeen(
        row.id, row.case_id, row.body, row.name, row.function, row.created_at, row.expires_at, row.revoked_at,
        tuple(openings),
    )  # fmt: skip


def by_secret(session: Session, secret_hash: str) -> LinkSeen | None:
    """The link with this secret, live or not."""
    row = session.scalar(select(MediatorLink).where(MediatorLink.secret_hash == secret_hash))
    return _seen(row) if row is not None else None


def of_case(session: Session, keys: Sequence[str], case_id: int, at: datetime) -> LinkSeen:
    """The live link among `keys` (hashes) that leads into this case. Raises NotVisible when there is none."""
    query = select(MediatorLink).where(MediatorLink.secret_hash.in_(keys), MediatorLink.case_id == case_id)
    found = next((one for one in map(_seen, session.scalars(query)) if one.live(at)), None)
    if found is None:
        raise NotVisible
    return found


def introduce(session: Session, link_id: int, name: str, function: str) -> bool:
    """Store who entered by a link. False when somebody had said so before: the first word stays."""
    unnamed = update(MediatorLink).where(MediatorLink.id == link_id, MediatorLink.name == "")
    done = session.execute(unnamed.values(name=name, function=function))
    return getattr(done, "rowcount", 0) == 1


def record_opening(session: Session, link_id: int, at: datetime) -> None:
    """Keep that the holder of a link opened the case."""
    session.execute(insert(MediatorOpening).values(link_id=link_id, at=at))
