"""Whether a next body would take the case, as far as the clocks and the journal know. Shown, never blocking.

Sources: Code de la consommation L612-2 (written complaint before, one year, no court), and the clocks of the case.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cx.core import clock
from cx.core.standing_guards import ESCALATION_AFTER
from cx.core.words import NextBody, Sector
from cx.disputes.seen import CaseFile, ClockSeen

# The clocks after which a next body takes the case no more; other rights that are lost (baggage, court) are not these.
ENDS: tuple[str, ...] = ("FR-MED-1Y", "FR-AIR-MTV1Y", "FR-PO-MED1Y", "UK-FOS-6M")

# After one of these the organisation has had its say: the last word, or an answer that the customer did not accept.
ANSWERED = frozenset({"final_position_given", "contested"})


class Condition(StrEnum):
    """What a next body asks before it takes a case."""

    COMPLAINED = "complained"
    WAITED = "waited"
    IN_TIME = "in_time"
    NO_COURT = "no_court"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: `met` None means that nobody knows. `day`: since when, or until when; `source` of the rule."""

    condition: Condition
    met: bool | None
    day: date | None = None
    source: str = ""


def bodies(case: CaseFile) -> tuple[NextBody, ...]:
    """Who comes after the organisation, in the order to go to them; none where nothing was verified."""
    facts = {name: value for name, value in case.facts.items() if isinstance(value, bool)}
    return clock.next_body(Sector(case.sector), case.jurisdiction, facts)


def court_said(case: CaseFile) -> bool | None:
    """What the customer last said about a court; None when they were not asked."""
    said = next((one.data.get("court") for one in reversed(case.happened) if one.kind == "court_said"), None)
    return said if isinstance(said, bool) else None


def checklist(case: CaseFile, today: date, sent_on: date | None) -> tuple[Check, ...]:
    """The conditions, ticked; `today` and `sent_on` are local days where the organisation is."""
    court = court_said(case)
    return (
        Check(Condition.COMPLAINED, sent_on is not None, sent_on),
        _waited(case, today, sent_on),
        _in_time(case, today),
        Check(Condition.NO_COURT, None if court is None else not court),
    )


def _waited(case: CaseFile, today: date, sent_on: date | None) -> Check:
    opens = [one for one in case.clocks if one.lawful and one.purpose == clock.Purpose.RIGHT_OPENS.value]
    first = min(opens, key=lambda one: one.due_on) if opens else None
    day = first.due_on if first is not None else case.dispute.escalation_opens_on
    if day is None and sent_on is not None:
        day = sent_on + ESCALATION_AFTER
    source = _source(first) if first is not None else ""
    refused = any(one.kind in ANSWERED for one in case.happened)
    if refused and day is not None and day > today:
        return Check(Condition.WAITED, True)  # their word came before their time was over: no date matters any more
    return Check(Condition.WAITED, refused or (day is not None and today >= day), day, source)


def _in_time(case: CaseFile, today: date) -> Check:
    known = [one for one in case.clocks if one.regime_id in ENDS]
    if not known:
        return Check(Condition.IN_TIME, None)
    first = min(known, key=lambda one: one.due_on)
    return Check(Condition.IN_TIME, today <= first.due_on, first.due_on, _source(first))


def _source(one: ClockSeen) -> str:
    regime = clock.load().get(one.regime_id)
    return regime.source if regime is not None else ""
