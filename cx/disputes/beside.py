"""The small rows of many tables that lie beside one case, read in one journey: what was said, offered, promised, asked.

`cx.disputes.casefile` makes values of them for one audience. What only the team may know is asked for the team alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, String, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from cx.core.charter import PledgeStatus
from cx.core.words import Audience
from cx.disputes.pledges import COUNTING, YEAR
from cx.disputes.sight import As
from cx.disputes.team import at_work, neutral_to, with_roles
from models import (
    Absence,
    AccessLink,
    Account,
    Case,
    CaseTheme,
    ClockRun,
    Contact,
    Draft,
    EventRow,
    HumanRequest,
    Letter,
    MediatorLink,
    MediatorOpening,
    Message,
    OfferVersion,
    Organisation,
    Pledge,
    Point,
    Promise,
    ReadingOpinion,
    ReadingRow,
    Remedy,
)
from models.base import Moment
from models.bundle import Bundle, Part, Row

MOST_REQUESTS, MOST_RETURNED, MOST_OPINIONS = 200, 50, 50
# Where what was typed for a supervisor is kept: customers' drafts are found by a SHA-256, so no cookie names this place.
APPROVAL = "approval:"

_CASE = bindparam("case_id", type_=BigInteger)
_HOUSE = bindparam("house_id", type_=BigInteger)
_READERS = (bindparam("owner_id", type_=BigInteger), bindparam("duty_id", type_=BigInteger))
_DAY = bindparam("day", type_=Date)
_NOW, _YEAR_AGO = bindparam("now", type_=Moment), bindparam("year_ago", type_=Moment)
_EMAIL = bindparam("email", type_=String)
_ACCOUNT = "account:"


def _events() -> Part:
    """The journal, with the name of each account that acted."""
    number = case((EventRow.actor.startswith(_ACCOUNT), func.substr(EventRow.actor, len(_ACCOUNT) + 1)), else_=None)
    return (
        select(
            EventRow.seq, EventRow.at, EventRow.kind, EventRow.role, EventRow.actor, EventRow.data, EventRow.hash,
            func.coalesce(Account.name, "").label("name"),
        )
        .outerjoin(Account, Account.id == cast(number, BigInteger))
        .where(EventRow.case_id == _CASE)
    )  # fmt: skip


def _said() -> Part:
    shown = or_(Message.audience == Audience.BOTH, Message.role.in_(bindparam("notes_of", expanding=True)))
    return select(
        Message.id, Message.at, Message.kind, Message.role, Message.author, Message.account_id, Message.audience,
        Message.language, Message.origin, Message.text,
    ).where(Message.case_id == _CASE, shown)  # fmt: skip


def _offers() -> Part:
    makes, approves = aliased(Account), aliased(Account)
    return (
        select(*OfferVersion.__table__.c, makes.name.label("maker"), approves.name.label("approver"))
        .outerjoin(makes, makes.id == OfferVersion.made_by)
        .outerjoin(approves, approves.id == OfferVersion.approved_by)
        .where(OfferVersion.case_id == _CASE)
    )


def _requests() -> Part:
    return (
        select(*HumanRequest.__table__.c, func.coalesce(Account.name, "").label("name"))
        .outerjoin(Account, Account.id == HumanRequest.met_by)
        .where(HumanRequest.case_id == _CASE)
        .order_by(HumanRequest.id.desc())
        .limit(MOST_REQUESTS)
    )


def _links() -> Part:
    columns = [one for one in MediatorLink.__table__.c if one.name != "secret_hash"]
    return select(*columns).where(MediatorLink.case_id == _CASE)


def _openings() -> Part:
    return (
        select(MediatorOpening.id, MediatorOpening.link_id, MediatorOpening.at)
        .join(MediatorLink, MediatorLink.id == MediatorOpening.link_id)
        .where(MediatorLink.case_id == _CASE)
    )


def _readers() -> Part:
    """Whoever has the case in hand, and the person on duty; `here`: whether they answer for the organisation now."""
    here = Account.id.in_(at_work(_HOUSE)).label("here")
    return select(
        Account.id, Account.name, Account.function, Account.working_days, Account.pseudonymous, here
    ).where(Account.id.in_(_READERS))  # fmt: skip


def _away() -> Part:
    """The absences of those two that are not over, with whoever stands in, if they answer for the organisation now."""
    here = and_(Account.id == Absence.substitute_id, Account.id.in_(at_work(_HOUSE)))
    return (
        select(
            Absence.id, Absence.account_id, Absence.first, Absence.last, Account.id.label("substitute_id"), Account.name,
            Account.function,
        )
        .outerjoin(Account, here)
        .where(Absence.account_id.in_(_READERS), Absence.organisation_id == _HOUSE, Absence.last >= _DAY)
    )  # fmt: skip


def _promises() -> Part:
    return select(*Promise.__table__.c).join(Pledge, Pledge.promise_id == Promise.id).where(Pledge.case_id == _CASE)


def _used() -> Part:
    """How many remedies of each promise that broke here the person had within a year, as `cx.disputes.pledges.used`."""
    other = aliased(Pledge)
    own = or_(
        and_(_EMAIL != "", func.lower(Contact.email) == _EMAIL), and_(_EMAIL == "", Remedy.case_id == _CASE)
    )  # fmt: skip
    many = (
        select(func.count(Remedy.id))
        .join(other, other.id == Remedy.pledge_id)
        .outerjoin(Contact, Contact.case_id == Remedy.case_id)
        .where(
            Remedy.organisation_id == Pledge.organisation_id,
            other.promise_id == Pledge.promise_id,
            Remedy.created_at > _YEAR_AGO,
            Remedy.status.in_([one.value for one in COUNTING]),
            own,
        )
        .correlate(Pledge)
        .scalar_subquery()
    )
    broken = Pledge.status == PledgeStatus.BROKEN.value
    return select(Pledge.promise_id, many.label("many")).where(Pledge.case_id == _CASE, broken)


def _charter() -> Part:
    """One row while the organisation promises something."""
    stands = or_(Promise.retired_at.is_(None), Promise.retired_at > _NOW)
    return select(Promise.id).where(Promise.organisation_id == _HOUSE, Promise.published_at <= _NOW, stands).limit(1)


def _returned() -> Part:
    """Letters to the customer that were given up, the newest of them."""
    mine = (Letter.case_id == _CASE, Letter.account_id.is_(None), Letter.status == "failed")
    query = select(Letter.id, Letter.case_id, Letter.kind, Letter.created_at, Letter.error).where(*mine)
    return query.order_by(Letter.id.desc()).limit(MOST_RETURNED)


_EVERYBODY = {
    "events": _events(),
    "said": _said(),
    "points": select(Point.number, Point.text, Point.answer, Point.reasons).where(Point.case_id == _CASE),
    "offers": _offers(),
    "clocks": select(*ClockRun.__table__.c).where(ClockRun.case_id == _CASE),
    "requests": _requests(),
    "links": _links(),
    "openings": _openings(),
    "pledges": select(*Pledge.__table__.c).where(Pledge.case_id == _CASE, Pledge.status != PledgeStatus.VOID.value),
    "promises": _promises(),
    "remedies": select(*Remedy.__table__.c).where(Remedy.case_id == _CASE),
    "used": _used(),
    "charter": _charter(),
    "readers": _readers(),
    "away": _away(),
}
# What was understood of the story: for both sides, not for a mediator.
_UNDERSTOOD = {
    "themes": select(CaseTheme.theme, CaseTheme.status).where(CaseTheme.case_id == _CASE),
    "reading": select(ReadingRow.version, ReadingRow.scores, ReadingRow.abstained, ReadingRow.reasons)
    .where(ReadingRow.case_id == _CASE)
    .order_by(ReadingRow.id.desc())
    .limit(1),
    "opinions": select(*ReadingOpinion.__table__.c, Account.name)
    .outerjoin(Account, Account.id == ReadingOpinion.account_id)
    .where(ReadingOpinion.case_id == _CASE)
    .order_by(ReadingOpinion.id.desc())
    .limit(MOST_OPINIONS),
}
_TEAM = Bundle(
    **_EVERYBODY,
    **_UNDERSTOOD,
    approval=select(Draft.data).where(Draft.secret_hash == bindparam("approval", type_=String)),
    returned=_returned(),
)
_CUSTOMER = Bundle(
    **_EVERYBODY,
    **_UNDERSTOOD,
    keys=select(AccessLink.secret_hash).where(AccessLink.case_id == _CASE, AccessLink.revoked_at.is_(None)),
    neutrals=neutral_to(_HOUSE).limit(1),
    rulers=with_roles(_HOUSE),
)
_MEDIATOR = Bundle(**_EVERYBODY)
_BUNDLES = {As.STAFF: _TEAM, As.CUSTOMER: _CUSTOMER}


def beside(
    session: Session,
    capacity: As,
    found: Case,
    organisation: Organisation,
    contact: Contact | None,
    notes_of: Sequence[str],
    at: datetime,
) -> dict[str, list[Row]]:
    """The rows beside a case that the reader was found to see, by name; `notes_of` are the roles whose notes they read."""
    bundle = _BUNDLES.get(capacity, _MEDIATOR)
    values: dict[str, Any] = {
        "case_id": found.id,
        "house_id": organisation.id,
        "owner_id": found.owner_id,
        "duty_id": organisation.duty_account_id,
        "notes_of": list(notes_of),
        # A day of the place of the case may still be yesterday's of UTC.
        "day": at.date() - timedelta(days=1),
        "now": at,
        "year_ago": at - YEAR,
        "email": contact.email.lower() if contact is not None and contact.email else "",
    }
    if capacity is As.STAFF:
        values["approval"] = f"{APPROVAL}{found.id}"
    return bundle.fetch(session, **values)
