"""Taking a case elsewhere: the file that travels, the page that checks it, and the room of the mediator."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.elsewhere.blueprint import blueprint

    app.register_blueprint(blueprint)
