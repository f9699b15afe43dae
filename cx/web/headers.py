"""Security headers on every answer, errors included, and the nonce of the page's one script."""

import secrets
from typing import cast

from flask import Flask, Response, current_app, g, request

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def csp_nonce() -> str:
    """The nonce of this answer."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return cast("str", g.nonce)


def init(app: Flask) -> None:
    """Put the headers on every answer; personal pages are never stored by caches."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def secure(response: Response) -> Response:
        head = response.headers
        head["Content-Security-Policy"] = POLICY.format(nonce=csp_nonce())
        head["X-Content-Type-Options"] = "nosniff"
        head["X-Frame-Options"] = "DENY"
        head["Referrer-Policy"] = "same-origin"
        head["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        head["Cross-Origin-Opener-Policy"] = "same-origin"
        head["Cross-Origin-Resource-Policy"] = "same-origin"
        if current_app.config["SESSION_COOKIE_SECURE"]:
            head["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            head["Cache-Control"] = "no-store"
            head["Vary"] = "Cookie, Accept-Language"
        return response
