"""The customers' room: landing, telling, tracking. No account is needed."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.intake import answering, autosave, keys, sending, telling, views, wishing
    from cx.intake.blueprint import blueprint
    from cx.intake.wording import WORDS

    assert all((answering, autosave, keys, sending, telling, views, wishing))  # their views hang on it now
    app.jinja_env.globals.update(WORDS)
    app.register_blueprint(blueprint)
