"""In which stretches of a dispute each promise of a charter had to be kept, read from its journal.

Pure: the journal says when a stretch begins and what meets it; `cx.core.charter` judges the stretches.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cx.core.acts import Event
from cx.core.charter_words import NEVER, Place, Rule
from cx.core.words import ENDED_STATES, STAFF_ROLES, Role


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked for a person: until when somebody had to be there, and when somebody was."""

    asked_at: datetime
    due_at: datetime
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch in which a promise had to be kept. `claimed`: the organisation says so, the customer not yet."""

    due_at: datetime
    met_at: datetime | None = None
    exceeded: bool = False
    claimed: bool = False

    def broken(self, at: datetime) -> bool:
        """Whether it was met too late, or not at all by now."""
        return self.exceeded or (self.met_at or at) > self.due_at


Journal = Sequence[Event]
Spans = Iterator[Span]

ANSWERS = frozenset({"offered", "final_position_given"})
TAKING = frozenset({"acknowledged", "started"})
# What the customer hears from a person.
WORDS = ANSWERS | {"acknowledged", "asked", "written", "performed_proposed", "improved", "redirect_proposed"}
# After these the next word is the customer's: no news is owed meanwhile.
PASSING = ANSWERS | {"asked", "performed_proposed", "redirect_proposed", "escalated"}
RESUMING = frozenset({"answered", "contested", "accepted", "written", "not_performed", "redirect_declined"})
MESSAGES = frozenset({"written", "answered"})
OWNING = frozenset({"acknowledged", "started", "assigned"})


_ENDED = frozenset(state.value for state in ENDED_STATES)


def _ends(event: Event) -> bool:
    return event.data.get("to") in _ENDED


def _of_staff(event: Event, kinds: frozenset[str]) -> bool:
    return event.role in STAFF_ROLES and event.kind in kinds


def _between(
    journal: Journal,
    begins: Callable[[Event], bool],
    meets: Callable[[Event], bool],
    until: Callable[[datetime], datetime],
) -> Spans:
    """The stretches from what begins one to what meets it. What is still open when the dispute ends is dropped."""
    since: datetime | None = None
    for event in journal:
        if since is not None and meets(event):
            yield Span(until(since), event.at)
            since = None
        elif since is not None and _ends(event):
            if event.at > until(since):
                yield Span(until(since), event.at)
            since = None
        if since is None and begins(event):
            since = event.at
    if since is not None:
        yield Span(until(since))


def _news(journal: Journal, until: Callable[[datetime], datetime]) -> Spans:
    since: datetime | None = None
    for event in journal:
        word = _of_staff(event, WORDS)
        passes = event.kind in PASSING
        if since is not None and (word or passes or _ends(event)):
            yield Span(until(since), event.at)
            since = None
        resumes = event.kind in ("sent", "reopened", "offer_expired", "proceeded") or (
            event.role is Role.CUSTOMER and event.kind in RESUMING
        )
        if since is None and not _ends(event) and ((word and not passes) or resumes):
            since = event.at
    if since is not None:
        yield Span(until(since))


def _paid(journal: Journal, until: Callable[[datetime], datetime]) -> Spans:
    since: datetime | None = None
    claim: datetime | None = None
    for event in journal:
        if event.kind in ("accepted", "opinion_accepted") and event.data.get("to") == "accepted":
            since, claim = event.at, None
        elif since is not None and event.kind == "performed_proposed":
            claim = claim or event.at
        elif event.kind == "not_performed":
            claim = None
        elif since is not None and event.kind == "performed":
            yield Span(until(since), claim or event.at)
            since = None
        elif _ends(event) or event.kind == "reopened":
            since = None
    if since is not None:
        yield Span(until(since), claim, claimed=claim is not None)


def _persons(journal: Journal, most: int) -> Spans:
    """Everybody who had the case in hand; whoever takes the second look is owed to the customer and not counted."""
    seen: set[str] = set()
    looking: set[str] = set()
    begun = False
    for event in journal:
        begun = begun or event.kind == "sent"
        if event.kind == "reviewed":
            looking.add(event.actor)
        owner = event.data.get("owner")
        if begun and event.kind in OWNING and isinstance(owner, str) and owner not in looking:
            seen.add(owner)
            if len(seen) > most:
                yield Span(event.at, exceeded=True)
                return
    if begun:
        yield Span(NEVER)


def _questions(journal: Journal, most: int) -> Spans:
    asked = 0
    for event in journal:
        asked += event.kind == "asked"
        if asked > most:
            yield Span(event.at, exceeded=True)
            return
    if any(event.kind == "sent" for event in journal):
        yield Span(NEVER)


def _sent(event: Event) -> bool:
    return event.kind == "sent"


def spans(rule: Rule, amount: int, journal: Journal, asked: Sequence[Asked], place: Place) -> list[Span]:
    """The stretches in which this promise had to be kept, oldest first."""

    def days(since: datetime) -> datetime:
        return place.after_days(since, amount)

    def working(since: datetime) -> datetime:
        return place.after_working_days(since, amount)

    made: Mapping[Rule, Callable[[], Spans]] = {
        Rule.ACKNOWLEDGED: lambda: _between(journal, _sent, lambda one: _of_staff(one, TAKING | ANSWERS), working),
        Rule.ANSWERED: lambda: _between(journal, _sent, lambda one: _of_staff(one, ANSWERS), days),
        Rule.REPLIED: lambda: _between(
            journal,
            lambda one: one.role is Role.CUSTOMER and one.kind in MESSAGES,
            lambda one: _of_staff(one, WORDS),
            working,
        ),
        Rule.CALLED_BACK: lambda: (Span(one.due_at, one.met_at) for one in asked),
        Rule.SECOND_LOOK: lambda: _between(
            journal, lambda one: one.kind == "contested", lambda one: one.kind == "reviewed", working
        ),
        Rule.NEWS: lambda: _news(journal, days),
        Rule.PERSONS: lambda: _persons(journal, amount),
        Rule.QUESTIONS: lambda: _questions(journal, amount),
        Rule.PAID: lambda: _paid(journal, days),
    }
    return list(made[rule]())


def ended_at(journal: Journal) -> datetime | None:
    """When the dispute ended; None while it runs."""
    ended: datetime | None = None
    for event in journal:
        if _ends(event):
            ended = event.at
        elif event.kind == "reopened":
            ended = None
    return ended
