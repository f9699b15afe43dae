"""How soon a person answers whoever asks for one, and how many people a customer has to deal with."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from cx.core.scoring import Quantile, Share, quantile
from cx.core.visitor import Visitor
from cx.disputes.humans import Clocked, clocked, people_by_case
from cx.insight.asked import Asked


@dataclass(frozen=True, slots=True)
class People:
    """Requests of a period: minutes to the answer, how many were kept; and persons by case, of the latest cases.

    `waiting` asked and are not due yet. `few`: cases in which at most two people wrote to the customer; `one`: one.
    """

    asked: int
    waiting: int
    median: Quantile
    slow: Quantile
    kept: Share
    few: Share
    one: Share


def people(session: Session, visitor: Visitor, asked: Asked, now: datetime) -> People:
    """Read both from the rows: two statements, bounded whatever the archive holds."""
    zone = ZoneInfo(asked.zone)
    first = datetime.combine(asked.first, time(), zone)
    until = datetime.combine(asked.last + timedelta(days=1), time(), zone)
    found = clocked(session, visitor, asked.organisations, first, until)
    minutes = Counter(_minutes(one) for one in found if one.met_at is not None)
    judged = [one for one in found if one.met_at is not None or one.due_at < now]
    kept = sum(one.met_at is not None and one.met_at <= one.due_at for one in judged)
    persons = people_by_case(session, visitor, asked.organisations, first, until)
    n = sum(persons.values())
    return People(
        asked=len(found),
        waiting=len(found) - len(judged),
        median=quantile(minutes, 0.5),
        slow=quantile(minutes, 0.95),
        kept=Share(kept, len(judged)),
        few=Share(sum(many for size, many in persons.items() if size <= 2), n),
        one=Share(persons.get(1, 0), n),
    )


def _minutes(one: Clocked) -> int:
    """From asking, or from the moment that was chosen, to the answer; whoever was called earlier waited for nothing."""
    met = one.met_at
    assert met is not None
    return max(0, round((met - (one.slot_at or one.asked_at)).total_seconds() / 60))
