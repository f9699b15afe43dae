"""Who and what stands around a desk's list, read in one journey: the team, who left, who is away, who asks for a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Boolean, Date, Integer, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import Session

from cx.core.charter import RemedyStatus
from cx.core.contesting import Status
from cx.core.visitor import Visitor
from cx.core.words import Role
from cx.disputes.beside import APPROVAL
from cx.disputes.meeting import WAITING
from cx.disputes.reviewing import MOST_WAITING, gone_before, unseen
from cx.disputes.seen import Person
from cx.disputes.storing import table
from cx.disputes.team import at_work, gone
from models import Absence, Account, Case, Draft, HumanRequest, Letter, Organisation, ReadingOpinion, Remedy, ReviewPick
from models.bundle import Bundle, Row

MOST_RETURNED = 200
_DAY = timedelta(days=1)
_HOUSE = bindparam("house_id", type_=BigInteger)
_MOST = bindparam("most", type_=Integer)


@dataclass(frozen=True, slots=True)
class StandIn:
    """Whose cases somebody reads meanwhile, until the last day of that absence."""

    account_id: int
    name: str
    last: date


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the list of one person of a team.

    `colleagues`: who answers for the organisation, by name. `gone`: who did once and does not now, so that what lies in
    their hands waits anew. `stands_in`: whose cases the person reads today. `asking`: how many wait to talk to somebody.
    `returned`: the cases with a letter that was given up. `approvals`: the cases on which an offer waits for a
    supervisor. `held`: remedies of broken promises to be decided about. `readings`: how many stories wait to be looked
    over. `contested`: how many people contradict the reader and wait for a ruling; `contested_late`: one is overdue.
    """

    colleagues: tuple[Person, ...]
    gone: tuple[int, ...]
    stands_in: tuple[StandIn, ...]
    asking: int
    returned: tuple[int, ...]
    approvals: tuple[int, ...] = ()
    held: int = 0
    readings: int = 0
    contested: int = 0
    contested_late: bool = False

    @property
    def away(self) -> tuple[int, ...]:
        """Whose cases the person reads today, by number."""
        return tuple(sorted(one.account_id for one in self.stands_in))


_GONE = gone(_HOUSE).subquery()
_CASES = table(Case)
# Whose cases they are, for lists that are cut: what other organisations have must not push out one's own.
_OWN = or_(_CASES.c.organisation_id == _HOUSE, _CASES.c.neutral_id == bindparam("me", type_=BigInteger))
# The case of a draft that waits for approval; the places of other drafts are no numbers, and are not read as such.
_WAITS = Draft.secret_hash.startswith(APPROVAL)
_ASKED_OF = case((_WAITS, cast(func.substr(Draft.secret_hash, len(APPROVAL) + 1), BigInteger)))
# A neutral rules on readings of every organisation but the own one.
_ELSEWHERE = and_(bindparam("neutral", type_=Boolean), or_(_HOUSE.is_(None), ReadingOpinion.organisation_id != _HOUSE))
_BUNDLE = Bundle(
    # The order of names is the database's own.
    colleagues=select(
        Account.id, Account.name, Account.function, func.row_number().over(order_by=Account.name).label("place")
    ).where(Account.id.in_(at_work(_HOUSE))),
    gone=select(_GONE.c.account_id).distinct(),
    absences=select(
        Absence.account_id, Account.name, Absence.first, Absence.last, Organisation.zone,
        func.row_number().over(order_by=(Account.name, Absence.last.desc())).label("place"),
    )
    .join(Account, Account.id == Absence.account_id)
    .join(Organisation, Organisation.id == Absence.organisation_id)
    .where(
        Absence.substitute_id == bindparam("me", type_=BigInteger),
        Absence.organisation_id == _HOUSE,
        # Which local day it is, the zone says: read a day more at each end.
        Absence.first <= bindparam("after", type_=Date),
        Absence.last >= bindparam("before", type_=Date),
    ),
    asking=select(func.count(HumanRequest.id).label("many")).where(
        HumanRequest.organisation_id == _HOUSE, HumanRequest.status == WAITING
    ),
    readings=select(func.count(ReviewPick.id).label("many")).where(
        *unseen(_HOUSE, bindparam("gone_before", type_=Date))
    ),
    contested=select(func.count(ReadingOpinion.id).label("many"), func.min(ReadingOpinion.due_at).label("first")).where(
        ReadingOpinion.status == Status.OPEN, or_(ReadingOpinion.organisation_id == _HOUSE, _ELSEWHERE)
    ),
    returned=select(Letter.case_id)
    .distinct()
    .join(_CASES, _CASES.c.id == Letter.case_id)
    .where(Letter.status == "failed", Letter.account_id.is_(None), _OWN)
    .limit(_MOST),
    approvals=select(Draft.secret_hash.label("place"))
    .join(_CASES, _CASES.c.id == _ASKED_OF)
    .where(_WAITS, _CASES.c.organisation_id == _HOUSE)
    .limit(_MOST),
    held=select(func.count(Remedy.id).label("many")).where(
        Remedy.organisation_id == _HOUSE, Remedy.status == RemedyStatus.HELD.value
    ),
)  # fmt: skip


def around(session: Session, visitor: Visitor, at: datetime) -> Around:
    """What stands around the visitor's list now; a person without an organisation has no team."""
    rows = _BUNDLE.fetch(
        session,
        house_id=visitor.organisation_id,
        me=visitor.account_id,
        most=MOST_RETURNED,
        after=at.date() + _DAY,
        before=at.date() - _DAY,
        gone_before=gone_before(at),
        neutral=visitor.has(Role.NEUTRAL),
    )
    contested = rows["contested"][0]
    return Around(
        colleagues=tuple(Person(one.id, one.name, one.function) for one in sorted(rows["colleagues"], key=_place)),
        gone=tuple(sorted(one.account_id for one in rows["gone"])),
        stands_in=_stands_in(rows["absences"], at),
        asking=rows["asking"][0].many,
        returned=tuple(one.case_id for one in rows["returned"]),
        approvals=tuple(int(one.place.removeprefix(APPROVAL)) for one in rows["approvals"]),
        held=rows["held"][0].many,
        readings=min(rows["readings"][0].many, MOST_WAITING),
        contested=contested.many,
        contested_late=contested.first is not None and contested.first < at,
    )


def _place(row: Row) -> int:
    return int(row.place)


def _stands_in(rows: list[Row], at: datetime) -> tuple[StandIn, ...]:
    found: dict[int, StandIn] = {}
    for one in sorted(rows, key=_place):
        if one.first <= at.astimezone(ZoneInfo(one.zone)).date() <= one.last:
            found.setdefault(one.account_id, StandIn(one.account_id, one.name, one.last))
    return tuple(found.values())
