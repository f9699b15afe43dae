"""A case as its reader may see it: frozen values, filtered by audience. How they are selected: `cx.disputes.casefile`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cx.core.acts import Dispute
from cx.core.words import Action, OfferKind, Role, Solved, State, Theme, Wish
from cx.disputes.understood import Understood
from models import Contact


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the conversation. `mine` is left to the page; `text` is None once it was erased."""

    id: int
    at: datetime
    kind: str
    role: Role
    author: str
    account_id: int | None
    internal: bool
    language: str
    origin: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the journal, for the margin; data holds no personal text."""

    seq: int
    at: datetime
    kind: str
    role: Role
    name: str
    data: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """One version of an offer. `mediated`: a mediator proposed it, and both sides agreed."""

    version: int
    kind: OfferKind
    amount_minor: int | None
    currency: str | None
    basis: str
    pay_by: date | None
    expires_on: date | None
    final: bool
    status: str
    made_by: str
    made_at: datetime
    performed_at: datetime | None
    proof: str
    answered_at: datetime | None = None
    conditions: str = ""
    voucher_expires_on: date | None = None
    approved_by: str = ""
    counter: str = ""
    paid_said: str = ""
    mediated: bool = False


@dataclass(frozen=True, slots=True)
class PointSeen:
    """One point of the dispute and how it was answered."""

    number: int
    text: str
    answer: str | None
    reasons: str


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """One clock of the case. `lawful` ones were verified, or the administrator uses them; others are not shown.

    `extended_from` is the due date that stood before an announced extension.
    """

    regime_id: str
    version: str
    purpose: str
    duty_holder: str
    started_on: date
    due_on: date
    done_on: date | None
    lawful: bool
    extended_from: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A named human: the owner of the case, or the duty person of the organisation until somebody took it.

    `here`: whether they answer for the organisation of the case now.
    """

    account_id: int
    name: str
    function: str
    here: bool = True


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case for one audience. Customers get no internal text and no scores; `actions` are theirs now.

    `understood` is what the reader or people understood of the story: for the customer and the team, None for others.
    `slug` names the organisation in addresses, `neutral` who stands between the two sides (empty without). `beside` are
    the rows of `cx.disputes.beside`, from which those who show requests, links, promises and letters make theirs.
    """

    id: int
    reference: str
    version: int
    organisation_id: int
    organisation: str
    slug: str
    claimed: bool
    sector: str
    jurisdiction: str
    calendar: str
    zone: str
    language: str
    detected_language: str
    state: State
    dispute: Dispute
    wish: Wish
    wish_text: str
    first_words: str
    place: str
    channel: str | None
    issue: str | None
    occurred_on: date | None
    occurred_about: bool
    facts: Mapping[str, Any]
    severity_told: int | None
    told_at: datetime
    sent_at: datetime | None
    origin: str
    customer: str
    contact: Contact | None
    person: Person | None
    neutral: str
    owner_id: int | None
    due_on: date | None
    due_kind: str
    due_rule: str
    customer_waits: bool
    bring_back_on: date | None
    quiet_since: datetime | None
    solved: Solved | None
    outcome: str | None
    ended_at: datetime | None
    demo: bool
    actions: tuple[Action, ...]
    said: tuple[Said, ...]
    happened: tuple[Happened, ...]
    points: tuple[PointSeen, ...]
    offers: tuple[OfferSeen, ...]
    clocks: tuple[ClockSeen, ...]
    themes: Mapping[Theme, str]
    scores: Mapping[str, float]
    abstained: bool
    understood: Understood | None
    beside: Mapping[str, Sequence[Any]]

    @property
    def story(self) -> Said | None:
        """The first text: what happened."""
        return next((one for one in self.said if one.kind == "story"), None)

    @property
    def offer(self) -> OfferSeen | None:
        """The offer that stands open or was agreed on; not one of before, such as one that was never performed."""
        standing = self.dispute.offer
        return next((one for one in self.offers if standing is not None and one.version == standing.version), None)
