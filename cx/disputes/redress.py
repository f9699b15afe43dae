"""What an event changes among the points and offers of a case, and in the figures of money offered, agreed and paid.

Amounts are minor units. A sum is kept as three figures of its currency (`EUR:0`, `EUR:1`, `EUR:2`: what it has of ones,
of ten thousands and of hundred millions), because a figure is a small number and a month of forints is not; `amount_of`
puts it together again. `EUR` itself says how many offers make the sum.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from cx.core.acts import Event, Offer, answers_of, number_of
from cx.core.words import MONEY_OFFERS, OfferKind, State, values_of
from cx.disputes.ledger import Ledger, Row, account_of

Effect = Callable[[Ledger, Event, Mapping[str, Any]], None]

OFFERED, ACCEPTED, PAID, KEPT = "offered", "agreed", "paid", "redress"
"""Measures: sums offered (an offer that gave way to another is taken out again), agreed, paid; paid in time or late."""
REPLACED = frozenset({"superseded", "withdrawn"})
_BASE, _PARTS = 10_000, 3


def point(number: int, text: str) -> Row:
    """A point nobody has answered yet."""
    return Row({"number": number, "text": text, "answer": None, "reasons": "", "answered_at": None, "agreed": ""})


def also(ledger: Ledger) -> list[str]:
    """What was asked beside the first point, in the customer's words, when the story was told."""
    told = ledger.case["facts"].get("also")
    return [str(one) for one in told] if isinstance(told, list) else []


def sent(ledger: Ledger) -> None:
    """Write down the points of a demand that goes out."""
    if not ledger.points:
        first = ledger.case["wish_text"] or ledger.case["first_words"]
        ledger.points.extend(point(number, text) for number, text in enumerate((first, *also(ledger)), start=1))


def point_added(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """One point more."""
    number = number_of(event.data.get("number")) or len(ledger.points) + 1
    ledger.points.append(point(number, str(facts.get("text") or "")))


def answer_points(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """Write each answer beside its point, with the reasons that belong to it."""
    reasons = facts.get("reasons")
    for number, answer in answers_of(event.data.get("points")).items():
        row = next((one for one in ledger.points if one["number"] == number), None)
        if row is not None:
            said = reasons.get(number, reasons.get(str(number), "")) if isinstance(reasons, Mapping) else reasons
            row.change(answer=answer.value, reasons=str(said or ""), answered_at=event.at)


def offer_made(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """Write the offer down as a version of its own; the one that was open gives way to it."""
    kind, offer = event.data.get("kind"), ledger.dispute.offer
    if not isinstance(kind, str) or kind not in values_of(OfferKind):
        return
    _open_become(ledger, event, "superseded")
    if offer is None:
        return
    row = _version(offer, event.at)
    row.change(
        basis=str(facts.get("basis") or ""),
        voucher_expires_on=facts.get("voucher_expires_on") if offer.kind is OfferKind.VOUCHER else None,
        conditions=str(facts.get("conditions") or ""),
        final=event.kind == "final_position_given",
        approved_by=facts.get("approved_by"),
    )
    ledger.offers.append(row)
    _count(ledger, OFFERED, row, ledger.local_day(event.at))


def _version(offer: Offer, at: datetime) -> Row:
    """An open offer as it is stored, without what only its form knows."""
    return Row(
        {
            "version": offer.version,
            "point_number": 1,
            "kind": offer.kind.value,
            "amount_minor": offer.amount_minor,
            "currency": offer.currency,
            "basis": "",
            "voucher_expires_on": None,
            "conditions": "",
            "pay_by": offer.pay_by,
            "expires_on": offer.expires_on,
            "final": False,
            "text": "",
            "made_by": account_of(offer.made_by),
            "approved_by": None,
            "made_at": at,
            "status": "open",
            "answered_at": None,
            "performed_at": None,
            "proof": "",
            "counter": "",
            "paid_said": "",
        }
    )


def opinion_agreed(ledger: Ledger, event: Event, _: Mapping[str, Any]) -> None:
    """Write down what both sides agreed on with a mediator: from now on it is owed like an offer that was accepted.

    A proposal that waits, or that somebody refuses, is no offer of the organisation and leaves no row.
    """
    agreed = ledger.dispute.offer
    if event.data.get("to") != State.ACCEPTED or agreed is None:
        return
    _open_become(ledger, event, "superseded")
    row = _version(agreed, event.at)
    row.change(status="accepted", answered_at=event.at)
    ledger.offers.append(row)
    for measure in (OFFERED, ACCEPTED):
        _count(ledger, measure, row, ledger.local_day(event.at))


def _open_become(ledger: Ledger, event: Event, status: str) -> None:
    for row in ledger.offers:
        if row["status"] == "open":
            row.change(status=status, answered_at=event.at)
            if status in REPLACED:
                _count(ledger, OFFERED, row, ledger.local_day(row["made_at"]), -1)


def offers_become(status: str) -> Effect:
    """An effect that gives the open offer its end."""

    def effect(ledger: Ledger, event: Event, _: Mapping[str, Any]) -> None:
        _open_become(ledger, event, status)

    return effect


def accepted(ledger: Ledger, event: Event, _: Mapping[str, Any]) -> None:
    """The open offer is agreed on."""
    for row in ledger.offers:
        if row["status"] == "open":
            row.change(status="accepted", answered_at=event.at)
            _count(ledger, ACCEPTED, row, ledger.local_day(event.at))


def contested(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """The open offer is refused; what the customer asks for instead stands beside it."""
    for row in ledger.offers:
        if row["status"] == "open":
            row.change(status="refused", answered_at=event.at, counter=str(facts.get("counter") or ""))


def countered(ledger: Ledger, words: str) -> None:
    """The customer asks for something else while the offer stands."""
    for row in ledger.offers:
        if row["status"] == "open":
            row.change(counter=words)


def done_proposed(ledger: Ledger, _: Event, facts: Mapping[str, Any]) -> None:
    """The organisation says that it is done, with its proof."""
    for row in ledger.offers:
        if row["status"] == "accepted" and isinstance(facts.get("proof"), str):
            row.change(proof=facts["proof"])


def performed(ledger: Ledger, event: Event, _: Mapping[str, Any]) -> None:
    """The customer, or a neutral with proof, says that it was done."""
    for row in ledger.offers:
        if row["status"] == "accepted" and row["performed_at"] is None and row["paid_said"] != "no":
            _kept(ledger, event, row)
            row.change(performed_at=event.at, paid_said="yes" if event.role == "customer" else row["paid_said"])
            _count(ledger, PAID, row, ledger.local_day(event.at))


def not_performed(ledger: Ledger, event: Event, _: Mapping[str, Any]) -> None:
    """The customer says that it was not done: the offer stays as it was agreed, unpaid."""
    for row in ledger.offers:
        if row["status"] == "accepted" and row["performed_at"] is None and row["paid_said"] != "no":
            row.change(paid_said="no")
            if row["kind"] in MONEY_OFFERS:
                ledger.figures.append((KEPT, "late", 1, ledger.local_day(event.at)))


def _kept(ledger: Ledger, event: Event, row: Row) -> None:
    """Count whether money came in time: by the day on which it was said to be paid, when the customer then agreed."""
    dispute = ledger.dispute
    if row["kind"] in MONEY_OFFERS and dispute.performance_due is not None:
        on = ledger.local_day(dispute.performed_proposed_at or event.at)
        key = "in_time" if on <= dispute.performance_due else "late"
        ledger.figures.append((KEPT, key, 1, ledger.local_day(event.at)))


def _count(ledger: Ledger, measure: str, row: Mapping[str, Any], on: date, sign: int = 1) -> None:
    ledger.figures.extend((measure, key, many * sign, on) for key, many in figures_of(row))


def figures_of(row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The keys of one offer in the figures and what it adds to each; nothing for an offer without money."""
    amount, currency = row["amount_minor"], row["currency"]
    if not amount or not currency:
        return
    yield currency, 1
    for part in range(_PARTS):
        amount, digits = divmod(amount, _BASE)
        if digits:
            yield f"{currency}:{part}", digits


def amount_of(currency: str, sums: Mapping[str, int]) -> int:
    """The sum of a currency in minor units, from the figures of one measure by key."""
    return sum(sums.get(f"{currency}:{part}", 0) * _BASE**part for part in range(_PARTS))
