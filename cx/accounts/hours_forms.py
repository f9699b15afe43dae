"""The forms of when people are there: staffed hours, working days, absences, and a registered name."""

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectChoice,
    SelectField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from cx.accounts.fields import Weekdays
from cx.accounts.forms import a_person
from cx.core.presence import DAY_MINUTES, Way
from cx.web.forms import HouseForm, Line

WAY_CHOICES = [
    SelectChoice(Way.WRITTEN.value, _l("A written answer")),
    SelectChoice(Way.CALLBACK.value, _l("A call back")),
    SelectChoice(Way.COUNTER.value, _l("At a counter")),
]
WITHIN_CHOICES = [
    SelectChoice("30", _l("30 minutes")),
    SelectChoice("60", _l("1 hour")),
    SelectChoice("120", _l("2 hours")),
    SelectChoice("240", _l("4 hours")),
    SelectChoice("480", _l("8 hours")),
    SelectChoice("960", _l("16 hours")),
]


class StaffingForm(HouseForm):
    """One stretch of staffed hours."""

    way = RadioField(_l("What is staffed"), choices=WAY_CHOICES, default=Way.WRITTEN.value)
    weekdays = Weekdays(_l("On which days"), [DataRequired(_l("At least one day, please."))], default=list("12345"))
    opens = TimeField(_l("From"), [InputRequired(_l("A time such as 9:00, please."))], default=time(9))
    closes = TimeField(_l("Until"), [InputRequired(_l("A time such as 17:00, please."))], default=time(17))
    within = SelectField(_l("A person answers within"), choices=WITHIN_CHOICES, default="120")
    place = Line(_l("Address of the counter"), most=200)
    phone = Line(_l("Telephone number to call"), most=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the days."""
        super().__init__(*args, **kwargs)
        self.weekdays.name_days()

    @property
    def minutes(self) -> tuple[int, int]:
        """From and until, in minutes after midnight; midnight as an end is the end of the day."""
        opens, closes = (one.data.hour * 60 + one.data.minute for one in (self.opens, self.closes))
        return opens, closes or DAY_MINUTES

    def validate_closes(self, field: Any) -> None:
        """It ends after it began."""
        if self.opens.data is not None and field.data is not None and self.minutes[0] >= self.minutes[1]:
            raise ValidationError(_l("The end comes after the beginning, on the same day."))

    def validate_place(self, field: Any) -> None:
        """Nobody finds a counter without its address."""
        if self.way.data == Way.COUNTER and not field.data:
            raise ValidationError(_l("Where the counter is, please."))


class AbsenceForm(HouseForm):
    """From when to when somebody is away, and who reads meanwhile."""

    who = SelectField(_l("Who is away"), choices=(), validate_choice=True)
    first = DateField(_l("First day away"), [DataRequired(_l("The first day, please."))])
    last = DateField(_l("Last day away"), [DataRequired(_l("The last day, please."))])
    substitute = SelectField(
        _l("Who reads meanwhile"), [DataRequired(_l("Choose a colleague."))], choices=(), validate_choice=True
    )


class WorkingDaysForm(HouseForm):
    """The days on which one works, as customers read them."""

    working_days = Weekdays(_l("Days on which I work"), [DataRequired(_l("At least one day, please."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the days."""
        super().__init__(*args, **kwargs)
        self.working_days.name_days()


class NameForm(HouseForm):
    """How customers read the name of a person of the team."""

    name = Line(_l("First and last name"), [DataRequired(_l("First and last name, please.")), a_person])
    pseudonymous = BooleanField(_l("This is a registered name, not the one in the passport"), [Optional()])
