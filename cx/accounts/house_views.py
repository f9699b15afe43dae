"""The name, the language and the address of the installation, to change what the first hour said."""

from flask import current_app, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cx.accounts import signin
from cx.accounts.admin_forms import InstallationForm
from cx.accounts.admin_views import blueprint
from cx.accounts.organisations import installation as of_session
from cx.core.words import Role
from cx.web import house, notice
from cx.web.database import reading, writing
from cx.web.doors import door
from models import Installation


@blueprint.get("/installation")
@door(Role.ADMIN)
def installation() -> str:
    """What the installation says of itself."""
    found, shown = of_session(reading()), house.house()
    given = {"name": shown.name, "language": shown.language, "address": found.address if found else ""}
    form = InstallationForm.of_request(data=given | {"address": given["address"] or current_app.config["DOLEANCE_URL"]})
    return render_template("accounts/installation.html", form=form)


@blueprint.post("/installation")
@door(Role.ADMIN, writes=True)
def save_installation() -> AnyResponse:
    """Change it."""
    form = InstallationForm.of_request()
    if not form.validate():
        return make_response(render_template("accounts/installation.html", form=form), 422)
    with writing() as session:
        found = of_session(session)
        if found is None:
            found = Installation(ready_at=signin.now())
            session.add(found)
        form.populate_obj(found)
    house.forget()
    notice.say(_("Saved. Every page shows it within a minute."))
    return redirect(url_for("admin.overview"), 303)
