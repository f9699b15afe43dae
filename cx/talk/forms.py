"""The forms of asking for a person and of answering who asked."""

import re
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from cx.web.forms import HouseForm, Line, Story

MOST = 2_000
FEWEST_DIGITS, MOST_DIGITS = 6, 15
_PHONE = re.compile(r"\+?[\d\s().\-/]+", re.ASCII)


def a_number(_form: Any, field: Any) -> None:
    """A validator: a telephone number as people write it, in any country."""
    digits = sum(char.isdecimal() for char in field.data or "")
    if not (_PHONE.fullmatch(field.data or "") and FEWEST_DIGITS <= digits <= MOST_DIGITS):
        raise ValidationError(_l("This does not look like a telephone number. Write it like 06 12 34 56 78 or +44 …"))


class WrittenForm(HouseForm):
    """A written answer."""

    written_words = Story(_l("What is it about?"), [Optional()], most=MOST)

    @property
    def slot(self) -> datetime | None:
        """No moment is chosen: an answer is read whenever one likes."""
        return None


class _MeetingForm(HouseForm):
    """A moment to meet, one of those that are free."""

    def fit(self, choices: list[Any]) -> None:
        """Offer these moments."""
        self.moments.choices = choices

    @property
    def moments(self) -> Any:
        """The field of the moment."""
        raise NotImplementedError

    @property
    def slot(self) -> datetime | None:
        """The moment that was chosen; None when it is none."""
        try:
            return datetime.fromisoformat(str(self.moments.data or "")).astimezone(UTC)
        except ValueError:
            return None


class CallForm(_MeetingForm):
    """A call back: when, and at which number."""

    call_slot = RadioField(_l("When?"), [InputRequired(_l("Please choose a time."))], choices=[], validate_choice=False)
    phone = Line(
        _l("Your telephone number"), [DataRequired(_l("Your number, please: we call you.")), a_number], most=40
    )
    call_words = Story(_l("What is it about?"), [Optional()], most=MOST)

    @property
    def moments(self) -> Any:
        """The field of the moment."""
        return self.call_slot


class CounterForm(_MeetingForm):
    """A moment at a counter, so that somebody who has read the case is there."""

    counter_slot = RadioField(
        _l("When do you come?"), [InputRequired(_l("Please choose a time."))], choices=[], validate_choice=False
    )
    counter_words = Story(_l("What is it about?"), [Optional()], most=MOST)

    @property
    def moments(self) -> Any:
        """The field of the moment."""
        return self.counter_slot


class SpokeForm(HouseForm):
    """What was said in the call, for the team."""

    said = Story(_l("What was said, and what you promised"), [DataRequired(_l("Write what was said."))], most=20_000)


class WroteForm(HouseForm):
    """The written answer."""

    letter = Story(_l("Your letter"), [DataRequired(_l("The letter is empty."))], most=20_000)
