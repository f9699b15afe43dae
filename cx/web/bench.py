"""The tools of other workshops, as `app.py` laid them out."""

from typing import Any

from flask import current_app


def bench() -> Any:
    """The `Workbench` of the application (untyped here: the kit does not know the workshops)."""
    return current_app.extensions["workbench"]
