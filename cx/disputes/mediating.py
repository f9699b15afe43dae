"""What a mediator does in the room: ask both parties, settle facts, give an opinion, end the mediation.

Each function is called inside the transaction of the request, like those of `cx.disputes.moves`; the actor is a
neutral with the id, the name and the function of the link. Links and what is noted about them are here too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.refusals import Conflict, GuardFailed, NotVisible
from cx.core.words import Action, MessageKind, NextBody, Role, State
from cx.disputes import clocking, mediators, sight
from cx.disputes.acting import act
from cx.disputes.correspondence import team_acted
from cx.disputes.ledger import Ledger, Text
from cx.disputes.mediators import LinkSeen, actor_of_link
from cx.disputes.moves import Hand, put_down, take_up
from cx.disputes.sight import As
from cx.disputes.storing import load
from cx.disputes.workbench import Workbench


def make_link(session: Session, bench: Workbench, hand: Hand, secret: str, body: NextBody | None, days: int) -> None:
    """The customer makes a link that opens with `secret`; the same form sent twice makes one link.

    Raises mediators.TooManyLinks, NotVisible and Conflict.
    """
    ledger, actor = take_up(session, hand)
    if mediators.make(session, ledger.case["id"], secret, body, days, hand.at):
        _note(ledger, "mediator_link_made", actor, hand.at, body=body.value if body else "", days=days)
        put_down(session, bench, ledger, hand)


def revoke_link(session: Session, bench: Workbench, hand: Hand, link_id: int) -> None:
    """The customer takes a link back; from then on it opens nothing. Raises NotVisible for a foreign link."""
    ledger, actor = take_up(session, hand)
    mediators.revoke(session, ledger.case["id"], link_id, hand.at)
    _note(ledger, "mediator_link_revoked", actor, hand.at, link=link_id)
    put_down(session, bench, ledger, hand)


def say_court(session: Session, bench: Workbench, hand: Hand, court: bool) -> None:
    """The customer says whether a court has the matter: the one condition that no clock knows."""
    ledger, actor = take_up(session, hand)
    _note(ledger, "court_said", actor, hand.at, court=court)
    put_down(session, bench, ledger, hand)


def enter(session: Session, bench: Workbench, hand: Hand, link: LinkSeen, name: str, function: str) -> None:
    """The holder of a link says who they are, once; both parties see it. Whoever comes second changes nothing."""
    if not mediators.introduce(session, link.id, name, function):
        return
    ledger = _loaded(session, hand, link)
    actor = Actor(Role.NEUTRAL, actor_of_link(link.id), name, function)
    _note(ledger, "mediator_entered", actor, hand.at, body=link.body)
    team_acted(session, ledger, "mediator_opened", hand.at, name, function)
    put_down(session, bench, ledger, hand)


def begin(session: Session, bench: Workbench, hand: Hand, link: LinkSeen) -> None:
    """The mediator takes the case up: from now on it is with them. Refused before the right to go there has opened."""
    ledger, actor = _taken(session, hand, link)
    act(ledger, Action.ESCALATE, actor, hand.at, {"next_body": link.body} if link.body else {})
    put_down(session, bench, ledger, hand)


def ask(session: Session, bench: Workbench, hand: Hand, link: LinkSeen, text: Text) -> None:
    """Write to both parties."""
    ledger, actor = _taken(session, hand, link)
    act(ledger, Action.WRITE, actor, hand.at, {"text": text.text}, text)
    put_down(session, bench, ledger, hand)


def agree(session: Session, bench: Workbench, hand: Hand, link: LinkSeen, number: int, agreed: str) -> None:
    """Write down the facts of one point that nobody disputes; GuardFailed when there is no such point."""
    ledger, actor = _taken(session, hand, link)
    row = next((one for one in ledger.points if one["number"] == number), None)
    if row is None:
        raise GuardFailed("point_known", "agreed")
    row.change(agreed=agreed)
    _note(ledger, "facts_agreed", actor, hand.at, point=number)
    put_down(session, bench, ledger, hand)


def record_opinion(
    session: Session, bench: Workbench, hand: Hand, link: LinkSeen, text: str, offer: Mapping[str, Any], language: str
) -> None:
    """Give the opinion, with what it proposes (`offer`: kind, amount, currency, pay_by; may be empty)."""
    ledger, actor = _taken(session, hand, link)
    facts = {"document": True, "text": text, **offer}
    act(ledger, Action.RECORD_OPINION, actor, hand.at, facts, Text(text, MessageKind.OPINION, language=language))
    put_down(session, bench, ledger, hand)


def end(session: Session, bench: Workbench, hand: Hand, link: LinkSeen, reason: str, text: str, language: str) -> None:
    """End the mediation without an opinion: `reason` is one of `form_guards.MEDIATION_ENDINGS`, `text` says why."""
    ledger, actor = _taken(session, hand, link)
    said = Text(text, MessageKind.OPINION, language=language) if text else None
    act(ledger, Action.MEDIATION_ENDED, actor, hand.at, {"reason": reason, "text": text}, said)
    put_down(session, bench, ledger, hand)


def _note(ledger: Ledger, kind: str, actor: Actor, at: datetime, **data: Any) -> None:
    """Record what happens beside the table of moves; a mediator who enters starts the clocks of a mediation that runs."""
    event = happened(kind, actor, at, **data)
    ledger.record(event, None, actor)
    if kind == "mediator_entered" and ledger.dispute.state is State.IN_MEDIATION:
        clocking.follow(ledger, event)


def _loaded(session: Session, hand: Hand, link: LinkSeen) -> Ledger:
    found = sight.locate(session, hand.visitor, As.MEDIATOR, hand.reference)
    if found.case_id != link.case_id:
        raise NotVisible
    return load(session, found.case_id)


def _taken(session: Session, hand: Hand, link: LinkSeen) -> tuple[Ledger, Actor]:
    """The case, locked, and the mediator as its neutral. Raises NotVisible, and Conflict when it moved since seen."""
    ledger = _loaded(session, hand, link)
    if hand.expected is not None and hand.expected != ledger.loaded:
        raise Conflict(hand.expected, ledger.loaded)
    if not link.entered:
        raise NotVisible
    return ledger, Actor(Role.NEUTRAL, actor_of_link(link.id), link.name, link.function)
