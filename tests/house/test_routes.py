"""Laws of the routes: every view has a door, a GET never writes, GET and POST are two functions."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import create_app
from cx.core.words import Role
from cx.web.doors import Door, Who

READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as it is served; nothing here touches its database."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOLEANCE_HOME", str(home))
        return create_app(TESTING=True)


def _views(app: Flask) -> dict[str, Callable[..., Any]]:
    return {
        name: view for name, view in app.view_functions.items() if name != "static" and not name.endswith(".static")
    }


def test_every_view_declares_who_may_enter(app: Flask) -> None:
    assert [name for name, view in _views(app).items() if not isinstance(getattr(view, "door", None), Door)] == []


def test_every_audience_is_a_known_one(app: Flask) -> None:
    known = {str(one) for one in (*Who, *Role)}
    unknown = {name: set(view.door.audience) - known for name, view in _views(app).items()}  # type: ignore[attr-defined]
    assert {name: audience for name, audience in unknown.items() if audience} == {}


def test_no_rule_mixes_reading_and_writing(app: Flask) -> None:
    mixed = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in _views(app)
        and (rule.methods or set()) & READING - {"OPTIONS"}
        and (rule.methods or set()) - READING
    ]
    assert mixed == []


def _methods(app: Flask, endpoint: str) -> set[str]:
    return {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()} - {"OPTIONS", "HEAD"}


def test_a_view_either_reads_or_writes(app: Flask) -> None:
    assert [name for name in _views(app) if {"GET", "POST"} <= _methods(app, name)] == []


def test_a_view_that_only_reads_opens_no_transaction(app: Flask) -> None:
    reading = [name for name in _views(app) if _methods(app, name) == {"GET"}]
    assert [name for name in reading if app.view_functions[name].door.writes] == []  # type: ignore[attr-defined]


def test_no_address_ends_in_a_slash_but_the_first(app: Flask) -> None:
    assert [str(rule) for rule in app.url_map.iter_rules() if str(rule) != "/" and str(rule).endswith("/")] == []
