"""The forms of the tracking page. Their fields have different names, so that all can stand on one page."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional

from cx.core.words import Value, Wish
from cx.disputes.seen import CaseFile
from cx.intake.forms import Amount, NeededDay, choices, needed
from cx.web.forms import HouseForm, Line, Story
from cx.web.labels import VALUE_QUESTIONS, WISHES

FIVE = choices((str(one), str(one)) for one in range(1, 6))
MOST = 10_000


class MessageForm(HouseForm):
    """Write to whoever handles the case."""

    message = Story(_l("Your message"), [needed(_l("Please write something first."))], most=MOST)


class AnswerForm(HouseForm):
    """Answer the question that was asked."""

    answer = Story(_l("Your answer"), [needed(_l("Please write your answer first."))], most=MOST)


class RefuseForm(HouseForm):
    """Refuse an offer; a reason helps and is never demanded."""

    refusal = Story(_l("Why not?"), [Optional()], most=MOST)


class AcceptForm(HouseForm):
    """Accept an offer; whoever is offered a voucher says that they choose it."""

    choose_voucher = BooleanField(_l("I choose the voucher rather than money."), [Optional()])


class OtherForm(HouseForm):
    """Ask for something else than what was offered."""

    wanted = Story(_l("What do you ask for instead?"), [needed(_l("Please say what you ask for."))], most=MOST)
    wanted_amount = Amount(_l("How much, if it is money?"))


class PointForm(HouseForm):
    """Ask for one thing more while the answer is still to come."""

    point = Line(_l("What else do you ask for?"), [needed(_l("Please say what else you ask for."))], most=300)


class ReopenForm(HouseForm):
    """Take the case up again."""

    news = Story(_l("What is new, or what was not kept?"), [Optional()], most=MOST)


class WithdrawForm(HouseForm):
    """Withdraw: the second confirmation."""

    reason = Story(_l("Why do you withdraw it?"), [Optional()], most=MOST)
    sure = BooleanField(_l("Yes, I withdraw my case."), [needed(_l("Please tick the box to confirm."))])


class SolvedForm(HouseForm):
    """Is it solved?"""

    solved = RadioField(choices=choices((one, one) for one in ("yes", "partly", "no")), validators=[InputRequired()])


class EndForm(HouseForm):
    """End the case after the final answer, satisfied or not."""

    satisfied = RadioField(choices=choices((one, one) for one in ("yes", "no")), validators=[InputRequired()])


class ValuesForm(HouseForm):
    """The four values, each in one tap, none needed."""

    price = RadioField(VALUE_QUESTIONS[Value.PRICE], choices=FIVE, validators=[Optional()])
    choice = RadioField(VALUE_QUESTIONS[Value.CHOICE], choices=FIVE, validators=[Optional()])
    listening = RadioField(VALUE_QUESTIONS[Value.LISTENING], choices=FIVE, validators=[Optional()])
    guarantee = RadioField(VALUE_QUESTIONS[Value.GUARANTEE], choices=FIVE, validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one of the four; each by itself may stay empty."""
        sound = bool(super().validate(extra_validators))
        if sound and not any(self.data.values()):
            self.guarantee.errors = [_l("Please tap at least one number, or leave it.")]
            return False
        return sound


class SendForm(HouseForm):
    """Ask for something after all, or say on which day the letter was sent."""

    wish = RadioField(
        _l("What do you want?"),
        choices=choices((one.value, WISHES[one]) for one in Wish if one is not Wish.TELL),
        validators=[InputRequired(_l("Please choose one."))],
    )
    wish_words = Story(_l("In your words"), [Optional()], most=1000)
    agree = BooleanField(_l("I agree that my story is passed on."), [needed(_l("Without this nothing is passed on."))])
    sent_on = NeededDay(
        _l("On which day did you send it?"), _l("Please give the day: the time to answer runs from there.")
    )

    def fit(self, case: CaseFile) -> None:
        """Ask only what this case still needs."""
        if case.claimed:
            del self.sent_on
            self.agree.label.text = _l(
                "I agree that %(name)s handles my story as a demand and answers me.", name=case.organisation
            )
            return
        del self.agree
        if case.wish is not Wish.TELL:
            del self.wish
            del self.wish_words
