"""The forms of the customers' room: telling a story in four pages."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from cx.core.words import Sector, Wish
from cx.disputes.analysis import fold
from cx.disputes.recipients import ZONES
from cx.web.forms import HouseForm, Line, Story
from cx.web.labels import SECTORS, WISHES
from cx.web.language import language

OLDEST = timedelta(days=3653)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_EMAIL = re.compile(r"[^\s@,;<>\"()\[\]\\]{1,64}@[^\s@,;<>\"()\[\]\\]+\.[^\s@,;<>\"()\[\]\\.]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ().\-/]{4,22}")


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """The choices of a field, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]


def needed(message: Any) -> Any:
    """A validator: something must stand here, said with `message` (without the attribute that browsers act on)."""

    def check(_form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(message)

    return check


def day_of(typed: str | None) -> date | None:
    """A day as date fields send it (YYYY-MM-DD); None for anything else."""
    if not typed or not _DAY.fullmatch(typed):
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def minor_of(typed: str | None) -> int | None:
    """An amount as people write it ("12,50", "£12.50", "1 200") in hundredths; None for anything else."""
    found = _AMOUNT.fullmatch(re.sub(r"[\s\u00a0\u202f€£$]", "", typed or ""))
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


def country_name(code: str) -> str:
    """The name of a country in the language of the page."""
    return str(Locale.parse(language()).territories.get(code, code))


class Day(Line):
    """A day between ten years ago and today (tomorrow passes: people live in all zones)."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        """Render as a date field."""
        super().__init__(label, [Optional()], most=10, render_kw={"type": "date"}, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what is no day, or no day of the last ten years."""
        if not self.data or validation_stopped:
            return
        day, today = day_of(self.data), datetime.now(UTC).date()
        if day is None:
            raise ValidationError(_l("Please give the day as year-month-day, for example 2026-03-28."))
        if day > today + timedelta(days=1):
            raise ValidationError(_l("This day has not come yet."))
        if day < today - OLDEST:
            raise ValidationError(_l("This day lies more than ten years back. Leave it empty and say it in the story."))


class NeededDay(Day):
    """A day that must be given; `missing` is said when it is not (an optional field skips its form's own checks)."""

    def __init__(self, label: Any = None, missing: Any = None, **kwargs: Any) -> None:
        """Keep the sentence."""
        super().__init__(label, **kwargs)
        self.missing = missing

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Ask for the day, then for a sound one."""
        if not self.data:
            raise ValidationError(self.missing)
        super().post_validate(form, validation_stopped)


class Count(Line):
    """A whole number of things, up to 9,999."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        """Ask phones for their number keys."""
        super().__init__(label, [Optional()], most=6, render_kw={"inputmode": "numeric"}, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what is no whole number."""
        if self.data and not validation_stopped and not re.fullmatch(r"[0-9]{1,4}", self.data):
            raise ValidationError(_l("A whole number, please, for example 3."))


class Amount(Line):
    """An amount of money with comma or dot."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        """Ask phones for their number keys."""
        super().__init__(label, [Optional()], most=16, render_kw={"inputmode": "decimal"}, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what is no amount."""
        if self.data and not validation_stopped and minor_of(self.data) is None:
            raise ValidationError(_l("An amount such as 12.50, please."))


class StoryForm(HouseForm):
    """Page 1: what happened, and with whom. `organisation` is the slug when the address chose one."""

    story = Story(_l("What happened?"), [needed(_l("Please tell what happened: a few words are enough."))])
    whom = Line(_l("With whom?"), [needed(_l("With which company did it happen?"))], most=120)
    organisation = HiddenField(validators=[Length(max=80)])


class CompanyForm(HouseForm):
    """Which organisation of several, or one that does not read us: its sector and its country."""

    organisation = RadioField(_l("Which one is it?"), validators=[Optional()])
    sector = RadioField(_l("What kind of company is it?"), validators=[Optional()])
    country = SelectField(_l("In which country?"), validators=[Optional()])

    def offer(self, found: Sequence[tuple[str, str]]) -> None:
        """Give the choices: organisations found as (slug, words), the sectors, the countries by name."""
        self.organisation.choices = choices([*found, ("none", _l("None of these"))])
        self.sector.choices = choices((one.value, SECTORS[one]) for one in Sector)
        first, rest = list(ZONES)[:3], sorted(list(ZONES)[3:], key=lambda code: fold(country_name(code)))
        named = [(code, country_name(code)) for code in (*first, *rest)]
        self.country.choices = choices([("", _l("Choose a country")), *named, ("ZZ", _l("Another country"))])


ALSO = ("also1", "also2", "also3")


class WishForm(HouseForm):
    """Page 2: what the person wants, in one tap; words and consent belong to any wish but just telling."""

    wish = RadioField(
        _l("What do you want?"),
        choices=choices((one.value, WISHES[one]) for one in Wish),
        validators=[InputRequired(_l("Please choose one: you can change it later."))],
    )
    wish_text = Story(_l("In your words"), [Optional()], most=1000)
    also1 = Line(_l("Something else you want"), [Optional()], most=200)
    also2 = Line(_l("And something else"), [Optional()], most=200)
    also3 = Line(_l("And one thing more"), [Optional()], most=200)
    consent = BooleanField(_l("I agree that my story is passed on."))

    def validate_consent(self, field: Any) -> None:
        """Without consent nothing is passed on, so a demand cannot be sent."""
        if self.wish.data in set(Wish) - {Wish.TELL} and not field.data:
            raise ValidationError(_l("To get an answer, your story must be passed on. Or choose “Just tell”."))


class ContactForm(HouseForm):
    """Page 4: where to reply, all optional. `key` makes sending happen once, `seen` says which text was shown."""

    key = HiddenField(validators=[Length(max=64)])
    seen = HiddenField(validators=[Length(max=64)])
    name = Line(_l("What may we call you?"), [Optional()], most=80)
    email = Line(_l("E-mail"), [Optional()], most=255)
    phone = Line(_l("Phone"), [Optional()], most=40)
    postal = Story(_l("Postal address"), [Optional()], most=400)

    def validate_email(self, field: Any) -> None:
        """An address that could receive a letter."""
        if field.data and not _EMAIL.fullmatch(field.data):
            raise ValidationError(_l("This does not look like an e-mail address. It looks like name@example.org."))

    def validate_phone(self, field: Any) -> None:
        """Digits and the signs that people put between them."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(_l("A phone number has digits only, with + or spaces if you like."))


class CodeForm(HouseForm):
    """The way back to one's story: reference and code."""

    reference = Line(_l("Reference"), [needed(_l("The reference looks like DL-7K3M-9QXT."))], most=40)
    code = Line(_l("Code"), [needed(_l("The code has sixteen letters and digits."))], most=80)
