"""The service team's room: the list of cases and the case page."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    import cx.desk.acts
    import cx.desk.later
    import cx.desk.moves_more
    import cx.desk.neutral
    import cx.desk.points
    import cx.desk.written  # noqa: F401
    from cx.desk import approving, contested, printing, readings, undelivered, views
    from cx.web import theme_words

    app.jinja_env.globals.update(letters_given_up=undelivered.of_case, letters_returned=undelivered.head)
    app.jinja_env.globals.update(letters_to_print=printing.head)
    app.jinja_env.globals.update(offers_to_approve=approving.to_approve, remedies_to_decide=approving.to_decide)
    app.jinja_env.globals.update(theme_words.WORDS, stories_to_look_over=readings.head)
    app.jinja_env.globals.update(readings_contested=contested.head, reading_contested=contested.of_case)
    app.register_blueprint(views.blueprint)
