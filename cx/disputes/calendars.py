"""Days off by calendar, in the shape that `cx.core.clock` counts with. The facts come from the `holidays` package."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

COUNTRY_CALENDARS = {"FR": "FR", "GB": "GB-ENG", "US": "US-FED", "ES": "ES"}
"""The calendar that a whole country counts with, where it is not simply the code of the country."""

LANGUAGES = {"FR": "fr", "GB": "en_GB", "US": "en_US", "ES": "es"}

# The package joins the two Alsatian departments and names overseas territories by letters.
FRENCH_REGIONS = {
    "67": "6AE",
    "68": "6AE",
    "975": "PM",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}


@lru_cache(maxsize=512)
def days_off(calendar: str, year: int) -> Mapping[date, str]:
    """The days off of one year, each with its name in the language of the calendar (observed days included).

    `calendar` is `none` (no day off), `TARGET` (euro payments), `US-FED` (federal), a country (`FR`, `ES`) or a region
    (`FR-57`, `GB-SCT`); an unknown region counts with its country. Raises LookupError for an unknown country.
    """
    if calendar == "none":
        return MappingProxyType({})
    euro = calendar == "TARGET"
    found = holidays.financial_holidays("ECB", years=year) if euro else _country_days(calendar, year)
    return MappingProxyType(dict(sorted(found.items())))


def _country_days(calendar: str, year: int) -> holidays.HolidayBase:
    country, _, region = calendar.partition("-")
    known = holidays.list_supported_countries().get(country)
    if known is None:
        raise LookupError(calendar)
    if country == "FR":
        region = FRENCH_REGIONS.get(region, region)
    if country == "GB" and region not in known:
        region = "ENG"
    return holidays.country_holidays(
        country, subdiv=region if region in known else None, years=year, language=LANGUAGES.get(country)
    )


def calendar_of(jurisdiction: str) -> str:
    """The calendar for a jurisdiction: its region if it has one, else its country; `none` when we know no days off."""
    code = jurisdiction.upper()
    country, _, region = code.partition("-")
    if country not in holidays.list_supported_countries():
        return "none"
    if country == "US" or not region:
        return COUNTRY_CALENDARS.get(country, country)
    return code
