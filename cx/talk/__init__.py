"""Talking to a person: who is there, when, and how soon they answer."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.talk.blueprint import blueprint

    app.register_blueprint(blueprint)
