"""Turns: a worker has many threads to wait with (slow lines, slow senders) and works on few requests at once.

Threads of one process share one interpreter: ten requests worked on at the same time all end late, one after the
other they mostly end early. So a form is received first, and then waits for a seat, first come, first served.
"""

import io
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cx.web.settings import MAX_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Turns:
    """A WSGI application behind a few seats."""

    def __init__(self, app: "WSGIApplication", seats: int = 2) -> None:
        """Let at most `seats` requests be worked on at once in this process."""
        self._app = app
        self._seats = threading.Semaphore(seats)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Receive what is sent, wait for a seat, work."""
        _receive(environ)
        with self._seats:
            return self._app(environ, start_response)


def _receive(environ: dict[str, Any]) -> None:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and 0 < int(length) <= MAX_BODY:
        # What breaks off is shorter than announced; `cx.web.bodies` answers that.
        try:
            received = environ["wsgi.input"].read(int(length))
        except OSError:
            received = b""
        environ["wsgi.input"] = io.BytesIO(received)
