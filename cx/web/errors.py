"""Refusals and errors as pages: what happened, what to do next, and the typed text given back."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, SecurityError

from cx.core import refusals
from cx.web.language import here

STATUS = {
    refusals.NotAllowed: 403,
    refusals.NotVisible: 404,
    refusals.WrongState: 409,
    refusals.Conflict: 409,
    refusals.KeyReused: 409,
    refusals.GuardFailed: 422,
}
# Beginnings of names of fields whose value is never shown again.
HIDDEN_FIELDS = ("password", "token")
MAX_KEPT = 40
# No form of ours has as many fields; parsing a hundred thousand takes a third of a second.
MOST_FIELDS = 300
# A text that is too long to be taken is still given back, up to this many bytes.
MOST_GIVEN_BACK = 5_000_000


def too_many_fields(body: bytes) -> bool:
    """Whether a form as browsers usually send it has more fields than any of ours, found out before parsing it."""
    return request.mimetype == "application/x-www-form-urlencoded" and body.count(b"&") >= MOST_FIELDS


def kept_text() -> Sequence[tuple[str, str]]:
    """What the person had typed, to give it back: never passwords, never without bound."""
    if request.method != "POST":
        return ()
    request.max_content_length = request.max_form_memory_size = MOST_GIVEN_BACK
    try:
        if too_many_fields(request.get_data()):
            return ()
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return ()
    return tuple((name, value) for name, value in pairs if value and not name.startswith(HIDDEN_FIELDS))[:MAX_KEPT]


def sentences(status: int, reason: str = "") -> tuple[str, str]:
    """What happened and what to do next, in the reader's language."""
    said = {
        400: (_("We did not understand this request"), _("Go back and try again. Nothing was changed.")),
        401: (
            _("Please sign in again"),
            _("Your session has ended. Your text is below: copy it, or sign in and send it again."),
        ),
        403: (_("This page is not for you"), _("You are signed in, but this belongs to somebody else’s work.")),
        404: (_("There is nothing here"), _("The address may be mistyped, or the page may not be yours to see.")),
        405: (_("This page cannot be used that way"), _("Go back and use the buttons of the page.")),
        408: (_("That took too long"), _("The connection was too slow. Please try again.")),
        409: (
            _("Somebody was faster"),
            _("The case has changed since you opened it. Look at it again; your text is below."),
        ),
        413: (
            _("That is too much at once"),
            _("The text is larger than we can take. Please shorten it and send it again."),
        ),
        414: (_("This address is too long"), _("Go back and try again with less.")),
        415: (_("We cannot read this"), _("Only the forms of these pages can be sent here. Nothing was changed.")),
        422: (_("Something is missing"), _("Please look at what you entered. Your text is below.")),
        429: (_("Too many tries"), _("Please wait a few minutes, then try again.")),
        503: (
            _("We cannot take this right now"),
            _("Nothing was stored. Please try again in a moment; your text is below."),
        ),
    }
    if reason == "host":
        return (
            _("This is not our address"),
            _("We are found at %(address)s. Nothing was changed.", address=current_app.config["DOLEANCE_URL"]),
        )
    if reason == "foreign":
        return (
            _("Please confirm that this comes from you"),
            _("The form was sent from another site. Your text is kept: check it and send it again."),
        )
    return said.get(
        status,
        (
            _("Something went wrong on our side"),
            _("It is not your fault, and it has been noted. Please try again in a moment."),
        ),
    )


def refuse(status: int, reason: str = "", headers: Sequence[tuple[str, str]] = ()) -> Response:
    """The page of an error, in the layout of the house, with the typed text."""
    title, advice = sentences(status, reason)
    kept = kept_text()
    # What was too much would be too much again.
    retry_to = request.path if kept and status != 413 else None
    known = {"home_url": current_app.config["DOLEANCE_URL"]} if reason == "host" else {}
    page = make_response(
        render_template("error.html", status=status, title=title, advice=advice, kept=kept, retry_to=retry_to, **known),
        status,
    )
    for name, value in headers:
        if name.lower() in {"retry-after", "allow", "www-authenticate"}:
            page.headers[name] = value
    return page


def init(app: Flask) -> None:
    """Make a page of every refusal and every error."""

    @app.before_request
    def known_hosts_only() -> Response | None:
        if not isinstance(request.routing_exception, SecurityError):
            return None
        # Flask leaves a request to a foreign host without addresses; the page that says so needs some.
        request_ctx.url_adapter = app.url_map.bind(urlsplit(app.config["DOLEANCE_URL"]).netloc)
        style = request.path.removeprefix(f"{app.static_url_path}/")
        if style != request.path and request.method == "GET":
            # The page below is dressed as all others; what dresses it is the same for everybody.
            return app.send_static_file(style)
        return refuse(400, reason="host")

    @app.errorhandler(refusals.Refusal)
    def refused(error: refusals.Refusal) -> Response:
        return refuse(STATUS.get(type(error), 422))

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        if error.response is not None and error.code is not None and error.code < 400:
            return make_response(error.response)
        if error.code == 405 and request.method == "GET" and here() != request.path:
            return make_response(redirect(here()))  # phones reopen a tab at the address that its form was sent to
        return refuse(error.code or 500, headers=error.get_headers())

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        app.logger.exception("unhandled error")
        return refuse(500)

    _: Any = refused, failed, broken, known_hosts_only
