"""What a request may carry: a form of bounded size that arrived whole, checked before anybody looks at it."""

from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException

from cx.web.crosssite import SAFE
from cx.web.errors import too_many_fields
from cx.web.settings import MAX_BODY

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def _carries_something() -> bool:
    return bool(request.content_length) or "Transfer-Encoding" in request.headers


def _read() -> bytes:
    """The body, kept for the form to be parsed from. What breaks off or is framed wrongly is the sender's mistake."""
    try:
        data = request.get_data()
    except HTTPException:
        raise
    except Exception:  # the server's own errors, which have no common class
        abort(400)
    if request.content_length is None:
        # Without a length, reading stops at the limit in silence.
        if len(data) >= (request.max_content_length or MAX_BODY):
            abort(413)
    elif len(data) < request.content_length:
        abort(400)
    return data


def init(app: Flask) -> None:
    """Refuse what is no form (415), broke off (400) or is too much (413)."""

    @app.before_request
    def whole_forms_only() -> None:
        if request.method in SAFE or not _carries_something():
            return
        # A view that asks for a file says how much it takes; all others share the common bound.
        request.max_content_length = getattr(
            app.view_functions.get(request.endpoint or ""), "takes", request.max_content_length
        )
        if request.mimetype not in FORMS or request.headers.get("Content-Encoding", "identity") != "identity":
            abort(415)
        if request.mimetype == "multipart/form-data" and not request.mimetype_params.get("boundary"):
            abort(400)
        if too_many_fields(_read()):
            abort(413)
