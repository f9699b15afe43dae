"""What this installation is called and which language it speaks by itself, as its administrator said."""

import time
from dataclasses import dataclass

from flask import Flask, current_app, g
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cx.web.database import reading
from models import Installation

ASK_AGAIN = 60.0


@dataclass(frozen=True, slots=True)
class House:
    """The name in the head of every page, and the language of those whose browser asks for none of ours."""

    name: str = "Doléance"
    language: str = "fr"


def house() -> House:
    """The installation; asked once a minute at most, during its first hour at each page."""
    asked, found = current_app.extensions.get("house", (float("-inf"), House()))
    if time.monotonic() - asked <= ASK_AGAIN:
        return found  # type: ignore[no-any-return]
    if "house" in g:
        return g.house  # type: ignore[no-any-return]
    query = select(Installation.name, Installation.language, Installation.ready_at).order_by(Installation.id).limit(1)
    try:
        row = reading().execute(query).first()
    except SQLAlchemyError:
        # Pages of errors have a head too.
        return House()
    found = g.house = House(row.name, row.language) if row is not None else House()
    if row is None or row.ready_at is not None:
        current_app.extensions["house"] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Ask again at the next page, because something was changed."""
    current_app.extensions.pop("house", None)
    g.pop("house", None)


def init(app: Flask) -> None:
    """Name the installation on every page."""
    app.jinja_env.globals["house"] = house
