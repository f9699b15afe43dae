"""Frozen values that travel through the house: what was told (`Report`) and what the reader saw (`Reading`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cx.core.words import Channel, Origin, Sector, Theme, Wish

NO_READER = "none"
"""The version of a reading when there was no reader: nobody has read the text."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the answer goes; all optional. `phone` and `postal` are free text."""

    name: str = ""
    email: str = ""
    phone: str = ""
    postal: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A story as the customer told it, already cleaned and masked, ready to be filed.

    `occurred_on` is a local date, `occurred_about` whether it is a guess. `facts` holds the optional
    chips and the facts of the sector as plain JSON values. `key` is the idempotency key of the form.
    `sent` says whether the customer asked for something and consented to pass it on (a dispute).
    """

    text: str
    organisation_id: int
    sector: Sector
    wish: Wish
    key: str
    told_at: datetime
    consent: bool = False
    wish_text: str = ""
    occurred_on: date | None = None
    occurred_about: bool = False
    channel: Channel | None = None
    touchpoint_id: int | None = None
    place: str = ""
    severity: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    contact: Contact = Contact()
    language: str = "fr"
    detected_language: str = ""
    masked: tuple[str, ...] = ()
    origin: Origin = Origin.WEB


@dataclass(frozen=True, slots=True)
class Reason:
    """Where a text tells a theme: the sentences (`start`, `end`), and the words in them that weighed most.

    A word is (start, end, weight), in characters of the text; its weight is its share of the log-odds of the theme.
    """

    start: int
    end: int
    words: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader saw in one text: a suggestion with its doubt, never a decision.

    `scores` are probabilities in [0, 1], one for each theme; `maybe` the themes above their threshold, best
    first; `sure` those of them of which it is rather sure; `reasons` says for each of `maybe` what spoke for it;
    `abstained` is true when the reader did not understand (too short, unknown language, no reader). `known` is the
    share of the words of the text that the reader has seen before, in [0, 1]; None when it did not look.
    """

    version: str
    scores: Mapping[Theme, float]
    maybe: tuple[Theme, ...]
    abstained: bool
    language: str
    sure: tuple[Theme, ...] = ()
    reasons: Mapping[Theme, Reason] = field(default_factory=dict)
    known: float | None = None
