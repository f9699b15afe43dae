"""Every clock of a case for its customer, in words, and the rights that are open now."""

from datetime import datetime
from typing import Any

from cx.core.words import Action, NextBody
from cx.disputes import clock_strip
from cx.disputes.calendars import days_off
from cx.disputes.seen import CaseFile
from cx.web import clock_words
from cx.web.next_bodies import BODIES, Body


def clocks_and_rights(case: CaseFile, now: datetime) -> dict[str, Any]:
    """What the page needs: `clocks` in words, `rights` as (sentence, body, what it is), `way_on` the place of the form to go on."""
    letters = {name: f"#m{one.letter.id}" for name, one in clock_strip.moved(case).items() if one.letter is not None}
    strands = clock_strip.strip(case, now)
    rights = rights_told(case, now)
    return {
        "clocks": clock_words.all_told(strands, days_off, case.jurisdiction, letters),
        "rights": rights,
        "way_on": "further" if rights and Action.ESCALATE in case.actions else "",
    }


def rights_told(case: CaseFile, now: datetime) -> list[tuple[str, NextBody, Body]]:
    """The open rights in the order to use them: the sentence, the body, and what it is."""
    return [
        (clock_words.opened(one.since, one.body), one.body, BODIES[one.body])
        for one in clock_strip.rights_open(case, now)
    ]
