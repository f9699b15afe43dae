"""One sentence that confirms what just happened, carried over a redirect in a signed cookie and shown once."""

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

COOKIE = "doleance_notice"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="notice")


def say(sentence: str) -> None:
    """Show `sentence` (already in the reader's language) on the next page."""
    g.notice_said = str(sentence)


def heard() -> str:
    """The sentence to show on this page, if any."""
    carried = request.cookies.get(COOKIE)
    if not carried:
        return ""
    try:
        g.notice_heard = True
        return str(_signer().loads(carried, max_age=120))
    except BadSignature:
        return ""


def init(app: Flask) -> None:
    """Carry the sentence over, and forget it once it was shown."""
    app.jinja_env.globals["notice"] = heard

    @app.after_request
    def carry(response: Response) -> Response:
        secure = app.config["SESSION_COOKIE_SECURE"]
        if "notice_said" in g:
            value = _signer().dumps(g.notice_said)
            response.set_cookie(COOKIE, value, max_age=120, httponly=True, samesite="Lax", secure=secure)
        elif "notice_heard" in g:
            response.delete_cookie(COOKIE, secure=secure, httponly=True, samesite="Lax")
        return response
