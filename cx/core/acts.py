"""Frozen values of a dispute: who acts (`Actor`), what is tried (`Act`), what happened (`Event`), where it stands.

Nothing here decides; the rules are in `cx.core.dispute` and its table, `cx.core.moves_table`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from cx.core.words import MONEY_OFFERS, Action, OfferKind, Outcome, PointAnswer, Role, State, values_of

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

# An offer of one of these leaves something to be done; saying an apology or an explanation is doing it.
TO_PERFORM: frozenset[OfferKind] = MONEY_OFFERS | {
    OfferKind.SERVICE_PERFORMED,
    OfferKind.CORRECTIVE_ACTION,
    OfferKind.DATA_CORRECTED,
    OfferKind.DECISION_REVIEWED_BY_HUMAN,
}


def day_of(value: object) -> date | None:
    """Read a local day from a date, an aware moment or an ISO text; None when it is none of these."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        return None


def number_of(value: object) -> int | None:
    """Read a whole number; None for anything else (a boolean is not a number)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def answers_of(value: object) -> dict[int, PointAnswer]:
    """Read `{point number: answer}`; keys may be texts, unknown numbers and answers are left out."""
    if not isinstance(value, Mapping):
        return {}
    pairs = [(str(no), str(answer)) for no, answer in value.items()]
    known = values_of(PointAnswer)
    return {int(no): PointAnswer(a) for no, a in pairs if no.isdecimal() and len(no) < 5 and a in known}


def ids_of(value: object) -> frozenset[str]:
    """Read a list of opaque ids (or of values of a closed list) as a set of texts; anything else is empty."""
    if isinstance(value, str) or not isinstance(value, Sequence | frozenset | set):
        return frozenset()
    return frozenset(str(item) for item in value)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is opaque and stable ("account:12", "customer", "timer"); `name`, `function`: a natural person.

    `limit_minor` is the money limit of an agent in minor units of `limit_currency`; None: no limit.
    """

    role: Role
    id: str
    name: str = ""
    function: str = ""
    limit_minor: int | None = None
    limit_currency: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal without its chain. `data` never holds personal text; `at` is aware, in UTC."""

    kind: str
    role: Role
    actor: str
    at: datetime
    data: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """What `actor` tries at `at`; `facts` are what the guards need, by the names of the form's fields."""

    action: Action
    actor: Actor
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a fact as a stripped text, empty when it is missing or not a text."""
        value = self.facts.get(key)
        return value.strip() if isinstance(value, str) else ""

    def day(self, key: str) -> date | None:
        """Return a fact as a local day, None when it is missing or not a day."""
        return day_of(self.facts.get(key))

    @property
    def today(self) -> date:
        """The local day of the act: the fact `today` where the case's zone is known, else the day in UTC."""
        return self.day("today") or self.at.date()


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer in one of its versions; `amount_minor` in minor units of `currency` (ISO 4217); days are local."""

    version: int
    kind: OfferKind
    amount_minor: int | None
    currency: str | None
    pay_by: date | None
    expires_on: date | None
    made_by: str

    @property
    def to_perform(self) -> bool:
        """Whether something is left to be done once it is accepted."""
        return self.kind in TO_PERFORM

    @property
    def outcome(self) -> Outcome:
        """The outcome that the dispute has when this offer is performed."""
        if self.kind is OfferKind.VOUCHER:
            return Outcome.GOODWILL_GESTURE
        if self.kind is OfferKind.EXPLANATION:
            return Outcome.EXPLANATION_ACCEPTED
        return Outcome(self.kind.value)

    def in_force(self, today: date) -> bool:
        """Whether it can still be accepted on this local day (its last day counts)."""
        return self.expires_on is None or today <= self.expires_on


def offer_of(data: Mapping[str, object], made_by: str, version: int) -> Offer | None:
    """Read the offer out of facts or of an event's data; None when they hold no known kind."""
    value = data.get("kind")
    if not isinstance(value, str) or value not in values_of(OfferKind):
        return None
    kind, currency, money = OfferKind(value), data.get("currency"), OfferKind(value).carries_money
    return Offer(
        version=version,
        kind=kind,
        amount_minor=number_of(data.get("amount_minor")) if money else None,
        currency=currency if money and isinstance(currency, str) else None,
        pay_by=day_of(data.get("pay_by")),
        expires_on=day_of(data.get("expires_on")),
        made_by=made_by,
    )


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where a case stands: its journal, folded. A case without a demand stays in `State.NONE`.

    `version` counts the events folded. `points[i]` is the answer to point i + 1. `offer` is the organisation's
    offer in force, `opinion` the mediator's solution; `offers` counts the versions given of both. `quiet_since`
    is the last act that waits for the customer, None once the customer spoke; `news_at` the last word that staff
    wrote to them; `owed_since` the word of theirs that asks for a decision which nobody gave yet. `disagreed`: they
    contested an answer once; no later act of the organisation takes the way onward from them. `about` are the ids
    of the people complained about. `deciders`: everybody who answered on the merits since the dispute was
    (re)opened; `named_by`: who said which themes are told. `looked_at_again`: a second look was taken and has not
    decided yet. `by_letter`: what the answer that came by letter says, where the organisation does not read us;
    `body`: the next body to which the case went last, empty where it was not named. `outcome` survives a reopening,
    `ended_at` does not. Days are local, moments in UTC.
    """

    state: State = State.NONE
    version: int = 0
    sent_at: datetime | None = None
    escalation_opens_on: date | None = None
    by_letter: str = ""
    body: str = ""
    about: frozenset[str] = frozenset()
    owner: str | None = None
    owner_since: datetime | None = None
    first_decider: str | None = None
    deciders: frozenset[str] = frozenset()
    named_by: frozenset[str] = frozenset()
    looked_at_again: bool = False
    points: tuple[PointAnswer | None, ...] = ()
    offer: Offer | None = None
    opinion: Offer | None = None
    offers: int = 0
    accepted_version: int | None = None
    accepted_at: datetime | None = None
    performance_due: date | None = None
    performed_proposed_at: datetime | None = None
    proof_recorded: bool = False
    redress_unpaid: bool = False
    questions: int = 0
    asked_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None
    had_final: bool = False
    opinion_accepted_by: frozenset[Role] = frozenset()
    redirect_target: str | None = None
    quiet_since: datetime | None = None
    news_at: datetime | None = None
    owed_since: datetime | None = None
    disagreed: bool = False
    shelved_until: date | None = None
    outcome: Outcome | None = None
    ended_at: datetime | None = None
    reopened: int = 0
