"""What an event changes beside the journal: points, offers, clocks, the date shown, figures, letters."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cx.core import clock
from cx.core.acts import Event, answers_of
from cx.core.words import Action, OfferKind, State, values_of
from cx.disputes.calendars import days_off
from cx.disputes.ledger import Ledger, Row, account_of


def prepare(ledger: Ledger, action: Action, at: datetime, facts: dict[str, Any]) -> None:
    """Add the facts that the heart needs and only the workshop knows: clocks at sending, the date at acknowledging."""
    if action is Action.SEND:
        _start_clocks(ledger, at, facts)
        facts.setdefault("points", 1)
    if action in {Action.ACKNOWLEDGE, Action.START} and not facts.get("answer_by"):
        facts["answer_by"] = ledger.case["next_due_on"] or ledger.local_day(at) + timedelta(days=10)


def _start_clocks(ledger: Ledger, at: datetime, facts: dict[str, Any]) -> None:
    case = ledger.case
    sent_on = ledger.local_day(facts.get("sent_at") or at)
    asked = {name: value for name, value in case["facts"].items() if isinstance(value, bool)}
    if case["issue"] in {"payment_or_transfer", "card_or_fraud"}:
        asked.setdefault("payment_service", True)
    regimes = clock.load()
    jurisdiction = case["jurisdiction"]
    if jurisdiction:
        for due in clock.start_all(case["sector"], jurisdiction, asked, sent_on, days_off):
            regime = regimes[due.regime_id]
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
                    }
                )
            )
    rights = [row["due_on"] for row in ledger.runs if row["purpose"] == clock.Purpose.RIGHT_OPENS.value]
    if rights:
        facts.setdefault("escalation_opens_on", min(rights))


def apply(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """Bring the rows beside the journal to where the event led, then the one date that everybody sees."""
    effect = _EFFECTS.get(event.kind)
    if effect is not None:
        effect(ledger, event, facts)
    show_date(ledger, event.at)


def show_date(ledger: Ledger, at: datetime) -> None:
    """Write the one date of the case: a promise to perform, else what the clocks say, else the own target."""
    case, dispute = ledger.case, ledger.dispute
    if not dispute.state.open:
        case.update(next_due_on=None, next_due_kind="", next_due_rule="")
        return
    if dispute.state is State.ACCEPTED and dispute.performance_due is not None:
        case.update(next_due_on=dispute.performance_due, next_due_kind="promise", next_due_rule="")
        return
    regimes = clock.load()
    runs = [run_of(row, regimes) for row in ledger.runs if row["regime_id"] in regimes]
    target = None
    if dispute.sent_at is not None and case["answered_at"] is None:
        target = ledger.local_day(dispute.sent_at) + timedelta(days=ledger.target_days)
    shown = clock.date_shown(runs, ledger.local_day(at), target)
    case.update(
        next_due_on=shown.due_on,
        next_due_kind="" if shown.kind is clock.ShownKind.NONE else shown.kind.value,
        next_due_rule=shown.regime_id or "",
    )


def run_of(row: Mapping[str, Any], regimes: Mapping[str, clock.Regime]) -> clock.Run:
    """A stored clock as the heart reads it."""
    regime = regimes[row["regime_id"]]
    return clock.Run(regime.id, regime.purpose, regime.duty_holder, row["due_on"], row["done_on"], regime.lawful)


def told(ledger: Ledger) -> None:
    """Count a new story, its place and its channel in the month in which it was told."""
    case = ledger.case
    on = ledger.local_day(case["told_at"])
    ledger.figures.append(("told", "", 1, on))
    for measure in ("place", "channel"):
        if case[measure]:
            ledger.figures.append((measure, case[measure], 1, on))


def _sent(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    if not ledger.points:
        text = ledger.case["wish_text"] or ledger.case["first_words"]
        ledger.points.append(Row({"number": 1, "text": text, "answer": None, "reasons": "", "answered_at": None}))
    ledger.figures.append(("sent", "", 1, ledger.local_day(event.at)))


def _done(ledger: Ledger, event: Event, purpose: clock.Purpose) -> None:
    for row in ledger.runs:
        if row["purpose"] == purpose.value and row["done_on"] is None:
            row.change(done_on=ledger.local_day(event.at))


def _acknowledged(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    _done(ledger, event, clock.Purpose.ACKNOWLEDGE)


def _started(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    if event.data.get("with_acknowledgement"):
        _acknowledged(ledger, event, facts)


def _answer(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """Points answered, clocks of answers stopped, the first answer counted, the offer written down."""
    reasons = facts.get("reasons")
    for number, answer in answers_of(event.data.get("points")).items():
        row = next((one for one in ledger.points if one["number"] == number), None)
        if row is not None:
            said = reasons.get(number, reasons.get(str(number), "")) if isinstance(reasons, Mapping) else reasons
            row.change(answer=answer.value, reasons=str(said or ""), answered_at=event.at)
    # Answering on the merits is also the strongest acknowledgement.
    _done(ledger, event, clock.Purpose.ACKNOWLEDGE)
    _done(ledger, event, clock.Purpose.ANSWER)
    if ledger.case["answered_at"] is None:
        ledger.case["answered_at"] = event.at
        sent = ledger.dispute.sent_at or event.at
        days = max(0, (ledger.local_day(event.at) - ledger.local_day(sent)).days)
        ledger.figures.append(("days", str(days), 1, ledger.local_day(event.at)))
    _offer_row(ledger, event, facts)


def _offer_row(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    kind = event.data.get("kind")
    if not isinstance(kind, str) or kind not in values_of(OfferKind):
        return
    for row in ledger.offers:
        if row["status"] == "open":
            row.change(status="superseded", answered_at=event.at)
    offer = ledger.dispute.offer
    if offer is None:
        return
    ledger.offers.append(
        Row(
            {
                "version": offer.version,
                "point_number": 1,
                "kind": kind,
                "amount_minor": offer.amount_minor,
                "currency": offer.currency,
                "basis": str(facts.get("basis") or ""),
                "voucher_expires_on": facts.get("voucher_expires_on"),
                "pay_by": offer.pay_by,
                "expires_on": offer.expires_on,
                "final": event.kind == "final_position_given",
                "text": "",
                "made_by": account_of(event.actor),
                "made_at": event.at,
                "status": "open",
                "answered_at": None,
                "performed_at": None,
                "proof": "",
            }
        )
    )


def _offers_become(status: str) -> Callable[[Ledger, Event, Mapping[str, Any]], None]:
    def effect(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
        for row in ledger.offers:
            if row["status"] == "open":
                row.change(status=status, answered_at=event.at)

    return effect


def _performed(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    for row in ledger.offers:
        if row["status"] == "accepted" and row["performed_at"] is None:
            row.change(performed_at=event.at)
    _ended(ledger, event, facts)


def _performed_proposed(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    for row in ledger.offers:
        if row["status"] == "accepted" and isinstance(facts.get("proof"), str):
            row.change(proof=facts["proof"])


def _ended(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    outcome = ledger.case["outcome"] or ledger.case["state"]
    ledger.figures.append(("ended", outcome, 1, ledger.local_day(event.at)))


def _reopened(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    ledger.figures.append(("reopened", "", 1, ledger.local_day(event.at)))


def _said_solved(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    solved = str(event.data["solved"])
    on = ledger.local_day(event.at)
    # The latest word of a person counts once, in the month in which it was said.
    if ledger.case["solved"]:
        ledger.figures.append(("solved", ledger.case["solved"], -1, ledger.case["solved_on"]))
    ledger.figures.append(("solved", solved, 1, on))
    ledger.case.update(solved=solved, solved_on=on)
    ledger.surveys.append({"at": event.at, "solved": solved, "price": None, "choice": None, "listening": None,
                           "guarantee": None, "message_id": None})  # fmt: skip


_EFFECTS: Mapping[str, Callable[[Ledger, Event, Mapping[str, Any]], None]] = {
    "sent": _sent,
    "acknowledged": _acknowledged,
    "started": _started,
    "offered": _answer,
    "final_position_given": _answer,
    "accepted": _offers_become("accepted"),
    "contested": _offers_become("refused"),
    "improved": _offers_become("withdrawn"),
    "offer_expired": _offers_become("expired"),
    "performed": _performed,
    "performed_proposed": _performed_proposed,
    "closed": _ended,
    "withdrawn": _ended,
    "lapsed": _ended,
    "redirected": _ended,
    "reopened": _reopened,
    "said_solved": _said_solved,
}
