"""One JSON line an event, with the id of its request; addresses are logged as rules, so no private link ever is.

`DOLEANCE_LOG=requests` adds a line for each request; without it only what went wrong is said.
"""

import logging
import os
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request


def configure() -> None:
    """Send the lines of our code and of the libraries to stderr, as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


class _ToStructlog(logging.Handler):
    """Hands a record of the standard library over to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; line ends in what people typed cannot make a second one."""
        extra: dict[str, Any] = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name, **extra)


def init(app: Flask) -> None:
    """Give each request an id and, if asked for, a line."""
    configure()
    app.logger.handlers = [_ToStructlog()]
    app.logger.propagate = False
    every = os.environ.get("DOLEANCE_LOG") == "requests"

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-ID"] = g.request_id
            if every:
                spent = round((time.perf_counter() - g.began) * 1000, 1)
                rule = request.url_rule.rule if request.url_rule else "-"
                structlog.get_logger().info(
                    "request", method=request.method, rule=rule, status=response.status_code, ms=spent
                )
            structlog.contextvars.clear_contextvars()
        return response
