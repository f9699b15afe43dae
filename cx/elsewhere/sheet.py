"""The file that travels, in words: one plain value from which the JSON twin is written and the PDF is set.

It holds codes for machines and, beside them, sentences in the language of the file.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cx.core.acts import day_of
from cx.core.limits import Purpose
from cx.core.regimes import load
from cx.core.words import Role
from cx.disputes.calendars import days_off
from cx.disputes.dossier import Contents
from cx.disputes.seen import ClockSeen, Happened, OfferSeen, Said
from cx.elsewhere.wording import (
    BECAME,
    CLOCKS,
    CONDITIONS,
    FACTS,
    HOLDERS,
    STATES,
)
from cx.web.arithmetic import arithmetic
from cx.web.clock_words import name_of
from cx.web.formats import day, moment, money
from cx.web.journal_words import EVENTS, OFFER_STATUS, TEXTS
from cx.web.labels import (
    CHANNELS,
    ISSUES,
    NEXT_BODIES,
    OFFER_KINDS,
    POINT_ANSWERS,
    ROLES,
    SECTORS,
    STATES_FOR_STAFF,
    WISHES,
)
from cx.web.language import language
from cx.web.sentence import _
from cx.web.told_facts import DAYS, TICKS

FORMAT = "doleance-file/1"


def grouped(head: str) -> str:
    """The first sixteen digits of a head as people compare them: four groups of four."""
    return " ".join(head[at : at + 4] for at in range(0, 16, 4))


def sheet(contents: Contents) -> dict[str, Any]:
    """The whole file as a plain value (texts, numbers, lists), in the language of the page."""
    case = contents.case
    return {
        "format": FORMAT,
        "language": language(),
        "title": _("Case %(reference)s against %(name)s", reference=case.reference, name=case.organisation),
        "reference": case.reference,
        "made_at": contents.made_at.isoformat(),
        "made_when": moment(contents.made_at, case.zone),
        "journal": {"line": contents.seq, "head": contents.head, "short": grouped(contents.head)},
        "state": {"code": case.state.value, "said": _word({**STATES_FOR_STAFF, **STATES}, case.state)},
        "sent_on": _iso(case.sent_at),
        "sent_when": day(case.sent_at, case.zone, year="always"),
        "addressed_to": _body(contents),
        "conditions": [_check(one, case.zone) for one in contents.checks],
        "parties": _parties(contents),
        "asked": {
            "wish": case.wish.value,
            "said": _word(WISHES, case.wish),
            "words": case.wish_text,
        },
        "facts": _facts(contents),
        "points": [_point(contents, one) for one in case.points],
        "offers": [_offer(contents, one) for one in case.offers],
        "clocks": [_clock(contents, one, became) for one, became in contents.clocks],
        "timeline": [_line(contents, one) for one in contents.timeline],
        "documents": [_text(contents, one) for one in contents.said],
    }


def _word(words: Mapping[Any, Any], code: object) -> str:
    return str(words[code]) if code in words else str(code or "")


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def _body(contents: Contents) -> dict[str, Any]:
    body = contents.body
    return {
        "code": body.value if body else None,
        "said": _word(NEXT_BODIES, body) if body else "",
        "after": [_word(NEXT_BODIES, one) for one in contents.bodies if one is not body],
    }


def _check(one: Any, zone: str) -> dict[str, Any]:
    met = {True: _("yes"), False: _("no"), None: _("not known")}[one.met]
    return {
        "condition": one.condition.value,
        "said": _word(CONDITIONS, one.condition),
        "met": one.met,
        "met_said": met,
        "day": _iso(one.day),
        "when": day(one.day, zone, year="always"),
        "source": one.source,
    }


def _parties(contents: Contents) -> dict[str, Any]:
    case = contents.case
    contact = case.contact if contents.for_customer else None
    reached = [contact.email, contact.phone, contact.postal] if contact is not None else []
    named: dict[str, str] = {}
    for one in contents.timeline:
        if one.name and one.role is not Role.CUSTOMER:
            named.setdefault(one.name, _word(ROLES, one.role))
    return {
        "customer": {"name": case.customer, "reached": [one for one in reached if one]},
        "organisation": {
            "name": case.organisation,
            "sector": case.sector,
            "sector_said": _word(SECTORS, case.sector),
            "country": case.jurisdiction,
            "claimed": case.claimed,
        },
        "people": [{"name": name, "role": role} for name, role in named.items()],
    }


def _facts(contents: Contents) -> list[dict[str, str]]:
    case = contents.case
    lines: list[tuple[str, str]] = []
    if case.occurred_on:
        on = day(case.occurred_on, year="always")
        lines.append((_("Day"), _("about %(day)s", day=on) if case.occurred_about else on))
    for label, value in (
        (_("Place"), case.place),
        (_("Where"), _word(CHANNELS, case.channel)),
        (_("What it was about"), _word(ISSUES, case.issue)),
    ):
        if value:
            lines.append((label, value))
    paid = case.facts.get("paid_minor")
    if isinstance(paid, int):
        lines.append((_("Amount"), money(paid, str(case.facts.get("paid_currency") or "EUR"))))
    said = {True: _("yes"), False: _("no")}
    for name, label in {**FACTS, **TICKS, **DAYS}.items():
        fact = case.facts.get(name)
        if name in DAYS:
            fact = day(day_of(fact), year="always")
        if fact not in (None, ""):
            lines.append((str(label), said[fact] if isinstance(fact, bool) else str(fact)))
    return [{"label": label, "value": value} for label, value in lines]


def _point(contents: Contents, one: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "answer": one.answer,
        "answer_said": _word(POINT_ANSWERS, one.answer) if one.answer else _("not answered yet"),
        "reasons": one.reasons,
        "agreed": contents.agreed.get(one.number, ""),
    }


def _offer(contents: Contents, one: OfferSeen) -> dict[str, Any]:
    zone = contents.case.zone
    return {
        "version": one.version,
        "kind": one.kind.value,
        "said": _word(OFFER_KINDS, one.kind),
        "amount_minor": one.amount_minor,
        "currency": one.currency,
        "amount": money(one.amount_minor, one.currency),
        "basis": one.basis,
        "conditions": contents.conditions.get(one.version, ""),
        "made_at": one.made_at.isoformat(),
        "made_when": day(one.made_at, zone, year="always"),
        "made_by": one.made_by,
        "pay_by": _iso(one.pay_by),
        "pay_when": day(one.pay_by, year="always"),
        "final": one.final,
        "status": one.status,
        "status_said": _word(OFFER_STATUS, one.status),
        "counter": contents.counters.get(one.version, ""),
        "performed_at": _iso(one.performed_at),
        "performed_when": day(one.performed_at, zone, year="always"),
    }


def _clock(contents: Contents, one: ClockSeen, became: str) -> dict[str, Any]:
    moved, known = contents.moved_from.get(one.regime_id), load().get(one.regime_id)
    counted = arithmetic(one.regime_id, one.started_on, one.due_on, days_off, contents.case.jurisdiction, moved)
    # A right is owed by nobody: it is there, or not yet, or no more.
    owed = one.purpose not in {Purpose.RIGHT_OPENS, Purpose.RIGHT_LOST}
    return {
        "rule": one.regime_id,
        "version": one.version,
        "purpose": one.purpose,
        "said": name_of(known) if known is not None else _word(CLOCKS, one.purpose),
        "owed_by": one.duty_holder,
        "owed_by_said": _word(HOLDERS, one.duty_holder) if owed else "",
        "started_on": one.started_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "due_when": day(one.due_on, year="always"),
        "done_on": _iso(one.done_on),
        "done_when": day(one.done_on, year="always"),
        "moved_from": _iso(moved),
        "moved_when": day(moved, year="always"),
        "became": became,
        "became_said": _word(BECAME, became),
        "arithmetic": [list(step) for step in (*counted.steps, counted.total)] if counted is not None else [],
        "law": counted.law if counted is not None else "",
    }


def _line(contents: Contents, one: Happened) -> dict[str, Any]:
    mine = one.role is Role.CUSTOMER
    return {
        "line": one.seq,
        "at": one.at.isoformat(),
        "when": moment(one.at, contents.case.zone),
        "kind": one.kind,
        "role": one.role.value,
        "who": (contents.case.customer if mine else one.name) or _word(ROLES, one.role),
        "said": _happened(one),
        "hash": one.hash,
    }


def _happened(one: Happened) -> str:
    sentence = _word(EVENTS, one.kind) if one.kind in EVENTS else one.kind.replace("_", " ")
    until = day_of(one.data.get("to")) if one.kind == "extended" else None
    return f"{sentence} ({day(until, year='always')})" if until is not None else sentence


def _text(contents: Contents, one: Said) -> dict[str, Any]:
    place = contents.places.get(one.id)
    zone = contents.case.zone
    gone = place.gone_at if place is not None else None
    return {
        "line": place.seq if place is not None else None,
        "at": one.at.isoformat(),
        "when": moment(one.at, zone),
        "kind": one.kind,
        "said": _word(TEXTS, one.kind),
        "role": one.role.value,
        "who": one.author or _word(ROLES, one.role),
        "language": one.language,
        "automatic": one.origin == "automatic",
        "text": one.text,
        "taken_out": _iso(gone),
        "taken_out_when": day(gone, zone, year="always"),
    }
