"""What time alone brings to an open dispute: which letters fall due on which local day, and to whom they go.

Pure: the dispute, its running clocks, the day and the days off come in; `plan` says all that is to come as the dispute
stands now, `due` what is to be said today, `next_look` when somebody has to look again. Each letter is useful until a
day of its own, so a sweep after days of standstill says the latest once instead of everything late. Which letters there
are: `docs/letters.md`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cx.core.acts import Dispute
from cx.core.counting import Holidays, open_days_after, open_days_back
from cx.core.limits import DutyHolder, Purpose
from cx.core.standing_guards import ESCALATION_AFTER, WAIT_AFTER_LAST_REMINDER
from cx.core.words import State

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
MONTH = timedelta(days=30)
# Halves of a short limit are not worth a letter: the one two working days before its end comes soon enough.
LONG_LIMIT = timedelta(days=10)
BEFORE_RIGHT_ENDS = (60, 30, 7)
BEFORE_OFFER_ENDS = timedelta(days=3)
UNPAID_AFTER = timedelta(days=3)
FINAL_FIRST = timedelta(days=14)
DAYS_ALONE = 2
NEAR = 2

OURS = frozenset({State.RECEIVED, State.ACKNOWLEDGED, State.INVESTIGATING, State.CONTESTED})
ELSEWHERE = frozenset({State.IN_MEDIATION, State.MEDIATION_PROPOSED})
WAYS_OPEN = frozenset({State.CONTESTED, State.FINAL_POSITION}) | ELSEWHERE


class To(StrEnum):
    """To whom a letter goes. `OWNER` is whoever has the case in hand, else the person on duty."""

    CUSTOMER = "customer"
    OWNER = "owner"
    SUPERVISORS = "supervisors"
    MANAGERS = "managers"


@dataclass(frozen=True, slots=True)
class Planned:
    """One letter: it falls due on the local `day` and is useful until `until` (None: for as long as it is planned).

    `rule` is the limit that it is about, `ends_on` the day that it names. `counts`: it is written in the journal as a
    reminder, after two of which a dispute may go on without an answer.
    """

    kind: str
    to: To
    day: date
    until: date | None = None
    rule: str = ""
    ends_on: date | None = None
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """A limit that runs and may be shown: its days, whose it is, and whether another body follows when it ends."""

    regime_id: str
    purpose: Purpose
    duty_holder: DutyHolder
    started_on: date
    due_on: date
    leads_on: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A dispute as the watch sees it. `target_on` is the organisation's own aim for its answer, None once answered.

    `reads`: the organisation reads us. The zone and the calendar are those of the organisation.
    """

    dispute: Dispute
    limits: tuple[Running, ...]
    zone: ZoneInfo
    calendar: str
    holidays: Holidays
    target_on: date | None = None
    reads: bool = True

    def on(self, moment: datetime | None) -> date | None:
        """The local day of a moment of the dispute."""
        return None if moment is None else moment.astimezone(self.zone).date()


def plan(standing: Standing, today: date) -> tuple[Planned, ...]:
    """Every letter to come as the dispute stands, in no order; nothing for a dispute that ended.

    With a mediator nobody is chased, but a right that is lost meanwhile (to go to court, say) is still told.
    """
    state = standing.dispute.state
    if not state.open:
        return ()
    parts = (_rights,) if state in ELSEWHERE else (_duties, _rights, _chasing, _redress, _silence)
    found = [one for part in parts for one in part(standing, today)]
    if not standing.reads:
        found = [one for one in found if one.to is To.CUSTOMER]
    return tuple(one for one in found if one.until is None or one.until >= one.day)


def due(planned: Iterable[Planned], today: date) -> tuple[Planned, ...]:
    """What is to be said on the local day `today`, if it was not said before."""
    return tuple(one for one in planned if one.day <= today and _useful(one, today))


def _useful(one: Planned, today: date) -> bool:
    return one.until is None or today <= one.until


def next_look(planned: Iterable[Planned], today: date, *, looked: bool) -> date | None:
    """The next local day on which something falls due; None when nothing is to come.

    `looked`: what is due today was said. Otherwise a day that came already counts as today: somebody has to look.
    """
    if looked:
        return min((one.day for one in planned if one.day > today), default=None)
    return min((max(one.day, today) for one in planned if _useful(one, today)), default=None)


def _duties(standing: Standing, _: date) -> Iterator[Planned]:
    """Half and four fifths of a limit of the organisation, two working days before its end, and the day after."""
    answers = False
    for limit in standing.limits:
        if limit.duty_holder is not DutyHolder.COMPANY or limit.purpose not in {Purpose.ACKNOWLEDGE, Purpose.ANSWER}:
            continue
        answer = limit.purpose is Purpose.ANSWER
        answers = answers or answer
        yield from _before(standing, limit.due_on, limit.started_on, limit.regime_id)
        yield from _late(limit.due_on, limit.regime_id)
        if answer:
            yield Planned("overdue", To.CUSTOMER, limit.due_on + ONE_DAY, rule=limit.regime_id, ends_on=limit.due_on)
    if not answers and standing.target_on is not None and standing.dispute.state in OURS:
        yield from _near(standing, standing.target_on, "")
        yield from _late(standing.target_on, "")


def _before(standing: Standing, due_on: date, started_on: date, rule: str) -> Iterator[Planned]:
    near = open_days_back(due_on, NEAR, standing.calendar, standing.holidays)
    length = due_on - started_on
    if length >= LONG_LIMIT:
        half, most = started_on + length / 2, started_on + length * 4 / 5
        yield Planned("clock_half", To.OWNER, half, most - ONE_DAY, rule, due_on)
        yield Planned("clock_most", To.SUPERVISORS, most, near - ONE_DAY, rule, due_on)
    if near > started_on:
        yield from _near(standing, due_on, rule)


def _near(standing: Standing, due_on: date, rule: str) -> Iterator[Planned]:
    near = open_days_back(due_on, NEAR, standing.calendar, standing.holidays)
    for to in (To.OWNER, To.SUPERVISORS):
        yield Planned("due_soon", to, near, due_on, rule, due_on)


def _late(due_on: date, rule: str) -> Iterator[Planned]:
    for to in (To.OWNER, To.SUPERVISORS, To.MANAGERS):
        yield Planned("overdue_team", to, due_on + ONE_DAY, rule=rule, ends_on=due_on)


def _rights(standing: Standing, _: date) -> Iterator[Planned]:
    """A right of the customer opens, or is lost in sixty, thirty, seven days."""
    dispute, opening = standing.dispute, False
    for limit in standing.limits:
        if limit.purpose is Purpose.RIGHT_OPENS:
            opening = True
            if limit.leads_on and dispute.state not in WAYS_OPEN:
                yield Planned("right_opens", To.CUSTOMER, limit.due_on, rule=limit.regime_id, ends_on=limit.due_on)
        elif limit.purpose is Purpose.RIGHT_LOST and limit.duty_holder is DutyHolder.CUSTOMER:
            yield from _ending(limit)
    sent_on = standing.on(dispute.sent_at)
    if opening or dispute.escalation_opens_on is not None or sent_on is None or dispute.state in WAYS_OPEN:
        return
    # Where no limit of the law opens a way, the house does.
    yield Planned("right_opens", To.CUSTOMER, sent_on + ESCALATION_AFTER, ends_on=sent_on + ESCALATION_AFTER)


def _ending(limit: Running) -> Iterator[Planned]:
    days = [limit.due_on - timedelta(days=before) for before in BEFORE_RIGHT_ENDS]
    for day, following in zip(days, [*days[1:], limit.due_on + ONE_DAY], strict=True):
        if day > limit.started_on:
            yield Planned("right_ends", To.CUSTOMER, day, following - ONE_DAY, limit.regime_id, limit.due_on)


def _chasing(standing: Standing, _: date) -> Iterator[Planned]:
    """The customer's turn: a question, an offer or a final answer lies with them. Two reminders, then nothing more."""
    dispute = standing.dispute
    again = standing.on(dispute.reminded_at)
    asked, quiet = standing.on(dispute.asked_at), standing.on(dispute.quiet_since)
    if dispute.state is State.AWAITING_CUSTOMER and asked is not None:
        if dispute.reminders == 0:
            yield Planned("question_reminder", To.CUSTOMER, asked + WEEK, counts=True)
        elif dispute.reminders == 1 and again is not None:
            yield Planned("question_reminder", To.CUSTOMER, max(asked + 2 * WEEK, again + WEEK), counts=True)
    elif dispute.state is State.FINAL_POSITION and quiet is not None:
        if dispute.reminders == 0:
            yield Planned("final_reminder", To.CUSTOMER, quiet + FINAL_FIRST, counts=True)
        elif dispute.reminders == 1 and again is not None:
            yield Planned("final_reminder", To.CUSTOMER, again + WAIT_AFTER_LAST_REMINDER, counts=True)
    elif dispute.state is State.OFFER_MADE and dispute.offer is not None and quiet is not None:
        yield from _offer(dispute.offer.expires_on, quiet)


def _offer(ends_on: date | None, quiet: date) -> Iterator[Planned]:
    first = quiet + WEEK
    if ends_on is None:
        yield Planned("offer_reminder", To.CUSTOMER, first, quiet + 2 * WEEK - ONE_DAY)
        return
    last = max(ends_on - BEFORE_OFFER_ENDS, quiet + ONE_DAY)
    yield Planned("offer_reminder", To.CUSTOMER, first, min(quiet + 2 * WEEK, last) - ONE_DAY, ends_on=ends_on)
    yield Planned("offer_ends", To.CUSTOMER, last, ends_on, ends_on=ends_on)


def _redress(standing: Standing, _: date) -> Iterator[Planned]:
    """What was agreed falls due, and three days later it is asked whether it was done."""
    dispute = standing.dispute
    on = dispute.performance_due
    if dispute.state is not State.ACCEPTED or on is None:
        return
    if dispute.performed_proposed_at is None:
        near = open_days_back(on, NEAR, standing.calendar, standing.holidays)
        yield Planned("redress_soon", To.OWNER, near, on, ends_on=on)
        yield Planned("redress_due", To.CUSTOMER, on, on + UNPAID_AFTER - ONE_DAY, ends_on=on)
        for to in (To.OWNER, To.SUPERVISORS):
            yield Planned("redress_late", to, on + UNPAID_AFTER, ends_on=on)
    yield Planned("redress_unpaid", To.CUSTOMER, on + UNPAID_AFTER, ends_on=on)


def _silence(standing: Standing, today: date) -> Iterator[Planned]:
    """Nobody took it for more than two working days; nobody wrote to the customer for a month, and for another one."""
    dispute = standing.dispute
    sent_on = standing.on(dispute.sent_at)
    if sent_on is None or dispute.state not in OURS:
        return
    if dispute.state is State.RECEIVED and dispute.owner is None:
        worked = open_days_after(sent_on, DAYS_ALONE, standing.calendar, standing.holidays)
        yield Planned("alone", To.SUPERVISORS, worked + ONE_DAY)
    said_on = max(sent_on, standing.on(dispute.news_at) or sent_on)
    months = max(1, (today - said_on) // MONTH)
    for number in (months, months + 1):
        day = said_on + number * MONTH
        yield Planned("quiet_month", To.OWNER, day, day + MONTH - ONE_DAY, ends_on=said_on)
