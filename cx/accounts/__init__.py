"""Signing in, invitations, teams, and the first hour of an installation."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.accounts import (
        about,
        admin_views,
        frame,
        house_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        joining,  # noqa: F401 - adds its pages to the blueprint of `views`
        people_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        setup_views,
        signin,
        team_views,
        views,
    )

    signin.init(app)
    frame.init(app)
    for room in (views, admin_views, team_views, setup_views, about):
        app.register_blueprint(room.blueprint)
