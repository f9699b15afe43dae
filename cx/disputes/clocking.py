"""The clocks of a case in the hands of the workshop: which the facts and the journal start, and what stops them.

A due date is written when its clock starts and never again, but by an announced extension (`cx.disputes.extending`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cx.core import clock
from cx.core.acts import Event, answers_of, day_of
from cx.core.clock import DutyHolder, Purpose, Trigger
from cx.core.folding import REFUSING
from cx.core.limits import AT_BODY, KeptBy, Regime
from cx.core.regimes import may_show
from cx.core.words import NextBody, OfferKind, PointAnswer, Role, Sector, State, values_of
from cx.disputes.calendars import days_off
from cx.disputes.ledger import Ledger, Row

PAYMENTS = frozenset({"payment_or_transfer", "card_or_fraud"})
DISRUPTED = frozenset({"cancellation", "delay", "denied_boarding"})
POST_LOST = frozenset({"loss", "damage_or_theft", "delay"})
# Days that may be told with the facts, beside the day of the event itself.
TOLD_DAYS: Mapping[Trigger, str] = {
    Trigger.POSTED: "posted_on",
    Trigger.DELIVERED: "delivered_on",
    Trigger.STATEMENT_SENT: "statement_on",
}
ANSWERED = frozenset({"offered", "final_position_given"})
OUTCOMES = frozenset({"opinion_recorded", "mediation_ended"})
# What the customer hears outside, by letter or of the next body, on a day of its own; and what it starts there.
BODY_NEWS, LETTER_NEWS = "body_noted", "answer_noted"
HEARD = frozenset({BODY_NEWS, LETTER_NEWS})
BODY_SAYS: Mapping[str, Trigger] = {"complete": Trigger.NOTIFICATION, "answered": Trigger.BODY_ANSWERED}


def facts_of(case: Mapping[str, Any]) -> dict[str, bool]:
    """The facts that limits ask for: those told, and those that follow from the kind of matter."""
    known = {name: value for name, value in case["facts"].items() if isinstance(value, bool)}
    issue, sector = case["issue"], case["sector"]
    follow = {
        "payment_service": issue in PAYMENTS or known.get("unauthorised_payment", False),
        "flight_disrupted": sector == Sector.AIRLINE and issue in DISRUPTED,
        "disability": sector == Sector.AIRLINE and issue == "accessibility",
        "postal_loss": sector == Sector.POSTAL and issue in POST_LOST,
    }
    return {name: True for name, follows in follow.items() if follows} | known


def days_of(case: Mapping[str, Any]) -> dict[Trigger, date]:
    """The days told with the facts, from which limits count; a day that is only about right starts nothing."""
    days = {trigger: day_of(case["facts"].get(name)) for trigger, name in TOLD_DAYS.items()}
    if case["occurred_on"] is not None and not case["occurred_about"]:
        days[Trigger.EVENT] = case["occurred_on"]
        if case["sector"] == Sector.AIRLINE:
            days[Trigger.FLIGHT] = case["occurred_on"]
    return {trigger: on for trigger, on in days.items() if on is not None}


def start_at_sending(ledger: Ledger, sent_on: date) -> date | None:
    """Start every clock of a demand that is sent; the day from which the customer may go to the next body, if known."""
    case = ledger.case
    if case["jurisdiction"]:
        found = clock.start_all(
            case["sector"], case["jurisdiction"], facts_of(case), sent_on, days_off, days_of(case), ledger.said
        )
        _add(ledger, found)
        _keep(ledger, KeptBy.SENT, sent_on)
    return _opens(ledger)


def start_told(ledger: Ledger, sent_on: date, told_on: date) -> date | None:
    """Start the clocks of what was told after the sending; the day from which the customer may go to the next body.

    A duty of the organisation and the opening of a right count from the day of the telling, for nobody knew before;
    what the customer may lose counts from the sending, which is the safer day.
    """
    case = ledger.case
    if case["jurisdiction"]:
        place = (case["sector"], case["jurisdiction"], facts_of(case))
        regimes = clock.load()
        early, late = (clock.start_all(*place, on, days_off, days_of(case), ledger.said) for on in (sent_on, told_on))
        _add(ledger, tuple(one for one in early if regimes[one.regime_id].purpose is Purpose.RIGHT_LOST))
        _add(ledger, late)
        _keep(ledger, KeptBy.SENT, sent_on)
    return _opens(ledger)


def _opens(ledger: Ledger) -> date | None:
    """The first right to open; where the law opens none by itself, the day after an answer that leads on is late."""
    rows = [(row, regime) for row, regime in _known(ledger) if regime.on_expiry is not None and row["done_on"] is None]
    rights: list[date] = [row["due_on"] for row, regime in rows if regime.purpose is Purpose.RIGHT_OPENS]
    if rights:
        return min(rights)
    late: list[date] = [row["due_on"] + timedelta(days=1) for row, regime in rows if _is_answer(regime)]
    return min(late, default=None)


def _is_answer(regime: Regime) -> bool:
    return (
        regime.purpose is Purpose.ANSWER and regime.duty_holder is DutyHolder.COMPANY and regime.trigger not in AT_BODY
    )


def _known(ledger: Ledger) -> list[tuple[Row, Regime]]:
    regimes = clock.load()
    return [(row, regimes[row["regime_id"]]) for row in ledger.runs if row["regime_id"] in regimes]


def _add(ledger: Ledger, found: tuple[clock.Due, ...]) -> None:
    regimes, running = clock.load(), {row["regime_id"] for row in ledger.runs}
    for due in found:
        regime = regimes[due.regime_id]
        # A limit runs once for a case: a second final answer, after a reopening, gives back no time and takes none.
        if due.regime_id in running:
            continue
        ledger.runs.append(
            Row(
                {
                    "regime_id": due.regime_id,
                    "regime_version": due.version,
                    "purpose": regime.purpose.value,
                    "duty_holder": regime.duty_holder.value,
                    "started_on": due.start,
                    "due_on": due.due_on,
                    "done_on": None,
                    "extended_from": None,
                }
            )
        )


def start(ledger: Ledger, trigger: Trigger, on: date, body: NextBody | None = None) -> None:
    """Start the clocks of something that happened after the sending, on the local day `on`, before `body` if any."""
    case = ledger.case
    if case["jurisdiction"]:
        regimes, place = clock.load(), (case["sector"], case["jurisdiction"], facts_of(case))
        found = clock.started_by(trigger, *place, on, days_off, said=ledger.said, body=body)
        # What a result orders is owed once both sides agreed to it: an opinion that nobody accepted asks for no money.
        agreed = ledger.dispute.state is State.ACCEPTED
        owed = tuple(
            one
            for one in found
            if trigger is not Trigger.OUTCOME or (regimes[one.regime_id].purpose is Purpose.REDRESS) is agreed
        )
        _add(ledger, owed)


def follow(ledger: Ledger, event: Event) -> None:
    """Stop what an event of the journal answers, and start what it begins. Events that mean nothing here pass by."""
    on = (day_of(event.data.get("on")) if event.kind in HEARD else None) or ledger.local_day(event.at)
    _stop(ledger, event, on)
    for trigger, body in _begun(ledger, event):
        start(ledger, trigger, on, body)
        if trigger is Trigger.NOTIFICATION:
            _taken_up(ledger, on)


def _begun(ledger: Ledger, event: Event) -> list[tuple[Trigger, NextBody | None]]:
    begun: list[tuple[Trigger, NextBody | None]] = []
    if event.kind in ANSWERED:
        answers = answers_of(event.data.get("points")).values()
        if answers and all(one is PointAnswer.REFUSED for one in answers):
            begun.append((Trigger.DENIAL, None))
    says = event.data.get("says") if event.kind == LETTER_NEWS else ""
    if says == "refused":
        begun.append((Trigger.DENIAL, None))
    # A letter that does not grant it all may be the last one: what the customer may lose counts from it, to be safe.
    if event.kind == "final_position_given" or says in REFUSING:
        begun.append((Trigger.FINAL_RESPONSE, None))
    offer = ledger.dispute.offer
    if event.kind == "accepted" and offer is not None and offer.kind is OfferKind.REFUND:
        begun.append((Trigger.REDRESS_DUE, None))
    begun += [(trigger, _body(ledger, event)) for trigger in _at_body(event)]
    return begun


def _at_body(event: Event) -> tuple[Trigger, ...]:
    """What an event starts before the next body; a mediator who takes a case up tells both parties by doing it."""
    told = event.role is Role.NEUTRAL and event.actor.startswith("mediator:")
    if event.kind == "escalated":
        return (Trigger.ESCALATED, Trigger.BODY_ASKED, *((Trigger.NOTIFICATION,) if told else ()))
    if event.kind == "mediator_entered":
        return (Trigger.NOTIFICATION,)
    if event.kind == BODY_NEWS:
        return (BODY_SAYS[str(event.data["says"])],)
    # What an opinion orders is owed from the day on which the last of both sides accepted it (`start`).
    return (Trigger.OUTCOME,) if event.kind in OUTCOMES or event.kind == "opinion_accepted" else ()


def _body(ledger: Ledger, event: Event) -> NextBody | None:
    """The body before which it happens: the one named, the one it went to, whose clocks run, or the first of the place."""
    named = str(event.data.get("next_body") or event.data.get("body") or ledger.dispute.body)
    if named in values_of(NextBody):
        return NextBody(named)
    running = next((regime.at_body for _, regime in _known(ledger) if regime.at_body is not None), None)
    if running is not None or event.kind in OUTCOMES:
        return running
    case = ledger.case
    return next(iter(clock.next_body(case["sector"], case["jurisdiction"], facts_of(case))), None)


def _stop(ledger: Ledger, event: Event, on: date) -> None:
    kind = event.kind
    if kind == "acknowledged" or (kind == "started" and event.data.get("with_acknowledgement")):
        _done(ledger, on, Purpose.ACKNOWLEDGE)
    elif kind in ANSWERED:
        # Answering on the merits is also the strongest acknowledgement.
        _done(ledger, on, Purpose.ACKNOWLEDGE, Purpose.ANSWER)
    elif kind == "escalated":
        body = _body(ledger, event)
        _keep(ledger, KeptBy.ESCALATED, on, body)
        _gone_to(ledger, body, on)
    elif kind in OUTCOMES:
        for row, regime in _known(ledger):
            if row["done_on"] is None and regime.trigger in AT_BODY and regime.trigger is not Trigger.OUTCOME:
                row.change(done_on=on)
    elif kind == BODY_NEWS and event.data.get("says") == "answered":
        for row, regime in _known(ledger):
            if row["done_on"] is None and regime.trigger is Trigger.BODY_ASKED:
                row.change(done_on=on)
    elif kind == "performed":
        _done(ledger, on, Purpose.REDRESS)


def _taken_up(ledger: Ledger, on: date) -> None:
    """A mediator who tells both sides that it begins has said that the file is taken."""
    for row, regime in _known(ledger):
        waiting = regime.duty_holder is DutyHolder.MEDIATOR and regime.purpose is Purpose.ACKNOWLEDGE
        if waiting and row["done_on"] is None:
            row.change(done_on=on)


def _done(ledger: Ledger, on: date, *purposes: Purpose) -> None:
    """The organisation did what these clocks ask of it; what another body waits for is told there, not here."""
    for row, regime in _known(ledger):
        ours = regime.duty_holder is DutyHolder.COMPANY and regime.purpose in purposes
        before_a_body = regime.trigger in AT_BODY and regime.purpose is not Purpose.REDRESS
        if ours and not before_a_body and row["done_on"] is None:
            row.change(done_on=on)


def _keep(ledger: Ledger, by: KeptBy, on: date, body: NextBody | None = None) -> None:
    """The customer did in time what a limit of theirs asks; a limit that had passed already stays passed.

    Going to another body than the one that a limit is about (`kept_at`) keeps nothing.
    """
    for row, regime in _known(ledger):
        elsewhere = body is not None and regime.kept_at and body not in regime.kept_at
        if regime.kept_by is not by or row["done_on"] is not None or elsewhere:
            continue
        opening = regime.purpose is Purpose.RIGHT_OPENS
        if on >= row["due_on"] if opening else on <= row["due_on"]:
            row.change(done_on=on)


def _gone_to(ledger: Ledger, body: NextBody | None, on: date) -> None:
    """A right that was used is no date any more."""
    for row, regime in _known(ledger):
        used = regime.purpose is Purpose.RIGHT_OPENS and body in (None, regime.on_expiry)
        if used and row["done_on"] is None:
            row.change(done_on=on)


def runs_shown(ledger: Ledger) -> list[clock.Run]:
    """The clocks that count for the one date of the case: not those before another body, nor rights that lead nowhere."""
    found = []
    for row, regime in _known(ledger):
        nowhere = regime.purpose is Purpose.RIGHT_OPENS and regime.on_expiry is None
        if regime.trigger not in AT_BODY and not nowhere:
            shown = may_show(regime, ledger.said)
            found.append(clock.Run(regime.id, regime.purpose, regime.duty_holder, row["due_on"], row["done_on"], shown))
    return found
