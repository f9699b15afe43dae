"""Every sentence for people has its French, complete and well typeset."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from tests.house.tree import ROOT, under

KEYWORDS: dict[str, tuple[int, ...] | tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CATALOGS = sorted((ROOT / "cx" / "web" / "translations").glob("*/fr/LC_MESSAGES/messages.po"))
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
Key = tuple[str, str]


def _singular(message: object) -> str:
    return str(message[0] if isinstance(message, list | tuple) else message)


def _found() -> Iterator[tuple[Key, str]]:
    """Every message that Python and Jinja mark, with its context and where it stands."""
    for path in [*under("cx", "app.py"), *under("templates", suffix=".html"), *under("templates", suffix=".txt")]:
        method = "python" if path.suffix == ".py" else babel_extract
        with (ROOT / path).open("rb") as file:
            options = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}
            for line, message, _, context in extract(method, file, KEYWORDS, options=options):
                if _singular(message):
                    yield (context or "", _singular(message)), f"{path}:{line}"


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def _messages(path: Path) -> Iterator[Message]:
    return (message for message in _read(path) if message.id)


def _said(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def test_every_sentence_has_its_french() -> None:
    french = {
        (message.context or "", _singular(message.id))
        for path in CATALOGS
        for message in _messages(path)
        if all(_said(message)) and not message.fuzzy
    }
    missing = {key: where for key, where in _found() if key not in french}
    assert missing == {}, "\n".join(f"{where}: {message}" for (_, message), where in missing.items())


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.parent.name)
def test_a_catalog_is_whole(path: Path, tmp_path: Path) -> None:
    for message in _messages(path):
        assert not message.fuzzy, message.id
        assert all(_said(message)), message.id
        english = " ".join(message.id) if isinstance(message.id, list | tuple) else str(message.id)
        for french in _said(message):
            assert set(PLACES.findall(french)) <= set(PLACES.findall(english)), (message.id, french)
    with (tmp_path / "messages.mo").open("wb") as file:
        write_mo(file, _read(path))


SPACED = re.compile(r"(?<=[^\W\d_]) (?=[:;!?»])|(?<=«) |(?<=[\d)%]) (?=[:;!?»])")
CLOSE = re.compile(r"(?<=[^\W_])[!?](?=\s|$)|(?<=[^\W_])[;:](?=\s|$)")
STRAIGHT = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
# Code, addresses and entities inside a sentence keep their own signs.
CODE = re.compile(r"<[^>]*>|&#?\w+;|https?://\S+|%\(\w+\)[sd]")


def _typeset(french: str) -> list[str]:
    bare = CODE.sub(lambda found: "x" if found.group().startswith("%") else "", french)
    return [
        complaint
        for complaint, law in (
            ("a breaking space before : ; ! ? » or after «", SPACED),
            ("no space before : ; ! ?", CLOSE),
            ("a straight apostrophe", STRAIGHT),
        )
        if law.search(bare)
    ]


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.parent.name)
def test_the_french_is_typeset_as_in_a_book(path: Path) -> None:
    found = {french: _typeset(french) for message in _messages(path) for french in _said(message) if _typeset(french)}
    assert found == {}, "\n".join(f"{french!r}: {', '.join(why)}" for french, why in found.items())
