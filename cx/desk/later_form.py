"""The form that announces a later date, where the law allows one, and to whom it is offered."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from cx.core import clock
from cx.core.extending import Running
from cx.core.words import Role
from cx.desk.forms import FORMS, MAX_LETTER, DeskForm
from cx.disputes import extending
from cx.disputes.seen import CaseFile
from cx.web.clock_words import name_of
from cx.web.formats import day, local
from cx.web.forms import Story

MODE = "later"


class LaterForm(DeskForm):
    """Which duty, until when, and why."""

    mode = MODE
    order = ("regime", "to", "text")
    regime = SelectField(_l("Which date"), [DataRequired(_l("Choose the date."))], validate_choice=False)
    to = DateField(_l("The later date"), [DataRequired(_l("Choose a day after the date that stands now."))])
    text = Story(
        _l("Your letter: why it takes longer"), [DataRequired(_l("Say why it takes longer."))], most=MAX_LETTER
    )


FORMS[MODE] = LaterForm


def movable(case: CaseFile, at: datetime) -> tuple[str, ...]:
    """The clocks of a case whose later date may be announced now."""
    runs = {
        one.regime_id: Running(one.started_on, one.due_on, one.done_on, one.extended_from)
        for one in case.clocks
        if one.lawful
    }
    return extending.choices(runs, local(at, case.zone).date())


def offered(case: CaseFile, role: Role | None, at: datetime) -> bool:
    """Whether this person may announce a later date of this case now."""
    return role in extending.MAY and case.state.open and case.claimed and bool(movable(case, at))


def fit(form: DeskForm, case: CaseFile, at: datetime) -> None:
    """Give the form its choices."""
    if isinstance(form, LaterForm):
        due, regimes = {one.regime_id: one.due_on for one in case.clocks}, clock.load()
        form.regime.choices = [
            SelectChoice(name, f"{name_of(regimes[name])} · {day(due[name])}") for name in movable(case, at)
        ]
