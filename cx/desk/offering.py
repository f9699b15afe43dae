"""The forms of an answer fitted to a case: a row for each point, what could be right here, what waits for approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.redress import Suggestion, suggest
from cx.core.visitor import Visitor
from cx.core.words import OfferKind, Role
from cx.desk import letters
from cx.desk.forms import FORMS, MAX_REASONS, AnswerForm, DeskForm, point_field
from cx.desk.money import typed_of
from cx.disputes import approvals
from cx.disputes.airports import airport, code_of
from cx.disputes.seen import CaseFile, PointSeen
from cx.web.formats import money
from cx.web.forms import Story
from cx.web.sentence import _

REASONS = _l("Why, in a sentence or two")
COUNTER = "counter"
APPROVAL = "approval"
PAY_WITHIN = timedelta(days=14)

WHAT: Mapping[str, LazyString] = {
    "eu_flight": _l("Fixed sum of the European rule on flights"),
    "uk_flight": _l("Fixed sum of the British rule on flights"),
    "montreal_baggage": _l("Baggage on an international flight: what is proved, up to a ceiling"),
    "post_ordinary": _l("Ordinary letter: twice the postage"),
    "post_tracked": _l("Tracked letter: three times the postage"),
    "post_registered": _l("Registered letter of the first level"),
    "post_parcel": _l("Parcel: for each kilogram"),
    "unauthorised_payment": _l("A payment that nobody authorised: all of it, by the end of the next working day"),
    "cost_of_being_heard": _l("What it cost the person to be heard"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion in words: what it is, how much, where it stands, how it came about, what to beware of."""

    id: str
    what: str
    amount: str
    source: str
    why: str
    beware: str


@dataclass(frozen=True, slots=True)
class Row:
    """One point on the form: its number and words, the names of its fields."""

    number: int
    text: str
    answer: str
    reasons: str


@cache
def _class(mode: str, points: int) -> type[DeskForm]:
    kind = FORMS[mode]
    if points < 2 or not issubclass(kind, AnswerForm):
        return kind
    fields: dict[str, Any] = {}
    for number in range(2, points + 1):
        if "answer" in kind.order:
            fields[f"answer_{number}"] = point_field()
        fields[f"reasons_{number}"] = Story(REASONS, [kind.reasons_needed], most=MAX_REASONS)
    before = [name for name in kind.order if name != "text"]
    order = (*before, *fields, "text")
    return type(kind.__name__, (kind,), {**fields, "order": order})


def form_class(mode: str, case: CaseFile) -> type[DeskForm]:
    """The form of a mode for this case: an answer has a row for each point of the demand."""
    return _class(mode, len(case.points))


def rows(case: CaseFile) -> tuple[Row, ...]:
    """The points of the case as rows of the form; empty while there is only one, which needs no heading."""
    if len(case.points) < 2:
        return ()
    return tuple(_row(place, point) for place, point in enumerate(case.points, start=1))


def _row(place: int, point: PointSeen) -> Row:
    ending = "" if place == 1 else f"_{place}"
    return Row(point.number, point.text, f"answer{ending}", f"reasons{ending}")


def earlier(case: CaseFile) -> dict[str, Any]:
    """What was answered before, point by point, for an answer given anew; a single point starts empty."""
    values: dict[str, Any] = {}
    for row, point in zip(rows(case), case.points, strict=False):
        values |= {row.answer: point.answer, row.reasons: point.reasons}
    return values


def suggestions(case: CaseFile) -> tuple[Suggestion, ...]:
    """What could be right here, from the facts of the case."""
    ends = [airport(code_of(case.facts.get(name))) for name in ("from_airport", "to_airport")]
    start, end = ends
    country = case.jurisdiction.partition("-")[0]
    way = (start, end) if start is not None and end is not None else None
    return suggest(case.sector, country, case.issue, case.facts, way)


def shown(case: CaseFile) -> list[Shown]:
    """The suggestions in words."""
    return [_worded(one, case) for one in suggestions(case)]


def _worded(one: Suggestion, case: CaseFile) -> Shown:
    amount = money(one.amount_minor, one.currency) if one.amount_minor and one.currency else ""
    if one.sdr:
        amount = _("up to %(amount)s special drawing rights (SDR)", amount=f"{one.sdr:,}".replace(",", "\u202f"))
    why = _("%(km)s km between the two airports.", km=one.km) if one.km else ""
    if one.half:
        half = _("Half, because the person arrived soon enough after all.")
        why = f"{why} {half}".strip()
    beware = ""
    if one.km:
        beware = _("Not owed where the airline proves extraordinary circumstances.")
        if case.issue == "cancellation":
            beware = _("Not owed in extraordinary circumstances, nor where the person knew two weeks before.")
    if not one.checked:
        beware = _("To be checked against the contract.")
    return Shown(one.id, str(WHAT[one.id]), amount, one.basis, why, beware)


def asked_instead(case: CaseFile) -> tuple[int | None, str | None, str] | None:
    """What the customer asked for instead of the latest offer: (minor units, currency, words); None without."""
    last = case.offers[-1] if case.offers else None
    if last is None or not last.counter:
        return None
    said = next((one for one in reversed(case.happened) if one.kind == "contested"), None)
    data = said.data if said is not None else {}
    return data.get("asked_minor"), data.get("asked_currency"), last.counter


def starting(case: CaseFile, visitor: Visitor, at: datetime, use: str) -> dict[str, Any]:
    """The values with which the form of an offer starts: what `use` names, else what waits for this supervisor."""
    values: dict[str, Any] = {"pay_by": at.date() + PAY_WITHIN, **earlier(case)}
    if use == COUNTER:
        return values | _counter(case)
    chosen = next((one for one in suggestions(case) if one.id == use), None) if use else None
    if chosen is not None:
        values |= {"kind": chosen.kind.value, "basis": chosen.basis}
        if chosen.amount_minor and chosen.currency:
            values |= {"amount": typed_of(chosen.amount_minor, chosen.currency), "currency": chosen.currency}
        return values
    waiting = approvals.waits(case) if visitor.acting_role is Role.SUPERVISOR else None
    if waiting is None:
        return values
    letter = letters.signed_anew(str(waiting.values.get("text") or ""), case, visitor, waiting.asked_by)
    return {**values, **waiting.values, "text": letter}


def _counter(case: CaseFile) -> dict[str, Any]:
    minor, currency, _words = asked_instead(case) or (None, None, "")
    last = case.offers[-1].kind.value if case.offers else OfferKind.GOODWILL_GESTURE.value
    if not minor or not currency:
        return {"kind": last}
    kind = last if OfferKind(last).carries_money else OfferKind.GOODWILL_GESTURE.value
    return {"kind": kind, "amount": typed_of(minor, currency), "currency": currency}


def on_page(case: CaseFile, offers: bool) -> dict[str, Any]:
    """What the page of the case needs beside the forms; nothing of it when no offer can be made (`offers` false)."""
    if not offers:
        return {"point_rows": (), "could_be_right": [], "instead": None, "approval": None}
    instead = asked_instead(case)
    return {
        "point_rows": rows(case),
        "could_be_right": shown(case),
        "instead": instead if instead is not None and case.state in {"contested", "investigating"} else None,
        "approval": approvals.waits(case),
    }
