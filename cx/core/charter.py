"""The promises of a charter that a machine can check: what is due, until when, and whether it was kept.

Pure: a promise is a rule with a limit, and the journal of a dispute says by itself where the promise stands. Days are
counted where the organisation is; a promise of days is kept until the end of its last day.

A promise that comes with every dispute (an answer, one person) begins when the dispute is sent. One that needs an
occasion (a message, a contest, an agreement) begins with it, so that nobody counts as kept what was never asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cx.core.charter_spans import Asked, Journal, Span, ended_at, spans
from cx.core.charter_words import (
    DECIDE_WITHIN,
    GIVE_WITHIN,
    NEVER,
    RULE_BY_ID,
    Place,
    PledgeStatus,
    RemedyStatus,
    Rule,
    Unit,
)

__all__ = [
    "DECIDE_WITHIN", "GIVE_WITHIN", "NEVER", "RULE_BY_ID", "Asked", "Place", "PledgeStatus", "RemedyStatus", "Rule",
    "Span", "Standing", "Unit", "judge",
]  # fmt: skip

# Settled by the first time; the others may be called upon again and are settled when the dispute ends.
ONCE = frozenset({Rule.ACKNOWLEDGED, Rule.ANSWERED, Rule.PAID})
COUNTED = frozenset({Rule.PERSONS, Rule.QUESTIONS})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a promise stands at a moment. `settled_at`: when it was kept, or the moment at which it broke."""

    status: PledgeStatus
    due_at: datetime
    settled_at: datetime | None = None


def judge(
    rule: Rule, amount: int, journal: Journal, place: Place, at: datetime, asked: Sequence[Asked] = ()
) -> Standing | None:
    """Where a promise stands at `at`, from the journal of one dispute, oldest event first; None before it begins.

    A promise that broke stays broken. `asked` are the requests to talk to a person, for that rule alone.
    """
    found = spans(rule, amount, journal, asked, place)
    late = next((one for one in found if one.broken(at)), None)
    if late is not None:
        return Standing(PledgeStatus.BROKEN, late.due_at, late.due_at)
    met = [one for one in found if one.met_at is not None and not one.claimed]
    if rule in ONCE and met:
        return Standing(PledgeStatus.KEPT, met[0].due_at, met[0].met_at)
    ended = ended_at(journal)
    if ended is not None:
        kept = bool(met) or (rule in COUNTED and bool(found))
        return Standing(PledgeStatus.KEPT if kept else PledgeStatus.VOID, met[-1].due_at if met else ended, ended)
    if not found:
        return None
    owed = [one.due_at for one in found if one.met_at is None]
    return Standing(PledgeStatus.RUNNING, min(owed, default=NEVER))
