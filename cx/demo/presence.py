"""When people of the demo are there: staffed hours, days, a registered name, absences, and requests for a person.

What lies in the past is woven into the journals of cases that are written already; the requests that wait are made
last, by the act itself. Everything follows from the cases and the moment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.acts import Actor, Event
from cx.core.dispute import happened
from cx.core.presence import MEETINGS, SLOT, Hours, Way, Where, due_at, slots
from cx.core.words import OPEN_STATES, Audience, MessageKind, Role
from cx.demo.accounts import Cast
from cx.demo.charter import weave
from cx.demo.people import MAIL_DOMAIN, ORGANISATIONS
from cx.disputes.absences import KIND, TIMER
from cx.disputes.filing import CUSTOMER
from cx.disputes.ledger import Ledger, account_of
from cx.disputes.meeting import MET, WAITING
from cx.disputes.presence import hours_of, where_of
from cx.disputes.storing import load, save, table
from cx.disputes.workbench import Workbench
from models import Absence, AccessLink, Account, Case, Contact, EventRow, HumanRequest, Message, Staffing
from models.engine import Database

HALF, NINE, TEN, NOON, TWO, FOUR, FIVE, SIX = 30, 540, 600, 720, 840, 960, 1020, 1080
# Way, weekdays, from and until (minutes after midnight), minutes to the answer, address of the counter.
Stretch = tuple[Way, str, int, int, int, str]
HOURS: Mapping[str, Sequence[Stretch]] = {
    "banque-tessaure": (
        (Way.WRITTEN, "12345", NINE, FIVE + HALF, 120, ""),
        (Way.CALLBACK, "12345", TEN, NOON, 30, ""),
        (Way.CALLBACK, "12345", TWO, FOUR, 30, ""),
        (Way.COUNTER, "23456", NINE + HALF, NOON + HALF, 30, "Agence Valmeyrac Centre, 12 quai des Tanneurs"),
    ),
    "marlow-penn-bank": (
        (Way.WRITTEN, "12345", NINE, FIVE, 120, ""),
        (Way.CALLBACK, "12345", NINE, FIVE, 30, ""),
        (Way.COUNTER, "123456", NINE + HALF, TWO + HALF, 30, "Harrowby High Street branch, 4 Weavers Row"),
    ),
    "alizane": ((Way.WRITTEN, "1234567", NINE, SIX, 240, ""), (Way.CALLBACK, "12345", TEN, FIVE, 30, "")),
    "northmere-air": ((Way.WRITTEN, "12345", NINE, FIVE, 480, ""),),
    "poste-arvane": (
        (Way.WRITTEN, "12345", NINE, SIX, 120, ""),
        (Way.CALLBACK, "12345", NINE, NOON, 30, ""),
        (Way.CALLBACK, "12345", TWO, FIVE, 30, ""),
        (Way.COUNTER, "12345", NINE, NOON + HALF, 30, "Bureau de Sainte-Colombe, 1 place du Relais"),
        (Way.COUNTER, "6", NINE, NOON, 30, "Bureau de Sainte-Colombe, 1 place du Relais"),
    ),
}
# Who works part of the week, and whose name is a registered one.
PART_TIME = {"aicha.meddour": "1245", "beth.tolliver": "123", "clement.vasseur": "3456"}
REGISTERED = ("lucas.teyssier",)
# Who is away, and who reads meanwhile.
AWAY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "alizane": (("yannick.trehorel", "samia.lounes"),),
    "poste-arvane": (("aicha.meddour", "julien.prigent"),),
}
SINCE, FOR = timedelta(days=2), timedelta(days=6)
# So many of the latest cases of each organisation are looked at, whatever the size of the demo.
CASES, TOLD, LATELY = 90, 60, timedelta(days=150)
WAITING_EACH: Mapping[str, Sequence[Way]] = {
    "poste-arvane": (Way.WRITTEN, Way.CALLBACK),
    "banque-tessaure": (Way.CALLBACK,),
    "marlow-penn-bank": (Way.WRITTEN,),
}
ASKED_AGO = timedelta(minutes=25)
MINUTE = timedelta(minutes=1)
ANSWERS = frozenset({Role.AGENT.value, Role.SUPERVISOR.value})
ASKING = Actor(Role.CUSTOMER, CUSTOMER)


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of the demo as its hours see it."""

    id: int
    slug: str
    hours: Mapping[Way, Sequence[Hours]]
    where: Where


def people_are_there(database: Database, bench: Workbench, cast: Cast, now: datetime) -> None:
    """Write all of it, up to the moment `now`. The same for the same cases."""
    with database.writing() as session:
        houses = [_staff(session, one.slug, cast) for one in ORGANISATIONS]
        _days(session)
        for house in houses:
            _absences(session, house, cast, now)
            _asked_before(session, house, now)
    for house in houses:
        _asks_now(database, bench, house, now)


def _staff(session: Session, slug: str, cast: Cast) -> House:
    """The staffed hours of one organisation."""
    place = cast.organisations[slug]
    rows = [
        Staffing(
            organisation_id=place.id, way=way.value, weekdays=weekdays, opens=opens, closes=closes,
            within_minutes=within, place=where, phone="",
        )
        for way, weekdays, opens, closes, within, where in HOURS[slug]
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    hours = {way: [hours_of(one) for one in rows if one.way == way] for way in Way}
    return House(place.id, slug, hours, where_of(place))


def _days(session: Session) -> None:
    names = [*PART_TIME, *REGISTERED]
    query = select(Account).where(Account.email.in_([f"{name}@{MAIL_DOMAIN}" for name in names]))
    for account in session.scalars(query):
        name = account.email.partition("@")[0]
        account.working_days = PART_TIME.get(name, account.working_days)
        account.pseudonymous = name in REGISTERED


def _absences(session: Session, house: House, cast: Cast, now: datetime) -> None:
    """Somebody is away since the day before yesterday; the customers with a running case heard of it that morning."""
    zone = ZoneInfo(house.where.zone)
    first = now.astimezone(zone).date() - SINCE
    morning = datetime.combine(first, time(6), zone).astimezone(UTC)
    for who, instead in AWAY.get(house.slug, ()):
        away, other = (cast.actors[f"{name}@{MAIL_DOMAIN}"].id for name in (who, instead))
        absence = Absence(
            account_id=account_of(away), organisation_id=house.id, substitute_id=account_of(other), first=first,
            last=first + FOR, told_at=morning, created_at=morning - timedelta(days=9),
        )  # fmt: skip
        session.add(absence)
        session.flush()
        case = table(Case).c
        query = select(case.id, case.reference).where(
            case.owner_id == absence.account_id, case.state.in_(OPEN_STATES), case.told_at < morning - timedelta(days=1)
        )
        data = {"absence": absence.id, "substitute": other, "until": absence.last}
        for row in session.execute(query.order_by(case.id.desc()).limit(TOLD)).all():
            weave(session, row.id, row.reference, [happened(KIND, TIMER, morning, **data)])


def _asked_before(session: Session, house: House, now: datetime) -> None:
    """Some answers of the last months were given to people who had asked for a person."""
    case = table(Case).c
    query = (
        select(case.id, case.reference)
        .where(
            case.organisation_id == house.id,
            case.demo,
            case.sent_at > now - LATELY,
            # The cases of the demo story are known by their links: they stay as they are told.
            case.id.not_in(select(AccessLink.case_id)),
        )
        .order_by(case.id.desc())
        .limit(CASES)
    )
    for row in session.execute(query).all():
        rng = Random(f"{row.reference} asks")
        found = next(_answers(session, row.id), None)
        if found is not None and rng.random() < 0.45:
            weave(session, row.id, row.reference, list(_request(session, house, row.id, found, rng)))


@dataclass(frozen=True, slots=True)
class Answer:
    """A letter of a person of the team, and the moment of what happened before it."""

    at: datetime
    before: datetime
    role: str
    actor: str


def _answers(session: Session, case_id: int) -> Iterator[Answer]:
    """The letters that could answer a request: written by a person, no acknowledgement, some while after the last line."""
    event, message = table(EventRow).c, table(Message).c
    lines = session.execute(
        select(event.seq, event.at, event.role, event.actor).where(event.case_id == case_id).order_by(event.seq)
    ).all()
    letters = set(
        session.scalars(
            select(message.seq).where(
                message.case_id == case_id,
                message.role.in_(ANSWERS),
                message.audience == Audience.BOTH.value,
                message.kind != MessageKind.ACKNOWLEDGEMENT.value,
            )
        )
    )
    for before, line in pairwise(lines):
        if line.seq in letters and line.at - before.at > 30 * MINUTE:
            yield Answer(line.at, before.at, line.role, line.actor)


def _request(session: Session, house: House, case_id: int, answer: Answer, rng: Random) -> Iterator[Event]:
    """A request that this letter answered, most of them in time; kept, and told as two lines of the journal."""
    hours = house.hours[Way.WRITTEN]
    within = max(one.within for one in hours)
    wait = timedelta(minutes=rng.uniform(0.1, 0.9) * within if rng.random() < 0.9 else rng.uniform(1.2, 4) * within)
    asked_at = (max(answer.before + MINUTE, answer.at - wait)).replace(microsecond=0)
    due = due_at(hours, asked_at, house.where)
    if due is None:
        return
    session.add(
        HumanRequest(
            case_id=case_id, organisation_id=house.id, way=Way.WRITTEN.value, words="", slot_at=None, asked_at=asked_at,
            due_at=due, status=MET, met_at=answer.at, met_by=account_of(answer.actor),
        )
    )  # fmt: skip
    yield happened("human_asked", ASKING, asked_at, way=Way.WRITTEN.value, due=due, slot=None)
    person = Actor(Role(answer.role), answer.actor)
    yield happened("human_met", person, answer.at, way=Way.WRITTEN.value, in_time=answer.at <= due)


def _asks_now(database: Database, bench: Workbench, house: House, now: datetime) -> None:
    """Somebody asked a little while ago, and waits."""
    asked_at, ways = now - ASKED_AGO, WAITING_EACH.get(house.slug, ())
    case, event, contact = table(Case).c, table(EventRow).c, table(Contact).c
    query = (
        select(case.id)
        .join(table(Contact), contact.case_id == case.id)
        .where(
            case.organisation_id == house.id,
            case.demo,
            case.state.in_(OPEN_STATES),
            case.owner_id.is_not(None),
            case.id.not_in(select(AccessLink.case_id)),
            ~select(event.seq).where(event.case_id == case.id, event.at >= asked_at).exists(),
            contact.phone != "",
        )
        .order_by(case.id.desc())
        .limit(len(ways))
    )
    with database.writing() as session:
        for number, way in zip(session.scalars(query).all() if ways else (), ways, strict=False):
            _wait(session, bench, house, load(session, number), way, asked_at, now)


def _wait(
    session: Session, bench: Workbench, house: House, ledger: Ledger, way: Way, asked_at: datetime, now: datetime
) -> None:
    hours, slot = house.hours[way], None
    if way in MEETINGS:
        # Not the very next moment: somebody else has that one.
        slot = next(iter(slots(hours, now, house.where)[2:]), None)
    due = slot + SLOT if slot is not None else due_at(hours, asked_at, house.where)
    if due is None or (way in MEETINGS and slot is None):
        return
    session.add(
        HumanRequest(
            case_id=ledger.case["id"], organisation_id=house.id, way=way.value, words="", slot_at=slot,
            asked_at=asked_at, due_at=due, status=WAITING,
        )
    )  # fmt: skip
    ledger.record(happened("human_asked", ASKING, asked_at, way=way.value, due=due, slot=slot), None, ASKING)
    save(session, bench, [ledger])
