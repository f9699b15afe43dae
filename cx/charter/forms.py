"""The forms of charters: a promise, the day it is published, what is decided about a remedy, what a customer asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from babel.core import get_global
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cx.core.charter import RULE_BY_ID, Rule
from cx.core.money import CURRENCIES
from cx.core.words import OfferKind
from cx.disputes.charter import REMEDIES, Draft
from cx.web.formats import NO_MINOR
from cx.web.forms import HouseForm, Line, Story
from cx.web.labels import OFFER_KINDS
from cx.web.promises import RULES

MOST_MONEY = 10_000


def home_currency(country: str) -> str:
    """The currency of a country; euros where none is known."""
    used = get_global("territory_currencies").get(country.upper(), ())
    name = next((name for name, _since, until, tender in used if tender and not until), "EUR")
    return str(name) if name in CURRENCIES else "EUR"


def minor(whole: int, currency: str) -> int:
    """A whole amount in minor units."""
    return whole if currency in NO_MINOR else whole * 100


class PromiseForm(HouseForm):
    """One promise: the rule, its limit, the remedy, and how many remedies one person may have a year."""

    draft = HiddenField()
    rule = SelectField(_l("What is promised"), choices=[SelectChoice(one.value, RULES[one]) for one in Rule])
    amount = IntegerField(
        _l("How many"),
        [InputRequired(_l("A number, please.")), NumberRange(1, 60, _l("A number from 1 to 60, please."))],
    )
    kind = SelectField(
        _l("What a broken promise brings"), choices=[SelectChoice(one.value, OFFER_KINDS[one]) for one in REMEDIES]
    )
    money = IntegerField(
        _l("Amount"), [Optional(), NumberRange(1, MOST_MONEY, _l("A whole amount from 1 to 10,000, please."))]
    )
    words = Line(_l("In a few words"), most=160)
    cap = IntegerField(
        _l("Remedies for one person within a year, at most"),
        [InputRequired(_l("A number, please.")), NumberRange(1, 12, _l("A number from 1 to 12, please."))],
        default=3,
    )

    def validate_amount(self, field: Any) -> None:
        """Not so large that nothing is promised."""
        rule = RULE_BY_ID.get(self.rule.data or "")
        if rule is not None and field.data is not None and field.data > rule.most:
            raise ValidationError(_l("At most %(most)s: more would be no promise.", most=rule.most))

    def validate_kind(self, field: Any) -> None:
        """A sum of money needs its amount, a service its words."""
        if field.data not in {one.value for one in REMEDIES}:
            return
        kind = OfferKind(field.data)
        if kind.carries_money and not self.money.data and not any(self.money.raw_data or ()):
            raise ValidationError(_l("Say how much, as a whole amount."))
        if kind is OfferKind.SERVICE_PERFORMED and not self.words.data:
            raise ValidationError(_l("Say in a few words which service it is."))

    def promise(self, country: str) -> Draft:
        """What was written, once it is sound."""
        kind, currency = OfferKind(self.kind.data), home_currency(country)
        amount = self.money.data if kind.carries_money else None
        return Draft(
            rule=RULE_BY_ID[self.rule.data],
            amount=self.amount.data or 1,
            kind=kind,
            amount_minor=minor(amount, currency) if amount else None,
            currency=currency if amount else None,
            words=self.words.data or "",
            cap=self.cap.data or 1,
        )


class PublishForm(HouseForm):
    """From which day the drafts hold."""

    on = DateField(_l("From which day"), [InputRequired(_l("A day, please."))])

    def validate_on(self, field: Any) -> None:
        """Today or later, within a year: a promise never binds backwards."""
        today = datetime.now(UTC).date()
        if field.data is not None and not today - timedelta(days=1) <= field.data <= today + timedelta(days=365):
            raise ValidationError(_l("A day from today on, within a year."))


class RaiseForm(HouseForm):
    """Offer more than was promised."""

    more = IntegerField(
        _l("Amount"), [Optional(), NumberRange(1, MOST_MONEY, _l("A whole amount from 1 to 10,000, please."))]
    )
    what = Line(_l("In a few words"), most=160)


def _sentence(_form: Any, field: Any) -> None:
    """A sentence, not a sign."""
    if len((field.data or "").split()) < 3:
        raise ValidationError(_l("Please write a sentence that explains it."))


class BlockForm(HouseForm):
    """Do not give it: why."""

    reason = Story(
        _l("Why not? The customer reads this."),
        [InputRequired(_l("The customer needs your reason.")), _sentence],
        most=2000,
    )


class RemainForm(HouseForm):
    """Stay with what was promised: why."""

    why = Story(
        _l("Why no more than this? The customer reads it."),
        [InputRequired(_l("The customer needs your reason.")), _sentence],
        most=2000,
    )


class GivenForm(HouseForm):
    """It was given: how one can tell."""

    proof = Line(_l("How and when it was given"), [InputRequired(_l("Say how it was given, please."))], most=200)


class WantedForm(HouseForm):
    """Ask for something else than the remedy."""

    wanted = Story(_l("What do you ask for instead?"), [InputRequired(_l("Please say what you ask for."))], most=2000)
