"""Numbers as concepts: how long, how often, how much. Three calls and forty minutes mean something, 3 and 40 do not."""

import re

MANY = 3
HALF_AN_HOUR = 30
_HUGE = 10**7

CONCEPTS: tuple[tuple[str, ...], ...] = (
    ("minutes",), ("minutes30",), ("hours",), ("days",), ("weeks",), ("months",), ("months", "years"),
    ("num2",), ("num2", "calls2"), ("num3",), ("num3", "ord3"), ("num3", "calls3"), ("n3",), ("money",), ("numtel",),
)  # fmt: skip
"""The concepts that no lexicon lists; `num2` and `num3` are times, `calls2` and `calls3` of contacts."""

_SPELLED = (
    ("zero", "aucun"), ("un", "une", "one", "a"), ("deux", "two"), ("trois", "three"), ("quatre", "four"),
    ("cinq", "five"), ("six",), ("sept", "seven"), ("huit", "eight"), ("neuf", "nine"), ("dix", "ten"),
)  # fmt: skip
_VALUES = {word: value for value, words in enumerate(_SPELLED) for word in words} | {
    "eleven": 11, "onze": 11, "douze": 12, "twelve": 12, "douzaine": 12, "dozen": 12, "dizaine": 10, "quinze": 15,
    "fifteen": 15, "vingt": 20, "twenty": 20, "vingtaine": 20, "trente": 30, "thirty": 30, "quarante": 40,
    "forty": 40, "cinquante": 50, "fifty": 50, "soixante": 60, "sixty": 60, "hundred": 100, "centaine": 100,
}  # fmt: skip
# Articles are numbers only before a unit: "a minute", "une heure".
ARTICLES = frozenset({"un", "une", "one", "a", "an"})
_ORDINALS = frozenset(
    {"third", "3rd", "fourth", "4th", "fifth", "5th", "sixth", "umpteenth", "nth", "troisieme", "3e", "3eme",
     "quatrieme", "cinquieme", "sixieme", "enieme"}
)  # fmt: skip
WORDS = frozenset({*_VALUES, *ARTICLES, *_ORDINALS})
"""The words that may begin a number."""

UNITS = {
    unit: concept
    for concept, units in {
        "minutes": "minutes minute mn min mins mns",
        "hours": "heures heure h hrs hr hour hours",
        "days": "jours jour day days",
        "weeks": "semaine semaines week weeks",
        "months": "mois month months",
        "years": "an ans annee annees year years",
    }.items()
    for unit in units.split()
}
_BETWEEN = frozenset({"bonnes", "grosses", "longues", "longs", "long", "good", "full", "whole", "solid"})
# "At 9 h" is a time of day; "attente de 2 h" is a wait.
_BEFORE_TIME_OF_DAY = frozenset({"a", "at", "vers", "de", "entre", "et", "avant", "apres", "des"})
# "Plus de 2 h", "après deux heures" are waits all the same; "après 18 h" is the evening.
_MEASURED = ("attent", "plus", "pres", "bout", "environ", "moins", "minimum")
_LONGEST_WAIT = 6
_CONTACTS = frozenset(
    {"appels", "appel", "calls", "call", "mails", "emails", "courriers", "messages", "relances", "letters",
     "attempts", "tentatives"}
)  # fmt: skip
_TIMES = _CONTACTS | {"fois", "times", "reprises", "coups"}
_MONEY = frozenset(
    {"euros", "euro", "eur", "e", "dollars", "pounds", "cts", "centimes", "cents", "pence", "quid"}
)  # fmt: skip
_PREMIUM = ("08", "09", "36", "39", "32", "10", "01")
_FIGURE = re.compile(r"(\d+)(?:[h:.,](\d+))?")


def reading(words: list[str], at: int) -> tuple[tuple[str, ...], int] | None:
    """Read the number at `at`: its concepts (none for a bare number) and how many words it takes; None if it is none."""
    word = words[at]
    if word in _ORDINALS:
        return ("num3", "ord3"), 1
    figure = _FIGURE.fullmatch(word)
    value = _value(words, at, figure)
    if value is None:
        return None
    after = at + 2 if at + 1 < len(words) and words[at + 1] in _BETWEEN else at + 1
    following = words[after] if after < len(words) else ""
    if following in UNITS:
        return _duration(words, at, value, UNITS[following]), after + 1 - at
    if figure is not None and figure.group(2) and "h" in word:
        return ("hours",), 1
    if following in _TIMES:
        often = "3" if value >= MANY else "2"
        return ((f"num{often}", f"calls{often}") if following in _CONTACTS else (f"num{often}",)), 1
    if following in _MONEY:
        return ("money",), after + 1 - at
    if len(word) > MANY and word.isdigit() and word.startswith(_PREMIUM):
        return ("numtel",), 1
    return (("n3",) if MANY <= value < 2 * HALF_AN_HOUR else ()), 1


def _value(words: list[str], at: int, figure: "re.Match[str] | None") -> int | None:
    word = words[at]
    if figure is not None:
        return int(figure.group(1)) if len(figure.group(1)) < len(str(_HUGE)) else _HUGE
    if word in ARTICLES:
        return 1 if at + 1 < len(words) and words[at + 1] in UNITS else None
    return _VALUES.get(word)


def _duration(words: list[str], at: int, value: int, unit: str) -> tuple[str, ...]:
    if unit == "minutes":
        return ("minutes30",) if value >= HALF_AN_HOUR else ("minutes",)
    if unit == "hours" and at and words[at - 1] in _BEFORE_TIME_OF_DAY:
        return ("hours",) if _waits(words, at, value) else ("numtel",)
    return ("months", "years") if unit == "years" else (unit,)


def _waits(words: list[str], at: int, value: int) -> bool:
    """Whether the hours at `at`, after a word that may say when, say how long."""
    if words[at - 1] == "apres":
        return value <= _LONGEST_WAIT
    return words[at - 1] == "de" and at > 1 and words[at - 2].startswith(_MEASURED)
