"""Moves a dispute on behalf of a visitor: one act, one transaction, everything that belongs to it in the same commit.

Each function is called inside the transaction of the request. It finds the case through `sight` (so a foreign case
does not exist), refuses when somebody was faster, lets the heart decide, and writes the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.refusals import Conflict, WrongState
from cx.core.visitor import Visitor
from cx.core.words import Action, Audience, MessageKind, Role, State, Theme, Value
from cx.disputes import correspondence, handing, judging, sight
from cx.disputes.acting import act, act_through
from cx.disputes.casefile import actor_of
from cx.disputes.ledger import Ledger, Text
from cx.disputes.meeting import settle
from cx.disputes.sight import As
from cx.disputes.storing import load, save
from cx.disputes.team import is_at_work
from cx.disputes.workbench import Workbench
from models import CaseTheme, EventRow, ReviewPick

# What a customer hears of by letter, and by which where it is not called as what happened.
TOLD_CUSTOMER: Mapping[str, str] = {
    kind: kind
    for kind in (
        "acknowledged", "started", "asked", "offered", "final_position_given", "written", "performed_proposed",
        "improved", "redirect_proposed", "closed", "lapsed", "reopened", "extended", "neutral_named",
        "mediation_ended", "opinion_accepted", "opinion_refused",
    )
} | {"escalated": "mediation_begun", "opinion_recorded": "mediation_recorded", "reading_ruled": "reading_ruled"}  # fmt: skip

# Where the next word is the organisation's: such a case is taken anew when its owner has left.
UNTAKEN = frozenset({State.NONE, State.ACKNOWLEDGED, State.INVESTIGATING, State.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts on which case: the visitor, in which capacity, on the case with `reference` as seen at `expected`."""

    visitor: Visitor
    capacity: As
    reference: str
    at: datetime
    expected: int | None = None


def take_up(session: Session, hand: Hand) -> tuple[Ledger, Actor]:
    """Find and lock the case of `hand`. Raises NotVisible, or Conflict when it moved since it was seen."""
    found = sight.locate(session, hand.visitor, hand.capacity, hand.reference)
    ledger = load(session, found.case_id)
    if hand.expected is not None and hand.expected != ledger.loaded:
        raise Conflict(hand.expected, ledger.loaded)
    actor = actor_of(hand.visitor, hand.capacity)
    if hand.capacity is As.CUSTOMER:
        actor = Actor(Role.CUSTOMER, actor.id, ledger.case["customer_name"])
    return ledger, actor


def do(
    session: Session,
    bench: Workbench,
    hand: Hand,
    action: Action,
    facts: Mapping[str, Any] | None = None,
    text: Text | None = None,
) -> Ledger:
    """Do `action` with the moves in between that it needs. Raises the heart's refusals, NotVisible and Conflict."""
    ledger, actor = take_up(session, hand)
    act_through(ledger, action, actor, hand.at, facts, text)
    return put_down(session, bench, ledger, hand)


def put_down(session: Session, bench: Workbench, ledger: Ledger, hand: Hand) -> Ledger:
    """Write the ledger, with the letters that its events bring."""
    settle(session, ledger, actor_of(hand.visitor, hand.capacity), hand.at)
    _letters(session, ledger, hand)
    save(session, bench, [ledger])
    return ledger


def _letters(session: Session, ledger: Ledger, hand: Hand) -> None:
    """The letters that an act brings to the other side, and to whoever wants it in writing."""
    if hand.capacity is As.CUSTOMER:
        correspondence.customer_acted(session, ledger, hand.at)
        return
    kinds = [line["kind"] for line in ledger.events if line["kind"] in TOLD_CUSTOMER]
    public = any(message["audience"] == Audience.BOTH for message in ledger.messages)
    if kinds and (public or set(kinds) - {"written", "started"}):
        visitor = hand.visitor
        letter = TOLD_CUSTOMER[kinds[-1]]
        correspondence.team_acted(session, ledger, letter, hand.at, visitor.name, visitor.function)


def take(session: Session, bench: Workbench, hand: Hand, text: Text) -> Ledger:
    """Take a case: it becomes mine and the acknowledgement goes out, in one act. A story without a demand is answered.

    What somebody had in hand who is not at work any more is taken by the first letter of whoever goes on.
    """
    ledger, actor = take_up(session, hand)
    if ledger.dispute.state is State.RECEIVED:
        act(ledger, Action.ACKNOWLEDGE, actor, hand.at, {"text": text.text}, text)
    elif ledger.dispute.state in UNTAKEN and not _in_hand(session, ledger):
        act(ledger, Action.ASSIGN, actor, hand.at, {"owner": actor.id})
        act(ledger, Action.WRITE, actor, hand.at, {"text": text.text}, text)
    else:
        raise WrongState("take", ledger.dispute.state.value)
    return put_down(session, bench, ledger, hand)


def _in_hand(session: Session, ledger: Ledger) -> bool:
    return is_at_work(session, ledger.case["owner_id"], ledger.case["organisation_id"])


def write(session: Session, bench: Workbench, hand: Hand, text: Text) -> Ledger:
    """Write to the other side. Staff who answer a case that nobody took take it by the same act."""
    ledger, actor = take_up(session, hand)
    staff = hand.capacity is As.STAFF and actor.role is not Role.NEUTRAL
    if staff and ledger.dispute.state is State.RECEIVED:
        act(ledger, Action.START, actor, hand.at, {"text": text.text})
    elif staff and not _in_hand(session, ledger):
        act(ledger, Action.ASSIGN, actor, hand.at, {"owner": actor.id})
    act(ledger, Action.WRITE, actor, hand.at, {"text": text.text}, text)
    return put_down(session, bench, ledger, hand)


def note(session: Session, bench: Workbench, hand: Hand, text: str, call: bool = False) -> Ledger:
    """Add an internal note, or what was said and promised in a call. Nobody outside the organisation reads it."""
    ledger, actor = take_up(session, hand)
    kind = MessageKind.CALL if call else MessageKind.NOTE
    said = Text(text, kind, audience=Audience.INTERNAL, language=ledger.case["language"])
    act(ledger, Action.LOG_CALL if call else Action.NOTE, actor, hand.at, {"text": text}, said)
    return put_down(session, bench, ledger, hand)


def hand_over(
    session: Session, bench: Workbench, hand: Hand, to: str, text: Text | None = None, note: str = ""
) -> Ledger:
    """Give the case to another person (`to` is an actor id), who gets `note` from inside; the customer reads `text`.

    Nobody is handed over in silence: only an imported archive, where nobody reads, goes without words. Raises
    GuardFailed on `text`.
    """
    ledger, actor = take_up(session, hand)
    handing.hand_over(session, ledger, actor, hand.at, to, text)
    if note:
        inside = Text(note, MessageKind.NOTE, audience=Audience.INTERNAL, language=ledger.case["language"])
        act(ledger, Action.NOTE, actor, hand.at, {"text": note}, inside)
    return put_down(session, bench, ledger, hand)


def second_look(session: Session, bench: Workbench, hand: Hand) -> Ledger:
    """Take the second look at a contested answer: the case passes to the person who looks, in one act."""
    ledger, actor = take_up(session, hand)
    act(ledger, Action.REVIEW, actor, hand.at)
    act(ledger, Action.ASSIGN, actor, hand.at, {"owner": actor.id})
    # Whoever looks is named to the customer at once.
    correspondence.team_acted(session, ledger, "handed_over", hand.at, hand.visitor.name, hand.visitor.function)
    return put_down(session, bench, ledger, hand)


def say_solved(session: Session, bench: Workbench, hand: Hand, solved: str) -> Ledger:
    """Record the customer's answer to "is it solved?". It moves nothing."""
    ledger, actor = take_up(session, hand)
    act(ledger, Action.SAY_SOLVED, actor, hand.at, {"solved": solved})
    return put_down(session, bench, ledger, hand)


def say_values(session: Session, bench: Workbench, hand: Hand, values: Mapping[Value, int]) -> Ledger:
    """Record the four values, each 1 to 5, as a new answer; earlier ones stay."""
    ledger, actor = take_up(session, hand)
    judging.say_values(ledger, actor, hand.at, values)
    return put_down(session, bench, ledger, hand)


def rule_themes(
    session: Session,
    bench: Workbench,
    hand: Hand,
    themes: frozenset[Theme],
    version: str,
    source: str = judging.DESK,
) -> Ledger:
    """Say which themes the story tells: the full set. Each theme that was suggested or set is confirmed or refused.

    Rulings are appended with author, date, the version of the reader and `source` (`models.ThemeRuling`); none is
    overwritten. What else happened to the case since it was seen does not matter; Conflict when somebody else ruled
    meanwhile. A case that was put before the team for this is looked over, whatever brought the person to it.
    """
    ledger, actor = take_up(session, replace(hand, expected=None))
    name_themes(session, ledger, actor, hand, themes, version, source)
    return put_down(session, bench, ledger, hand)


def name_themes(
    session: Session,
    ledger: Ledger,
    actor: Actor,
    hand: Hand,
    themes: frozenset[Theme],
    version: str,
    source: str,
) -> frozenset[str]:
    """Lay a ruling in the ledger of a case that was taken up; returns the ids of the themes that stood before it.

    Raises Conflict when somebody else ruled since the case was seen at `hand.expected`.
    """
    case_id = ledger.case["id"]
    rows = session.execute(select(CaseTheme.theme, CaseTheme.status).where(CaseTheme.case_id == case_id))
    standing: dict[str, str] = {row.theme: row.status for row in rows}
    # A ruling that says "none of them" leaves no row of its own: the journal knows it all the same.
    ruling = select(func.max(EventRow.seq)).where(EventRow.case_id == case_id, EventRow.kind == "themes_ruled")
    last = session.scalar(ruling)
    if last is not None and hand.expected is not None and last > hand.expected:
        raise Conflict(hand.expected, ledger.loaded)
    first = last is None
    judging.rule_themes(ledger, actor, hand.at, themes, version, standing, first=first, source=source)
    session.execute(delete(CaseTheme).where(CaseTheme.case_id == case_id))
    waiting = (ReviewPick.case_id == case_id, ReviewPick.done_at.is_(None))
    session.execute(update(ReviewPick).where(*waiting).values(done_at=hand.at))
    return frozenset(standing)
