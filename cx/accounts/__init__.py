"""Signing in, invitations, teams, and the first hour of an installation."""

from flask import Flask


def init(app: Flask) -> None:
    """Open the room."""
    from cx.accounts import (
        about,
        absence_views,  # noqa: F401 - adds its pages to the blueprint of `hours_views`
        admin_views,
        claims_views,
        frame,
        hours_views,
        house_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        joining,  # noqa: F401 - adds its pages to the blueprint of `views`
        letters_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        naming_views,  # noqa: F401 - adds its pages to the blueprint of `hours_views`
        people_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        reader_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        regimes_views,  # noqa: F401 - adds its pages to the blueprint of `admin_views`
        setup_views,
        signin,
        team_views,
        views,
    )

    signin.init(app)
    frame.init(app)
    for room in (views, admin_views, team_views, setup_views, about, claims_views, hours_views):
        app.register_blueprint(room.blueprint)
