"""The card of the reader of themes, for everybody: what it does and does not, how often it is right, who rules."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.card.views import blueprint

    app.register_blueprint(blueprint)
