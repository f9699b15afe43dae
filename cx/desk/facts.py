"""From a form to the facts that the heart judges, and from a refusal back to the field of the form."""

from collections.abc import Mapping
from typing import Any

from wtforms.fields.core import Field

from cx.core.refusals import GuardFailed
from cx.core.words import OfferKind, PointAnswer
from cx.desk.forms import AnswerForm, DeskForm, FinalForm, OfferForm, RefuseForm
from cx.desk.money import minor_of
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
    """The facts of an offer, a refusal or a final answer. Every point gets the same answer and reasons."""
    refused = isinstance(form, RefuseForm)
    answer = PointAnswer.REFUSED.value if refused else str(form["answer"].data)
    facts: dict[str, Any] = {
        "points": {str(number): answer for number in range(1, max(1, len(case.dispute.points)) + 1)},
        "reasons": mask(str(form["reasons"].data)).text,
        "text": letter(form),
        "kind": OfferKind.EXPLANATION.value,
    }
    if isinstance(form, OfferForm):
        facts.update(_offer(form))
    if isinstance(form, FinalForm):
        facts.update(_next(form))
    return facts


def _offer(form: OfferForm) -> dict[str, Any]:
    kind = str(form.kind.data or "")
    facts: dict[str, Any] = {"kind": kind}
    if kind:
        facts.update(
            expires_on=form.expires_on.data,
            pay_by=form.pay_by.data,
            voucher_chosen=bool(form.voucher_chosen.data),
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
    if name in form:
        mark(form[name], sentence)
    else:
        form.form_errors.append(sentence)
