"""The customers' room: landing, telling, tracking. No account is needed."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.intake import (  # noqa: F401 - their views hang on the blueprint
        adding,
        answering,
        autosave,
        keys,
        letters,
        mediation,
        reading_said,
        redirect,
        sending,
        telling,
        unclaimed,
        views,
        wishing,
        written,
    )
    from cx.intake.blueprint import blueprint
    from cx.intake.wording import WORDS
    from cx.web import theme_words

    app.jinja_env.globals.update(WORDS)
    app.jinja_env.globals.update(theme_words.WORDS)
    app.register_blueprint(blueprint)
