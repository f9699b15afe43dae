"""The front door: wires the house together and decides nothing."""

import gc
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from cx import accounts, card, charter, cli, desk, elsewhere, insight, intake, talk
from cx.disputes import calendars
from cx.disputes.workbench import Workbench
from cx.post.outbox import notify, notify_all
from cx.themes.serving import Serving
from cx.web import (
    bodies,
    callers,
    crosssite,
    database,
    errors,
    formats,
    headers,
    health,
    house,
    language,
    logs,
    notice,
    sessions,
    settings,
    turns,
)
from models.engine import Database


def create_app(**overrides: Any) -> Flask:
    """The application, from the environment; `overrides` are settings for tests and commands."""
    app = Flask(__name__)
    app.config.update(settings.from_environment() | overrides)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.session_interface = sessions.ServerSessions()
    database.init(app, Database(app.config["DATABASE_URL"]))
    for part in (logs, callers, house, language, headers, errors, bodies, crosssite, notice, formats):
        part.init(app)
    serving = Serving(app.config["DOLEANCE_HOME"])
    app.extensions["workbench"] = Workbench(reader=serving.reader, notify=notify, notify_all=notify_all)
    for room in (accounts, intake, talk, charter, elsewhere, desk, insight, card):
        room.init(app)
    app.register_blueprint(health.blueprint)
    cli.init(app)
    app.wsgi_app = turns.Turns(app.wsgi_app)  # type: ignore[method-assign]
    if app.config.get("WARM"):
        warm(app)
    return app


def warm(app: Flask) -> None:
    """Load what every worker needs before they fork: they share the memory, and the first story waits for nothing."""
    now = datetime.now(UTC)
    app.extensions["workbench"].reader().read("Une phrase pour s’échauffer.", "")
    for chosen in language.LANGUAGES:
        with app.test_request_context(f"/?lang={chosen}"):
            formats.moment(now), formats.day(now), formats.money(100, "EUR")
    for country in ("FR", "GB", "US"):
        calendars.days_off(calendars.calendar_of(country), now.year)
    # What stands now stays: the collector of a worker must not touch, and so copy, the pages it shares.
    gc.collect()
    gc.freeze()
