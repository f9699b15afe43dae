"""Stories as people tell them, composed from hand-written pieces: what happened, how they were treated, what they want."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from cx.core.incident import Contact
from cx.core.words import Channel, Sector, Theme, Wish
from cx.demo.details import FIRST_NAMES, SURNAMES, Details, money
from cx.demo.fragments import Core, library, sections
from cx.demo.grounds import flight
from cx.demo.people import DemoOrganisation, DemoTouchpoint
from cx.demo.voices import VOICES, WEIGHTS, plainly

OTHER_LANGUAGE_SHARE = 0.06
_THEMES: tuple[Theme, ...] = tuple(Theme)
# How often each theme leads a story, in the order of `Theme`: waiting and silence are common, guidance is not.
_THEME_WEIGHTS = tuple(accumulate((9, 11, 6, 5, 8, 9, 8, 7, 7, 12, 7, 12, 10, 8)))
_WISHES = (Wish.ANSWER, Wish.MONEY, Wish.REPAIR, Wish.HUMAN_DECISION, Wish.OTHER, Wish.TELL)
_WISH_WEIGHTS = tuple(accumulate((24, 27, 13, 16, 7, 15)))
# A human decision is asked for by those who met a system, a box or a silence instead of one.
_UNDECIDED = frozenset(
    {
        Theme.AUTOMATED_DECISION,
        Theme.REDUCED_TO_DATA,
        Theme.DISPUTE_IGNORED,
        Theme.NO_HUMAN_REACHABLE,
        Theme.MACHINE_DEAD_END,
    }
)
_VOICE_WEIGHTS = tuple(accumulate(WEIGHTS))
# The months during which machine AF-07 had no guidance sheet made it the worst spot.
WORST_MACHINE = "AF-07"


@dataclass(frozen=True, slots=True)
class DemoStory:
    """One story with its true labels. `money_minor` in minor units of `currency`, None when no sum is at stake.

    `facts` holds the facts of the sector and the optional chips: `tries`, `minutes`, `paid_minor`, `only_way`,
    `anybody_there`, `told_again`. `organisation` is its slug, `touchpoint` a code of it
    or None. `praise` and `unclear` mark
    what is no complaint and what is too short to understand. `words` are for each theme words of the text that tell it.
    """

    organisation: str
    text: str
    language: str
    sector: Sector
    issue: str
    channel: Channel | None
    touchpoint: str | None
    place: str
    occurred_on: date | None
    severity: int | None
    wish: Wish
    wish_text: str
    themes: tuple[Theme, ...]
    facts: Mapping[str, object]
    contact: Contact
    woman: bool
    money_minor: int | None
    currency: str
    praise: bool = False
    unclear: bool = False
    words: Mapping[Theme, str] = field(default_factory=dict)


def tell(rng: Random, organisation: DemoOrganisation, on: date, *, guided: bool = False) -> DemoStory:
    """Tell one story about `organisation` on the day `on`; `guided`: machine AF-07 has its guidance sheet by then."""
    other = rng.random() < OTHER_LANGUAGE_SHARE
    language = ("en" if organisation.language == "fr" else "fr") if other else organisation.language
    woman = rng.random() < 0.54
    drawn = rng.random()
    if drawn < 0.03:
        return _unclear(rng, organisation, language, on, woman=woman)
    shelf = library(organisation.sector, language)
    if drawn < 0.08:
        cores = [rng.choice(shelf.praise)]
    elif drawn < 0.23:
        cores = [rng.choice(shelf.ordinary)]
    else:
        theme = rng.choices(_THEMES, cum_weights=_THEME_WEIGHTS)[0]
        cores = [rng.choice(shelf.cores[theme])]
        if organisation.sector is Sector.POSTAL and cores[0].channel is not Channel.KIOSK and rng.random() < 0.4:
            # Machines are what the postal stories are about: a second draw tells more of them.
            cores = [rng.choice(shelf.cores[theme])]
        partners = shelf.beside(cores[0])
        if partners and rng.random() < 0.45:
            cores.append(rng.choice(partners))
    return _compose(rng, organisation, language, on, cores, woman=woman, guided=guided, praise=drawn < 0.08)


def _compose(
    rng: Random,
    organisation: DemoOrganisation,
    language: str,
    on: date,
    cores: list[Core],
    *,
    woman: bool,
    guided: bool,
    praise: bool,
) -> DemoStory:
    touchpoint = _touchpoint(rng, organisation, cores[0].channel, guided=guided and not praise)
    details = Details(rng, organisation, language, on, woman=woman)
    details.at(touchpoint)
    text = _written(rng, cores, details, language, praise=praise)
    themes = tuple(theme for theme in _THEMES if any(theme in core.themes for core in cores))
    wish = _wish(rng, themes) if themes else _plain_wish(rng, cores[0].text, praise=praise)
    at_stake = details.sum_minor or details.fee_minor
    if wish is Wish.MONEY and at_stake is None:
        at_stake = rng.choice((895, 1200, 1500, 2350, 4000, 6400, 12000))
    return DemoStory(
        organisation=organisation.slug,
        text=text,
        language=language,
        sector=organisation.sector,
        issue=cores[0].issue,
        channel=cores[0].channel if rng.random() < 0.93 else None,
        touchpoint=touchpoint.code if touchpoint and rng.random() < 0.9 else None,
        place=details["place"],
        occurred_on=on - timedelta(days=_ago(rng)) if rng.random() < 0.88 else None,
        severity=_severity(rng, len(themes), praise=praise),
        wish=wish,
        wish_text=_wish_text(rng, wish, language, at_stake, organisation.currency),
        themes=themes,
        facts=_facts(rng, organisation, details, themes, on)
        # A chance of its own, so that the rest of the story stays as it is.
        | flight(organisation.slug, cores[0].issue, Random(text)),
        contact=_contact(rng, language, woman=woman, wish=wish),
        woman=woman,
        money_minor=at_stake if wish is Wish.MONEY else details.fee_minor,
        currency=organisation.currency,
        praise=praise,
    )


def _written(rng: Random, cores: list[Core], details: Details, language: str, *, praise: bool) -> str:
    """Join the pieces in one of four shapes: a single remark, brief, full, or several paragraphs."""
    around = sections(f"around_{language}")
    told = [core.text for core in cores]
    if len(told) == 2:
        link = rng.choice(around["AND"])
        told[1] = f"{link} {told[1] if link.endswith('.') else _lowered(told[1])}"
    # Who has nothing but a small fault to report makes no speech about it.
    shape = rng.random() * (1.0 if any(core.themes for core in cores) else 0.5)
    if praise:
        parts = [*told, rng.choice(around["THANKS"])] if shape < 0.6 else told
    elif shape < 0.16:
        parts = told[:1] if len(told) == 1 else told
    elif shape < 0.42:
        parts = [*told, rng.choice(around["SO"])] if shape < 0.28 else [rng.choice(around["OPEN"]), *told]
    elif shape < 0.80:
        parts = [rng.choice(around["OPEN"]), *told, rng.choice(around["SO"]), rng.choice(around["END"])]
    else:
        one, two = rng.sample(around["SO"], 2)
        before = f"{rng.choice(around['OPEN'])} {rng.choice(around['WHO'])}"
        parts = [before + "\n\n" + told[0], *told[1:], one, two + "\n\n" + rng.choice(around["END"])]
    text = " ".join(parts).format_map(details)
    voice = plainly if praise and rng.random() < 0.6 else rng.choices(VOICES, cum_weights=_VOICE_WEIGHTS)[0]
    return voice(rng, text, language)


def _lowered(sentence: str) -> str:
    """Take the capital from an opening word that is not a name, an initial or the English pronoun."""
    kept = sentence[1:2] in " .’" or not sentence[1:2].islower() or sentence.startswith(("Mr", "Mme", "Tuesday"))
    return (
        sentence
        if kept and not sentence.startswith(("J’", "L’", "C’", "D’", "A ", "À "))
        else sentence[0].lower() + sentence[1:]
    )


def _touchpoint(
    rng: Random, organisation: DemoOrganisation, channel: Channel, *, guided: bool
) -> DemoTouchpoint | None:
    """Draw where it happened; before its guidance sheet, AF-07 draws half of the trouble with machines."""
    candidates = [point for point in organisation.touchpoints if point.channel is channel]
    if not candidates:
        return None
    if len(candidates) > 6 and rng.random() < (0.12 if guided else 0.42):
        return next(point for point in candidates if point.code == WORST_MACHINE)
    return rng.choice(candidates)


def _wish(rng: Random, themes: tuple[Theme, ...]) -> Wish:
    wish = rng.choices(_WISHES, cum_weights=_WISH_WEIGHTS)[0]
    if wish is Wish.HUMAN_DECISION and _UNDECIDED.isdisjoint(themes):
        return Wish.ANSWER
    if wish is Wish.REPAIR and themes == (Theme.CONTEMPT,):
        return Wish.OTHER
    return wish


def _plain_wish(rng: Random, told: str, *, praise: bool) -> Wish:
    """Draw the wish of somebody who was treated well: the sum that is asked for, an answer, or nothing."""
    if praise:
        return Wish.TELL
    if any(word in told for word in ("rembours", "rende", "indemnité", "money back", "of them back", "compensation")):
        return Wish.MONEY
    return Wish.TELL if rng.random() < 0.55 else rng.choice((Wish.ANSWER, Wish.ANSWER, Wish.REPAIR))


def _wish_text(rng: Random, wish: Wish, language: str, minor: int | None, currency: str) -> str:
    if wish is Wish.TELL or rng.random() < 0.35:
        return ""
    said = rng.choice(sections(f"around_{language}")[f"WISH_{wish.value}"])
    return said.replace("{asked}", money(minor or 2000, currency, language))


def _ago(rng: Random) -> int:
    return min(int(rng.expovariate(0.12)), 120)


def _severity(rng: Random, themes: int, *, praise: bool) -> int | None:
    if praise or rng.random() < 0.22:
        return None
    return max(1, min(5, round(rng.gauss(1.9 + 0.6 * themes, 0.9))))


def _facts(
    rng: Random, organisation: DemoOrganisation, details: Details, themes: tuple[Theme, ...], on: date
) -> dict[str, object]:
    facts: dict[str, object] = {}
    if organisation.sector is Sector.AIRLINE and rng.random() < 0.7:
        facts["flight_number"] = details["flight"].replace(" ", "")
        facts["flight_date"] = (on - timedelta(days=rng.randint(1, 40))).isoformat()
    if themes and rng.random() < 0.5:
        facts["tries"] = rng.randint(1, 7)
    if Theme.BURDEN_SHIFTED in themes and rng.random() < 0.7:
        facts["minutes"] = int(details["longmin"])
    if Theme.PAY_TO_BE_HELPED in themes and details.fee_minor:
        facts |= {"paid_minor": details.fee_minor, "paid_currency": organisation.currency}
    if Theme.FORCED_SELF_SERVICE in themes:
        facts["only_way"] = True
    if Theme.NO_GUIDANCE in themes or Theme.NO_HUMAN_REACHABLE in themes:
        facts["anybody_there"] = False
    if Theme.LOST_RELATIONSHIP in themes and rng.random() < 0.6:
        facts["told_again"] = rng.randint(2, 6)
    return facts


def _contact(rng: Random, language: str, *, woman: bool, wish: Wish) -> Contact:
    """Draw where to reply: an address at example.org, a telephone number kept for fiction, or nothing."""
    drawn = rng.random()
    if drawn < (0.45 if wish is Wish.TELL else 0.06):
        return Contact()
    first = rng.choice(FIRST_NAMES[language][0 if woman else 1])
    last = rng.choice(SURNAMES[language])
    name = f"{first} {last}" if rng.random() < 0.92 else ""
    if drawn < 0.82:
        plain = f"{first}.{last}{rng.randint(2, 99)}".lower().translate(str.maketrans("éèïëê", "eeiee"))
        return Contact(name=name, email=f"{plain}@example.org")
    number = f"{rng.randint(0, 99):02d} {rng.randint(0, 99):02d}"
    phone = f"01 99 00 {number}" if language == "fr" else f"01632 960{rng.randint(100, 999)}"
    return Contact(name=name, phone=phone)


def _unclear(rng: Random, organisation: DemoOrganisation, language: str, on: date, *, woman: bool) -> DemoStory:
    wish = Wish.TELL if rng.random() < 0.5 else Wish.ANSWER
    return DemoStory(
        organisation=organisation.slug,
        text=rng.choice(sections(f"around_{language}")["SHORT"]),
        language=language,
        sector=organisation.sector,
        issue="other",
        channel=None,
        touchpoint=None,
        place="",
        occurred_on=None if rng.random() < 0.8 else on,
        severity=rng.choice((None, None, 3, 4, 5)),
        wish=wish,
        wish_text="",
        themes=(),
        facts={},
        contact=_contact(rng, language, woman=woman, wish=wish),
        woman=woman,
        money_minor=None,
        currency=organisation.currency,
        unclear=True,
    )
