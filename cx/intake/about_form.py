"""Page 3 of telling: everything that is optional, with the few facts of each sector."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import Optional

from cx.core.words import Sector, Wish
from cx.intake.clock_facts import ClockFacts
from cx.intake.forms import Amount, Count, Day, choices
from cx.web.forms import Line
from cx.web.labels import CHANNELS, ISSUES

YES_NO = choices([("yes", _l("Yes")), ("no", _l("No"))])

SECTOR_FACTS: Mapping[Sector, tuple[str, ...]] = {
    Sector.BANK: ("product", "their_reference"),
    Sector.AIRLINE: ("flight_number", "from_airport", "to_airport", "arrival_late", "their_reference"),
    Sector.POSTAL: ("tracking", "machine", "their_reference"),
    Sector.OTHER: ("their_reference",),
}
SECTOR_ISSUES: Mapping[Sector, tuple[str, ...]] = {
    Sector.BANK: (
        "fees", "payment_or_transfer", "card_or_fraud", "account_access", "account_opening_closing", "credit",
        "savings_or_investment", "documents_or_data", "branch_or_counter", "other",
    ),
    Sector.AIRLINE: (
        "cancellation", "delay", "denied_boarding", "refund", "baggage", "booking_ticketing", "check_in_boarding",
        "fares_fees", "accessibility", "on_board", "other",
    ),
    Sector.POSTAL: (
        "loss", "delay", "damage_or_theft", "delivery_contested", "redirection", "pricing_franking",
        "machine_or_kiosk", "locker_or_pickup", "counter", "other",
    ),
    Sector.OTHER: (),
}  # fmt: skip

# How late people arrived, in whole hours from … up; "never": they did not travel. Read by `cx.core.redress`.
ARRIVALS: Mapping[str, Any] = {
    "0": _l("Less than 2 hours late"),
    "2": _l("2 to 3 hours late"),
    "3": _l("3 to 4 hours late"),
    "4": _l("4 hours late or more"),
    "never": _l("I never arrived"),
}

# What helps to get what one asked for; said beside the field, never demanded.
USEFUL: Mapping[Wish, frozenset[str]] = {
    Wish.MONEY: frozenset({"occurred_on", "paid", "their_reference", "flight_number", "tracking"}),
    Wish.REPAIR: frozenset({"occurred_on", "touchpoint", "place", "their_reference", "tracking"}),
    Wish.HUMAN_DECISION: frozenset({"occurred_on", "their_reference"}),
    Wish.ANSWER: frozenset({"occurred_on"}),
    Wish.OTHER: frozenset({"occurred_on"}),
    Wish.TELL: frozenset(),
}


class AboutForm(ClockFacts):
    """When, where, the facts of the sector and those that dates need, how it went, how hard it hit."""

    occurred_on = Day(_l("On which day?"))
    occurred_how = RadioField(
        _l("Is this the day?"),
        choices=choices([("exact", _l("Exactly")), ("about", _l("About")), ("unknown", _l("I don’t remember"))]),
        validators=[Optional()],
    )
    touchpoint = SelectField(_l("Where was it?"), validators=[Optional()])
    place = Line(_l("Where was it, in your words?"), [Optional()], most=120)
    channel = SelectField(_l("By which way?"), validators=[Optional()])
    issue = SelectField(_l("What kind of matter?"), validators=[Optional()])
    product = Line(_l("Which product or account? (never its number)"), [Optional()], most=80)
    flight_number = Line(_l("Flight number"), [Optional()], most=12)
    from_airport = Line(_l("From (airport)"), [Optional()], most=60)
    to_airport = Line(_l("To (airport)"), [Optional()], most=60)
    arrival_late = SelectField(
        _l("How late did you arrive?"),
        choices=choices([("", _l("I don’t know, or it doesn’t matter")), *ARRIVALS.items()]),
        validators=[Optional()],
    )
    tracking = Line(_l("Tracking number"), [Optional()], most=40)
    machine = Line(_l("Number on the machine"), [Optional()], most=20)
    their_reference = Line(_l("Their own reference, if they gave you one"), [Optional()], most=60)
    tries = Count(_l("How many tries before you reached anyone?"))
    minutes = Count(_l("How many minutes did you wait?"))
    paid = Amount(_l("What did being heard cost you?"))
    told_again = Count(_l("How many times did you have to tell it again?"))
    only_way = RadioField(_l("Was it the only way allowed?"), choices=YES_NO, validators=[Optional()])
    anybody_there = RadioField(_l("Was anybody there to help?"), choices=YES_NO, validators=[Optional()])
    severity = RadioField(
        _l("How hard did it hit you?"),
        choices=choices((str(one), str(one)) for one in range(1, 6)),
        validators=[Optional()],
    )

    def fit(
        self, sector: Sector, touchpoints: Sequence[tuple[int, str, str, str]], for_dates: Collection[str] = ()
    ) -> None:
        """Keep the fields of this sector and those that its dates need, and give the choices of this organisation."""
        self.keep(for_dates)
        for name in {one for names in SECTOR_FACTS.values() for one in names} - set(SECTOR_FACTS[sector]):
            del self[name]
        if touchpoints:
            named = [(str(number), f"{name} ({code})") for number, code, name, _ in touchpoints]
            self.touchpoint.choices = choices([("", _l("Elsewhere, or I don’t know")), *named])
            del self.channel
        else:
            del self.touchpoint
            self.channel.choices = choices([("", _l("I don’t know, or it doesn’t matter")), *CHANNELS.items()])
        issues = SECTOR_ISSUES[sector]
        if issues:
            self.issue.choices = choices([("", _l("I leave it open")), *((name, ISSUES[name]) for name in issues)])
        else:
            del self.issue

    def values(self) -> dict[str, str]:
        """What was filled in, as plain texts."""
        return {name: str(value) for name, value in self.data.items() if value}
