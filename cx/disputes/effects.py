"""What an event changes beside the journal: points, offers, clocks, the date shown, figures, letters."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cx.core import clock
from cx.core.acts import Event
from cx.core.words import Action, State
from cx.disputes import clocking, mediated, redress
from cx.disputes.ledger import Ledger


def prepare(ledger: Ledger, action: Action, at: datetime, facts: dict[str, Any]) -> None:
    """Add the facts that the heart needs and only the workshop knows: clocks at sending, the date at acknowledging."""
    if action is Action.SEND:
        _start_clocks(ledger, at, facts)
        facts.setdefault("points", 1 + len(redress.also(ledger)))
    if action in {Action.ACKNOWLEDGE, Action.START} and not facts.get("answer_by"):
        facts["answer_by"] = ledger.case["next_due_on"] or ledger.local_day(at) + timedelta(days=10)


def _start_clocks(ledger: Ledger, at: datetime, facts: dict[str, Any]) -> None:
    opens_on = clocking.start_at_sending(ledger, ledger.local_day(facts.get("sent_at") or at))
    if opens_on is not None:
        facts.setdefault("escalation_opens_on", opens_on)


def apply(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """Bring the rows beside the journal to where the event led, then the one date that everybody sees."""
    effect = _EFFECTS.get(event.kind)
    if effect is not None:
        effect(ledger, event, facts)
    clocking.follow(ledger, event)
    show_date(ledger, event.at)


def show_date(ledger: Ledger, at: datetime) -> None:
    """Write the one date of the case: a promise to perform, else what the clocks say, else the own target."""
    case, dispute = ledger.case, ledger.dispute
    if not dispute.state.open:
        case.update(next_due_on=None, next_due_kind="", next_due_rule="")
        return
    if dispute.state is State.ACCEPTED and dispute.performance_due is not None:
        case.update(next_due_on=dispute.performance_due, next_due_kind="promise", next_due_rule="")
        return
    runs = clocking.runs_shown(ledger)
    shown = clock.date_shown(runs, ledger.local_day(at), ledger.target_on)
    case.update(
        next_due_on=shown.due_on,
        next_due_kind="" if shown.kind is clock.ShownKind.NONE else shown.kind.value,
        next_due_rule=shown.regime_id or "",
    )


def told(ledger: Ledger) -> None:
    """Count a new story, its place and its channel in the month in which it was told."""
    case = ledger.case
    on = ledger.local_day(case["told_at"])
    ledger.figures.append(("told", "", 1, on))
    for measure in ("place", "channel"):
        if case[measure]:
            ledger.figures.append((measure, case[measure], 1, on))


def _sent(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    redress.sent(ledger)
    ledger.figures.append(("sent", "", 1, ledger.local_day(event.at)))


def _answer(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    """Points answered, the first answer counted, the offer written down."""
    redress.answer_points(ledger, event, facts)
    if ledger.case["answered_at"] is None:
        ledger.case["answered_at"] = event.at
        sent = ledger.dispute.sent_at or event.at
        days = max(0, (ledger.local_day(event.at) - ledger.local_day(sent)).days)
        ledger.figures.append(("days", str(days), 1, ledger.local_day(event.at)))
    redress.offer_made(ledger, event, facts)


def _opinion_accepted(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    redress.opinion_agreed(ledger, event, facts)
    mediated.counted(ledger, event, facts)


def _performed(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    redress.performed(ledger, event, facts)
    _ended(ledger, event, facts)


def _ended(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    outcome = ledger.case["outcome"] or ledger.case["state"]
    ledger.figures.append(("ended", outcome, 1, ledger.local_day(event.at)))


def _reopened(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    ledger.figures.append(("reopened", "", 1, ledger.local_day(event.at)))


def _said_solved(ledger: Ledger, event: Event, facts: Mapping[str, Any]) -> None:
    solved = str(event.data["solved"])
    on = ledger.local_day(event.at)
    # The latest word of a person counts once, in the month in which it was said.
    if ledger.case["solved"]:
        ledger.figures.append(("solved", ledger.case["solved"], -1, ledger.case["solved_on"]))
    ledger.figures.append(("solved", solved, 1, on))
    ledger.case.update(solved=solved, solved_on=on)
    ledger.surveys.append({"at": event.at, "solved": solved, "price": None, "choice": None, "listening": None,
                           "guarantee": None, "message_id": None})  # fmt: skip


_EFFECTS: Mapping[str, Callable[[Ledger, Event, Mapping[str, Any]], None]] = {
    "sent": _sent,
    "offered": _answer,
    "final_position_given": _answer,
    "point_added": redress.point_added,
    "accepted": redress.accepted,
    "contested": redress.contested,
    "improved": redress.offers_become("withdrawn"),
    "offer_expired": redress.offers_become("expired"),
    "performed": _performed,
    "performed_proposed": redress.done_proposed,
    "not_performed": redress.not_performed,
    "closed": _ended,
    "withdrawn": _ended,
    "lapsed": _ended,
    "redirected": _ended,
    "reopened": _reopened,
    "said_solved": _said_solved,
    **dict.fromkeys(mediated.KINDS, mediated.counted),
    "opinion_accepted": _opinion_accepted,
}
