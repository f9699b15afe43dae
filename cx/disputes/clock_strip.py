"""Every clock of a case for one reader, and the rights that are open now: plain values, worded by the kit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cx.core import clock
from cx.core.acts import day_of
from cx.core.limits import DutyHolder, Purpose
from cx.core.strand import Stand, Strand, leads_on, stand_of
from cx.core.words import NextBody, Sector, State, values_of
from cx.disputes.calendars import days_off
from cx.disputes.seen import CaseFile, Said

AT_A_BODY = frozenset({State.IN_MEDIATION, State.MEDIATION_PROPOSED})


@dataclass(frozen=True, slots=True)
class Moved:
    """An announced extension: from which day to which, when, and the letter that says why (None once erased)."""

    regime_id: str
    before: date
    to: date
    at: datetime
    letter: Said | None


@dataclass(frozen=True, slots=True)
class OpenRight:
    """The customer may go to `body`, since this local day; `regime_id` is the clock that says so, empty for an answer."""

    body: NextBody
    since: date
    regime_id: str


def strip(case: CaseFile, at: datetime, *, staff: bool = False) -> tuple[Strand, ...]:
    """The clocks of the case as they stand at `at`, the first date first; what only eases a duty is for staff."""
    regimes, zone = clock.load(), ZoneInfo(case.zone)
    today = at.astimezone(zone).date()
    ended_on = case.ended_at.astimezone(zone).date() if case.ended_at is not None else None
    strands = [
        Strand(
            regimes[one.regime_id], one.version, one.started_on, one.due_on, one.done_on, one.extended_from,
            stand_of(regimes[one.regime_id], one.due_on, one.done_on, today, ended_on),
            clock.left(one.due_on, today, case.calendar, days_off) if one.done_on is None else 0,
        )
        for one in case.clocks
        if one.lawful and one.regime_id in regimes
    ]  # fmt: skip
    return tuple(sorted((one for one in strands if staff or not _eases(one)), key=lambda one: one.due_on))


def _eases(strand: Strand) -> bool:
    """Whether the clock only allows the organisation a lighter answer: of no use to the customer."""
    return strand.regime.purpose is Purpose.RIGHT_LOST and strand.regime.duty_holder is DutyHolder.COMPANY


def moved(case: CaseFile) -> dict[str, Moved]:
    """The announced extensions of the case, by clock."""
    found = {}
    for line in case.happened:
        before, to = day_of(line.data.get("from")), day_of(line.data.get("to"))
        if line.kind == "extended" and before is not None and to is not None:
            letter = next((one for one in case.said if one.kind == "extension" and one.at == line.at), None)
            found[str(line.data.get("regime"))] = Moved(str(line.data.get("regime")), before, to, line.at, letter)
    return found


def rights_open(case: CaseFile, at: datetime) -> tuple[OpenRight, ...]:
    """The next bodies to which the customer may go now, in the order to go to them, each with its first day.

    By a clock that ran out, or by the last word of the organisation. None while the case is with such a body.
    """
    if not case.state.open or case.state in AT_A_BODY:
        return ()
    found: dict[NextBody, OpenRight] = {}
    for strand in strip(case, at):
        if leads_on(strand) and strand.regime.on_expiry is not None:
            late = strand.stand is Stand.LATE
            since = strand.due_on + timedelta(days=1) if late else strand.due_on
            _earlier(found, OpenRight(strand.regime.on_expiry, since, strand.regime.id))
    said = _said_last(case)
    if said is not None:
        _earlier(found, said)
    order = {
        body: place for place, body in enumerate(clock.next_body(Sector(case.sector), case.jurisdiction, case.facts))
    }
    return tuple(sorted(found.values(), key=lambda one: order.get(one.body, len(order))))


def _earlier(found: dict[NextBody, OpenRight], right: OpenRight) -> None:
    known = found.get(right.body)
    if known is None or right.since < known.since:
        found[right.body] = right


def _said_last(case: CaseFile) -> OpenRight | None:
    """The body that the last word of the organisation named, while that word stands."""
    last = next((one for one in reversed(case.happened) if one.kind == "final_position_given"), None)
    named = str(last.data.get("next_body") or "") if last is not None else ""
    if last is None or case.state is not State.FINAL_POSITION or named not in values_of(NextBody):
        return None
    return OpenRight(NextBody(named), last.at.astimezone(ZoneInfo(case.zone)).date(), "")
