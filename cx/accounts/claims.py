"""Claims: somebody says that they speak for an organisation that does not read us; an administrator checks the proof.

Functions that change something are called inside the transaction of the request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.accounts import letters, people
from cx.core.refusals import Conflict, NotVisible
from cx.core.words import Role
from cx.disputes import claiming
from cx.web.bench import bench
from models import Account, Invitation, Organisation, OrganisationClaim

WAITING, GRANTED, REFUSED = "waiting", "granted", "refused"
SHOWN = 100
# Anybody can have an address there, so it proves nothing about an organisation.
PUBLIC_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "hotmail.co.uk",
        "live.com", "live.fr", "msn.com", "yahoo.com", "yahoo.fr", "yahoo.co.uk", "icloud.com", "me.com", "aol.com",
        "proton.me", "protonmail.com", "gmx.com", "gmx.fr", "gmx.net", "mail.com", "orange.fr", "wanadoo.fr", "free.fr",
        "sfr.fr", "laposte.net", "bbox.fr", "btinternet.com", "sky.com",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim as an administrator reads it."""

    id: int
    organisation_id: int
    organisation: str
    name: str
    function: str
    email: str
    proof: str
    status: str
    reason: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str


def of_company(email: str) -> bool:
    """Whether an address is not one that anybody can have."""
    return email.rpartition("@")[2] not in PUBLIC_MAIL


def by_slug(session: Session, slug: str) -> Organisation | None:
    """The organisation with this slug, whether it reads us or not."""
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).first()


def hand_in(
    session: Session, organisation_id: int, person: tuple[str, str, str], proof: str, language: str, at: datetime
) -> OrganisationClaim:
    """Write down a claim of `person` (name, function, e-mail); one that waits already is the same claim, made anew."""
    name, function, email = person
    query = select(OrganisationClaim).where(
        OrganisationClaim.organisation_id == organisation_id,
        OrganisationClaim.email == email,
        OrganisationClaim.status == WAITING,
    )
    claim = session.scalars(query).first()
    if claim is None:
        claim = OrganisationClaim(
            organisation_id=organisation_id, email=email, status=WAITING, created_at=at, reason=""
        )
        session.add(claim)
    claim.name, claim.function, claim.proof, claim.language = name, function, proof, language
    session.flush()
    return claim


def waiting_many(session: Session) -> int:
    """How many claims wait to be checked."""
    query = select(func.count(OrganisationClaim.id)).where(OrganisationClaim.status == WAITING)
    return session.scalar(query) or 0


def listed(session: Session) -> Sequence[ClaimSeen]:
    """The claims, those that wait first, each newest first. At most `SHOWN`."""
    query = (
        select(OrganisationClaim, Organisation.name, Account.name)
        .join(Organisation, Organisation.id == OrganisationClaim.organisation_id)
        .outerjoin(Account, Account.id == OrganisationClaim.decided_by)
        .order_by((OrganisationClaim.status != WAITING), OrganisationClaim.id.desc())
        .limit(SHOWN)
    )
    return [
        ClaimSeen(
            one.id, one.organisation_id, organisation, one.name, one.function, one.email, one.proof, one.status,
            one.reason, one.created_at, one.decided_at, who or "",
        )
        for one, organisation, who in session.execute(query)
    ]  # fmt: skip


def _undecided(session: Session, claim_id: int) -> OrganisationClaim:
    claim = session.get(OrganisationClaim, claim_id, with_for_update=True)
    if claim is None:
        raise NotVisible
    if claim.status != WAITING:
        raise Conflict(0, 1)
    return claim


def grant(session: Session, claim_id: int, admin: tuple[int, str], at: datetime) -> Invitation:
    """Believe the proof: the organisation reads us from now on, and the claimant is invited as its supervisor.

    Raises NotVisible for an unknown claim, Conflict for one that was decided already.
    """
    claim = _undecided(session, claim_id)
    organisation = claiming.begin_reading(session, session.get_one(Organisation, claim.organisation_id), at)
    claiming.tell_customers(session, bench(), claim.organisation_id, at)
    claim.status, claim.decided_at, claim.decided_by = GRANTED, at, admin[0]
    made = people.invite(session, Role.SUPERVISOR, organisation.id, (claim.name, claim.email), admin[0], at)
    letters.send_invitation(session, made, claim.language, admin[1], at)
    return made


def refuse(session: Session, claim_id: int, reason: str, admin_id: int, at: datetime) -> OrganisationClaim:
    """Do not believe it; the claimant reads `reason`. Raises as `grant` does."""
    claim = _undecided(session, claim_id)
    claim.status, claim.reason, claim.decided_at, claim.decided_by = REFUSED, reason, at, admin_id
    return claim
