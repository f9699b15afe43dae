"""The one date of a case as the desk says it, with its arithmetic behind one click."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cx.core.words import State
from cx.disputes import clock_strip, neutrals
from cx.disputes.calendars import days_off
from cx.disputes.seen import CaseFile
from cx.web import clock_words
from cx.web.arithmetic import arithmetic
from cx.web.formats import day, local
from cx.web.sentence import _


@dataclass(frozen=True, slots=True)
class DateSeen:
    """A sentence, whether it is late, and how it was counted (empty for what no law says)."""

    sentence: str
    late: bool = False
    steps: tuple[tuple[str, str], ...] = ()
    total: Any = None
    law: str = ""
    url: str = ""


def date_shown(case: CaseFile, at: datetime) -> DateSeen | None:
    """The next date; None when the case has none."""
    if case.due_on is None:
        return DateSeen(_no_date(case)) if _no_date(case) else None
    if case.due_kind == "right":
        if case.state in neutrals.MEDIATION:
            return None  # the person is there already
        opened = min((one.since for one in clock_strip.rights_open(case, at)), default=case.due_on)
        if opened < case.due_on:  # the last word opened the way before the law did
            return DateSeen(_("Since %(date)s the person may go on to the next body.", date=day(opened)))
    late = case.due_on < local(at, case.zone).date()
    sentence = _sentence(case, late)
    late = late and case.due_kind in {"law", "promise", "target"}
    run = next((one for one in case.clocks if one.regime_id == case.due_rule), None)
    counted = (
        arithmetic(run.regime_id, run.started_on, run.due_on, days_off, case.jurisdiction, run.extended_from)
        if run is not None
        else None
    )
    if counted is None:
        why = _("Your organisation promises this itself; no law says so.") if case.due_kind == "target" else ""
        return DateSeen(sentence, late, law=why)
    return DateSeen(sentence, late, counted.steps, counted.total, counted.law, counted.url)


def every_clock(case: CaseFile, at: datetime) -> tuple[clock_words.ClockTold, ...]:
    """Every clock of the case in words, as its customer sees it, with what only eases the work of the team."""
    letters = {name: f"#m{one.letter.id}" for name, one in clock_strip.moved(case).items() if one.letter is not None}
    strands = clock_strip.strip(case, at, staff=True)
    return clock_words.all_told(strands, days_off, case.jurisdiction, letters, staff=True)


def _sentence(case: CaseFile, late: bool) -> str:
    on = day(case.due_on)
    if case.due_kind == "law":
        if late:
            return _("The answer is overdue: the law gave until %(date)s.", date=on)
        return _("The law asks for an answer by %(date)s.", date=on)
    if case.due_kind == "promise":
        if late:
            return _("What was agreed was due on %(date)s.", date=on)
        return _("What was agreed is to be done by %(date)s.", date=on)
    if case.due_kind == "right":
        if late:
            return _("Since %(date)s the person may go on to the next body.", date=on)
        return _("From %(date)s the person may go on to the next body.", date=on)
    if late:
        return _("Your own aim was an answer by %(date)s.", date=on)
    return _("Your own aim: an answer by %(date)s.", date=on)


def _no_date(case: CaseFile) -> str:
    if case.state is State.NONE:
        return _("Nothing was asked for: no date runs. A word of thanks is welcome.")
    if case.ended_at is not None:
        return _("Ended on %(date)s.", date=day(case.ended_at, case.zone))
    return ""
