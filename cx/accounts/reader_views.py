"""The off switch of the reader of themes: how it stands, since when, by whom and why; turn it off or on, with a reason."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf, DataRequired, InputRequired

from cx.accounts import signin
from cx.accounts.admin_views import blueprint
from cx.core.words import Role
from cx.disputes import reader_switch
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.forms import HouseForm, Story
from cx.web.visitors import visitor


class ReaderForm(HouseForm):
    """Turn the reader off or on (`to`), why, and that one is sure of it."""

    to = HiddenField(validators=[AnyOf(("on", "off"))])
    reason = Story(_l("Why"), [DataRequired(_l("Say why, for whoever reads it later."))], most=1000)
    sure = BooleanField(_l("I am sure"), [InputRequired(_l("Tick this, so that nobody does it by mistake."))])


def _page(form: ReaderForm, status: int = 200) -> AnyResponse:
    said = reader_switch.history(reading())
    form.to.data = "off" if not said or said[0].running else "on"
    return make_response(render_template("accounts/reader.html", form=form, said=said), status)


@blueprint.get("/reader")
@door(Role.ADMIN)
def reader() -> AnyResponse:
    """How the reader stands, and what was said of it."""
    return _page(ReaderForm())


@blueprint.post("/reader")
@door(Role.ADMIN, writes=True)
def switch_reader() -> AnyResponse:
    """Turn it off or on, for every page and every worker."""
    form = ReaderForm.of_request()
    if not form.validate():
        return _page(form, 422)
    account_id = visitor().account_id
    assert account_id is not None
    on = form.to.data == "on"
    with writing() as session:
        changed = reader_switch.turn(session, on, form.reason.data, account_id, signin.now())
    reader_switch.forget()
    if not changed:
        notice.say(_("It stood so already: nothing was changed."))
    elif on:
        notice.say(_("The reader is on. Stories that came meanwhile stay to be read by a person until it reads them."))
    else:
        notice.say(_("The reader is off. Stories are read by people, and what only it suggested is not shown."))
    return redirect(url_for("admin.reader"), 303)
