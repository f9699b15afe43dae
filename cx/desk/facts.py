"""From a form to the facts that the heart judges, and from a refusal back to the field of the form."""

from collections.abc import Mapping
from typing import Any

from wtforms.fields.core import Field

from cx.core.refusals import GuardFailed
from cx.core.words import OfferKind, PointAnswer
from cx.desk.forms import AnswerForm, DeskForm, FinalForm, OfferForm, RefuseForm
from cx.desk.money import minor_of
from cx.desk.offering import rows
from cx.desk.sentences import guard_sentence
from cx.disputes.masking import mask
from cx.disputes.seen import CaseFile
from cx.web.sentence import _

# The heart's names for what forms call otherwise.
FIELDS: Mapping[str, str] = {
    "amount_minor": "amount",
    "points": "answer",
    "question": "text",
    "next_body_deadline": "deadline",
    "next_body_free": "free",
    "owner": "to",
}


def letter(form: DeskForm) -> str:
    """The text of a form as it is stored: numbers that nobody should give away are hidden."""
    return mask(str(form["text"].data or "")).text


def answer_facts(form: AnswerForm, case: CaseFile) -> dict[str, Any]:
    """The facts of an offer, a refusal or a final answer: each point with its own answer and its own reasons."""
    facts: dict[str, Any] = {
        **_points(form, case),
        "text": letter(form),
        "kind": OfferKind.EXPLANATION.value,
    }
    if isinstance(form, OfferForm):
        facts.update(_offer(form))
    if isinstance(form, FinalForm):
        facts.update(_next(form))
    return facts


def _points(form: AnswerForm, case: CaseFile) -> dict[str, Any]:
    refused = PointAnswer.REFUSED.value if isinstance(form, RefuseForm) else ""
    several = rows(case)
    if not several:
        answer = refused or str(form["answer"].data)
        return {"points": {"1": answer}, "reasons": mask(str(form["reasons"].data)).text}
    return {
        "points": {str(row.number): refused or str(form[row.answer].data) for row in several},
        "reasons": {str(row.number): mask(str(form[row.reasons].data)).text for row in several},
    }


def _offer(form: OfferForm) -> dict[str, Any]:
    kind = str(form.kind.data or "")
    facts: dict[str, Any] = {"kind": kind}
    if kind:
        facts.update(
            expires_on=form.expires_on.data,
            pay_by=form.pay_by.data,
            voucher_chosen=bool(form.voucher_chosen.data),
            voucher_expires_on=form.voucher_expires_on.data,
            basis=form.basis.data or "",
            conditions=mask(str(form.conditions.data or "")).text,
        )
    if form.amount.data:
        facts.update(amount_minor=minor_of(form.amount.data, form.currency.data or ""), currency=form.currency.data)
    return facts


def _next(form: FinalForm) -> dict[str, Any]:
    return {
        "next_body": form.next_body.data,
        "next_body_deadline": "none" if form.deadline.data == "none" else form.deadline_on.data,
        "next_body_free": {"yes": True, "no": False}.get(str(form.free.data)),
    }


def offer_mistakes(form: OfferForm) -> bool:
    """Mark what no rule of disputes can see: an amount that is none, one without a kind. True when something is wrong."""
    kind, typed = str(form.kind.data or ""), str(form.amount.data or "")
    money = kind in set(OfferKind) and OfferKind(kind).carries_money
    if money and minor_of(typed, str(form.currency.data or "")) is None:
        mark(form.amount, _("Write the amount like 12,50 or 12.50."))
        return True
    if typed and not money:
        mark(form.amount, guard_sentence("offer_sound", "amount_minor"))
        return True
    return False


def mark(field: Field, sentence: str) -> None:
    """Put a sentence beside a field."""
    field.errors = [*field.errors, sentence]


def explain(form: DeskForm, refusal: GuardFailed) -> None:
    """Put the refusal beside the field it belongs to, else above the form."""
    name = FIELDS.get(refusal.field or "", refusal.field or "")
    sentence = guard_sentence(refusal.guard, refusal.field)
    if refusal.guard == "within_limit" and isinstance(form, OfferForm):
        form.above_limit = True
    if name in form:
        mark(form[name], sentence)
    else:
        form.form_errors.append(sentence)
