"""When a customer contradicts the reader: what counts as a contest, who rules on it, by when, and how often one may.

Pure: days, days off and people come in. A contest moves nothing of the dispute: no state, no date, no order of work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cx.core.acts import Dispute, ids_of
from cx.core.counting import Holidays, open_days_after
from cx.core.words import Role

DAYS_TO_RULE = 2
MOST_A_DAY = 3
ONE_DAY = timedelta(days=1)


class Status(StrEnum):
    """Where an opinion on a reading stands.

    `REPLACED`: before anybody ruled, the customer said something newer, or the story was taken out.
    """

    AGREED = "agreed"
    OPEN = "open"
    CHANGED = "changed"
    KEPT = "kept"
    REPLACED = "replaced"


class Ruler(StrEnum):
    """Who rules: somebody of neither side, else a supervisor or a colleague who did not handle the case, else anybody."""

    NEUTRAL = "neutral"
    SUPERVISOR = "supervisor"
    COLLEAGUE = "colleague"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a customer says of a reading, by the ids of themes: these are right, these are wrong, something is missing."""

    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    missing: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was said at all."""
        return not (self.right or self.wrong or self.missing)

    @property
    def contests(self) -> bool:
        """Whether a person has to rule: anything but "right"."""
        return bool(self.wrong) or self.missing


def opinion_of(data: Mapping[str, object]) -> Opinion:
    """Read an opinion out of a row or of a line of the journal; what is of another shape says nothing."""
    return Opinion(ids_of(data.get("right")), ids_of(data.get("wrong")), data.get("missing") is True)


def due_on(today: date, calendar: str, holidays: Holidays) -> date:
    """The local day at whose end a person has ruled: the second working day after the one on which it was said."""
    return open_days_after(today, DAYS_TO_RULE, calendar, holidays)


def again_on(given: Iterable[date], today: date) -> date | None:
    """The local day from which one more opinion is taken; None when it is taken now. `given`: the days of the others."""
    return today + ONE_DAY if sum(day == today for day in given) >= MOST_A_DAY else None


def follows(said: Opinion, standing: Iterable[str], told: Iterable[str]) -> bool:
    """Whether a ruling follows the customer at least in part: a theme went that was wrong, or one came that was missing.

    `standing` are the themes that stood before, `told` those that stand after.
    """
    before, after = frozenset(standing), frozenset(told)
    return bool(said.wrong & (before - after)) or (said.missing and bool(after - before))


def handled_by(dispute: Dispute, who: str) -> bool:
    """Whether this actor handles the case, decided in it, or said before which themes are told."""
    return who == dispute.owner or who in dispute.deciders or who in dispute.named_by or who == dispute.first_decider


def ruler(dispute: Dispute, neutrals: bool, team: Mapping[str, Role]) -> Ruler:
    """Who rules on a case. `neutrals`: the installation has neutral people; `team`: who answers, actor → role."""
    if neutrals:
        return Ruler.NEUTRAL
    free = {role for who, role in team.items() if not handled_by(dispute, who)}
    if Role.SUPERVISOR in free:
        return Ruler.SUPERVISOR
    return Ruler.COLLEAGUE if free else Ruler.ANYBODY


def may_rule(by: Ruler, dispute: Dispute, who: str, role: Role | None, *, late: bool) -> bool:
    """Whether `who` may rule where `by` does. Once it is late, a supervisor who did not handle the case may too.

    A neutral who may read the case always may: nobody is further from both sides.
    """
    if role is Role.NEUTRAL:
        return True
    if role not in {Role.AGENT, Role.SUPERVISOR}:
        return False
    free = not handled_by(dispute, who)
    if by is Ruler.NEUTRAL:
        return late and free and role is Role.SUPERVISOR
    if by is Ruler.SUPERVISOR:
        return free and role is Role.SUPERVISOR
    return free or by is Ruler.ANYBODY
