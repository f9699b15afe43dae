"""How a legal date was counted, worded for a page: the lines behind "Why this date?"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core import clock
from cx.core.clock import Purpose, Regime, Step, StepKind, Trigger, Unit
from cx.web.formats import day
from cx.web.sentence import _, ngettext

NOT_COUNTED: Mapping[str, LazyString] = {
    "saturday": _l("Saturdays are not counted"),
    "sunday": _l("Sundays are not counted"),
}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Lines (label, value) from the first day to the total, the sentence of the law, and where it can be read."""

    steps: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    law: str
    url: str


def amount(number: int, unit: Unit) -> str:
    """A limit in words: "2 months", "15 working days (Monday to Friday)"."""
    if unit is Unit.CALENDAR_DAY:
        return ngettext("%(num)d day", "%(num)d days", number)
    if unit is Unit.WORKING_DAY_6:
        return ngettext("%(num)d working day (Monday to Saturday)", "%(num)d working days (Monday to Saturday)", number)
    if unit is Unit.BUSINESS_DAY_5:
        return ngettext("%(num)d working day (Monday to Friday)", "%(num)d working days (Monday to Friday)", number)
    if unit is Unit.WEEK:
        return ngettext("%(num)d week", "%(num)d weeks", number)
    if unit is Unit.MONTH:
        return ngettext("%(num)d month", "%(num)d months", number)
    return ngettext("%(num)d year", "%(num)d years", number)


BEGINS: Mapping[Trigger, LazyString] = {
    Trigger.SENT: _l("Sent on"),
    Trigger.RECEIVED: _l("Sent on"),
    Trigger.EVENT: _l("Happened on"),
    Trigger.FLIGHT: _l("Day of the flight"),
    Trigger.POSTED: _l("Posted on"),
    Trigger.DELIVERED: _l("Handed over on"),
    Trigger.STATEMENT_SENT: _l("Statement sent on"),
    Trigger.FINAL_RESPONSE: _l("Final answer on"),
    Trigger.DENIAL: _l("Refused on"),
    Trigger.REDRESS_DUE: _l("Agreed on"),
    Trigger.ESCALATED: _l("Taken further on"),
    Trigger.NOTIFICATION: _l("The mediator told both sides on"),
    Trigger.BODY_ASKED: _l("Taken further on"),
    Trigger.BODY_ANSWERED: _l("Answered to the next body on"),
    Trigger.OUTCOME: _l("Result of the mediation on"),
}


def arithmetic(
    regime_id: str,
    started_on: date,
    due_on: date,
    holidays: clock.Holidays,
    jurisdiction: str = "",
    extended_from: date | None = None,
) -> Arithmetic | None:
    """The arithmetic of a stored date; None when the rule is not known any more.

    `jurisdiction` (with its region, if any) says whose days off count. If the rule has changed since the clock
    started, only the first day and the stored date are shown; an announced later day comes under what was counted.
    """
    regime = clock.load().get(regime_id)
    if regime is None:
        return None
    total = (_("Date"), day(due_on, year="always"))
    started = clock.due(clock.counted_in(regime, jurisdiction), started_on, holidays)
    counted = extended_from or due_on
    steps: tuple[Step, ...] = clock.explain(started, regime).steps if started.due_on == counted else ()
    lines = [(str(BEGINS[regime.trigger]), day(started_on, year="always")), *_lines(steps, regime)]
    if extended_from is not None:
        lines.append((_("Date until it was moved"), day(extended_from, year="always")))
        total = (_("Later date, announced with reasons"), day(due_on, year="always"))
    return Arithmetic(tuple(lines), total, _("Rule: %(source)s.", source=regime.source), regime.source_url or "")


def _lines(steps: tuple[Step, ...], regime: Regime) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    considered = [step for step in steps if step.kind is StepKind.CONSIDER]
    counted = [step for step in steps if step.kind is StepKind.COUNT]
    if considered:
        lines += [(amount(step.number, step.unit), day(step.last, year="always")) for step in considered if step.unit]
        later = regime.purpose is Purpose.RIGHT_OPENS
        lines.append((_("What counts"), _("the later of these days") if later else _("the earlier of these days")))
    elif counted and counted[-1].unit:
        lines.append((_("Counted from the day after"), amount(counted[-1].number, counted[-1].unit)))
    off = Counter(step.reason for step in steps if step.kind is StepKind.SKIP and step.reason in NOT_COUNTED)
    lines += [(str(NOT_COUNTED[reason]), str(many)) for reason, many in off.items()]
    for step in steps:
        if step.kind is StepKind.SKIP and step.reason.startswith("holiday:"):
            lines.append((_("Day off, not counted"), f"{day(step.first)} ({step.reason.partition(':')[2]})"))
        if step.kind is StepKind.ROLL:
            lines.append((_("Not a working day: moved on"), day(step.first)))
        if step.kind is StepKind.MONTH_END:
            lines.append((_("The month is shorter"), _("its last day")))
    return lines
