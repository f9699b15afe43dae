"""What is written in a dispute: letters of named staff and words of customers, from hand-written pieces."""

from collections.abc import Mapping
from datetime import date
from random import Random

from cx.core.words import NextBody
from cx.demo.details import day, money
from cx.demo.fragments import sections
from cx.demo.people import DemoPerson
from cx.demo.stories import DemoStory

_WOMEN = frozenset(
    "Nadia Maëlle Samia Aïcha Sabine Odile Claire Hélène Priya Louisa Fiona Beth Helen".split()
)  # fmt: skip
_BODIES: Mapping[NextBody, tuple[str, str]] = {
    NextBody.FR_BANK_MEDIATOR: ("le médiateur de la banque", "the bank’s mediator"),
    NextBody.FR_MTV: ("le médiateur du voyage", "the travel mediator"),
    NextBody.FR_POST_OMBUDSMAN: ("le médiateur de la poste", "the postal ombudsman"),
    NextBody.UK_FOS: ("le service d’ombudsman financier", "the financial ombudsman"),
    NextBody.UK_AIR_ADR: ("l’organisme de médiation aérienne", "the aviation dispute body"),
}


def full_day(value: date, language: str) -> str:
    """Write a day with its year."""
    return f"{day(value, language)} {value.year}"


def body_name(body: NextBody, language: str) -> str:
    """Name the body that comes after the organisation, as it stands inside a sentence."""
    return _BODIES[body][0 if language == "fr" else 1]


def form_of_address(story: DemoStory) -> str:
    """Return "Madame Lebrun", "Mr Hollis", or nothing when the customer gave no name."""
    if not story.contact.name:
        return ""
    title = ("Monsieur", "Madame") if story.language == "fr" else ("Mr", "Ms")
    return f"{title[story.woman]} {story.contact.name.partition(' ')[2]}"


class Pen:
    """Write the texts of one dispute, in the language of its story."""

    def __init__(self, rng: Random, story: DemoStory) -> None:
        self._rng = rng
        self._story = story
        self._language = story.language
        self._pieces = sections(f"replies_{story.language}")
        self._address = form_of_address(story)
        self._slots = {
            "e": "e" if story.woman else "",
            "place": story.place or ("l’agence" if story.language == "fr" else "the branch"),
            "dear": self._address,
        }

    def count(self, name: str) -> int:
        """Return how many pieces a section has."""
        return len(self._pieces[name])

    def letter(self, person: DemoPerson, *names: str, which: int | None = None, **slots: str) -> str:
        """Write a signed letter of `person` from one piece of each section named (piece `which`, if given)."""
        pieces = self._pieces
        filled = self._filled(person, slots)
        body = " ".join(self._piece(name, which) for name in names)
        head = self._rng.choice(pieces["HEAD" if self._address else "HEAD_NOBODY"])
        body = body[0].upper() + body[1:]
        return f"{head}\n\n{body}\n\n{self._rng.choice(pieces['SIGN'])}".format_map(filled)

    def note(self, name: str, person: DemoPerson, *, which: int | None = None, **slots: str) -> str:
        """Write something without address and signature: a note, a call, what a customer says to `person`."""
        text = self._piece(name, which)
        return (text[0].upper() + text[1:]).format_map(self._filled(person, slots))

    def amount(self, minor: int) -> str:
        """Write an amount in the currency of the story."""
        return money(minor, self._story.currency, self._language)

    def day(self, value: date) -> str:
        """Write a day in the language of the story."""
        return day(value, self._language)

    def deadline(self, value: date) -> str:
        """Write a day with its year in the language of the story."""
        return full_day(value, self._language)

    def body(self, body: NextBody) -> str:
        """Name who comes next, in the language of the story."""
        return body_name(body, self._language)

    def _piece(self, name: str, which: int | None) -> str:
        pieces = self._pieces[name]
        return self._rng.choice(pieces) if which is None else pieces[which]

    def _filled(self, person: DemoPerson, slots: Mapping[str, str]) -> dict[str, str]:
        first = person.name.partition(" ")[0]
        woman = first in _WOMEN
        return {**self._slots, "me": person.name, "agent": person.name, "a": "e" if woman else "", **slots}
