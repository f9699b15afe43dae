"""`flask clocks explain ID --from DATE`: the arithmetic of one legal limit, as the heart counts it."""

import json
from datetime import date, datetime
from typing import Any

import click

from cx.cli.speaking import Command
from cx.core import clock
from cx.core.clock import Explanation, Regime, Step, StepKind
from cx.core.journal import to_json
from cx.core.refusals import GuardFailed
from cx.disputes.calendars import days_off


@click.group("clocks")
def clocks() -> None:
    """The legal clocks."""


def _found(regime_id: str) -> Regime:
    regimes = clock.load()
    regime = regimes.get(regime_id.upper())
    if regime is None:
        raise click.ClickException(f"There is no clock {regime_id!r}. There are: {', '.join(regimes)}.")
    return regime


def _counted(regime: Regime, start: date, extended: bool) -> Explanation:
    try:
        return clock.explain(clock.due(regime, start, days_off, extended=extended), regime)
    except GuardFailed as failed:
        why = {
            "start_out_of_range": "Days are counted from 1900 to 2199.",
            "no_extension": f"{regime.id} knows no longer limit.",
        }
        raise click.ClickException(why.get(failed.guard, failed.guard)) from failed


def as_plain(regime: Regime, found: Explanation) -> dict[str, Any]:
    """The explanation as plain JSON values; days are ISO texts."""
    return {
        "id": found.regime_id,
        "version": found.version,
        "purpose": regime.purpose.value,
        "duty_holder": regime.duty_holder.value,
        "trigger": regime.trigger.value,
        "at_body": regime.at_body.value if regime.at_body else None,
        "note": regime.note or None,
        "start": found.start.isoformat(),
        "due_on": found.due_on.isoformat(),
        "calendar": regime.calendar,
        "steps": [
            {
                "kind": step.kind.value,
                "first": step.first.isoformat(),
                "last": step.last.isoformat(),
                "number": step.number,
                "unit": step.unit.value if step.unit else None,
                "reason": step.reason,
            }
            for step in found.steps
        ],
        "skipped": [{"day": day.isoformat(), "reason": reason} for day, reason in found.skipped],
        "safest": found.safest or None,
        "source": found.source,
        "source_url": found.source_url,
        "status": to_json(found.status),
    }


_UNITS = {
    clock.Unit.CALENDAR_DAY: "calendar days",
    clock.Unit.WORKING_DAY_6: "working days (Monday to Saturday)",
    clock.Unit.BUSINESS_DAY_5: "business days (Monday to Friday)",
    clock.Unit.WEEK: "weeks",
    clock.Unit.MONTH: "months",
    clock.Unit.YEAR: "years",
}


def _amount(number: int, unit: clock.Unit) -> str:
    words = _UNITS[unit]
    return f"{number} {words.replace('days', 'day').removesuffix('s') if number == 1 else words}"


def _line(step: Step) -> str:
    day = f"{step.first:%a %Y-%m-%d}"
    until = day if step.first == step.last else f"{day} to {step.last:%a %Y-%m-%d}"
    amount = _amount(step.number, step.unit) if step.unit else ""
    match step.kind:
        case StepKind.START:
            return f"{day}  the first day is not counted"
        case StepKind.COUNT:
            return f"{until}  counted: {amount}"
        case StepKind.SKIP:
            return f"{day}  left out: {step.reason}"
        case StepKind.MONTH_END:
            return f"{day}  the month has no such day: its last one"
        case StepKind.ROLL:
            return f"{day}  not worked ({step.reason}): the next day"
        case StepKind.CONSIDER:
            return f"{step.last:%a %Y-%m-%d}  would be {amount}"
        case StepKind.DUE:
            return f"{day}  due"


def as_text(regime: Regime, found: Explanation) -> str:
    """The explanation for a terminal."""
    limit = f"{_amount(regime.amount, regime.unit)}, calendar {regime.calendar}"
    what = f"{regime.purpose.value.replace('_', ' ')}, by the {regime.duty_holder.value}"
    begins = regime.trigger.value.replace("_", " ")
    lines = [f"{found.regime_id} (version {found.version}): {what}, {limit}, from the day: {begins}"]
    lines += [f"  {_line(step)}" for step in found.steps]
    if found.safest:
        lines.append(f"  Counts disagree; the {found.safest} date is taken, which is the safe one for the customer.")
    if regime.note:
        lines.append(f"  Remark: {regime.note}.")
    lines.append(f"Due on {found.due_on:%A} {found.due_on.isoformat()}")
    checked = {
        clock.Status.VERIFIED: "read in the source",
        clock.Status.SECONDARY: "read in a secondary source",
        clock.Status.TO_CHECK: "not checked or not in force: it rests until an administrator uses it",
    }
    lines.append(f"Source: {found.source} ({checked[found.status]})")
    if found.source_url:
        lines.append(f"        {found.source_url}")
    return "\n".join(lines)


@clocks.command("explain", cls=Command)
@click.argument("regime_id", metavar="ID")
@click.option(
    "--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day it starts, YYYY-MM-DD."
)
@click.option("--extended", is_flag=True, help="Count the longer limit that the law allows.")
@click.option("--json", "plain", is_flag=True, help="Print JSON.")
def explain_command(regime_id: str, start: datetime, extended: bool, plain: bool) -> None:
    """Say when the clock ID falls due if it starts on a day, and why."""
    regime = _found(regime_id)
    found = _counted(regime, start.date(), extended)
    click.echo(json.dumps(as_plain(regime, found), ensure_ascii=False, indent=2) if plain else as_text(regime, found))
