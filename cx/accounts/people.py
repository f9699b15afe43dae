"""The people of an installation: who is here with which role, who is invited, and how they come and go.

Functions that change something are called inside the transaction of the request.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, selectinload

from cx.accounts.links import INVITATION_LASTS, invitation_secret
from cx.accounts.signin import end_sessions
from cx.core.words import Role
from cx.web.visitors import hashed
from models import Account, Invitation, Membership, Organisation


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the role that is looked at; `organisation` is empty for neutrals and administrators."""

    id: int
    name: str
    email: str
    function: str
    active: bool
    role: Role
    organisation_id: int | None
    organisation: str
    since: datetime
    duty: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that nobody has used yet."""

    id: int
    name: str
    email: str
    role: Role
    organisation_id: int | None
    organisation: str
    expires_at: datetime


def _members(session: Session, *where: ColumnElement[bool]) -> tuple[Member, ...]:
    query = (
        select(Account, Membership, Organisation)
        .join(Membership, Membership.account_id == Account.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.until.is_(None), *where)
        .options(selectinload(Account.memberships))
        .order_by(Account.name, Membership.role)
        .limit(500)
    )
    rows: Any = session.execute(query)  # the organisation is missing for some, which the types do not know
    return tuple(
        Member(
            account.id, account.name, account.email, account.function, account.active, Role(membership.role),
            membership.organisation_id, organisation.name if organisation else "", membership.since,
            bool(organisation and organisation.duty_account_id == account.id),
        )
        for account, membership, organisation in rows
    )  # fmt: skip


def members(session: Session, organisation_id: int | None) -> tuple[Member, ...]:
    """The people of an organisation; None: neutrals and administrators."""
    same = Membership.organisation_id
    return _members(session, same.is_(None) if organisation_id is None else same == organisation_id)


def memberships_of(session: Session, account_id: int) -> tuple[Member, ...]:
    """What one person does, and where."""
    return _members(session, Account.id == account_id)


def invited(session: Session, now: datetime, *where: ColumnElement[bool]) -> tuple[Invited, ...]:
    """The invitations still open, newest first."""
    query = (
        select(Invitation, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > now, *where)
        .order_by(Invitation.id.desc())
        .limit(200)
    )
    return tuple(
        Invited(one.id, one.name, one.email, Role(one.role), one.organisation_id, name or "", one.expires_at)
        for one, name in session.execute(query)
    )


def invite(
    session: Session, role: Role, organisation_id: int | None, person: tuple[str, str], by: int, at: datetime
) -> Invitation:
    """Write down an invitation for `person` (name, e-mail; both may be empty)."""
    made = Invitation(
        secret_hash=secrets.token_hex(32),  # until the number is known, from which the secret is derived
        organisation_id=organisation_id,
        role=role.value,
        name=person[0],
        email=person[1],
        invited_by=by,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    session.add(made)
    session.flush()
    made.secret_hash = hashed(invitation_secret(made))
    return made


def withdraw(session: Session, invitation_id: int) -> None:
    """Take an invitation back; its link opens nothing any more."""
    session.execute(delete(Invitation).where(Invitation.id == invitation_id, Invitation.used_at.is_(None)))


def email_taken(session: Session, email: str, invitation: Invitation | None = None) -> bool:
    """Whether an account has this e-mail already, other than one that left and was invited back by this address."""
    account = session.scalars(select(Account).where(Account.email == email)).first()
    return account is not None and not _comes_back(account, invitation)


def _comes_back(account: Account, invitation: Invitation | None) -> bool:
    left = not any(one.until is None for one in account.memberships)
    return left and invitation is not None and invitation.email == account.email


def join(session: Session, values: dict[str, Any], membership: tuple[Role, int | None], at: datetime) -> Account:
    """Make an account with one role; `values` are columns (`email`, `password` hashed, `name`, `function`, `language`).

    Whoever left and comes back under the same address gets the old account back, with the new password.
    """
    role, organisation_id = membership
    account = session.scalars(select(Account).where(Account.email == values["email"])).first()
    if account is None:
        account = Account(**values, fs_uniquifier=secrets.token_hex(32), created_at=at)
        session.add(account)
    else:
        for name, value in values.items():
            setattr(account, name, value)
        account.active = True
        end_sessions(session, account)
    session.flush()
    session.add(Membership(account_id=account.id, organisation_id=organisation_id, role=role.value, since=at))
    if role in {Role.AGENT, Role.SUPERVISOR} and organisation_id is not None:
        organisation = session.get_one(Organisation, organisation_id)
        # Somebody is named to customers from the first day.
        if organisation.duty_account_id is None:
            organisation.duty_account_id = account.id
    session.flush()
    return account


def accept(session: Session, invitation: Invitation, values: dict[str, Any], at: datetime) -> Account:
    """Make the account of an invitation; the invitation is used from now on."""
    account = join(session, values, (Role(invitation.role), invitation.organisation_id), at)
    invitation.used_at = at
    return account


def end_membership(
    session: Session, account: Account, organisation_id: int | None, to: int | None, at: datetime
) -> None:
    """End what a person does in an organisation (None: as neutral or administrator); `to` takes over as duty person."""
    for one in account.memberships:
        if one.until is None and one.organisation_id == organisation_id:
            one.until = at
    if organisation_id is not None:
        organisation = session.get_one(Organisation, organisation_id)
        if organisation.duty_account_id == account.id:
            organisation.duty_account_id = to
    if not any(one.until is None for one in account.memberships):
        suspend(session, account)


def change_role(session: Session, account: Account, organisation_id: int, role: Role, at: datetime) -> None:
    """Give a person another role in the same organisation, instead of those they have there."""
    for one in account.memberships:
        if one.until is None and one.organisation_id == organisation_id:
            one.until = at
    session.add(Membership(account_id=account.id, organisation_id=organisation_id, role=role.value, since=at))
    if role is Role.MANAGER:
        organisation = session.get_one(Organisation, organisation_id)
        if organisation.duty_account_id == account.id:
            organisation.duty_account_id = None


def suspend(session: Session, account: Account) -> None:
    """Shut an account: nobody signs in with it, and whoever is signed in is out at once."""
    account.active = False
    end_sessions(session, account)


def active_admins(session: Session) -> int:
    """How many administrators can sign in."""
    query = (
        select(func.count(Account.id.distinct()))
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role == Role.ADMIN, Membership.until.is_(None), Account.active)
    )
    return session.scalar(query) or 0


def names(people: Sequence[Member]) -> list[str]:
    """The names of people, each once."""
    return list(dict.fromkeys(one.name for one in people))
