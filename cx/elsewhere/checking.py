"""The page where anybody may ask whether a file is one of ours and unchanged. Nothing of its content is shown."""

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible
from cx.disputes import dossier
from cx.elsewhere.blueprint import blueprint
from cx.elsewhere.forms import CheckForm
from cx.web.database import reading
from cx.web.doors import Who, door

MOST_BYTES = 20_000_000


def _page(form: CheckForm, status: int = 200, sha256: str = "", found: dossier.Known | None = None) -> Response:
    text = render_template("elsewhere/check.html", form=form, sha256=sha256, found=found)
    return make_response(text, status)


@blueprint.get("/check")
@door(Who.EVERYONE)
def check() -> Response:
    """Check a file."""
    return _page(CheckForm.filled({}))


@blueprint.post("/check")
@door(Who.EVERYONE)
def check_given() -> Response:
    """Is it unchanged? Reads the bytes and forgets them."""
    form = CheckForm.of_request()
    data = _given()
    if data:
        sha256 = dossier.fingerprint(data)
    elif form.sha256.data:
        if not form.validate():
            return _page(form, 422)
        sha256 = str(form.sha256.data)
    else:
        form.sha256.errors = [_("Please choose a file, or paste its fingerprint.")]
        return _page(form, 422)
    try:
        found = dossier.known(reading(), sha256)
    except NotVisible:
        found = None
    return _page(CheckForm.filled({}), sha256=sha256, found=found)


def _given() -> bytes:
    """The bytes of the file; empty when none was chosen."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return b""
    with given.stream as stream:
        return stream.read()


check_given.takes = MOST_BYTES  # type: ignore[attr-defined]
