"""The optional facts of a story: read from page 3, doubted where their form looks odd, never refused for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from cx.core.words import Channel, Wish
from cx.disputes.recipients import Recipient
from cx.intake.about_form import SECTOR_FACTS, AboutForm
from cx.intake.clock_facts import told
from cx.intake.forms import ALSO, day_of, minor_of
from cx.web.formats import day, money
from cx.web.labels import CHANNELS, ISSUES, WISHES
from cx.web.told_facts import DAYS, TICKS

CURRENCIES = {"GB": "GBP", "US": "USD", "CH": "CHF", "CA": "CAD", "JP": "JPY"}
COUNTED = ("tries", "minutes", "told_again")
_FLIGHT = re.compile(r"([A-Z][A-Z0-9]|[0-9][A-Z])\s?0{0,3}([1-9]\d{0,3})([A-Z])?")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_TRACKING = re.compile(r"[A-Z0-9]{8,34}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the summary: what was asked, what was answered, and a doubt about its form, if any."""

    label: str
    value: str
    doubt: str = ""


def currency_of(country: str) -> str:
    """The currency in which people of a country pay, as far as the form asks for amounts."""
    return CURRENCIES.get(country, "EUR")


def s10_holds(item: str) -> bool:
    """Whether the check digit of a postal item number (UPU S10: two letters, nine digits, two letters) is right."""
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(item[2:10], _WEIGHTS, strict=True)) % 11
    return int(item[10]) == {10: 0, 11: 5}.get(remainder, remainder)


def doubt(name: str, value: str) -> str:
    """A sentence when a fact does not look like one of its kind; empty when it does."""
    plain = re.sub(r"[\s-]", "", value).upper()
    if name == "flight_number" and not _FLIGHT.fullmatch(value.upper()):
        return str(_("Flight numbers mostly look like AF 1234. Leave it if it is right."))
    if name == "tracking" and (not _TRACKING.fullmatch(plain) or (_S10.fullmatch(plain) and not s10_holds(plain))):
        return str(_("This does not look like a tracking number. Leave it if it is right."))
    return ""


def facts_of(about: Mapping[str, str], recipient: Recipient) -> dict[str, object]:
    """The facts as they are kept: texts, whole numbers, yes or no, money in minor units."""
    names = SECTOR_FACTS[recipient.sector]
    facts: dict[str, object] = {name: about[name] for name in names if about.get(name)}
    facts |= {name: int(about[name]) for name in COUNTED if about.get(name)}
    paid = minor_of(about.get("paid"))
    if paid:
        facts |= {"paid_minor": paid, "paid_currency": currency_of(recipient.country)}
    facts |= {name: about[name] == "yes" for name in ("only_way", "anybody_there") if about.get(name)}
    if about.get("issue"):
        facts["issue"] = about["issue"]
    return facts | told(about)


def also_of(data: Mapping[str, Any]) -> list[str]:
    """What is asked beside the first wish: each is a point of its own, which gets an answer of its own."""
    asked = [str(data[name]) for name in ALSO if data.get(name)] if data.get("wish") != Wish.TELL else []
    return list(dict.fromkeys(asked))


def channel_of(about: Mapping[str, str], touchpoints: Mapping[int, str]) -> Channel | None:
    """Where it happened: the touchpoint's channel, else the one that was chosen."""
    value = touchpoints.get(int(about["touchpoint"])) if about.get("touchpoint") else about.get("channel")
    return Channel(value) if value and value in set(Channel) else None


def summary(data: Mapping[str, Any], recipient: Recipient, form: AboutForm) -> list[Told]:
    """Everything that will be sent beside the story, line by line. `form` is page 3, filled."""
    lines = [Told(_("With whom"), recipient.name), Told(_("What you want"), str(WISHES[Wish(data["wish"])]))]
    if data.get("wish_text"):
        lines.append(Told(_("In your words"), data["wish_text"]))
    lines += [Told(_("And"), one) for one in also_of(data)]
    about = data.get("about", {})
    lines += [
        Told(str(form[name].label.text), _worded(name, value, form, recipient), doubt(name, value))
        for name, value in about.items()
        if name in form and name != "occurred_how"
    ]
    if about.get("occurred_how") == "unknown":
        lines.append(Told(_("On which day?"), _("I don’t remember")))
    return lines


def _worded(name: str, value: str, form: AboutForm, recipient: Recipient) -> str:
    if name in TICKS:
        return str(_("Yes"))
    if name in DAYS:
        return day(day_of(value), year="always")
    if name == "occurred_on":
        said = day(day_of(value), year="always")
        return str(_("about %(day)s", day=said)) if form.occurred_how.data == "about" else said
    if name == "paid":
        return money(minor_of(value), currency_of(recipient.country))
    if name == "severity":
        return str(_("%(number)s of 5", number=value))
    if name == "issue":
        return str(ISSUES.get(value, value))
    if name == "channel":
        return str(CHANNELS.get(value, value))
    offered = {one.value: one.label for one in getattr(form[name], "choices", None) or ()}
    return str(offered.get(value, value))
