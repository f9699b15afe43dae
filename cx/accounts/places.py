"""What follows from the country of an organisation: its time zone, its law, its days off and its money."""

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

from cx.core.money import CURRENCIES, MOST_MINOR
from cx.disputes.analysis import fold
from cx.disputes.calendars import COUNTRY_CALENDARS, calendar_of
from cx.web.formats import NO_MINOR

# Where a country has several time zones, the one in which most of its people live.
_BUSIEST = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Gaza",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}
_FIRST = ("FR", "GB")
# Regions whose days off differ from those of their country, under their own names.
REGIONS = (
    ("FR-57", "Moselle"), ("FR-67", "Bas-Rhin"), ("FR-68", "Haut-Rhin"), ("FR-971", "Guadeloupe"),
    ("FR-972", "Martinique"), ("FR-973", "Guyane"), ("FR-974", "La Réunion"), ("FR-976", "Mayotte"),
    ("GB-SCT", "Scotland"), ("GB-NIR", "Northern Ireland"),
    ("ES-AN", "Andalucía"), ("ES-AR", "Aragón"), ("ES-AS", "Asturias"), ("ES-CB", "Cantabria"), ("ES-CE", "Ceuta"),
    ("ES-CL", "Castilla y León"), ("ES-CM", "Castilla-La Mancha"), ("ES-CN", "Canarias"), ("ES-CT", "Catalunya"),
    ("ES-EX", "Extremadura"), ("ES-GA", "Galicia"), ("ES-IB", "Illes Balears"), ("ES-MC", "Región de Murcia"),
    ("ES-MD", "Comunidad de Madrid"), ("ES-ML", "Melilla"), ("ES-NC", "Navarra"), ("ES-PV", "Euskadi"),
    ("ES-RI", "La Rioja"), ("ES-VC", "Comunitat Valenciana"),
)  # fmt: skip


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """The countries, as (code, name), by name; those whose law we know best come first."""
    names = Locale.parse(language).territories
    zones = get_global("territory_zones")
    known = [(code, names[code]) for code in zones if len(code) == 2 and code in names and code not in {"AQ", "ZZ"}]
    known.sort(key=lambda pair: (_FIRST.index(pair[0]) if pair[0] in _FIRST else len(_FIRST), fold(pair[1])))
    return tuple(known)


def zone_of(country: str) -> str:
    """The IANA time zone in which most people of a country live; UTC when we do not know."""
    wanted = (_BUSIEST.get(country), *get_global("territory_zones").get(country, ()))
    return next((zone for zone in wanted if zone and zone in available_timezones()), "UTC")


def jurisdiction_of(country: str, region: str = "") -> str:
    """The key under which the legal clocks of a country, or of one of its regions, are found; empty without any."""
    if country not in COUNTRY_CALENDARS:
        return ""
    return region if region in dict(REGIONS) and region.startswith(f"{country}-") else country


def calendar_for(country: str, region: str = "") -> str:
    """The calendar of the days off of a country or region; `none` when we do not know them."""
    return calendar_of(jurisdiction_of(country, region) or country)


def currency_of(country: str) -> str:
    """The currency that a country uses today (ISO 4217); EUR when we do not know."""
    found = [code for code in get_territory_currencies(country) if code in CURRENCIES]
    return found[0] if found else "EUR"


def minor_units(text: str, country: str) -> int | None:
    """An amount as people write it ("1 200,50", "150") in minor units; None when empty, ValueError when it is none."""
    plain = re.sub(r"[\s'’€£$]", "", text)
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,2})?", plain):
        raise ValueError(text)
    try:
        amount = Decimal(plain.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
    minor = amount if currency_of(country) in NO_MINOR else amount * 100
    if minor != int(minor) or minor > MOST_MINOR:
        raise ValueError(text)
    return int(minor)


def amount_text(minor: int | None, country: str) -> str:
    """An amount as it stands in the form: "150" or "150.50"; empty for none."""
    if minor is None:
        return ""
    if currency_of(country) in NO_MINOR:
        return str(minor)
    return f"{minor // 100}.{minor % 100:02d}" if minor % 100 else str(minor // 100)
