"""The charter of one demo organisation, with what became of its promises on some hundred of its latest cases.

The cases are written before the charter is, so what a broken promise brought is woven into their journals afterwards,
each line in its place and the chain made anew: in a made-up past, nothing is forged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cx.core.acts import Actor, Event
from cx.core.charter import (
    DECIDE_WITHIN,
    GIVE_WITHIN,
    RULE_BY_ID,
    Place,
    PledgeStatus,
    RemedyStatus,
    Rule,
    Standing,
    judge,
)
from cx.core.dispute import happened
from cx.core.words import OfferKind, Role
from cx.demo.accounts import Cast
from cx.demo.people import EVERYBODY
from cx.disputes.bulk import insert_rows
from cx.disputes.ledger import GENESIS, Ledger, account_of, chain_hash
from cx.disputes.pledges import TIMER, apply, email_of, journal_of, place_of, used
from cx.disputes.remedies import CUSTOMER
from cx.disputes.storing import load, table
from models import AccessLink, Case, EventRow, Message, Pledge, Promise, Remedy
from models.engine import Database

HOUSE = "poste-arvane"
CASES = 240
# The organisation had its charter for a while before the first case that is looked at here.
BEFORE = timedelta(days=3)
SOON = timedelta(minutes=1)
# One of these limits is chosen so that a promise broke a moment ago, and its remedy still waits for a manager.
BENDING: Sequence[tuple[Rule, range]] = (
    (Rule.ANSWERED, range(14, 29)),
    (Rule.SECOND_LOOK, range(4, 11)),
    (Rule.NEWS, range(21, 46)),
    (Rule.PAID, range(10, 22)),
)
PROMISES: Sequence[tuple[Rule, int, OfferKind, int | None, str]] = (
    (Rule.ACKNOWLEDGED, 2, OfferKind.SERVICE_PERFORMED, None, "un affranchissement offert"),
    (Rule.ANSWERED, 21, OfferKind.GOODWILL_GESTURE, 1000, ""),
    (Rule.NEWS, 30, OfferKind.GOODWILL_GESTURE, 500, ""),
    (Rule.SECOND_LOOK, 5, OfferKind.APOLOGY, None, "par la cheffe d’équipe"),
    (Rule.PERSONS, 2, OfferKind.APOLOGY, None, "par la cheffe d’équipe"),
    (Rule.QUESTIONS, 2, OfferKind.SERVICE_PERFORMED, None, "un affranchissement offert"),
    (Rule.PAID, 10, OfferKind.GOODWILL_GESTURE, 500, ""),
)
COUNTERS = (
    "Je préfère que quelqu’un m’appelle pour m’expliquer.",
    "Un carnet de timbres me serait plus utile.",
    "Dix euros de plus couvriraient mes deux trajets.",
)
REASONS = (
    "Le retard vient de la grève du réseau, annoncée sur cette page dès le premier jour.",
    "Le dossier avait été envoyé deux fois ; l’autre a reçu sa réponse dans les temps.",
)


def promise(database: Database, cast: Cast, now: datetime) -> None:
    """Publish the charter and follow its promises up to the moment `now`. The same for the same cases."""
    house = cast.organisations[HOUSE].id
    decider = next(
        cast.actors[one.email] for one in EVERYBODY if one.organisation == HOUSE and one.role is Role.MANAGER
    )
    with database.writing() as session:
        case = table(Case)
        query = select(case.c.id, case.c.sent_at).where(case.c.organisation_id == house, case.c.sent_at.is_not(None))
        found = session.execute(query.order_by(case.c.sent_at.desc(), case.c.id).limit(CASES)).all()
        if not found:
            return
        numbers = [one.id for one in reversed(found)]
        limits = _limits(session, numbers, now)
        promises = _published(session, house, found[-1].sent_at - BEFORE, limits)
        # The cases of the demo story are known by their links: their journals stay as they are told.
        told = set(session.scalars(select(AccessLink.case_id).where(AccessLink.case_id.in_(numbers))))
        for number in numbers:
            _follow(session, load(session, number), promises, decider, now, quiet=number in told)


def _limits(session: Session, numbers: Sequence[int], now: datetime) -> dict[Rule, int]:
    """The limit of each promise; of one of them, the first with which a remedy is held at this moment."""
    limits = {rule: amount for rule, amount, *_ in PROMISES}
    seen = [(journal_of(session, ledger), place_of(ledger)) for ledger in (load(session, one) for one in numbers)]
    for rule, bending in BENDING:
        for days in sorted(bending, key=lambda one: abs(one - limits[rule])):
            if any(_held(judge(rule, days, journal, place, now), place, now) for journal, place in seen):
                return limits | {rule: days}
    return limits


def _held(found: Standing | None, place: Place, now: datetime) -> bool:
    if found is None or found.status is not PledgeStatus.BROKEN:
        return False
    return place.after_working_days(found.due_at + SOON, DECIDE_WITHIN) > now


def _published(session: Session, house: int, since: datetime, limits: Mapping[Rule, int]) -> list[Promise]:
    promises = [
        Promise(
            organisation_id=house,
            rule=rule.value,
            amount=limits[rule],
            kind=kind.value,
            amount_minor=minor,
            currency="EUR" if minor else None,
            words=words,
            cap=3,
            created_at=since,
            published_at=since,
        )
        for rule, _, kind, minor, words in PROMISES
    ]
    session.add_all(promises)
    session.flush()
    return promises


def _follow(
    session: Session, ledger: Ledger, promises: Sequence[Promise], decider: Actor, now: datetime, *, quiet: bool
) -> None:
    """Settle the promises on one case; of a `quiet` one, only those that did not break."""
    journal, place = journal_of(session, ledger), place_of(ledger)
    lines: list[Event] = []
    for one in promises:
        found = judge(RULE_BY_ID[one.rule], one.amount, journal, place, now)
        broken = found is not None and found.status is PledgeStatus.BROKEN
        if found is None or found.status is PledgeStatus.VOID or (broken and quiet):
            continue
        pledge = Pledge(case_id=ledger.case["id"], promise_id=one.id, organisation_id=one.organisation_id)
        apply(pledge, found)
        session.add(pledge)
        session.flush()
        if broken:
            lines += _broken(session, ledger, one, pledge, found, decider, now)
    if lines:
        weave(session, ledger.case["id"], ledger.case["reference"], lines)


@dataclass(slots=True)
class Life:
    """A remedy and what happens to it until `now`; `at` is where it has come to."""

    remedy: Remedy
    promise: Promise
    at: datetime
    now: datetime
    lines: list[Event] = field(default_factory=list)

    def note(self, kind: str, actor: Actor, **facts: object) -> None:
        """Write a line at the present moment."""
        data = {"promise": self.promise.id, "rule": self.promise.rule, **facts}
        self.lines.append(happened(kind, actor, self.at, **data))

    def step(self, kind: str, actor: Actor, at: datetime, status: RemedyStatus, **facts: object) -> bool:
        """Go on to a status at a later moment; nothing happens when that lies ahead."""
        if at > self.now:
            return False
        self.at, self.remedy.status = at, status.value
        self.note(kind, actor, **facts)
        return True

    def raised(self, decider: Actor, at: datetime) -> bool:
        """Somebody offers more than was promised; nothing happens when that lies ahead."""
        if at > self.now:
            return False
        remedy = self.remedy
        if remedy.amount_minor is not None:
            remedy.amount_minor *= 2
        else:
            remedy.words = f"{remedy.words}, et quelqu’un vous appelle"
        remedy.decided_by = account_of(decider.id)
        given: dict[str, object] = {
            "remedy": remedy.kind, "amount_minor": remedy.amount_minor, "currency": remedy.currency,
        }  # fmt: skip
        self.at = at
        self.note("remedy_raised", decider, **given)
        remedy.status, remedy.offered_at = RemedyStatus.OFFERED.value, remedy.offered_at or at
        self.note("remedy_offered", decider, **given)
        return True


def _broken(
    session: Session, ledger: Ledger, one: Promise, pledge: Pledge, found: Standing, decider: Actor, now: datetime
) -> list[Event]:
    """What a broken promise brought until `now`, as lines of the journal; its remedy is stored."""
    number, at = ledger.case["id"], found.due_at + SOON
    place = place_of(ledger)
    remedy = Remedy(
        pledge_id=pledge.id, case_id=number, organisation_id=one.organisation_id, kind=one.kind, words=one.words,
        amount_minor=one.amount_minor, currency=one.currency, status=RemedyStatus.HELD.value,
        decide_by=place.after_working_days(at, DECIDE_WITHIN), created_at=at,
    )  # fmt: skip
    life = Life(remedy, one, at, now)
    capped = used(session, one.id, one.organisation_id, number, email_of(session, number), at) >= one.cap
    life.note("promise_broken", TIMER, capped=capped)
    if not capped:
        session.add(remedy)
        _decided(life, decider, place, Random(f"{ledger.case['reference']} {one.rule}"))
    return life.lines


def _decided(life: Life, decider: Actor, place: Place, rng: Random) -> None:
    remedy, one = life.remedy, life.promise
    given: dict[str, object] = {"remedy": one.kind, "amount_minor": one.amount_minor, "currency": one.currency}
    life.note("remedy_held", TIMER, **given)
    drawn, early = rng.random(), life.at + (remedy.decide_by - life.at) * rng.uniform(0.2, 0.8)
    # What broke a moment ago waits for the manager who looks at the demo.
    held = remedy.decide_by > life.now
    if drawn < 0.12 and not held:
        if life.step("remedy_blocked", decider, early, RemedyStatus.BLOCKED):
            remedy.reason, remedy.decided_by = rng.choice(REASONS), account_of(decider.id)
        return
    if drawn > 0.92 and not held and life.raised(decider, early):
        _answered(life, decider, place, rng)
        return
    if life.step("remedy_offered", TIMER, remedy.decide_by + SOON, RemedyStatus.OFFERED, **given):
        remedy.offered_at = life.at
        _answered(life, decider, place, rng)


def _answered(life: Life, decider: Actor, place: Place, rng: Random) -> None:
    """What the customer says: most take it, some do not want it or ask for something else, some say nothing."""
    remedy, chance, at = life.remedy, rng.random(), life.at + timedelta(hours=rng.uniform(5, 90))
    if chance > 0.85:
        return
    if chance < 0.14 and not remedy.counter:
        if life.step("remedy_countered", CUSTOMER, at, RemedyStatus.COUNTERED):
            remedy.answered_at, remedy.counter = at, rng.choice(COUNTERS)
            # One in three still waits for a word about it.
            if rng.random() < 0.66 and life.raised(decider, at + timedelta(days=rng.uniform(1, 3))):
                _answered(life, decider, place, rng)
        return
    if chance > 0.7:
        if life.step("remedy_refused", CUSTOMER, at, RemedyStatus.REFUSED):
            remedy.answered_at = at
        return
    if not life.step("remedy_accepted", CUSTOMER, at, RemedyStatus.ACCEPTED):
        return
    remedy.answered_at, remedy.give_by = at, at.astimezone(place.zone).date() + GIVE_WITHIN
    if rng.random() < 0.06:
        return  # accepted, and forgotten: it is late, and both sides see it
    if life.step("remedy_given", decider, at + timedelta(days=rng.uniform(1, 12)), RemedyStatus.GIVEN, proof=True):
        remedy.given_at, remedy.proof = life.at, f"remis le {life.at.astimezone(place.zone):%d/%m/%Y}"


def weave(session: Session, case_id: int, reference: str, lines: Sequence[Event]) -> None:
    """Put lines into the stored journal of a made-up case where their moment belongs, and chain it anew."""
    events, messages, cases = table(EventRow), table(Message), table(Case)
    query = select(events).where(events.c.case_id == case_id).order_by(events.c.seq)
    old = [dict(row) for row in session.execute(query).mappings()]
    fresh = [
        {
            "case_id": case_id, "seq": 0, "at": line.at, "kind": line.kind, "role": line.role.value,
            "actor": line.actor, "data": dict(line.data), "digest": "",
        }
        for line in lines
    ]  # fmt: skip
    prev, moved = GENESIS, []
    woven = sorted([*old, *fresh], key=lambda row: row["at"])
    for seq, row in enumerate(woven, start=1):
        if row["seq"] and row["digest"] and row["seq"] != seq:
            moved.append((row["seq"], seq))
        row.update(seq=seq, prev=prev)
        prev = row["hash"] = chain_hash(reference, row)
    session.execute(delete(events).where(events.c.case_id == case_id))
    insert_rows(session, events, woven)
    for before, after in reversed(moved):
        which = (messages.c.case_id == case_id, messages.c.seq == before)
        session.execute(update(messages).where(*which).values(seq=after))
    session.execute(update(cases).where(cases.c.id == case_id).values(version=len(woven), head=prev))
