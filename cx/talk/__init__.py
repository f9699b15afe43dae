"""Talking to a person: who is there, when, and how soon they answer."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.talk import case_views, finding, waiting_views, way_there
    from cx.talk.blueprint import blueprint

    assert all((case_views, finding, waiting_views))  # their views hang on the blueprint now
    way_there.init(app)
    app.register_blueprint(blueprint)
