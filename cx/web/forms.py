"""What every form shares: text cleaned without refusing anybody, messages in both languages, one key a form."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Self

from flask import request
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from cx.web.language import language

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
MAX_STORY = 20_000
MAX_MARKS = 8


def clean_text(value: str | None) -> str:
    """A text as it is stored: no control characters, one kind of line end, at most 8 marks on a letter, no outer space."""
    text = _CONTROLS.sub("", (value or "").replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text)
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    text = "".join(kept).strip()
    return text if _INVISIBLE.sub("", text).strip() else ""


def clean_line(value: str | None) -> str:
    """A one-line field: as `clean_text`, folded to one line, without marks that turn the direction of text."""
    return " ".join(_DIRECTION.sub("", _INVISIBLE.sub("", clean_text(value))).split())


class Line(StringField):
    """A one-line text of at most `most` characters."""

    def __init__(self, label: Any = None, validators: Any = (), most: int = 80, **kwargs: Any) -> None:
        """Add the cleaning and the bound."""
        bound = Length(max=most, message=_l("At most %(max)d characters, please."))
        super().__init__(label, [*validators, bound], filters=[clean_line], **kwargs)


def bounded(most: int) -> Callable[[Any, Any], None]:
    """A validator: at most `most` characters, saying how many there are."""

    def check(_form: Any, field: Any) -> None:
        written = len(field.data or "")
        if written > most:
            counted = {"written": format_decimal(written), "most": format_decimal(most)}
            raise ValidationError(
                _("This text has %(written)s characters, and we can take %(most)s. Please shorten it.", **counted)
            )

    return check


class Story(TextAreaField):
    """A long text of at most `most` characters."""

    def __init__(self, label: Any = None, validators: Any = (), most: int = MAX_STORY, **kwargs: Any) -> None:
        """Add the cleaning and the bound."""
        super().__init__(label, [*validators, bounded(most)], filters=[clean_text], **kwargs)


class HouseForm(Form):
    """A form of the house: read from the request when it was posted, worded in the language of the page."""

    class Meta:
        """WTForms brings its own French and English messages."""

        locales = ("en",)

    @classmethod
    def of_request(cls, **given: Any) -> Self:
        """The form as posted, else with the given starting values."""
        data = request.form if request.method == "POST" else None
        return cls(data, meta={"locales": [language()]}, **given)

    @classmethod
    def filled(cls, values: Mapping[str, Any]) -> Self:
        """The form filled with values kept from before, as if they had been typed."""
        pairs: MultiDict[str, Any] = MultiDict()
        for name, value in values.items():
            pairs.setlist(name, value if isinstance(value, list) else [value])
        return cls(pairs, meta={"locales": [language()]})


class KeyedForm(HouseForm):
    """A form whose effect happens once: it carries a random key, so a double click never makes two."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(18))


def sound_key(value: str | None) -> str:
    """A key as received, or a fresh one when it is missing or not of our form."""
    return value if value and re.fullmatch(r"[A-Za-z0-9_-]{16,64}", value) else secrets.token_urlsafe(18)
