"""Fields that WTForms does not bring."""

from typing import Any

from wtforms import SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput

from cx.core.presence import WEEKDAYS
from cx.web.weekdays import weekday_names


class Weekdays(SelectMultipleField):
    """Days of the week as check boxes; the stored form is a text such as "12345"."""

    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        """Name the days in the language of the page."""
        super().__init__(label, [*validators], choices=[], **kwargs)

    def name_days(self) -> None:
        """Offer the seven days."""
        self.choices = [SelectChoice(number, name) for number, name in weekday_names().items()]

    @property
    def stored(self) -> str:
        """The days as they are stored."""
        return "".join(one for one in WEEKDAYS if one in (self.data or ()))
