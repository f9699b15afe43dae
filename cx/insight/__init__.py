"""The manager's room: what the numbers say, in sentences."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.insight import views

    app.register_blueprint(views.blueprint)
