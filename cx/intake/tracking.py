"""The tracking page, which is also the receipt: where it stands, the conversation, what one can do now."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import segno
from flask import current_app, make_response, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from cx.core import clock
from cx.core.form_guards import REOPEN_DAYS
from cx.core.refusals import NotVisible
from cx.core.words import ENDED_STATES, Action, Sector, State, Wish
from cx.disputes import casefile, recipients
from cx.disputes.calendars import days_off
from cx.disputes.clocking import facts_of
from cx.disputes.reference import in_groups
from cx.disputes.seen import CaseFile, ClockSeen
from cx.disputes.sight import As
from cx.intake.blueprint import blueprint
from cx.intake.case_forms import (
    AcceptForm,
    AnswerForm,
    MessageForm,
    OtherForm,
    PointForm,
    RefuseForm,
    ReopenForm,
    SendForm,
    ValuesForm,
    WithdrawForm,
)
from cx.intake.clock_facts import ClockFacts, form_of, lines, to_add
from cx.intake.clocks import clocks_and_rights
from cx.intake.conversation import card_text, entries, solved_since, valued_since
from cx.intake.conversation import last_answer as latest
from cx.intake.keys import code_page
from cx.intake.people import people
from cx.intake.reading_form import ReadingForm, said_of_reading
from cx.intake.standing import final_said, nothing_left_to_do, standing, who_reads
from cx.intake.way_forms import WAY_FORMS
from cx.intake.ways import ways
from cx.web.arithmetic import amount
from cx.web.database import reading
from cx.web.doors import Who, door
from cx.web.formats import local
from cx.web.forms import HouseForm
from cx.web.visitors import hashed, held_secrets, visitor

FORMS: Mapping[str, type[HouseForm]] = WAY_FORMS | {
    "message": MessageForm, "answer": AnswerForm, "refuse": RefuseForm, "other": OtherForm, "values": ValuesForm,
    "reopen": ReopenForm, "accept": AcceptForm, "point": PointForm, "facts": ClockFacts,
    "reading": ReadingForm,
}  # fmt: skip


def opened(reference: str) -> CaseFile:
    """The case for the visitor who holds a key to it. Raises NotVisible otherwise."""
    return casefile.open_case(reading(), visitor(), As.CUSTOMER, reference, datetime.now(UTC))


def seen_of(case: CaseFile) -> str:
    """What a decision was based on: the state and the version of the offer."""
    return f"{case.state.value}.{case.offer.version if case.offer else 0}"


def key_of(case: CaseFile) -> str:
    """The secret in this browser that opens this case."""
    opening = {one.secret_hash for one in case.beside["keys"]}
    return next((secret for secret in held_secrets() if hashed(secret) in opening), "")


def qr(address: str) -> Markup:
    """An address as a QR code, inline, black on white in every colour scheme."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, scale=4, light="#fff", dark="#000", svgclass="qr", lineclass=None,
        omitsize=True, title=_("Your private link as a QR code"),
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno from an address of ours, nothing typed in it


def passed_on_to(case: CaseFile) -> str:
    """The organisation that the customer agreed to pass the story on to; empty when it was not passed on."""
    moved = next((one for one in case.happened if one.kind == "redirected"), None)
    found = recipients.by_slug(reading(), str(moved.data.get("target"))) if moved is not None else None
    return found.name if found is not None else ""


def dates(case: CaseFile) -> list[tuple[str, date]]:
    """The days that still lie in the hands of the law, for the margin: the first one of each purpose."""
    if case.state in ENDED_STATES:
        return []
    # A way that is open already needs no day on which it would have opened by itself.
    way_open = case.state in {State.RECEIVED, State.FINAL_POSITION} and Action.ESCALATE in case.actions
    running = sorted(
        (one for one in case.clocks if _for_margin(one) and not (way_open and one.purpose == "right_opens")),
        key=lambda one: one.due_on,
    )
    first: dict[str, date] = {}
    for one in running:
        first.setdefault(one.purpose, one.due_on)
    return list(first.items())


def _for_margin(one: ClockSeen) -> bool:
    """Whether a clock runs whose day the customer should have before their eyes; all others stand behind one click."""
    eases = one.purpose == "right_lost" and one.duty_holder == "company"
    return one.lawful and one.done_on is None and one.duty_holder != "mediator" and not eases


def send_form(case: CaseFile, filled: bool = True) -> SendForm:
    """The form that makes a demand of a story, fitted to the case."""
    values = {"sent_on": local(datetime.now(UTC), case.zone).date().isoformat(), "wish_words": case.wish_text}
    form = SendForm.filled(values) if filled else SendForm.of_request()
    form.fit(case)
    return form


def answer_rule(case: CaseFile) -> tuple[str, str] | None:
    """For the ready letter: within what time the law asks for an answer, and the source; None where it sets none."""
    today = local(datetime.now(UTC), case.zone).date()
    regimes = clock.load()
    facts = facts_of({"facts": case.facts, "issue": case.issue, "sector": case.sector})
    asked = clock.start_all(Sector(case.sector), case.jurisdiction, facts, today, days_off) if case.jurisdiction else ()
    owed = [
        one for one in asked if regimes[one.regime_id].purpose is clock.Purpose.ANSWER and regimes[one.regime_id].lawful
    ]
    if not owed:
        return None
    first = min(owed, key=lambda one: one.due_on)
    return amount(first.counted, first.unit), regimes[first.regime_id].source


def _facts_form(case: CaseFile, refused: HouseForm | None) -> ClockFacts:
    """The facts that may still be added, as they were typed when they were refused."""
    if not isinstance(refused, ClockFacts):
        return form_of(case)
    refused.keep(to_add(case))
    return refused


def case_page(
    case: CaseFile, status: int = 200, forms: Mapping[str, HouseForm] | None = None, alert: str = "", typed: str = ""
) -> Response:
    """The page, with the forms that were refused in their place; `typed` is kept in the composer."""
    now = datetime.now(UTC)
    wrong = dict(forms or {})
    shown: dict[str, Any] = {name: wrong.get(name) or kind.filled({}) for name, kind in FORMS.items()}
    if typed:
        shown["message"] = MessageForm.filled({"message": typed})
    shown["send"] = wrong.get("send") or send_form(case)
    said = said_of_reading(case, now)
    shown["reading"] = wrong.get("reading") or ReadingForm.beginning(said["opinions"]).fit(case)
    shown["facts"] = _facts_form(case, wrong.get("facts"))
    card = card_text(case)
    secret = key_of(case)
    address = f"{current_app.config['DOLEANCE_URL']}{url_for('intake.key', secret=secret)}" if secret else ""
    late_reopening = case.ended_at is not None and now - case.ended_at > timedelta(days=REOPEN_DAYS)
    known = ways(case)
    shown["escalate"].next_body.choices = known.choices() or shown["escalate"].next_body.choices
    page = render_template(
        "intake/case.html",
        ways=known,
        case=case,
        head=standing(case, now, passed_on_to(case)),
        who=who_reads(case),
        **people(case, now),
        **said,
        entries=entries(case, card),
        told_facts=lines(case.facts),
        card=card,
        final=final_said(case, now),
        dates=dates(case),
        **clocks_and_rights(case, now),
        may={one.value for one in case.actions},
        ends_at_once=nothing_left_to_do(case),
        forms=shown,
        wrong=set(wrong),
        alert=alert,
        seen=seen_of(case),
        solved=solved_since(case),
        ask_solved=latest(case) is not None and case.claimed and case.state is not State.REDIRECTED,
        valued=valued_since(case),
        secret=in_groups(secret),
        address=address,
        qr=qr(address) if address else "",
        rule=None if case.claimed else answer_rule(case),
        needs_news=late_reopening and not case.dispute.redress_unpaid,
        tells=case.wish is Wish.TELL,
    )
    return make_response(page, status)


@blueprint.get("/case/<reference>")
@door(Who.CUSTOMER)
def case(reference: str) -> Response:
    """Receipt and tracking page; strangers are asked for the code."""
    try:
        found = opened(reference)
    except NotVisible:
        return code_page(reference)
    return case_page(found)


@blueprint.get("/case/<reference>/withdraw")
@door(Who.CUSTOMER)
def withdraw(reference: str) -> Response:
    """Are you sure?"""
    try:
        found = opened(reference)
    except NotVisible:
        return code_page(reference)
    if Action.WITHDRAW not in found.actions:
        return case_page(found)
    return withdraw_page(found, WithdrawForm.filled({}))


def withdraw_page(found: CaseFile, form: HouseForm, status: int = 200) -> Response:
    """The second confirmation of a withdrawal."""
    return make_response(render_template("intake/withdraw.html", case=found, form=form, seen=seen_of(found)), status)
