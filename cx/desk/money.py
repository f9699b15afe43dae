"""Amounts as people type them: comma or dot, to whole minor units."""

import re

from babel import Locale
from babel.core import get_global

from cx.core.money import CURRENCIES
from cx.web.formats import NO_MINOR

_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?", re.ASCII)
_AROUND = re.compile(r"[\s\u00a0\u202f€£$]")


def minor_of(typed: str, currency: str) -> int | None:
    """Read "12,50" and "12.5" as 1250; None for anything that is not an amount with at most two decimals."""
    plain = _AROUND.sub("", typed)
    if not _AMOUNT.fullmatch(plain):
        return None
    whole, _, cents = plain.replace(",", ".").partition(".")
    if currency in NO_MINOR:
        return None if cents.strip("0") else int(whole)
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)


def typed_of(minor: int, currency: str) -> str:
    """Write minor units as people type them, with a dot: the opposite of `minor_of`."""
    return str(minor) if currency in NO_MINOR else f"{minor // 100}.{minor % 100:02d}"


def home_currency(jurisdiction: str) -> str:
    """The currency of a jurisdiction (`FR`, `GB-SCT`); euros where none is known."""
    country = jurisdiction.partition("-")[0].upper()
    used = [
        name
        for name, _since, until, tender in get_global("territory_currencies").get(country, ())
        if tender and not until
    ]
    return used[0] if used and used[0] in CURRENCIES else "EUR"


def currency_choices(first: str, locale: str) -> list[tuple[str, str]]:
    """The currencies of a list, the usual one first: (code, "EUR, euro")."""
    names = Locale.parse(locale).currencies
    return [(code, f"{code}, {names.get(code, code)}") for code in (first, *sorted(CURRENCIES - {first}))]
