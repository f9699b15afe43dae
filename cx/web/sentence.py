"""`gettext` with types: Flask-Babel ships none, and a sentence is a text."""

import flask_babel


def _(sentence: str, **values: object) -> str:
    """The sentence in the language of the page, its places filled in."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The sentence for `num` things; its place is called `num`."""
    return str(flask_babel.ngettext(one, many, num, **values))
