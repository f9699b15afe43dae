"""Takes the demonstration out again, in the order in which the tables lean on each other."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, cast, delete, func, or_, select, union, update
from sqlalchemy.orm import Session

from cx.disputes.beside import APPROVAL
from cx.disputes.storing import table
from models import (
    Absence,
    AccessLink,
    AccessRecord,
    Account,
    Case,
    CaseTheme,
    ClockRun,
    Contact,
    Dossier,
    Draft,
    EventRow,
    Figure,
    FigureDelta,
    HumanRequest,
    InboundMail,
    Invitation,
    Letter,
    MediatorLink,
    MediatorOpening,
    Membership,
    Message,
    OfferVersion,
    Organisation,
    OrganisationClaim,
    Pledge,
    Point,
    Promise,
    ReaderSwitch,
    ReadingOpinion,
    ReadingRow,
    RegimeSwitch,
    Remedy,
    ReviewPick,
    SearchRow,
    Staffing,
    StaffSession,
    Survey,
    ThemeRuling,
    Touchpoint,
)
from models.engine import Database

AT_ONCE = 1000
# What hangs on a case.
_BESIDE = tuple(
    table(model)
    for model in (
        AccessLink, AccessRecord, CaseTheme, ClockRun, Contact, Dossier, EventRow, HumanRequest, InboundMail, Letter,
        MediatorLink, OfferVersion, ReviewPick, Remedy, Pledge, Point, ReadingOpinion, ReadingRow, SearchRow, Survey, ThemeRuling, Message,
    )
)  # fmt: skip
_CASES, _ACCOUNTS, _ORGANISATIONS = table(Case), table(Account), table(Organisation)
# Where a person who worked on real cases too is named for good.
_NAMED = tuple(
    table(model).c[column]
    for model, column in (
        (Case, "owner_id"), (Case, "neutral_id"), (Message, "account_id"), (OfferVersion, "made_by"),
        (ThemeRuling, "account_id"), (AccessRecord, "account_id"), (HumanRequest, "met_by"), (ReadingOpinion, "account_id"), (Remedy, "decided_by"),
        (OrganisationClaim, "decided_by"), (RegimeSwitch, "account_id"), (ReaderSwitch, "account_id"),
    )
)  # fmt: skip

Say = Callable[[int], object]


def remove(database: Database, say: Say = lambda _: None) -> None:
    """Delete everything of the demo and nothing else; `say` hears how many cases went with each batch.

    Cases that somebody told about a demo organisation are of the demo too. A demo account that worked on real cases
    stays, named in their journals, but can no longer sign in.
    """
    while True:
        with database.writing() as session:
            numbers = session.scalars(
                select(_CASES.c.id).where(_CASES.c.demo).order_by(_CASES.c.id).limit(AT_ONCE)
            ).all()
            if not numbers:
                _remove_houses(session)
                return
            _remove_cases(session, numbers[0], numbers[-1])
        say(len(numbers))


def _remove_cases(session: Session, first: int, last: int) -> None:
    """Delete the demo cases with numbers from `first` to `last`, and what hangs on them."""
    demo = select(_CASES.c.id).where(_CASES.c.id.between(first, last), _CASES.c.demo)
    links, openings = table(MediatorLink), table(MediatorOpening)
    _delete(session, openings, openings.c.link_id.in_(select(links.c.id).where(links.c.case_id.in_(demo))))
    # What waits for a supervisor is kept among the drafts, by the number of its case.
    waiting = select(APPROVAL + cast(_CASES.c.id, String)).where(_CASES.c.id.between(first, last), _CASES.c.demo)
    _delete(session, table(Draft), table(Draft).c.secret_hash.in_(waiting))
    for rows in _BESIDE:
        _delete(session, rows, rows.c.case_id.in_(demo))
    _delete(session, _CASES, _CASES.c.id.between(first, last), _CASES.c.demo)


def _remove_houses(session: Session) -> None:
    """Delete the organisations of the demo with their places and figures, and the people who worked there."""
    houses = select(_ORGANISATIONS.c.id).where(_ORGANISATIONS.c.demo)
    people = select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.demo)
    for model in (Absence, Figure, FigureDelta, OrganisationClaim, Promise, Staffing, Touchpoint):
        _delete(session, table(model), table(model).c.organisation_id.in_(houses))
    invitations, members = table(Invitation), table(Membership)
    _delete(session, invitations, invitations.c.organisation_id.in_(houses))
    session.execute(update(invitations).where(invitations.c.invited_by.in_(people)).values(invited_by=None))
    _delete(session, members, or_(members.c.organisation_id.in_(houses), members.c.account_id.in_(people)))
    _delete(session, table(StaffSession), table(StaffSession).c.account_id.in_(people))
    duty = _ORGANISATIONS.c.duty_account_id.in_(people)
    session.execute(update(_ORGANISATIONS).where(or_(_ORGANISATIONS.c.demo, duty)).values(duty_account_id=None))
    _delete(session, _ORGANISATIONS, _ORGANISATIONS.c.demo)
    needed = session.scalars(_still_named(people)).all()
    _delete(session, _ACCOUNTS, _ACCOUNTS.c.demo, _ACCOUNTS.c.id.not_in(needed))
    session.execute(update(_ACCOUNTS).where(_ACCOUNTS.c.demo).values(active=False, password=None))


def _still_named(people: Select[tuple[int]]) -> Any:
    return union(*(select(column).where(column.in_(people)) for column in _NAMED))


def _delete(session: Session, rows: Table, *which: ColumnElement[bool]) -> None:
    session.execute(delete(rows).where(*which))


def left_over(session: Session) -> int:
    """How many cases, organisations and accounts of the demo there are."""
    return sum(
        session.scalar(select(func.count()).select_from(rows).where(rows.c.demo)) or 0
        for rows in (_CASES, _ORGANISATIONS, _ACCOUNTS)
    )
