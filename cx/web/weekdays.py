"""The days of the week by their ISO numbers, in the language of the page."""

from collections.abc import Mapping

from babel import Locale
from babel.dates import get_day_names

from cx.web.language import language


def weekday_names() -> Mapping[str, str]:
    """ISO weekday ("1" is Monday) to its name."""
    names = get_day_names("wide", "format", Locale.parse("en_GB" if language() == "en" else "fr_FR"))
    return {str(number + 1): str(names[number]) for number in range(7)}
