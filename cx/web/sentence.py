"""`gettext` with types: Flask-Babel ships none, and a sentence is a text. Made for pages of a thousand sentences."""

from gettext import NullTranslations

import flask_babel
from markupsafe import Markup

# By language. Flask-Babel looks at the request nine times for each sentence to find the catalog that is always the same.
_catalogs: dict[str, NullTranslations] = {}


def _catalog() -> NullTranslations:
    locale = flask_babel.get_locale()
    if locale is None:
        return NullTranslations()
    found = _catalogs.get(locale.language)
    if found is None:
        found = _catalogs[locale.language] = flask_babel.get_translations()
    return found


def _(sentence: str, **values: object) -> str:
    """The sentence in the language of the page, its places filled in."""
    said = _catalog().gettext(sentence)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The sentence for `num` things; its place is called `num`."""
    return _catalog().ngettext(one, many, num) % {"num": num, **values}


def on_page(sentence: str, /, **values: object) -> Markup:
    """What templates call `_`: always a format, and what is filled in is escaped."""
    return Markup(_catalog().gettext(sentence)) % values  # noqa: S704 - our own sentences; values are escaped by %


def on_page_many(one: str, many: str, num: int, /, **values: object) -> Markup:
    """What templates call `ngettext`."""
    return Markup(_catalog().ngettext(one, many, num)) % {"num": num, **values}  # noqa: S704 - as above
