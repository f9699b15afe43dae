"""The small true-looking things that fill the slots of a text: places, dates, amounts, waits, names."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from cx.core.words import Sector
from cx.demo.people import DemoOrganisation, DemoTouchpoint

MONTHS: dict[str, tuple[str, ...]] = {
    "fr": tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),
    "en": tuple("January February March April May June July August September October November December".split()),
}
SURNAMES: dict[str, tuple[str, ...]] = {
    "fr": tuple(
        "Lebrun Garcin Morvan Tessier Aubry Delmas Kerouedan Haddad Fontanel Rousselin Vigouroux Barthes Ndiaye "
        "Castex Pruvost Leclaire Amrani Besson Chastagner Guillon Hervouet Jacquin Lamarque Mazeau Orsini Peyrat "
        "Quentin Ravel Saulnier Toussaint".split()
    ),
    "en": tuple(
        "Hollis Pember Whitlock Okoro Bramley Sutcliffe Darrow Fenwick Graves Hadley Iqbal Jessop Kettering Lomax "
        "Mistry Nesbitt Oakes Pryce Quayle Rudd Salter Thorne Underhill Varley Wragg Yates Amos Birtles Cray Dunmore".split()
    ),
}
# Women and men, a line each.
_FIRST: dict[str, str] = {
    "fr": """
Monique Jeanne Sylvie Fatima Hélène Yvette Camille Inès Martine Colette Aurore Denise Leïla Odette Rose Simone Agnès
Michel André Karim Luc Étienne Marcel Hugo Bernard Mathieu Youssef Roger Thomas Gilles Henri Joël Kévin Louis Serge""",
    "en": """
Margaret Susan Amina Chloe Doreen Ellen Grace Harriet Irene Joyce Kate Lorna Maureen Nora Olive Ruth Sheila Tanya Vera
Alan Brian Colin Derek Eamonn Frank Gordon Harpreet Ian Joseph Kenneth Liam Martin Neil Owen Peter Rashid Trevor""",
}
FIRST_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    language: tuple(tuple(line.split()) for line in lines.strip().splitlines()) for language, lines in _FIRST.items()
}
_PARCELS: dict[str, tuple[str, ...]] = {
    "fr": (
        "un colis de confitures", "le cadeau de mon filleul", "une paire de chaussures", "un recommandé",
        "les papiers de la succession", "un pull tricoté main", "deux livres", "une lettre pour le notaire",
        "un petit paquet pour ma sœur", "les médicaments de mon père",
    ),
    "en": (
        "a box of jam", "my godson’s present", "a pair of shoes", "a registered letter", "the probate papers",
        "a hand-knitted jumper", "two books", "a letter to my solicitor", "a small parcel for my sister",
        "my father’s medicine",
    ),
}  # fmt: skip
_KIN: dict[str, tuple[str, ...]] = {
    "fr": ("ma mère", "ma voisine", "ma tante", "ma grand-mère", "ma belle-mère"),
    "en": ("my mother", "my neighbour", "my aunt", "my gran", "my mother-in-law"),
}
_SIGNS = {"EUR": "€", "GBP": "£"}


def money(minor: int, currency: str, language: str) -> str:
    """Write an amount of minor units as people write it: "8,95 €", "£8.95"."""
    whole, cents = divmod(minor, 100)
    if language == "fr":
        number = f"{whole},{cents:02d}" if cents else f"{whole}"
        return f"{number}\N{NO-BREAK SPACE}{_SIGNS[currency]}"
    return f"{_SIGNS[currency]}{whole}.{cents:02d}" if cents else f"{_SIGNS[currency]}{whole}"


def day(value: date, language: str) -> str:
    """Write a day without its year: "12 mars", "12 March"."""
    first = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return f"{first} {MONTHS[language][value.month - 1]}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


class Details(Mapping[str, str]):
    """Fill slots on demand; a slot drawn once keeps its value for the whole story.

    `fee_minor` and `sum_minor` tell afterwards which amounts the text names (None: it names none).
    """

    def __init__(self, rng: Random, organisation: DemoOrganisation, language: str, on: date, *, woman: bool) -> None:
        self._rng = rng
        self._organisation = organisation
        self._language = language
        self._on = on
        self._drawn: dict[str, str] = {"e": "e" if woman else ""}
        self.fee_minor: int | None = None
        self.sum_minor: int | None = None

    def at(self, touchpoint: DemoTouchpoint | None) -> None:
        """Fix the place and the machine of the story."""
        rng, organisation = self._rng, self._organisation
        place = touchpoint.place if touchpoint and touchpoint.place else rng.choice(organisation.towns)
        if touchpoint and touchpoint.place == "" and "," in touchpoint.name:
            place = touchpoint.name.partition(", ")[2]
        self._drawn["place"] = place
        if touchpoint:
            self._drawn["machine"] = touchpoint.code

    def __getitem__(self, key: str) -> str:
        """Return the value of the slot `key`. Raises KeyError for a slot that nobody knows."""
        if key not in self._drawn:
            self._drawn[key] = _DRAW[key](self)
        return self._drawn[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_DRAW)

    def __len__(self) -> int:
        return len(_DRAW)

    def _number(self, low: int, high: int) -> str:
        return str(self._rng.randint(low, high))

    def _fee(self) -> str:
        cents = self._rng.choice((0, 0, 50, 95, 90, 20))
        self.fee_minor = self._rng.randint(3, 38) * 100 + cents
        return money(self.fee_minor, self._organisation.currency, self._language)

    def _sum(self) -> str:
        self.sum_minor = (
            self._rng.choice((60, 74, 85, 110, 128, 145, 180, 212, 240, 316, 390, 480, 650, 940, 1850)) * 100
        )
        return money(self.sum_minor, self._organisation.currency, self._language)

    def _rate(self) -> str:
        return money(self._rng.choice((35, 40, 45, 50, 80)), self._organisation.currency, self._language)

    def _past(self, nearest: int, farthest: int) -> str:
        return day(self._on - timedelta(days=self._rng.randint(nearest, farthest)), self._language)

    def _time(self) -> str:
        hour, minute = self._rng.randint(8, 21), self._rng.choice((0, 5, 10, 20, 30, 40, 45, 50))
        if self._language == "fr":
            return f"{hour} h {minute:02d}" if minute else f"{hour} h"
        return f"{hour % 12 or 12}.{minute:02d} {'am' if hour < 12 else 'pm'}"

    def _flight(self) -> str:
        return f"{self._organisation.prefix or 'ZN'} {self._rng.randint(210, 4980)}"

    def _far(self) -> str:
        return self._rng.choice([town for town in self._organisation.towns if town != self["place"]])


_DRAW: dict[str, Callable[[Details], str]] = {
    "place": lambda d: d._rng.choice(d._organisation.towns),
    "far": Details._far,
    "machine": lambda d: (
        f"AF-{d._rng.randint(1, 12):02d}" if d._organisation.sector is Sector.POSTAL else "K" + d._number(2, 9)
    ),
    "min": lambda d: d._number(8, 24),
    "longmin": lambda d: d._number(35, 95),
    "n": lambda d: d._number(3, 7),
    "days": lambda d: d._number(4, 21),
    "weeks": lambda d: d._number(4, 14),
    "months": lambda d: d._number(2, 8),
    "years": lambda d: d._number(7, 36),
    "age": lambda d: d._number(71, 92),
    "km": lambda d: d._number(12, 48),
    "seat": lambda d: d._number(3, 34) + d._rng.choice("ABCDEF"),
    "date": lambda d: d._past(18, 95),
    "recent": lambda d: d._past(1, 9),
    "month": lambda d: MONTHS[d._language][(d._on.month - d._rng.randint(3, 8)) % 12 - 1],
    "time": Details._time,
    "fee": Details._fee,
    "sum": Details._sum,
    "rate": Details._rate,
    "name": lambda d: d._rng.choice(SURNAMES[d._language]),
    "kin": lambda d: d._rng.choice(_KIN[d._language]),
    "parcel": lambda d: d._rng.choice(_PARCELS[d._language]),
    "Kin": lambda d: _capital(d["kin"]),
    "Parcel": lambda d: _capital(d["parcel"]),
    "flight": Details._flight,
    "e": lambda _: "",
    "org": lambda d: d._organisation.name,
}
SLOTS: frozenset[str] = frozenset(_DRAW)
