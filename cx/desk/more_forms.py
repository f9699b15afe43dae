"""The forms of the rarer moves: pass a case on, go on without an answer, take an offer back, mediation, a neutral's acts."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from cx.core.form_guards import MEDIATION_ENDINGS
from cx.core.words import MONEY_OFFERS, Action, NextBody, OfferKind, Role, State
from cx.desk.forms import MAX_LETTER, NO_OFFER, DeskForm
from cx.disputes import recipients
from cx.disputes.neutrals import last_recourse
from cx.disputes.recipients import Recipient
from cx.disputes.seen import CaseFile
from cx.web import labels
from cx.web.database import reading
from cx.web.forms import Line, Story
from cx.web.labels import MEDIATION_ENDED

_LETTER = _l("Your letter")
_EMPTY = _l("The letter is empty.")


def _letter() -> Story:
    return Story(_LETTER, [DataRequired(_EMPTY)], most=MAX_LETTER)


class RedirectForm(DeskForm):
    """Another organisation should answer: which one, and why, in a letter to the customer, who decides."""

    mode = "redirect"
    to = Line(_l("Which organisation should answer?"), [DataRequired(_l("Say which organisation."))], most=120)
    text = Story(_l("Why, in your letter to the person"), [DataRequired(_EMPTY)], most=MAX_LETTER)
    found: Recipient | None = None

    def validate_to(self, field: Any) -> None:
        """An organisation that reads us."""
        self.found = recipients.chosen(recipients.suggest(reading(), field.data or ""), field.data or "")
        if self.found is None:
            raise ValidationError(_l("No organisation that reads here has this name. Write to the person instead."))


class ProceedForm(DeskForm):
    """Going on without an answer."""

    mode = "proceed"


class TakeBackForm(DeskForm):
    """Taking an open offer back, with a reason that the customer reads."""

    mode = "takeback"
    text = _letter()


class ReopenForm(DeskForm):
    """Opening a case again: a supervisor in the customer's favour, a neutral on new evidence."""

    mode = "reopen"
    text = Story(_l("Your letter: what is new, or what was wrong"), [DataRequired(_EMPTY)], most=MAX_LETTER)
    irregular = BooleanField(_l("The case should not have ended as it did"))


class EscalateForm(DeskForm):
    """A neutral records that the customer went to the next body."""

    mode = "escalate"
    next_body = SelectField(
        _l("To whom the person went"),
        choices=[SelectChoice(one.value, labels.NEXT_BODIES[one]) for one in NextBody],
    )
    text = _letter()


class OpinionForm(DeskForm):
    """The opinion of a mediator, as given, with what it proposes."""

    mode = "opinion"
    text = Story(_l("The opinion"), [DataRequired(_l("Write the opinion, or its essence."))], most=MAX_LETTER)
    kind = SelectField(
        _l("What it proposes"),
        choices=[
            SelectChoice(NO_OFFER, _l("Nothing that can be counted")),
            *(SelectChoice(one.value, labels.OFFER_KINDS[one]) for one in OfferKind if one is not OfferKind.VOUCHER),
        ],
        default=NO_OFFER,
    )
    amount = Line(_l("Amount"), most=40)
    currency = SelectField(_l("Currency"))
    pay_by = DateField(_l("Paid or done by"), [Optional()])


class MediationEndForm(DeskForm):
    """A mediation that ended without an opinion."""

    mode = "mediation-end"
    reason = RadioField(
        _l("How it ended"),
        [InputRequired(_l("Say how it ended."))],
        choices=[SelectChoice(one, MEDIATION_ENDED[one]) for one in sorted(MEDIATION_ENDINGS)],
    )
    text = _letter()


class OpinionYesForm(DeskForm):
    """The organisation accepts the opinion."""

    mode = "opinion-yes"
    text = _letter()


class OpinionNoForm(DeskForm):
    """The organisation does not accept the opinion, and says why."""

    mode = "opinion-no"
    text = Story(_l("Why not, in your letter to the person"), [DataRequired(_EMPTY)], most=MAX_LETTER)


class EndProvenForm(DeskForm):
    """A neutral ends what was done, proven and not objected to."""

    mode = "end-proven"
    text = _letter()


class LapseForm(DeskForm):
    """A neutral records that every way has run out."""

    mode = "lapse"
    text = _letter()


MORE_FORMS: dict[str, type[DeskForm]] = {
    form.mode: form
    for form in (
        RedirectForm, ProceedForm, TakeBackForm, ReopenForm, EscalateForm, OpinionForm, MediationEndForm,
        OpinionYesForm, OpinionNoForm, EndProvenForm, LapseForm,
    )
}  # fmt: skip
MONEY = ",".join(sorted(MONEY_OFFERS - {OfferKind.VOUCHER}))


def more_modes(case: CaseFile, role: Role | None, at: datetime) -> dict[str, bool]:
    """Which of these forms the page offers to a person of staff in this role."""
    can, neutral = set(case.actions), role is Role.NEUTRAL
    lapses = neutral and Action.LAPSE in can
    ended = last_recourse(case) if lapses else None
    return {
        "redirect": Action.PROPOSE_REDIRECT in can and not case.dispute.redirect_target,
        "proceed": Action.PROCEED in can,
        "takeback": Action.IMPROVE in can and case.state is State.OFFER_MADE,
        "escalate": neutral and Action.ESCALATE in can,
        "opinion": neutral and Action.RECORD_OPINION in can,
        "mediation-end": neutral and Action.MEDIATION_ENDED in can,
        "opinion-yes": role is Role.SUPERVISOR and Action.ACCEPT_OPINION in can,
        "opinion-no": role is Role.SUPERVISOR and Action.REFUSE_OPINION in can,
        "end-proven": neutral and Action.CLOSE in can,
        "lapse": lapses and ended is not None and ended < at.date(),
        "reopen": Action.REOPEN in can,
    }
