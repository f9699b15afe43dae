"""The charter of an organisation: what it promises, what broken promises bring, and how often they are kept."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.charter.blueprint import blueprint

    app.register_blueprint(blueprint)
