"""The charter of an organisation: what it promises, what broken promises bring, and how often they are kept."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room, and give its words to the pages of a case."""
    from cx.charter import customer_views, public_views, remedy_views, writing_views
    from cx.charter.blueprint import blueprint
    from cx.charter.wording import globals_of

    assert all((customer_views, public_views, remedy_views, writing_views))
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(globals_of())
