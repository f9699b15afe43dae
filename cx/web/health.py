"""Is it alive, can it serve and write, and what do the counters say."""

import hmac
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text

from cx.web.callers import on_this_machine
from cx.web.database import reading, recording
from cx.web.doors import Who, door
from models import Beat, FigureDelta, Letter

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@door(Who.EVERYONE)
def alive() -> Response:
    """200 while the process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/health/ready")
@door(Who.EVERYONE)
def ready() -> Response:
    """200 when the database can be read and written; 503 otherwise, without details."""
    try:
        with recording() as session:
            session.execute(text("SELECT version_num FROM alembic_version"))
            # A full disk is found out by writing only.
            session.merge(Beat(name="web", at=datetime.now(UTC)))
    except Exception:
        current_app.logger.exception("not ready")
        return Response("not ready\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/metrics")
@door(Who.OPERATOR)
def metrics() -> Response:
    """Prometheus text, for whoever knows `DOLEANCE_METRICS_TOKEN`; without a token set, for this machine only."""
    token = current_app.config.get("METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (hmac.compare_digest(given.encode(), token.encode()) if token else on_this_machine()):
        abort(404)
    registry = CollectorRegistry()
    waiting = Gauge("doleance_letters_waiting", "Letters that wait to be sent", registry=registry)
    waiting.set(reading().scalar(select(func.count()).where(Letter.status == "waiting")) or 0)
    unfolded = Gauge("doleance_figures_unfolded", "Figure deltas that are not folded yet", registry=registry)
    unfolded.set(reading().scalar(select(func.count(FigureDelta.id))) or 0)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
