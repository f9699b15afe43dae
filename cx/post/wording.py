"""How letters are worded, in both languages. A letter says that something happened and where to read it, never what:
mail is read by more people than its addressee, and an address may have been mistyped or belong to a stranger.

For the same reason nothing that a customer typed, not even a name, stands in a letter. The words are in `letters.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Worded:
    """A letter in words: one line as its subject, and the text."""

    subject: str
    text: str


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads(files("cx.post").joinpath("letters.toml").read_text(encoding="utf-8"))


def _kinds() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    return {**_document()["customer"], **_document()["team"]}


KINDS = frozenset(_kinds())
TO_TEAM = frozenset(_document()["team"])
"""Kinds that go to people of the team."""
STATES = frozenset(_document()["state"])
BODIES = frozenset(_document()["body"])

_FRAME = {
    "fr": {
        "hello": "Bonjour,",
        "case": "Tout se lit et se répond sur votre page. Ce lien n’ouvre que votre dossier, gardez-le pour vous :",
        "team": "Le dossier :",
        "link": "Voici le lien :",
        "person": "Vous préférez parler à quelqu’un ? Sur votre page, « Parler à quelqu’un » dit quand une personne est là.",
        "bye": "Une machine a écrit ce courrier ; des personnes lisent votre page.",
        "unread": "Une machine a écrit ce courrier, d’après ce que vous avez noté.",
        "free": "C’est gratuit pour vous.",
        "or": " ou ",
    },
    "en": {
        "hello": "Hello,",
        "case": "Read and answer everything on your page. This link opens your case only, keep it to yourself:",
        "team": "The case:",
        "link": "Here is the link:",
        "person": "Would you rather talk to somebody? On your page, “Talk to a person” says when somebody is there.",
        "bye": "A machine wrote this letter; people read your page.",
        "unread": "A machine wrote this letter, from what you noted.",
        "free": "It is free for you.",
        "or": " or ",
    },
}
# The lines under a letter about a case; each is left out when nothing is known of it.
_LINES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "reference": "Référence : {reference}",
        "state": "Où en est le dossier : {state}",
        "next": "Ensuite : {next}",
        "due": "Date à retenir : {due}",
        "who": "Qui s’en occupe : {who}",
        "next_body": "Si cela ne suffit pas : {next_body}",
        "next_from": "Si cela ne suffit pas : {next_body}, à partir du {next_on}",
    },
    "en": {
        "reference": "Reference: {reference}",
        "state": "Where it stands: {state}",
        "next": "What comes next: {next}",
        "due": "A date to remember: {due}",
        "who": "Who looks after it: {who}",
        "next_body": "If that is not enough: {next_body}",
        "next_from": "If that is not enough: {next_body}, from {next_on}",
    },
}
_NAMES = ("reference", "organisation", "person", "substitute")
_DAYS = ("due", "until", "next_on")


def word(kind: str, language: str, data: Mapping[str, Any], base: str, house: str = "Doléance") -> Worded:
    """The letter `kind`. `base` is the address of the installation, `house` its name; `data` as the letter's row holds it.

    A kind without words of its own is worded as a new message. A language that we do not write is French.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    _subject, body = _kinds().get(kind, _kinds()["written"])[language]
    values = _values(data, language, house)
    frame = _FRAME[language]
    parts = [frame["hello"], _filled(body, values).strip(), _standing(values, language)]
    link = link_of(data, base)
    if link:
        where = "team" if kind in TO_TEAM else "case" if values["reference"] else "link"
        parts.append(f"{frame[where]}\n{link}")
        if where == "case" and data.get("reads") is not False:
            parts.append(frame["person"])
    # Where the organisation does not read us, nobody but the customer reads the page.
    bye = frame["unread" if data.get("reads") is False else "bye"]
    of_case = bool(values["reference"]) and kind not in TO_TEAM
    parts.append(f"{values['house']}\n{bye}" if of_case else values["house"])
    return Worded(subject(kind, language, data, house), "\n\n".join(part for part in parts if part) + "\n")


def subject(kind: str, language: str, data: Mapping[str, Any], house: str = "Doléance") -> str:
    """The subject of a letter, one line."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    line = _kinds().get(kind, _kinds()["written"])[language][0]
    filled = _filled(line, _values(data, language, house))
    return " ".join(filled.replace("()", "").split())


def summary(kind: str, language: str, data: Mapping[str, Any], house: str = "Doléance") -> str:
    """What a letter is about, for a list on the page of its case: the subject without the reference."""
    known = str(data.get("reference") or "")
    return subject(kind, language, data, house).replace(f"({known})", "").strip()


def printed(kind: str, language: str, data: Mapping[str, Any], house: str = "Doléance") -> tuple[str, str]:
    """The same letter for paper: what happened, and the lines that say where the case stands. No link, no machine."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    values = _values(data, language, house)
    return _filled(_kinds().get(kind, _kinds()["written"])[language][1], values).strip(), _standing(values, language)


def told(kind: str, language: str, data: Mapping[str, Any], house: str = "Doléance") -> tuple[str, str, str]:
    """A letter as a list of letters shows it whole: subject, what happened, where the case stood then."""
    return summary(kind, language, data, house), *printed(kind, language, data, house)


def link_of(data: Mapping[str, Any], base: str) -> str:
    """Where the letter leads: the page of the case, or the `path` or `page` that it names; empty without a secret."""
    secret = str(data.get("secret") or "")
    if secret:
        return f"{base}{data.get('path') or '/k/'}{secret}"
    return f"{base}{data['page']}" if data.get("page") else ""


def _values(data: Mapping[str, Any], language: str, house: str) -> dict[str, str]:
    values = {name: _line(data.get(name)) for name in _NAMES}
    function = _line(data.get("function"))
    values["who"] = ", ".join(part for part in (values["person"], function) if part)
    if values["person"] and function:
        values["person"] += f", {function},"
    values |= {name: _day(str(data.get(name) or ""), language) for name in _DAYS}
    values["when"] = _moment(data, language)
    values["state"], values["next"] = _stand(data, language)
    values["free"] = _FRAME[language]["free"] if data.get("free") else ""
    bodies = (data.get("next_body"), *(data.get("also") or ()))
    named = [_document()["body"].get(body, {}).get(language, "") for body in bodies]
    values["next_body"] = _FRAME[language]["or"].join(name for name in named if name)
    values["house"] = _line(house)
    return values


def _stand(data: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Where the case stands and what comes next; both empty for a letter about no case."""
    known = _document()["state"]
    if data.get("reads") is False:
        known = known | _document()["unread"]
    stand, following = known.get(data.get("state"), {}).get(language, ("", ""))
    return stand, following


def _line(value: object) -> str:
    return " ".join(str(value or "").split())


def _standing(values: Mapping[str, str], language: str) -> str:
    """Reference, state, next step, date, person, next body: every letter about a case says them, as far as known."""
    if not values["state"]:
        return ""
    last = "next_from" if values["next_body"] and values["next_on"] else "next_body"
    names = ("reference", "state", "next", "due", "who", last)
    lines = [(name, _LINES[language][name]) for name in names]
    needed = {"next_from": "next_body"}
    return "\n".join(line.format_map(values) for name, line in lines if values[needed.get(name, name)])


def _day(value: str, language: str) -> str:
    try:
        return day_in(date.fromisoformat(value), language)
    except ValueError:
        return ""


def day_in(on: date, language: str) -> str:
    """A day as a letter in this language says it, with its year."""
    said = format_date(on, "d MMMM y", locale=LOCALES.get(language, "fr_FR"))
    return said.replace("1 ", "1er ", 1) if language == "fr" and on.day == 1 else said


def _moment(data: Mapping[str, Any], language: str) -> str:
    """The moment `when` (ISO, aware) on the clock of `zone`."""
    try:
        at = datetime.fromisoformat(str(data.get("when") or "")).astimezone(ZoneInfo(str(data.get("zone") or "UTC")))
    except (ValueError, KeyError):
        return ""
    return format_datetime(at, "d MMMM, HH:mm", locale=LOCALES[language])


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """Fill in the names; a bracketed sentence goes when one of its names is empty. Values are never read as patterns."""
    done: list[str] = []
    for part in sentence.replace("]", "[").split("["):
        names = [name for name in values if f"{{{name}}}" in part]
        optional = f"[{part}]" in sentence
        if optional and not all(values[name] for name in names):
            continue
        done.append(part.format_map({name: values[name] for name in names}))
    return "".join(done)
