"""Cross-site protection in one place, from what browsers say of a request's origin; no form can forget a token.

A request that changes something must come from our own pages: `Sec-Fetch-Site` says so in every current
browser, `Origin` in older ones. A refused form is given back with its text and one button to send it again,
so an hour of writing is never lost. Programs send neither header and carry no ambient authority by accident.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from cx.web.errors import refuse

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def foreign() -> bool:
    """Whether this request was started by another site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def init(app: Flask) -> None:
    """Refuse foreign requests that would change something."""

    @app.before_request
    def own_pages_only() -> Response | None:
        if request.method not in SAFE and foreign():
            return refuse(403, reason="foreign")
        return None
