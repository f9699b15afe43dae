"""Who is at work for an organisation, as queries over accounts: cases in the hands of somebody who is not wait anew."""

from sqlalchemy import BindParameter, Select, select
from sqlalchemy.orm import Session

from cx.core.words import Role
from models import Account, Membership

ANSWERING = (Role.AGENT, Role.SUPERVISOR)


def at_work(organisation_id: int | BindParameter[int] | None) -> Select[int]:
    """The accounts that answer for an organisation now: agents and supervisors who neither left nor were shut out."""
    return with_roles(organisation_id).with_only_columns(Account.id)


def with_roles(organisation_id: int | BindParameter[int] | None) -> Select[int, str]:
    """Who answers for an organisation now, and as what: an agent who supervises too has a row for each."""
    return (
        select(Account.id, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(ANSWERING),
            Membership.until.is_(None),
            Account.active,
        )
    )


def gone(organisation_id: int | BindParameter[int] | None) -> Select[int]:
    """The accounts that answered for an organisation once and do not now: they left, are shut out or do other work."""
    once = select(Membership.account_id).where(
        Membership.organisation_id == organisation_id, Membership.role.in_(ANSWERING)
    )
    return once.where(Membership.account_id.not_in(at_work(organisation_id)))


def neutral_to(organisation_id: int | BindParameter[int]) -> Select[int]:
    """The neutral people of the installation who do not work for this organisation."""
    own = select(Membership.account_id).where(Membership.organisation_id == organisation_id, Membership.until.is_(None))
    return (
        select(Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role == Role.NEUTRAL, Membership.until.is_(None), Account.active, Account.id.not_in(own))
    )


def is_at_work(session: Session, account_id: int | None, organisation_id: int) -> bool:
    """Whether this account answers for the organisation now; nobody (None) does not."""
    if account_id is None:
        return False
    return session.scalar(at_work(organisation_id).where(Account.id == account_id).limit(1)) is not None
