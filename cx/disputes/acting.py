"""One act on one case: the heart decides, the ledger records, the effects follow. Nothing is stored here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cx.core.acts import Act, Actor, Event
from cx.core.dispute import decide, follows, path
from cx.core.words import Action, MessageKind, MessageOrigin
from cx.disputes.effects import apply, prepare
from cx.disputes.ledger import Ledger, Text


def act(
    ledger: Ledger,
    action: Action,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    text: Text | None = None,
) -> Event:
    """Do one action. Raises the heart's refusals; the ledger is untouched then."""
    given: dict[str, Any] = {**ledger.local_days(at), **(facts or {})}
    prepare(ledger, action, at, given)
    event = decide(ledger.dispute, Act(action, actor, at, given))
    ledger.record(event, text, actor)
    apply(ledger, event, given)
    return event


def act_through(
    ledger: Ledger,
    action: Action,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    text: Text | None = None,
) -> list[Event]:
    """Do an action with the moves in between that it needs, and those that follow from it at once."""
    *before, last = path(ledger.dispute, action, actor.role, at)
    events = [act(ledger, step, actor, at, _bridge_facts(ledger, facts)) for step in before]
    events.append(act(ledger, last, actor, at, facts, text))
    events += [act(ledger, step, actor, at) for step in follows(events[-1], ledger.dispute)]
    return events


def _bridge_facts(ledger: Ledger, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    kept = {name: (facts or {})[name] for name in ("signatory", "function", "kind") if name in (facts or {})}
    return {**kept, "answer_by": ledger.case["next_due_on"]}


def said(text: str, kind: MessageKind, language: str, origin: MessageOrigin = MessageOrigin.PERSON) -> Text:
    """A text for both sides, in a language."""
    return Text(text, kind, language=language, origin=origin)
