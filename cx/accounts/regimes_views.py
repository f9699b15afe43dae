"""The legal clocks: every row with its status and source; use one that waits to be checked, freeze one, with a note."""

from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from cx.accounts import signin
from cx.accounts.admin_views import blueprint
from cx.core import clock
from cx.core.limits import Regime, Right, Status
from cx.core.regimes import in_use, rights
from cx.core.words import Role
from cx.disputes import switches
from cx.disputes.switches import Switched
from cx.web import notice
from cx.web.arithmetic import amount
from cx.web.clock_words import name_of, rule_of
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.forms import HouseForm, Story
from cx.web.visitors import visitor

STATUSES = {
    Status.VERIFIED: _l("read in the source"),
    Status.SECONDARY: _l("read in a secondary source"),
    Status.TO_CHECK: _l("to be checked"),
}


class SwitchForm(HouseForm):
    """Use a row or freeze it, and why."""

    used = RadioField(
        _l("New clocks by this rule"),
        [InputRequired(_l("Choose one, please."))],
        choices=[SelectChoice("yes", _l("They start")), SelectChoice("no", _l("They do not start"))],
    )
    note = Story(_l("Why"), [DataRequired(_l("Say why, for whoever reads it later."))], most=1000)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list: the limit in words, how well it was checked, whether new clocks start by it, what was said."""

    id: str
    place: str
    name: str
    limit: str
    status: str
    used: bool
    unusual: bool
    version: str
    said: Switched | None


def _line(row: Regime, said: Switched | None) -> Line:
    used = in_use(row, {row.id: said.used} if said is not None else {})
    limit = _(" or ").join(amount(one.amount, one.unit) for one in row.limits)
    status = str(STATUSES[row.status])
    return Line(row.id, row.jurisdiction, name_of(row), limit, status, used, used != row.lawful, row.version, said)


def lines() -> list[Line]:
    """Every row of the file, in its order."""
    said = switches.all_said(reading())
    return [_line(row, said.get(row.id)) for row in clock.load().values()]


def unclocked() -> tuple[Right, ...]:
    """The rules that have no limit to count."""
    return rights()


def _row(regime_id: str) -> Regime:
    found = clock.load().get(regime_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/clocks")
@door(Role.ADMIN)
def clocks() -> str:
    """Every legal clock and its status."""
    return render_template("accounts/regimes.html", lines=lines(), rights=unclocked())


def _page(row: Regime, form: SwitchForm, status: int = 200) -> AnyResponse:
    said = switches.all_said(reading()).get(row.id)
    page = render_template("accounts/regime.html", row=row, line=_line(row, said), rule=rule_of(row), form=form)
    return make_response(page, status)


@blueprint.get("/clocks/<regime_id>")
@door(Role.ADMIN)
def regime(regime_id: str) -> AnyResponse:
    """One row: its rule and source, and the switch."""
    row, said = _row(regime_id), switches.all_said(reading()).get(regime_id)
    used = in_use(row, {row.id: said.used} if said is not None else {})
    form = SwitchForm(data={"used": "yes" if used else "no", "note": said.note if said is not None else ""})
    return _page(row, form)


@blueprint.post("/clocks/<regime_id>")
@door(Role.ADMIN, writes=True)
def switch_regime(regime_id: str) -> AnyResponse:
    """Use the row or freeze it. Clocks that run keep their dates."""
    row, form = _row(regime_id), SwitchForm.of_request()
    if not form.validate():
        return _page(row, form, 422)
    with writing() as session:
        switches.say(session, row, form.used.data == "yes", form.note.data, visitor().account_id, signin.now())
    switches.forget()
    notice.say(_("Said. New clocks follow it within a minute; clocks that run keep their dates."))
    return redirect(url_for("admin.clocks"), 303)
