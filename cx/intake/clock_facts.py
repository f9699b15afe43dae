"""The short questions on which dates of the law depend: only those that a limit of this sector and place needs.

Which those are follows from the limits themselves (`cx.core.regimes.facts_asked`), so a new row asks for its facts here
as soon as the words stand in `cx.web.told_facts`. What follows from the kind of matter is not asked again.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import BooleanField
from wtforms.validators import Optional

from cx.core.regimes import facts_asked, in_use, load
from cx.core.words import Sector, State
from cx.disputes import facts_told, switches
from cx.disputes.clocking import TOLD_DAYS
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.intake.forms import Day, day_of
from cx.web.bench import bench
from cx.web.database import reading
from cx.web.formats import day
from cx.web.forms import HouseForm
from cx.web.told_facts import DAYS, TICKS

NAMES = (*TICKS, *DAYS)


def _tick(name: str) -> Any:
    return BooleanField(TICKS[name], [Optional()])


class ClockFacts(HouseForm):
    """Every question; `keep` leaves those that are asked."""

    unauthorised_payment = _tick("unauthorised_payment")
    transfer_error = _tick("transfer_error")
    new_account = _tick("new_account")
    billing_error = _tick("billing_error")
    wrong_charge = _tick("wrong_charge")
    statement_on = Day(DAYS["statement_on"])
    refund_chosen = _tick("refund_chosen")
    paid_by_card = _tick("paid_by_card")
    international_flight = _tick("international_flight")
    baggage_damaged = _tick("baggage_damaged")
    baggage_delayed = _tick("baggage_delayed")
    delivered_on = Day(DAYS["delivered_on"])
    private_carrier = _tick("private_carrier")
    insured = _tick("insured")
    express = _tick("express")
    posted_on = Day(DAYS["posted_on"])
    data_request = _tick("data_request")
    data_complaint = _tick("data_complaint")
    automated_decision = _tick("automated_decision")

    def keep(self, names: Collection[str]) -> None:
        """Ask only these."""
        for name in set(NAMES) - set(names):
            del self[name]

    def clock_fields(self) -> list[Any]:
        """The fields that are asked, in their order."""
        return [one for one in self if one.name in NAMES]


def asked(sector: Sector, jurisdiction: str, session: Session | None = None) -> frozenset[str]:
    """The names of the questions that the limits in use of this sector and place need today."""
    today = datetime.now(UTC).date()
    facts, triggers = facts_asked(sector, jurisdiction, today, switches.said(session or reading()))
    return (facts & set(TICKS)) | {TOLD_DAYS[one] for one in triggers if one in TOLD_DAYS}


def to_add(case: CaseFile) -> frozenset[str]:
    """What may still be added to a case: never what was said, nor what would have kept a running limit from starting."""
    if not case.jurisdiction or not (case.state.open or case.state is State.NONE):
        return frozenset()
    said = switches.said(reading())
    against = {
        name
        for row in load().values()
        if in_use(row, said)
        for name, wanted in row.applies_when.items()
        if not wanted and name in TICKS
    }
    open_names = asked(Sector(case.sector), case.jurisdiction) - set(case.facts)
    return open_names - against if case.sent_at else open_names


def told(values: Mapping[str, Any]) -> dict[str, object]:
    """The answers as they are kept with the facts of a case: a tick is True, a day an ISO text."""
    ticks: dict[str, object] = {name: True for name in TICKS if values.get(name)}
    days = {name: day_of(str(values[name])) for name in DAYS if values.get(name)}
    return ticks | {name: on.isoformat() for name, on in days.items() if on is not None}


def lines(facts: Mapping[str, Any]) -> list[tuple[LazyString, str]]:
    """What was said, as (question, answer) for the page."""
    ticks = [(TICKS[name], _("Yes")) for name in TICKS if facts.get(name) is True]
    days = [(DAYS[name], day(found, year="always")) for name in DAYS if (found := day_of(facts.get(name)))]
    return ticks + days


def form_of(case: CaseFile) -> ClockFacts:
    """The questions that may still be answered for a case."""
    form = ClockFacts.filled({})
    form.keep(to_add(case))
    return form


def add(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    """Keep what was added; dates that depend on it start."""
    open_names = to_add(case)
    given = {name: value for name, value in told(form.data).items() if name in open_names}
    return facts_told.tell(session, bench(), hand, given)
