"""The forms of the room: the court question, a mediator's link, a file to check, and the acts of the mediator."""

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from cx.core.money import CURRENCIES
from cx.core.signatures import natural_name
from cx.core.words import NextBody, OfferKind
from cx.disputes.mediators import TERMS
from cx.elsewhere.wording import REASONS
from cx.web.formats import NO_MINOR
from cx.web.forms import HouseForm, KeyedForm, Line, Story
from cx.web.labels import MEDIATION_ENDED, NEXT_BODIES, OFFER_KINDS

MOST = 10_000
_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def choices(pairs: Any) -> list[Any]:
    """The choices of a field, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]


def needed(message: Any) -> Any:
    """A validator: something must stand here, said with `message`."""

    def check(_form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(message)

    return check


class CourtForm(HouseForm):
    """Does a court have it?"""

    court = RadioField(
        _l("Does a court already deal with this?"),
        choices=choices([("no", _l("No")), ("yes", _l("Yes"))]),
        validators=[InputRequired(_l("Please choose one."))],
    )


class FileForm(HouseForm):
    """For whom the file is, and in which language."""

    body = SelectField(_l("For whom is it?"), validators=[Optional()], validate_choice=False)
    language = HiddenField()


class LinkForm(KeyedForm):
    """A link for a mediator: for whom, and for how long."""

    link_body = SelectField(_l("For whom is the link?"), validators=[Optional()], validate_choice=False)
    days = RadioField(
        _l("For how long?"),
        choices=choices((str(days), _l("%(days)s days", days=days)) for days in TERMS),
        default=str(TERMS[-1]),
        validators=[InputRequired(_l("Please choose one."))],
    )


def bodies(field: Any, known: tuple[NextBody, ...]) -> None:
    """Offer the bodies that come next, and "somebody else"."""
    field.choices = choices([*((one.value, NEXT_BODIES[one]) for one in known), ("", _l("Somebody else"))])


def body_of(value: str | None, known: tuple[NextBody, ...]) -> NextBody | None:
    """The chosen body, if it is one of those that come next."""
    return next((one for one in known if one.value == value), None)


class CheckForm(HouseForm):
    """A file, or its fingerprint."""

    file = FileField(_l("The file (ZIP, PDF or JSON)"), [Optional()])
    sha256 = Line(_l("Or its fingerprint (SHA-256)"), [Optional()], most=200)

    def validate_sha256(self, field: Any) -> None:
        """Take the 64 digits however they are grouped."""
        field.data = re.sub(r"[^0-9a-f]", "", (field.data or "").lower().removeprefix("sha256"))
        if not _SHA256.fullmatch(field.data):
            raise ValidationError(_l("A fingerprint has 64 digits from 0 to 9 and a to f."))


class EnterForm(HouseForm):
    """Who are you?"""

    name = Line(_l("Your first and last name"), [needed(_l("Please say who you are."))], most=80)
    function = Line(_l("Your function, and for whom"), [needed(_l("Please say for whom you act."))], most=80)

    def validate_name(self, field: Any) -> None:
        """Ask for a person: a team is nobody."""
        if not natural_name(field.data or ""):
            raise ValidationError(_l("Please give the first and the last name of a person."))


class AskForm(HouseForm):
    """Write to both parties."""

    ask = Story(_l("Your message to both"), [needed(_l("Please write something first."))], most=MOST)


class AgreeForm(HouseForm):
    """The facts of one point that nobody disputes."""

    agreed = Story(_l("What nobody disputes"), [Optional()], most=2_000)


class OpinionForm(HouseForm):
    """The opinion, with what it proposes."""

    opinion = Story(_l("Your opinion, as both will read it"), [needed(_l("Please write your opinion."))], most=MOST)
    kind = SelectField(_l("What it proposes"), validators=[Optional()], validate_choice=False)
    amount = Line(_l("Amount"), [Optional()], most=20, render_kw={"inputmode": "decimal"})
    currency = SelectField(_l("Currency"), validators=[Optional()], validate_choice=False)
    pay_by = Line(_l("To be done by"), [Optional()], most=10, render_kw={"type": "date"})

    def fit(self) -> None:
        """Lay out the choices."""
        kinds = [one for one in OfferKind if one is not OfferKind.VOUCHER]
        self.kind.choices = choices([("", _l("Nothing to be done")), *((one.value, OFFER_KINDS[one]) for one in kinds)])
        self.currency.choices = choices((one, one) for one in ("EUR", "GBP", "USD", *sorted(CURRENCIES)))

    def offer(self) -> dict[str, Any]:
        """The facts of the offer as the heart reads them; empty when the opinion proposes nothing."""
        if not self.kind.data or self.kind.data not in set(OfferKind):
            return {}
        facts: dict[str, Any] = {"kind": self.kind.data}
        minor = minor_of(self.amount.data or "", self.currency.data or "")
        if self.amount.data:
            facts.update(amount_minor=minor if minor is not None else -1, currency=self.currency.data or "EUR")
        if self.pay_by.data:
            facts["pay_by"] = day_of(self.pay_by.data)
        return facts


class EndForm(HouseForm):
    """End the mediation without an opinion."""

    reason = RadioField(
        _l("How did it end?"),
        choices=choices(MEDIATION_ENDED.items()),
        validators=[InputRequired(_l("Please choose one."))],
    )
    words = Story(_l("Say it to both in a sentence"), [needed(_l("Please write something first."))], most=MOST)


class TakeOutForm(HouseForm):
    """Take a text out for good."""

    text = RadioField(_l("Which text?"), validators=[InputRequired(_l("Please choose one."))], validate_choice=False)
    why = SelectField(
        _l("Why?"), choices=choices(REASONS.items()), validators=[InputRequired(_l("Please choose one."))]
    )
    sure = BooleanField(
        _l("Yes, take it out. I know that nobody can bring it back."),
        [needed(_l("Please tick the box to confirm."))],
    )

    @property
    def message_id(self) -> int:
        """The number of the chosen text; 0 when it is none."""
        typed = self.text.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 16 else 0


def minor_of(typed: str, currency: str) -> int | None:
    """An amount as people write it, in minor units; None for anything else."""
    plain = re.sub(r"[\s\u00a0\u202f€£$]", "", typed)
    if not _AMOUNT.fullmatch(plain):
        return None
    whole, _dot, cents = plain.replace(",", ".").partition(".")
    if currency in NO_MINOR:
        return None if cents.strip("0") else int(whole)
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)


def day_of(typed: str) -> date | None:
    """A day as date fields send it; None for anything else."""
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None
