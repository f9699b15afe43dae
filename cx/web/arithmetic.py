"""How a legal date was counted, worded for a page: the lines behind "Why this date?"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core import clock
from cx.core.clock import Purpose, Regime, Step, StepKind, Unit
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


def arithmetic(regime_id: str, started_on: date, due_on: date, holidays: clock.Holidays) -> Arithmetic | None:
    """The arithmetic of a stored date; None when the rule is not known any more.

    If the rule has changed since the clock started, only the first day and the stored date are shown.
    """
    regime = clock.load().get(regime_id)
    if regime is None:
        return None
    total = (_("Date"), day(due_on, year="always"))
    started = clock.due(regime, started_on, holidays)
    steps: tuple[Step, ...] = clock.explain(started, regime).steps if started.due_on == due_on else ()
    lines = [(_("Sent on"), day(started_on, year="always")), *_lines(steps, regime)]
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
