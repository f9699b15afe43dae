"""Every clock of a case for its customer, in words, and the rights that are open now."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from cx.core.strand import Stand, Strand
from cx.core.words import Action, NextBody
from cx.disputes import clock_strip
from cx.disputes.calendars import days_off
from cx.disputes.seen import CaseFile
from cx.web import clock_words
from cx.web.clock_words import ClockTold
from cx.web.formats import day
from cx.web.next_bodies import BODIES, Body
from cx.web.sentence import _


def clocks_and_rights(case: CaseFile, now: datetime) -> dict[str, Any]:
    """What the page needs: `clocks` in words, `rights` as (sentence, body, what it is), `way_on` the place of the form to go on."""
    letters = {name: f"#m{one.letter.id}" for name, one in clock_strip.moved(case).items() if one.letter is not None}
    strands = clock_strip.strip(case, now)
    rights = rights_told(case, now)
    return {
        "clocks": _opened_early(
            clock_words.all_told(strands, days_off, case.jurisdiction, letters), strands, case, now
        ),
        "rights": rights,
        "way_on": "further" if rights and Action.ESCALATE in case.actions else "",
    }


def _opened_early(
    told: tuple[ClockTold, ...], strands: tuple[Strand, ...], case: CaseFile, now: datetime
) -> tuple[ClockTold, ...]:
    """A right that a final answer opened before its day says so, instead of a day that no longer matters."""
    early = {one.body: one.since for one in clock_strip.rights_open(case, now) if not one.regime_id}
    return tuple(
        replace(
            words,
            stand=_("Open since %(date)s: their final answer came before the day.", date=day(early[body])),
            next=_("You may go to %(body)s now.", body=clock_words.body_name(body)),
        )
        if strand.stand is Stand.OPENS and (body := strand.regime.on_expiry) in early and body is not None
        else words
        for words, strand in zip(told, strands, strict=True)
    )


def rights_told(case: CaseFile, now: datetime) -> list[tuple[str, NextBody, Body]]:
    """The open rights in the order to use them: the sentence, the body, and what it is."""
    return [
        (clock_words.opened(one.since, one.body), one.body, BODIES[one.body])
        for one in clock_strip.rights_open(case, now)
    ]
