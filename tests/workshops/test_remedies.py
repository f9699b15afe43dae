"""Remedies in the workshop: what a broken promise brings stands beside the dispute and never touches it."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.charter import Rule
from cx.core.incident import Contact
from cx.core.refusals import NotVisible, WrongState
from cx.core.words import Action, MessageKind
from cx.disputes import moves, promised, remedies
from cx.disputes.ledger import Text
from cx.disputes.storing import table
from models import Case, ClockRun, EventRow, Letter, OfferVersion, Remedy
from tests.promises import NOW, ONE_DAY, broken, draft, hand, kinds, publish, remedy, rows, statuses, sweep

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World


def _standing(world: "World", filed: "Filed") -> dict[str, Any]:
    """Everything of the main dispute that a remedy must leave alone."""
    with world.database.reading() as session:
        case = session.execute(select(table(Case)).where(table(Case).c.id == filed.case_id)).mappings().one()
        clocks = session.execute(select(table(ClockRun)).where(table(ClockRun).c.case_id == filed.case_id)).all()
        offers = session.execute(
            select(table(OfferVersion)).where(table(OfferVersion).c.case_id == filed.case_id)
        ).all()
        kept = {name: value for name, value in case.items() if name not in {"version", "head"}}
    return {"case": kept, "clocks": clocks, "offers": offers}


def test_accepting_a_remedy_never_touches_the_dispute(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = broken(world)
    at, bench, customer = NOW + 4 * ONE_DAY, world.app.extensions["workbench"], world.holder(filed)
    with world.database.writing() as session:
        moves.do(
            session, bench, hand(world, filed, at), Action.OFFER,
            {"kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": (at + 20 * ONE_DAY).date(),
             "points": {"1": "partly"}, "reasons": "Yes.", "text": "Here."},
            Text("Here.", MessageKind.OFFER),
        )  # fmt: skip
    before = _standing(world, filed)
    number = remedy(world).id
    with world.database.writing() as session:
        remedies.offer(session, bench, remedies.of_staff(session, world.visitor("manager@poste"), number), at)
    with world.database.writing() as session:
        remedies.accept(session, bench, remedies.of_customer(session, customer, filed.reference, number), at)
    with world.database.writing() as session:
        held = remedies.of_staff(session, world.visitor("agent@poste"), number, remedies.GIVERS)
        remedies.give(session, bench, held, "transfer of 2 May", at)
    with world.database.writing() as session:
        remedies.not_arrived(session, bench, remedies.of_customer(session, customer, filed.reference, number), at)
    assert remedy(world).status == "accepted"
    assert remedy(world).proof == "transfer of 2 May"
    assert _standing(world, filed) == before
    assert kinds(world, filed)[-4:] == ["remedy_offered", "remedy_accepted", "remedy_given", "remedy_missing"]


def test_a_signed_apology_is_given_by_being_accepted(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2, minor=None))
    filed = broken(world)
    sweep(world, NOW + 9 * ONE_DAY)
    with world.database.writing() as session:
        held = remedies.of_customer(session, world.holder(filed), filed.reference, remedy(world).id)
        remedies.accept(session, world.app.extensions["workbench"], held, NOW + 9 * ONE_DAY)
    assert remedy(world).status == "given"


def test_a_manager_raises_or_blocks_and_the_reason_is_kept(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    bench, manager, at = world.app.extensions["workbench"], world.visitor("manager@poste"), NOW + 3 * ONE_DAY
    broken(world)
    with world.database.writing() as session:
        held = remedies.of_staff(session, manager, remedy(world).id)
        with pytest.raises(ValueError, match="never lowered"):
            remedies.raise_to(session, bench, held, 500, "", at)
        remedies.raise_to(session, bench, held, 2500, "with our apology", at)
    raised = remedy(world)
    assert (raised.status, raised.amount_minor, raised.decided_by) == ("offered", 2500, manager.account_id)
    broken(world, contact=Contact(email="other@example.org"))
    with world.database.writing() as session:
        remedies.block(
            session, bench, remedies.of_staff(session, manager, remedy(world).id), "The post was on strike.", at
        )
    assert (remedy(world).status, remedy(world).reason) == ("blocked", "The post was on strike.")
    assert sweep(world, NOW + 30 * ONE_DAY).offered == 0
    assert [one.kind for one in rows(world, Letter)][-1] == "remedy_blocked"
    with world.database.writing() as session, pytest.raises(WrongState):
        remedies.offer(session, bench, remedies.of_staff(session, manager, remedy(world).id), at)


def test_what_the_customer_asks_for_instead_can_be_met(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = broken(world)
    sweep(world, NOW + 9 * ONE_DAY)
    bench, number, at = world.app.extensions["workbench"], remedy(world).id, NOW + 10 * ONE_DAY
    with world.database.writing() as session:
        held = remedies.of_customer(session, world.holder(filed), filed.reference, number)
        remedies.counter(session, bench, held, "Twenty, please.", at)
    assert (remedy(world).status, remedy(world).counter) == ("countered", "Twenty, please.")
    with world.database.writing() as session:
        remedies.raise_to(
            session, bench, remedies.of_staff(session, world.visitor("supervisor@poste"), number), 2000, "", at
        )
    assert remedy(world).status == "offered"


def test_whoever_asked_for_something_else_may_still_accept(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = broken(world)
    sweep(world, NOW + 9 * ONE_DAY)
    bench, number, at = world.app.extensions["workbench"], remedy(world).id, NOW + 10 * ONE_DAY
    for step in (lambda session, held: remedies.counter(session, bench, held, "Twenty, please.", at),
                 lambda session, held: remedies.accept(session, bench, held, at)):  # fmt: skip
        with world.database.writing() as session:
            step(session, remedies.of_customer(session, world.holder(filed), filed.reference, number))
    assert (remedy(world).status, remedy(world).amount_minor) == ("accepted", 1000)


def test_foreign_hands_find_nothing(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2))
    filed = broken(world)
    other = world.tell(at=NOW)
    number = remedy(world).id
    with world.database.reading() as session:
        for who in ("manager@banque", "agent@poste", "neutral", "admin"):
            with pytest.raises(NotVisible):
                remedies.of_staff(session, world.visitor(who), number)
        with pytest.raises(NotVisible):
            remedies.of_customer(session, world.holder(other), filed.reference, number)
        with pytest.raises(NotVisible):
            remedies.of_customer(session, world.holder(other), other.reference, number)


def test_nobody_has_more_remedies_a_year_than_the_charter_says(world: "World") -> None:
    publish(world, draft(Rule.ACKNOWLEDGED, 2, cap=2))
    for email in ("m@example.org", "M@Example.org", "m@example.org", "else@example.org"):
        world.tell(at=NOW, contact=Contact(email=email))
    sweep(world, NOW + 3 * ONE_DAY)
    assert statuses(world) == ["broken"] * 4
    assert len(rows(world, Remedy)) == 3
    with world.database.reading() as session:
        capped = session.scalars(
            select(EventRow.data).where(EventRow.kind == "promise_broken").order_by(EventRow.case_id)
        )
        assert [one["capped"] for one in capped] == [False, False, True, False]
    sweep(world, NOW + 9 * ONE_DAY)
    with world.database.reading() as session:
        everybody, none = (promised.sums(session, whose, NOW, NOW + 30 * ONE_DAY) for whose in (None, (0,)))
        assert (everybody, none) == ([("EUR", (3, 3000), (0, 0), (0, 0))], [])
