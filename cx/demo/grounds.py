"""On which ground demo offers stand, under which conditions, how one can tell that they were done; and which flights."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from cx.core.words import OfferKind, PointAnswer
from cx.demo.details import day
from cx.demo.people import DemoOrganisation

# In French, then in English; the law of flights stands under its number in both.
_GROUNDS: Mapping[OfferKind, tuple[str, str]] = {
    OfferKind.GOODWILL_GESTURE: ("geste commercial", "goodwill"),
    OfferKind.CONTRACTUAL_COMPENSATION: ("conditions générales, art. 9", "general conditions, section 9"),
    OfferKind.VOUCHER: ("à votre demande", "as you asked"),
}
_EUROPEAN = ("(CE) 261/2004, art. 7", "(EC) 261/2004, art. 7")
_CONDITIONS: Mapping[OfferKind, tuple[str, str]] = {
    OfferKind.REFUND: (
        "Sur le moyen de paiement qui a servi, sans rien à renvoyer.",
        "To the card or account that was used; nothing to send back.",
    ),
    OfferKind.VOUCHER: (
        "Valable pour tous nos services, en une ou plusieurs fois.",
        "Good for all our services, in one go or several.",
    ),
}
# Where flights of an organisation start and end, as people write it.
_FLIGHTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "alizane": (
        ("Nantes (NTE)", "Lisbonne (LIS)"), ("Paris (ORY)", "Toulouse (TLS)"), ("Paris (CDG)", "Rome (FCO)"),
        ("Marseille (MRS)", "Londres (LGW)"), ("Paris (CDG)", "New York (JFK)"), ("Lyon (LYS)", "Marrakech (RAK)"),
    ),
    "northmere-air": (
        ("Bristol (BRS)", "Dublin (DUB)"), ("Manchester (MAN)", "Málaga (AGP)"), ("London (LGW)", "Nice (NCE)"),
        ("Edinburgh (EDI)", "Bristol (BRS)"), ("London (LHR)", "New York (JFK)"), ("Leeds (LBA)", "Amsterdam (AMS)"),
    ),
}  # fmt: skip
_LATE = ("2", "3", "3", "4", "4", "never")


# Why a point was answered as it was, when a demand holds several.
_REASONS: Mapping[PointAnswer, tuple[str, str]] = {
    PointAnswer.UPHELD: ("Nos relevés vous donnent raison.", "Our own records bear you out."),
    PointAnswer.PARTLY: (
        "Pour l’essentiel oui ; le reste ne dépend pas de nous.",
        "Most of it, yes; the rest is not in our hands.",
    ),
    PointAnswer.REFUSED: ("La règle ne nous le permet pas.", "The rule does not allow it."),
}


def _place(language: str) -> int:
    return 0 if language == "fr" else 1


def ground(kind: OfferKind, organisation: DemoOrganisation, language: str) -> str:
    """The article or rule on which an offer of this kind stands; empty where its letter says it all."""
    if kind is OfferKind.STATUTORY_COMPENSATION:
        return "UK261, art. 7" if organisation.country == "GB" else _EUROPEAN[_place(language)]
    return _GROUNDS.get(kind, ("", ""))[_place(language)]


def reasons(answers: Mapping[str, str], language: str) -> dict[str, str]:
    """A sentence for each point of a demand, by the number of the point."""
    return {number: _REASONS[PointAnswer(answer)][_place(language)] for number, answer in answers.items()}


def conditions(kind: OfferKind, language: str, rng: Random) -> str:
    """Under which conditions it is given; most offers have none."""
    said = _CONDITIONS.get(kind, ("", ""))[_place(language)]
    return said if rng.random() < 0.4 else ""


def proof(on: date, language: str, *, money: bool) -> str:
    """How one can tell that it was done."""
    told = f"{day(on, language)} {on.year}"
    if language == "fr":
        return f"virement du {told}" if money else f"fait le {told}"
    return f"bank transfer of {told}" if money else f"done on {told}"


def flight(slug: str, issue: str, rng: Random) -> dict[str, object]:
    """Where a disrupted flight was to go, and how late it came; nothing for any other trouble."""
    ways = _FLIGHTS.get(slug)
    if ways is None or issue not in {"delay", "cancellation", "denied_boarding"}:
        return {}
    start, end = rng.choice(ways)
    return {"from_airport": start, "to_airport": end, "arrival_late": rng.choice(_LATE)}
