"""Taking a case elsewhere: the file that travels, the page that checks it, and the room of the mediator."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room, and lay what other rooms show of it before their templates."""
    from cx.elsewhere import checking, entering, leaving, redacting, room, showing
    from cx.elsewhere.blueprint import blueprint

    _views = (checking, entering, leaving, redacting, room)
    app.register_blueprint(blueprint)
    showing.init(app)
