"""A case as the watch sees it, and the next local day on which somebody has to look at it."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from cx.core import clock
from cx.core.limits import AT_BODY
from cx.core.regimes import may_show
from cx.core.reminders import Running, Standing, next_look, plan
from cx.disputes.calendars import days_off
from cx.disputes.ledger import Ledger

_zone = cache(ZoneInfo)


def limits_of(ledger: Ledger) -> tuple[Running, ...]:
    """The limits of a case that run, may be shown and do not run before another body."""
    regimes, found = clock.load(), []
    for row in ledger.runs:
        regime = regimes.get(row["regime_id"])
        if regime is None or row["done_on"] is not None or regime.trigger in AT_BODY:
            continue
        if may_show(regime, ledger.said):
            leads_on = regime.on_expiry is not None
            days = row["started_on"], row["due_on"]
            found.append(Running(regime.id, regime.purpose, regime.duty_holder, *days, leads_on))
    return tuple(found)


def standing_of(ledger: Ledger, *, reads: bool = True) -> Standing:
    """The dispute as the rules of reminders read it. `reads`: the organisation reads us."""
    case, zone = ledger.case, _zone(ledger.case["zone"])
    return Standing(ledger.dispute, limits_of(ledger), zone, case["calendar"], days_off, ledger.target_on, reads)


def watch(ledger: Ledger) -> None:
    """Write the next day on which the case has to be looked at, after what was just added to it."""
    if not ledger.events:
        return
    open_now = ledger.dispute.state.open and ledger.case.get("origin") != "import"
    ledger.case["watch_on"] = look_on(ledger, ledger.events[-1]["at"]) if open_now else None


def look_on(ledger: Ledger, at: datetime) -> date | None:
    """The next day on which something falls due; today when it may be due already."""
    today = ledger.local_day(at)
    return next_look(plan(standing_of(ledger), today), today, looked=False)
