"""What readers see of a charter: its promises and figures, the promises on one case, the remedies of a house."""

from dataclasses import dataclass
from datetime import date, datetime

from cx.core.charter import PledgeStatus, RemedyStatus, Rule
from cx.core.words import OfferKind


@dataclass(frozen=True, slots=True)
class Given:
    """What a broken promise brings: `amount_minor` in minor units of `currency`, `words` by the organisation."""

    kind: OfferKind
    amount_minor: int | None
    currency: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One promise of a charter; of `n` times in ninety days that it could be kept or broken, it was `kept`."""

    id: int
    rule: Rule
    amount: int
    remedy: Given
    cap: int
    since: datetime | None
    until: datetime | None
    kept: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """Ninety days of a charter: times kept of `n`, days from a broken promise to its remedy, remedies blocked."""

    kept: int
    n: int
    days: float | None
    offered: int
    blocked: int
    decided: int


@dataclass(frozen=True, slots=True)
class Charter:
    """A charter as it stands: the promises that hold, those to come, those that were retired, drafts, and figures."""

    holds: tuple[Line, ...]
    to_come: tuple[Line, ...]
    retired: tuple[Line, ...]
    drafts: tuple[Line, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class RemedySeen:
    """A remedy as both sides see it."""

    id: int
    status: RemedyStatus
    given: Given
    decide_by: datetime
    reason: str
    counter: str
    offered_at: datetime | None
    give_by: date | None
    given_at: datetime | None
    proof: str


@dataclass(frozen=True, slots=True)
class PledgeSeen:
    """A promise on a case. `due_at` is None while nothing is owed; `used` of `cap` remedies were had within a year."""

    promise_id: int
    rule: Rule
    amount: int
    status: PledgeStatus
    due_at: datetime | None
    settled_at: datetime | None
    remedy: RemedySeen | None
    undoable: bool
    used: int
    cap: int


@dataclass(frozen=True, slots=True)
class Owed:
    """A remedy in the list of a house, with the case it belongs to by its reference alone."""

    reference: str
    case_id: int
    rule: Rule
    amount: int
    broken_at: datetime | None
    remedy: RemedySeen
    used: int
    cap: int


@dataclass(frozen=True, slots=True)
class Remedies:
    """The remedies of a house: to be decided about, to be given, with the customer, and settled ones."""

    to_decide: tuple[Owed, ...]
    to_give: tuple[Owed, ...]
    offered: tuple[Owed, ...]
    settled: tuple[Owed, ...]
