"""What was agreed with a mediator is owed, shown and counted like any other agreement."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.words import State, Wish
from cx.disputes import audit, drafts
from cx.disputes.recount import recount
from cx.disputes.storing import table
from models import OfferVersion, Organisation
from tests.answering import OFFER, TODAY, case_of, contested, send, taken

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Page
    from tests.world import World

PAY_BY = (TODAY + timedelta(days=20)).isoformat()


def _offers(world: "World") -> list[dict[str, Any]]:
    with world.database.reading() as session:
        rows = table(OfferVersion)
        return [dict(one) for one in session.execute(select(rows).order_by(rows.c.version)).mappings()]


def _do(world: "World", filed: "Filed", what: str, **fields: str) -> "Page":
    browser = world.customer(filed)
    page = browser.get(f"/case/{filed.reference}")
    carrying = [form for form in page.forms() if any(one.get("name") == "seen" for one in form.iter())]
    own = [form for form in carrying if str(form.get("action")).endswith(f"/{what}")]
    seen = page.fields(page.forms().index((own or carrying)[0]))["seen"]
    return browser.post(f"/case/{filed.reference}/{what}", {"seen": seen, **fields})


def _mediated(world: "World", by: str) -> "Filed":
    """A refused offer of 8.95 that went to the mediator, whose opinion says 40; nobody answered it yet."""
    filed = contested(world)
    _do(world, filed, "escalate", next_body="fr_post_ombudsman")
    if by == "neutral":
        opinion = {"kind": "contractual_compensation", "amount": "40", "currency": "EUR", "pay_by": PAY_BY}
        send(world.staff("neutral"), filed, "opinion", **opinion, text="Forty euros are due.")
    else:
        _do(world, filed, "opinion", opinion="Forty are due.", opinion_amount="40", opinion_pay_by=PAY_BY)
    return filed


def _yes(world: "World", filed: "Filed") -> None:
    _do(world, filed, "opinion-yes")
    send(world.staff("supervisor@poste"), filed, "opinion-yes", text="We accept the opinion.")


@pytest.mark.parametrize("by", ["neutral", "customer"])
def test_what_was_agreed_with_a_mediator_is_owed_paid_and_counted(world: "World", by: str) -> None:
    filed = _mediated(world, by)
    assert [one["status"] for one in _offers(world)] == ["refused"]  # a proposal is no offer of the organisation
    _yes(world, filed)
    agreed = _offers(world)[-1]
    assert (agreed["status"], agreed["kind"], agreed["amount_minor"]) == ("accepted", "contractual_compensation", 4000)
    case = case_of(world, filed)
    assert (case.state, case.due_on, case.offer is not None) == (State.ACCEPTED, TODAY + timedelta(days=20), True)
    page = world.customer(filed).get(f"/case/{filed.reference}").main
    assert "You agreed on" in page and "€40.00" in page and "The mediator’s opinion" in page
    assert "€8.95 (refused by you)" in page
    _do(world, filed, "done")
    assert _offers(world)[-1]["performed_at"] is not None
    sheet = world.staff("manager@poste").get("/insight").main
    assert "€48.95 (2)" in sheet and sheet.count("€40.00 (1)") == 2
    with world.database.writing() as session:
        assert recount(session) == []
        assert list(audit.verify(session)) == []


def test_an_opinion_that_is_refused_or_gives_nothing_leaves_no_offer(world: "World") -> None:
    filed = _mediated(world, "neutral")
    _do(world, filed, "opinion-no")
    assert case_of(world, filed).state is State.FINAL_POSITION
    other = contested(world)
    _do(world, other, "escalate", next_body="fr_post_ombudsman")
    send(world.staff("neutral"), other, "opinion", kind="", text="Nothing is due.")
    _yes(world, other)
    assert case_of(world, other).state is State.ACCEPTED
    assert [one["status"] for one in _offers(world)] == ["refused", "refused"]


def test_a_supervisor_finds_what_waits_to_be_sent_and_nothing_of_others(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    with world.database.writing() as session:
        session.get_one(Organisation, world.organisations["poste"]).agent_limit_minor = 500
    send(desk, filed, "offer", **OFFER, then="approve")
    assert f"/desk/{filed.reference}#offer" in world.staff("supervisor@poste").get("/desk").links()
    for other in ("agent@poste", "supervisor@banque"):
        assert f"/desk/{filed.reference}#offer" not in world.staff(other).get("/desk").links()
    now = datetime.now(UTC)
    with world.database.writing() as session:
        assert drafts.drop_old(session, now + timedelta(days=40)) == 0
        assert drafts.drop_old(session, now + timedelta(days=400)) == 1


def test_an_agent_offers_no_other_currency_alone(world: "World") -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    with world.database.writing() as session:
        session.get_one(Organisation, world.organisations["poste"]).agent_limit_minor = 50_000
    assert "or this currency" in send(desk, filed, "offer", 422, **OFFER | {"currency": "GBP"})
    send(world.staff("supervisor@poste"), filed, "offer", **OFFER | {"currency": "GBP"})
    assert case_of(world, filed).state is State.OFFER_MADE
