"""The language of the interface: asked for, remembered, or read from `Accept-Language`; catalogs made at start."""

import os
from pathlib import Path
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, g, request
from flask.globals import request_ctx
from flask_babel import Babel, get_locale
from werkzeug.exceptions import HTTPException

from cx.web.house import house
from cx.web.sentence import on_page, on_page_many

LANGUAGES = ("fr", "en")
COOKIE = "doleance_language"
FOLDER = Path(__file__).parent / "translations"


def catalogs() -> list[Path]:
    """The folders of the catalogs, one for each part of the house."""
    return sorted(folder for folder in FOLDER.iterdir() if folder.is_dir())


def compile_catalogs() -> None:
    """Make each machine catalog that is missing or older than its text; safe with several processes at once."""
    for source in FOLDER.glob("*/*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        with source.open("rb") as text, draft.open("wb") as machine:
            write_mo(machine, read_po(text, locale=source.parent.parent.name))
        draft.replace(target)


def chosen() -> str:
    """The language of this request: the switch, else what was remembered or the browser asks for, else the house's."""
    if "language" not in g:
        wanted = (request.args.get("lang"), request.cookies.get(COOKIE))
        known = next((one for one in wanted if one in LANGUAGES), None)
        g.language = known or request.accept_languages.best_match(LANGUAGES) or house().language
    return str(g.language)


def language() -> str:
    """The two letters of the current locale (also inside `force_locale`)."""
    locale = get_locale()
    return locale.language if locale is not None else "fr"


def here() -> str:
    """The path of the page for a visitor who comes by a link: where only forms may go, the next page above it."""
    path, routes = request.path, request_ctx.url_adapter
    while routes is not None and path != "/":
        try:
            routes.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0] or "/"
        else:
            break
    return path


def links() -> list[tuple[str, str, str, bool]]:
    """The switch: for each language its code, its own name, an address of this page in it, and whether it is on."""
    names = {"fr": "Français", "en": "English"}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    current, path = language(), "" if request.method == "GET" else here()
    return [(code, names[code], f"{path}?{urlencode([*kept, ('lang', code)])}", code == current) for code in LANGUAGES]


def init(app: Flask) -> None:
    """Set up Babel and remember the language that the switch asked for."""
    compile_catalogs()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(folder) for folder in catalogs())
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=chosen, timezone_selector=lambda: None)
    app.jinja_env.globals.update(language_links=links, language=language)
    app.jinja_env.globals.update({"_": on_page, "gettext": on_page, "ngettext": on_page_many})

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES:
            secure = app.config["SESSION_COOKIE_SECURE"]
            response.set_cookie(COOKIE, chosen(), max_age=31_536_000, samesite="Lax", httponly=True, secure=secure)
        return response
