"""Takes the pictures of the README from a running demo: `python docs/pictures.py http://127.0.0.1:8000 data`."""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent / "pictures"
SIZE = {"width": 1180, "height": 900}


def page(browser: Browser, base: str, account: dict[str, str] | None = None) -> Page:
    """A page in French, signed in if an account is given."""
    made = browser.new_context(locale="fr-FR", viewport=SIZE, color_scheme="light").new_page()
    if account is not None:
        made.goto(f"{base}/accounts/login")
        made.fill("[name=email]", account["email"])
        made.fill("[name=password]", account["password"])
        made.click("main button[type=submit]")
    return made


def main(base: str, home: Path) -> None:
    """One picture for each audience, from the demo story."""
    accounts = json.loads((home / "demo-accounts.json").read_text(encoding="utf8"))
    links = json.loads((home / "demo-links.json").read_text(encoding="utf8"))
    nadia = next(one for one in accounts if one["name"] == "Nadia Ferrand")
    manager = next(one for one in accounts if one["role"] == "manager" and one["organisation"] == nadia["organisation"])
    found = shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, address, account in (
            ("customer", f"/k/{links[0]['code']}", None),
            ("desk", "/desk", nadia),
            ("insight", "/insight", manager),
        ):
            shown = page(browser, base, account)
            shown.goto(f"{base}{address}")
            shown.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
