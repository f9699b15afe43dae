"""A running house with a small demo, and visitors in real Chromium."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.serving import flask, free_port, serving, settings
from cx.disputes import reviewing
from models.engine import Database

PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1280, "height": 860}


@dataclass
class House:
    """The running product: where it is, who can sign in, and the private links of the eight stories."""

    address: str
    accounts: list[dict[str, Any]]
    links: list[dict[str, Any]]
    browser: Browser

    def visit(
        self,
        who: str = "",
        language: str = "en",
        scheme: str = "light",
        size: dict[str, int] | None = None,
        script: bool = True,
    ) -> Page:
        """A page of a new browser, signed in as the person whose name or role is given."""
        context = self.browser.new_context(
            base_url=self.address,
            locale={"fr": "fr-FR", "en": "en-GB"}[language],
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": (size or DESKTOP)["width"], "height": (size or DESKTOP)["height"]},
            java_script_enabled=script,
        )
        page = context.new_page()
        if who:
            account = next(one for one in self.accounts if who in {one["name"], one["role"]})
            page.goto(f"/accounts/login?lang={language}")
            page.fill("[name=email]", account["email"])
            page.fill("[name=password]", account["password"])
            page.locator("main button[type=submit]").click()
            page.goto(f"{page.url.split('?')[0]}?lang={language}")
        return page

    def link(self, number: int) -> str:
        """The private link of one of the eight stories."""
        return f"/k/{self.links[number - 1]['code']}"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[House]:
    """The product as the Procfile starts it, with a demo of 150 cases."""
    home: Path = tmp_path_factory.mktemp("house")
    environment = settings(home, free_port())
    flask(environment, "prepare", "--no-demo")
    flask(environment, "demo", "--cases", "150")
    _stories_to_look_over(home)
    accounts = json.loads((home / "demo-accounts.json").read_text(encoding="utf8"))
    links = json.loads((home / "demo-links.json").read_text(encoding="utf8"))
    expect.set_options(timeout=10_000)
    with serving(environment) as server:
        yield House(f"http://127.0.0.1:{server.port}", accounts, links, browser)


def _stories_to_look_over(home: Path) -> None:
    """What the clock does once a day; the suggested ones are simply the newest."""
    database = Database(f"sqlite:///{home / 'doleance.sqlite3'}")
    reviewing.pick(database, datetime.now(UTC), lambda candidates, many: [one.id for one in candidates][:many])
    database.engine.dispose()


@pytest.fixture(autouse=True)
def _closed(browser: Browser) -> Iterator[None]:
    """Browsers that a test opened are closed with it."""
    yield
    for context in browser.contexts:
        context.close()
