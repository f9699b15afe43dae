"""Offers of the demo that wait until a supervisor sends them, because they are above what an agent may give alone."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.visitor import Visitor
from cx.core.words import OfferKind, PointAnswer, Role, State, Wish
from cx.demo.accounts import Cast
from cx.demo.people import ORGANISATIONS, DemoOrganisation
from cx.disputes import approvals
from cx.disputes.ledger import account_of
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.disputes.storing import table
from cx.disputes.workbench import Workbench
from models import AccessLink, Case, EventRow
from models.engine import Database

ASKED_AGO = timedelta(minutes=40)
LOOKED_AT = 60
PAY_WITHIN = timedelta(days=14)
# How far above the limit of an agent the offer is, in minor units of the organisation's currency.
ABOVE = 4_000
# The reasons and the letter, in French and in English; the letter is signed by whoever sends it.
WORDS = {
    "fr": (
        "La faute est entièrement la nôtre, et elle dure depuis trop longtemps.",
        "J’ai repris votre dossier du début. La faute est entièrement la nôtre, et vous avez attendu bien trop longtemps.",
    ),
    "en": (
        "The fault is wholly ours, and it has lasted far too long.",
        "I went through your case from the beginning. The fault is wholly ours, and you have waited far too long.",
    ),
}


def _asked(row: Any) -> int:
    """The largest whole number in what was asked for."""
    return max((int(one) for one in re.findall(r"[0-9]{1,6}", row.wish_text)), default=0)


def ask(database: Database, bench: Workbench, cast: Cast, now: datetime) -> None:
    """Let the first agent of each organisation ask the supervisor for one offer."""
    with database.writing() as session:
        for organisation in ORGANISATIONS:
            _ask(session, bench, cast, organisation, now - ASKED_AGO)


def _ask(session: Session, bench: Workbench, cast: Cast, organisation: DemoOrganisation, at: datetime) -> None:
    agent = organisation.of_role(Role.AGENT)[0]
    actor = cast.actors[agent.email]
    house = cast.organisations[organisation.slug]
    case, event = table(Case).c, table(EventRow).c
    query = select(case.reference, case.language, case.zone, case.wish_text).where(
        case.organisation_id == house.id,
        case.owner_id == account_of(actor.id),
        case.state == State.INVESTIGATING.value,
        case.wish == Wish.MONEY.value,
        # The cases of the demo story are known by their links: they stay as they are told.
        case.id.not_in(select(AccessLink.case_id)),
        ~select(event.seq).where(event.case_id == case.id, event.at >= at).exists(),
    )
    # Whoever asks for most is the most likely to need more than an agent may give.
    found = max(session.execute(query.order_by(case.id.desc()).limit(LOOKED_AT)), key=_asked, default=None)
    if found is None:
        return
    amount = organisation.agent_limit_minor + ABOVE
    reasons, letter = WORDS[found.language]
    who = Visitor(
        account_id=account_of(actor.id), name=agent.name, function=actor.function, organisation_id=house.id,
        roles=frozenset({Role.AGENT}),
    )  # fmt: skip
    kind = OfferKind.CONTRACTUAL_COMPENSATION.value
    values = {
        "kind": kind, "amount": f"{amount // 100}", "currency": organisation.currency, "expires_on": None,
        "pay_by": at.astimezone(ZoneInfo(found.zone)).date() + PAY_WITHIN, "basis": "", "conditions": "",
        "answer": PointAnswer.UPHELD.value, "reasons": reasons, "text": letter,
    }  # fmt: skip
    said = {"offer": kind, "amount_minor": amount, "currency": organisation.currency}
    approvals.propose(session, bench, Hand(who, As.STAFF, found.reference, at), values, said)
