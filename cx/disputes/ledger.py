"""One case in the hands of the workshop: what is stored, what the present act adds, and how the two stay one.

A `Ledger` takes acts and texts, asks the heart, and gathers the rows that result; `cx.disputes.storing` writes
them in one go. The web, the demo and the import all write cases this way, one or ten thousand at a time.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cx.core.acts import Actor, Dispute, Event
from cx.core.dispute import evolve
from cx.core.folding import BESIDE_THE_MATTER
from cx.core.incident import Reading
from cx.core.words import Audience, MessageKind, MessageOrigin, Role
from cx.disputes.analysis import organisation_marker, tokens
from cx.disputes.lanes import lane_of
from cx.disputes.reference import Draw, drawn, new_salt
from cx.disputes.workbench import Notice

GENESIS = "0" * 64
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Row(dict[str, Any]):
    """A row beside the case (a point, an offer, a clock): fresh until stored, and knowing what changed since."""

    def __init__(self, values: Mapping[str, Any], stored: bool = False) -> None:
        """Take the values as they are stored, or as they will be."""
        super().__init__(values)
        self.stored = stored
        self.changed: dict[str, Any] = {}

    def change(self, **values: Any) -> None:
        """Set columns and remember that they need writing."""
        self.update(values)
        if self.stored:
            self.changed.update(values)


@dataclass(slots=True)
class Text:
    """A text that comes with an act, as it will be stored."""

    text: str
    kind: MessageKind
    audience: Audience = Audience.BOTH
    origin: MessageOrigin = MessageOrigin.PERSON
    template: str = ""
    language: str = ""


@dataclass(slots=True)
class Ledger:
    """A case with its dispute folded, the rows beside it, and what is about to be added.

    `case` holds the columns of `complaint_case`; it has no `id` until it is stored. `loaded` is the version at
    loading, which must still be the version at writing. `said`: what the administrator said of single legal clocks.
    """

    case: dict[str, Any]
    dispute: Dispute = field(default_factory=Dispute)
    points: list[Row] = field(default_factory=list)
    offers: list[Row] = field(default_factory=list)
    runs: list[Row] = field(default_factory=list)
    loaded: int = 0
    target_days: int = 10
    said: Mapping[str, bool] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    surveys: list[dict[str, Any]] = field(default_factory=list)
    figures: list[tuple[str, str, int, date]] = field(default_factory=list)
    readings: list[tuple[datetime, Reading]] = field(default_factory=list)
    rulings: list[dict[str, Any]] = field(default_factory=list)
    opinions: list[dict[str, Any]] = field(default_factory=list)
    themes: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    contact: dict[str, Any] | None = None
    draw: Draw = drawn

    @property
    def fresh(self) -> bool:
        """Whether the case is not stored yet."""
        return "id" not in self.case

    def local_day(self, at: datetime) -> date:
        """The day of a moment where the organisation is."""
        return at.astimezone(ZoneInfo(self.case["zone"])).date()

    def local_days(self, at: datetime) -> dict[str, date | None]:
        """The facts of an act at this moment that are days of the place."""
        return local_days(self.dispute, self.case["zone"], at)

    @property
    def target_on(self) -> date | None:
        """By when the organisation aims to decide what was asked of it last; None when nothing is open with it."""
        since = self.dispute.owed_since
        return None if since is None else self.local_day(since) + timedelta(days=self.target_days)

    def record(self, event: Event, text: Text | None = None, actor: Actor | None = None) -> None:
        """Chain one event to the journal and fold it; a text becomes a message whose digest the event carries."""
        self.dispute = evolve(self.dispute, event)
        digest = self._message(event, text, actor) if text is not None and text.text else ""
        line = {
            "seq": self.dispute.version,
            "at": event.at,
            "kind": event.kind,
            "role": event.role.value,
            "actor": event.actor,
            "data": dict(event.data),
            "digest": digest,
            "prev": self.case.get("head") or GENESIS,
        }
        line["hash"] = chain_hash(self.case["reference"], line)
        self.events.append(line)
        self.case["head"] = line["hash"]
        self._columns(event, text)

    def _message(self, event: Event, text: Text, actor: Actor | None) -> str:
        salt = new_salt(self.draw)
        staff = event.role not in {Role.CUSTOMER, Role.TIMER}
        language = text.language or self.case["language"]
        self.messages.append(
            {
                "seq": self.dispute.version,
                "at": event.at,
                "kind": text.kind.value,
                "audience": text.audience.value,
                "role": event.role.value,
                "account_id": account_of(event.actor),
                "author": actor.name if actor is not None and staff else self.case["customer_name"],
                "language": language,
                "origin": text.origin.value,
                "template": text.template,
                "text": text.text,
                "salt": salt,
                "erased_at": None,
                "tokens": self._tokens(text, language),
            }
        )
        return text_digest(salt, text.text)

    def _tokens(self, text: Text, language: str) -> str:
        """What is found of a text; a story is found by the name of the person too."""
        named = text.text
        if text.kind is MessageKind.STORY and self.case["customer_name"]:
            # The name comes first: only the beginning of a very long text is indexed.
            named = f"{self.case['customer_name']}\n{text.text}"
        return tokens(named, language, [organisation_marker(self.case["organisation_id"])])

    def _columns(self, event: Event, text: Text | None) -> None:
        dispute, case = self.dispute, self.case
        case["state"] = dispute.state.value
        case["version"] = dispute.version
        case["owner_id"] = account_of(dispute.owner)
        case["owner_since"] = dispute.owner_since
        case["first_decider_id"] = account_of(dispute.first_decider)
        case["quiet_since"] = dispute.quiet_since
        case["bring_back_on"] = dispute.shelved_until
        case["sent_at"] = dispute.sent_at
        case["outcome"] = dispute.outcome.value if dispute.outcome else None
        case["ended_at"] = dispute.ended_at
        spoken = text is not None and text.audience is Audience.BOTH and event.kind not in BESIDE_THE_MATTER
        if event.role is Role.CUSTOMER and (spoken or event.kind in WAKES):
            case["customer_waits"] = True
            case["bring_back_on"] = None
        elif spoken and event.role is not Role.TIMER:
            case["customer_waits"] = False
        if dispute.ended_at is not None:
            case["customer_waits"] = False
        self.wait(case["customer_waits"])

    def wait(self, customer_waits: bool) -> None:
        """Say whether the customer waits for a word, and lay the case where it belongs on the desk."""
        dispute, case = self.dispute, self.case
        case["customer_waits"] = customer_waits
        case["lane"] = lane_of(
            dispute.state, dispute.owner is not None, customer_waits, dispute.quiet_since is not None
        )


WAKES = frozenset({"sent", "accepted", "contested", "answered", "reopened", "not_performed", "human_asked"})


def canonical(value: Any) -> str:
    """One way to write a value as JSON, so that a hash is a hash."""
    return _CANONICAL.encode(value)


def chain_hash(reference: str, line: Mapping[str, Any]) -> str:
    """SHA-256 over a line of the journal and the hash before it."""
    body = [
        reference,
        line["seq"],
        line["at"].isoformat(timespec="microseconds"),
        *(line[name] for name in ("kind", "role", "actor", "data", "digest", "prev")),
    ]
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def text_digest(salt: str, text: str) -> str:
    """The fingerprint of a message; without its salt an erased text cannot be guessed from it."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def local_days(dispute: Dispute, zone: str, at: datetime) -> dict[str, date | None]:
    """The facts of an act that are days of the place: what may be done is judged by them, as when it is done."""
    place, sent_at = ZoneInfo(zone), dispute.sent_at
    sent_on = sent_at.astimezone(place).date() if sent_at is not None else None
    return {"today": at.astimezone(place).date(), "sent_on": sent_on}


def account_of(actor: str | None) -> int | None:
    """The account behind an actor's id, if it is one."""
    kind, _, number = (actor or "").partition(":")
    return int(number) if kind == "account" and number.isdecimal() else None


def actor_id(account_id: int) -> str:
    """The id under which an account acts in a journal."""
    return f"account:{account_id}"
