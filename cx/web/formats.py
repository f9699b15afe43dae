"""How dates, money and names read on a page, in the language of the reader."""

import functools
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask import Flask, current_app, url_for

from cx.web.language import language

# Currencies whose minor unit is not a hundredth (ISO 4217).
NO_MINOR = frozenset({"JPY", "KRW", "CLP", "ISK", "VND", "XAF", "XOF", "XPF"})


def _locale() -> Locale:
    return Locale.parse("en_GB" if language() == "en" else "fr_FR")


def _pattern(shape: str, on: date) -> str:
    """The shape of a date; French says its first day "1er", which CLDR does not know."""
    return shape.replace("d ", "d'er' ", 1) if on.day == 1 and language() == "fr" else shape


def local(moment: datetime, zone: str = "Europe/Paris") -> datetime:
    """A moment on the clock of a place."""
    return moment.astimezone(ZoneInfo(zone))


def day(value: date | datetime | None, zone: str = "Europe/Paris", year: str = "auto") -> str:
    """Say "19 janvier" or "19 January"; the year is said when it is not this one."""
    if value is None:
        return ""
    value = local(value, zone).date() if isinstance(value, datetime) else value
    with_year = year == "always" or (year == "auto" and value.year != datetime.now(UTC).year)
    return format_date(value, _pattern("d MMMM y" if with_year else "d MMMM", value), locale=_locale())


def weekday(value: date) -> str:
    """Say "mardi 19 janvier" or "Tuesday 19 January"."""
    return format_date(value, _pattern("EEEE d MMMM", value), locale=_locale())


def short_day(value: date | datetime | None, zone: str = "Europe/Paris") -> str:
    """Say "19 janv." or "19 Jan", for margins and lists; with the year when it is not this one."""
    if value is None:
        return ""
    value = local(value, zone).date() if isinstance(value, datetime) else value
    this_year = value.year == datetime.now(UTC).year
    return format_date(value, _pattern("d MMM" if this_year else "d MMM y", value), locale=_locale())


def moment(value: datetime | None, zone: str = "Europe/Paris") -> str:
    """A day with its hour, on the clock of the place."""
    if value is None:
        return ""
    at = local(value, zone)
    return format_datetime(at, _pattern("d MMM y, HH:mm", at), locale=_locale())


def month(value: date) -> str:
    """Say "mars 2026" or "March 2026"."""
    return format_date(value, "LLLL y", locale=_locale())


def money(minor: int | None, currency: str | None) -> str:
    """An amount in minor units, as people write it."""
    if minor is None or currency is None:
        return ""
    whole = minor if currency in NO_MINOR else minor / 100
    said = format_currency(whole, currency, locale=_locale())
    # French CLDR writes "£GB", which nobody in France does and which no other pound here needs.
    return said.replace("£GB", "£")


def initials(name: str) -> str:
    """Say "NF" for Nadia Ferrand."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@functools.cache
def _version(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep the file for a year."""
    return url_for("static", filename=name, v=_version(str(Path(current_app.static_folder or "") / name)))


def init(app: Flask) -> None:
    """Give the formats to the templates. They depend on the language, so Jinja must not fold them."""
    for shape in (day, weekday, short_day, moment, month, money, initials):
        app.jinja_env.globals[shape.__name__] = shape
        app.jinja_env.filters[shape.__name__] = shape
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["today"] = lambda: datetime.now(UTC).date()
