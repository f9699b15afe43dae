"""What the law or a tariff gives in cases like this: suggestions with their source, never a decision.

Pure. Amounts are whole numbers of minor units; a suggestion without one names a rule whose figure the facts do not give.
Sources: regulation (EC) 261/2004 art. 7 and its text kept in United Kingdom law, Montreal Convention art. 22(2) in the
limits in force since 28 December 2024, CPCE art. R2-1 ff., CMF art. L133-18, directive (EU) 2015/2366 art. 73.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from cx.core.words import OfferKind, Sector

EARTH_KM = 6371.0088
# The Union with what belongs to it overseas, and Iceland, Norway and Switzerland, which apply the regulation.
UNION: frozenset[str] = frozenset(
    (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK GF GP MF MQ RE YT IS NO CH"
    ).split()
)
SHORT_KM, MIDDLE_KM = 1500, 3500
BAGGAGE_SDR = 1519
# By distance: up to 1,500 km, then the middle class, then the rest.
_EU, _UK = (250_00, 400_00, 600_00), (220_00, 350_00, 520_00)
# Hours late from which a delay is compensated; below which a rerouted passenger gets half, for each class.
DELAY_HOURS, HALVED_BELOW, NEVER = 3, (2, 3, 4), "never"


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport: its IATA code, degrees north and east, and its country (ISO 3166, two letters)."""

    code: str
    north: float
    east: float
    country: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that could be right. `id` is stable, `basis` the article or the tariff as it stands in the offer.

    `checked`: whether the source was verified; where not, the page asks to compare with the contract. `km` and `half`
    say how the figure came about; `sdr` is a ceiling in special drawing rights, which is no currency.
    """

    id: str
    kind: OfferKind
    basis: str
    amount_minor: int | None = None
    currency: str | None = None
    checked: bool = True
    km: int | None = None
    half: bool = False
    sdr: int | None = None


def distance_km(start: Airport, end: Airport) -> float:
    """The way along the great circle, in kilometres (haversine, mean radius of the earth)."""
    north, south = radians(start.north), radians(end.north)
    half_up, half_along = (south - north) / 2, radians(end.east - start.east) / 2
    chord = sin(half_up) ** 2 + cos(north) * cos(south) * sin(half_along) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def suggest(
    sector: str,
    country: str,
    issue: str | None,
    facts: Mapping[str, object],
    ends: tuple[Airport, Airport] | None = None,
) -> tuple[Suggestion, ...]:
    """What could be right for a case of `sector`, with an organisation of `country`, about `issue`.

    `ends`: where the flight started and was to end. Facts read: `arrival_late` ("0", "2", "3", "4" hours or more,
    "never"), `paid_minor` and `paid_currency` (what being heard cost).
    """
    found: list[Suggestion] = []
    if sector == Sector.AIRLINE:
        found += _flight(country, issue, facts.get("arrival_late"), ends) if ends is not None else []
        found += _baggage(issue)
    if sector == Sector.POSTAL and country == "FR":
        found += _post(issue)
    if sector == Sector.BANK:
        found += _payment(country, issue)
    return (*found, *_heard(facts))


def _flight(country: str, issue: str | None, late: object, ends: tuple[Airport, Airport]) -> list[Suggestion]:
    if issue not in {"cancellation", "delay", "denied_boarding"}:
        return []
    hours = int(late) if isinstance(late, str) and late.isdecimal() else None
    # Whoever never arrived is no better off than whoever arrived three hours late.
    if issue == "delay" and late != NEVER and (hours is None or hours < DELAY_HOURS):
        return []
    km = distance_km(*ends)
    start, end = (one.country for one in ends)
    inside = start in UNION and end in UNION
    found: list[Suggestion] = []
    for name, amounts, currency, basis, applies in (
        ("eu_flight", _EU, "EUR", "(EC) 261/2004, art. 7", _union_law(start, end, country)),
        ("uk_flight", _UK, "GBP", "UK261, art. 7", _british_law(start, end, country)),
    ):
        if applies:
            amount, half = _compensation(km, issue, hours, amounts, inside=inside and currency == "EUR")
            kind = OfferKind.STATUTORY_COMPENSATION
            found.append(Suggestion(name, kind, basis, amount, currency, km=round(km), half=half))
    return found


def _union_law(start: str, end: str, carrier: str) -> bool:
    return start in UNION or (end in UNION and carrier in UNION)


def _british_law(start: str, end: str, carrier: str) -> bool:
    if start == "GB":
        return True
    home = carrier == "GB" or carrier in UNION
    return (end == "GB" and home) or (end in UNION and start not in UNION and carrier == "GB")


def _compensation(
    km: float, issue: str, hours: int | None, amounts: tuple[int, int, int], *, inside: bool
) -> tuple[int, bool]:
    """The amount and whether it is the half: art. 7(1), and art. 7(2) for who arrived soon enough another way.

    Flights inside the Union of more than 1,500 km are of the middle class however long they are.
    """
    place = 0 if km <= SHORT_KM else 1 if km <= MIDDLE_KM or inside else 2
    half = hours is not None and hours < HALVED_BELOW[place]
    if issue == "delay" and place < 2:
        half = False  # a delay counts from three hours on, where the half ends
    return (amounts[place] // 2 if half else amounts[place]), half


def _baggage(issue: str | None) -> list[Suggestion]:
    if issue != "baggage":
        return []
    return [
        Suggestion("montreal_baggage", OfferKind.STATUTORY_COMPENSATION, "Montreal Convention, art. 22(2)",
                   sdr=BAGGAGE_SDR)
    ]  # fmt: skip


def _post(issue: str | None) -> list[Suggestion]:
    if issue not in {"loss", "damage_or_theft", "delay", "delivery_contested"}:
        return []
    kind, basis = OfferKind.CONTRACTUAL_COMPENSATION, "CPCE, art. R2-1 ff."
    return [
        Suggestion("post_ordinary", kind, basis, checked=False),
        Suggestion("post_tracked", kind, basis, checked=False),
        Suggestion("post_registered", kind, basis, 16_00, "EUR", checked=False),
        Suggestion("post_parcel", kind, basis, 23_00, "EUR", checked=False),
    ]


def _payment(country: str, issue: str | None) -> list[Suggestion]:
    if issue not in {"payment_or_transfer", "card_or_fraud"}:
        return []
    if country == "FR":
        return [Suggestion("unauthorised_payment", OfferKind.REFUND, "CMF, art. L133-18")]
    if country in UNION - {"CH"}:
        return [Suggestion("unauthorised_payment", OfferKind.REFUND, "(EU) 2015/2366, art. 73")]
    return []


def _heard(facts: Mapping[str, object]) -> list[Suggestion]:
    paid, currency = facts.get("paid_minor"), facts.get("paid_currency")
    if not isinstance(paid, int) or paid < 1 or not isinstance(currency, str):
        return []
    return [Suggestion("cost_of_being_heard", OfferKind.GOODWILL_GESTURE, "", paid, currency)]
