"""Whether a next body would take the case, as far as the clocks and the journal know. Shown, never blocking.

Sources: Code de la consommation L612-2 (written complaint before, one year, no court), and the clocks of the case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cx.core import clock
from cx.core.acts import day_of
from cx.core.standing_guards import ESCALATION_AFTER
from cx.core.words import NextBody, Sector
from cx.disputes.calendars import days_off
from cx.disputes.clocking import facts_of
from cx.disputes.seen import CaseFile, ClockSeen

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
    """Who comes after the organisation: the body where the case is, then in their order; none where nothing was verified."""
    facts = {name: value for name, value in case.facts.items() if isinstance(value, bool)}
    found = clock.next_body(Sector(case.sector), case.jurisdiction, facts)
    return tuple(sorted(found, key=lambda one: one.value != case.dispute.body))


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
    regimes = clock.load()
    known = [one for one in case.clocks if one.lawful and regimes[one.regime_id].ends_way_on]
    if not known:
        return Check(Condition.IN_TIME, None)
    first = min(known, key=lambda one: one.due_on)
    # Whoever went to the next body in time stays in time, however long it takes.
    return Check(Condition.IN_TIME, (first.done_on or today) <= first.due_on, first.due_on, _source(first))


def until(named: str, body: str, runs: Iterable[tuple[str, date, date | None]]) -> date | None:
    """The last day to go to the next body: that of the law where one runs, else the one that the final answer `named`.

    An organisation neither shortens nor lengthens what the law gives. `runs` are the clocks of the case that may be
    shown: id, due day, day on which it was kept. The limits of mediators are not those of the court.
    """
    regimes = clock.load()
    law = [due for name, due, kept in runs if kept is None and name in regimes and regimes[name].ends_way_on]
    return min(law) if law and body != NextBody.COURT else day_of(named)


def after_final(case: CaseFile, today: date) -> date | None:
    """The last day to go to the next body if the final answer is given `today`: what stands in its form to begin with."""
    facts = facts_of({"facts": case.facts, "issue": case.issue, "sector": case.sector})
    begun = (
        clock.started_by(clock.Trigger.FINAL_RESPONSE, Sector(case.sector), case.jurisdiction, facts, today, days_off)
        if case.jurisdiction
        else ()
    )
    runs = [(one.regime_id, one.due_on, one.done_on) for one in case.clocks if one.lawful]
    return until("", "", [*runs, *((one.regime_id, one.due_on, None) for one in begun)])


def _source(one: ClockSeen) -> str:
    regime = clock.load().get(one.regime_id)
    return regime.source if regime is not None else ""
