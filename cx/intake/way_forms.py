"""The forms of the rarer ways on the tracking page: the next body, an opinion, the answer that came by letter."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from cx.core.folding import NOTED_ANSWERS
from cx.core.form_guards import MEDIATION_ENDINGS
from cx.core.words import NextBody
from cx.disputes.clocking import BODY_SAYS
from cx.disputes.letters_kept import OPINION_SAYS
from cx.intake.case_forms import MOST
from cx.intake.forms import NeededDay, choices, minor_of, needed
from cx.web.forms import HouseForm, Line, Story
from cx.web.labels import MEDIATION_ENDED, NEXT_BODIES

NEWS = {
    "complete": _l("They have everything, and the mediation begins"),
    "answered": _l("The company answered them"),
}
OPINION = {"accepted": _l("They accept it"), "refused": _l("They do not accept it")}
SAYS = {"granted": _l("Yes to all"), "partly": _l("Yes in part"), "refused": _l("No")}


class EscalateForm(HouseForm):
    """Take it further: to whom."""

    next_body = RadioField(
        _l("To whom do you take it?"),
        choices=choices((one.value, NEXT_BODIES[one]) for one in NextBody),
        validators=[InputRequired(_l("Please choose one."))],
    )


def _with_amount(form: Any, field: Any) -> None:
    """A validator: money has its day; without money none is asked."""
    if field.data:
        return
    field.errors = []
    raise StopValidation(_l("Please give the day by which it is to be paid.") if form.opinion_amount.data else "")


class OpinionForm(HouseForm):
    """The opinion that the customer received."""

    opinion = Story(
        _l("What does the opinion say?"), [needed(_l("Please copy the opinion, or its essence."))], most=MOST
    )
    opinion_amount = Line(_l("An amount that it proposes"), most=20)
    opinion_pay_by = DateField(_l("To be paid by"), [_with_amount])

    def validate_opinion_amount(self, field: Any) -> None:
        """An amount, or nothing."""
        if field.data and not minor_of(field.data):
            raise ValidationError(_l("Write the amount like 12,50 or 12.50."))


class MediationOverForm(HouseForm):
    """The mediation ended without an opinion."""

    ending = RadioField(
        _l("How did it end?"),
        choices=choices((one, MEDIATION_ENDED[one]) for one in sorted(MEDIATION_ENDINGS)),
        validators=[InputRequired(_l("Please choose one."))],
    )
    ending_words = Story(
        _l("What did they write to you?"), [needed(_l("Please copy what they wrote, or its essence."))], most=MOST
    )


class OpinionNoForm(HouseForm):
    """The customer does not accept the opinion; a reason helps and is never demanded."""

    opinion_refusal = Story(_l("Why not?"), [Optional()], most=MOST)


class TheirAnswerForm(HouseForm):
    """The answer that came by letter."""

    answered_on = NeededDay(_l("On which day did their answer reach you?"), _l("Please give the day."))
    says = RadioField(
        _l("What does it say?"),
        choices=choices((one, SAYS[one]) for one in NOTED_ANSWERS),
        validators=[InputRequired(_l("Please choose one."))],
    )
    their_words = Story(_l("In short, what do they write?"), [Optional()], most=MOST)


class BodyNewsForm(HouseForm):
    """What was heard while the next body has the case."""

    news = RadioField(
        _l("What did you hear?"),
        choices=choices((one, NEWS[one]) for one in BODY_SAYS),
        validators=[InputRequired(_l("Please choose one."))],
    )
    heard_on = NeededDay(_l("On which day did you hear it?"), _l("Please give the day."))
    news_words = Story(_l("In short, what do they write?"), [Optional()], most=MOST)


class TheirOpinionForm(HouseForm):
    """What an organisation that does not read us says to the opinion."""

    their_opinion = RadioField(
        _l("What do they say to it?"),
        choices=choices((one, OPINION[one]) for one in OPINION_SAYS),
        validators=[InputRequired(_l("Please choose one."))],
    )
    their_reason = Story(_l("In short, what do they write?"), [Optional()], most=MOST)


WAY_FORMS: dict[str, type[HouseForm]] = {
    "escalate": EscalateForm, "opinion": OpinionForm, "mediation-over": MediationOverForm,
    "opinion-no": OpinionNoForm, "their-answer": TheirAnswerForm, "body-news": BodyNewsForm,
    "their-opinion": TheirOpinionForm,
}  # fmt: skip
