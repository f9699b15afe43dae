"""The service team's room: the list of cases and the case page."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    import cx.desk.acts  # noqa: F401 - its views hang on the blueprint
    from cx.desk import views

    app.register_blueprint(views.blueprint)
