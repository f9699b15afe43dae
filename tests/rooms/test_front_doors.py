"""What every answer has and every request must be, whatever room it is for: hosts, headers, bodies, callers."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cx.web.callers import init as believe_proxies
from cx.web.callers import on_this_machine
from cx.web.errors import MOST_FIELDS
from cx.web.settings import MAX_BODY
from models.engine import Database
from tests.pages import Browser, Page

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.world import World

STORY = "Four counters, three forms, and nobody who looks up."
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def browser(small_world: "World") -> Browser:
    """A stranger's browser, at a house that answers errors with pages."""
    small_world.app.config["PROPAGATE_EXCEPTIONS"] = False
    return small_world.browser()


def _guarded(response: "TestResponse") -> None:
    """The headers that every answer must have."""
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.7:8000", "127.0.0.1:99999", 'a b"<', "[::1]:8000"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_host_gets_a_page_of_the_house_that_names_the_right_one(
    browser: Browser, host: str, method: str
) -> None:
    response = browser.raw(method, "/tell", headers={"Host": host}, data={"story": STORY} if method == "POST" else None)
    assert response.status_code == 400
    _guarded(response)
    page = Page(response)
    assert page.heading == "This is not our address"
    assert "http://127.0.0.1:8000" in page.main
    assert "evil" not in page.text
    with browser.raw("GET", "/static/doleance.css", headers={"Host": host}) as dress:
        assert dress.status_code == 200
    assert browser.raw("GET", "/static/../app.py", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"story": "x"}', 415),
        ("text/plain", b"story=x", 415),
        ("application/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", 415),
        ("", b"story=x", 415),
        ("multipart/form-data", b"x", 400),
        (FORM, b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS + 1)), 413),
        (FORM, b"page=1&story=%ff%fe\xff", 422),
    ],
)
def test_what_is_no_form_of_ours_is_refused_as_what_it_is(
    browser: Browser, kind: str, body: bytes, status: int
) -> None:
    response = browser.raw("POST", "/tell", data=body, headers={"Content-Type": kind})
    assert response.status_code == status
    _guarded(response)


def test_a_packed_body_is_not_unpacked(browser: Browser) -> None:
    headers = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    assert browser.raw("POST", "/tell", data=b"\x1f\x8b" * 50, headers=headers).status_code == 415


def test_a_form_that_breaks_off_is_not_taken_for_a_whole_one(browser: Browser) -> None:
    headers = {"Content-Type": FORM, "Content-Length": "500"}
    environment = {"CONTENT_LENGTH": "500", "wsgi.input_terminated": True}
    response = browser.raw("POST", "/tell", data=b"page=1&story=half", headers=headers, environ_overrides=environment)
    assert response.status_code == 400


def test_a_body_without_a_length_is_bounded_too(browser: Browser) -> None:
    environment = {"wsgi.input_terminated": True, "CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked"}
    body = b"page=1&story=" + b"a" * 2 * MAX_BODY
    response = browser.raw("POST", "/tell", data=body, headers={"Content-Type": FORM}, environ_overrides=environment)
    assert response.status_code == 413


def test_a_text_that_is_too_long_is_given_back_to_be_shortened(browser: Browser) -> None:
    story = STORY + "a" * MAX_BODY
    page = Page(browser.raw("POST", "/tell", data={"page": "1", "story": story}))
    assert page.status == 413
    assert story in page.text
    # Sending the same again would be refused again.
    assert not page.forms()


def test_a_form_of_another_site_is_kept_and_sent_again_with_one_click(browser: Browser) -> None:
    foreign = browser.raw(
        "POST", "/tell", data={"page": "1", "story": STORY, "whom": "Poste"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    _guarded(foreign)
    page = Page(foreign)
    assert STORY in page.main
    fields = page.fields()
    assert fields == {"page": "1", "story": STORY, "whom": "Poste"}
    assert "/tell" in str(page.forms()[0].get("action"))
    assert STORY in browser.post("/tell", {**fields, "whom": ""}, 422).text


@pytest.mark.parametrize(
    ("address", "header", "near"),
    [
        ("http://127.0.0.1:8000", {}, True),
        ("http://127.0.0.1:8000", {"X-Forwarded-For": "192.0.2.9"}, False),
        ("http://127.0.0.1:8000", {"Via": "1.1 proxy"}, False),
        ("https://plaintes.example", {}, False),
    ],
)
def test_only_a_request_that_no_proxy_passed_on_is_from_this_machine(
    app: "Flask", address: str, header: dict[str, str], near: bool
) -> None:
    app.config["DOLEANCE_URL"] = address
    with app.test_request_context("/", headers=header, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        assert on_this_machine() is near


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "192.0.2.9"), (2, "198.51.100.4")])
def test_the_caller_is_whom_the_configured_proxies_name_and_nobody_else(app: "Flask", proxies: int, seen: str) -> None:
    app.config["PROXIES"] = proxies
    believe_proxies(app)
    heard: list[str | None] = []

    @app.before_request
    def listen() -> None:
        from flask import request

        heard.append(request.remote_addr)
        assert request.host == "localhost"

    headers = {"X-Forwarded-For": "203.0.113.1, 198.51.100.4, 192.0.2.9", "X-Forwarded-Host": "evil.example"}
    app.test_client().get("/health", headers=headers)
    assert heard == [seen]


def test_counters_are_for_this_machine_or_for_whoever_has_the_token(browser: Browser, small_world: "World") -> None:
    near = browser.raw("GET", "/metrics")
    assert near.status_code == 200
    assert "doleance_letters_waiting 0.0" in near.get_data(as_text=True)
    assert browser.raw("GET", "/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.9"}).status_code == 404
    small_world.app.config["METRICS_TOKEN"] = "a-token"
    assert browser.raw("GET", "/metrics").status_code == 404
    assert browser.raw("GET", "/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200


def test_the_database_file_is_for_us_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    database.engine.dispose()
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
