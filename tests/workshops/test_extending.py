"""No due date ever moves but by an announced extension: recorded, with a letter, and heard of by the customer."""

import contextlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cx.core.acts import Actor
from cx.core.clock import load
from cx.core.incident import Contact, Report
from cx.core.refusals import Conflict, GuardFailed, NotAllowed, Refusal, WrongState
from cx.core.words import Action, MessageKind, Role, Sector, Wish
from cx.disputes import casefile, clock_strip, extending, moves, switches
from cx.disputes.acting import act_through
from cx.disputes.filing import compose
from cx.disputes.ledger import Ledger, Text
from cx.disputes.sight import As
from models import Letter, Organisation

if TYPE_CHECKING:
    from tests.world import World

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CUSTOMER = Actor(Role.CUSTOMER, "customer", "Madeleine Garnier")
AGENT = Actor(Role.AGENT, "account:1", "Idris Benhamou", "Adviser")
SUPERVISOR = Actor(Role.SUPERVISOR, "account:2", "Paul Arnoux", "Head of service")
WHY = Text("Our expert needs more time to see the papers.", MessageKind.EXTENSION, language="en")
ANSWER = {
    "kind": "explanation",
    "points": {"1": "refused"},
    "reasons": "The contract says so.",
    "text": "The contract says so.",
    "next_body": "fr_bank_mediator",
    "next_body_deadline": "none",
    "next_body_free": True,
}


def ledger(issue: str = "card_or_fraud", sector: Sector = Sector.BANK, jurisdiction: str = "FR") -> Ledger:
    """A demand that was just sent, in memory."""
    home = Organisation(
        id=1, slug="bank", name="Banque Tessaure", name_folded="banque tessaure", sector=sector.value,
        country=jurisdiction[:2], zone="Europe/Paris", jurisdiction=jurisdiction, calendar=jurisdiction, language="fr",
        claimed=True, target_days=10, demo=False,
    )  # fmt: skip
    report = Report(
        text="A payment that nobody allowed.", organisation_id=1, sector=sector, wish=Wish.MONEY, key="k" * 24,
        told_at=NOW, consent=True, contact=Contact(name="Madeleine Garnier"), language="en",
        detected_language="en", facts={"issue": issue},
    )  # fmt: skip
    return compose(home, report, None)


def dates(one: Ledger) -> dict[str, date]:
    return {row["regime_id"]: row["due_on"] for row in one.runs}


def moved(one: Ledger) -> list[tuple[str, str, str]]:
    lines = [line for line in one.events if line["kind"] == "extended"]
    return [(line["data"]["regime"], line["data"]["from"], line["data"]["to"]) for line in lines]


def test_an_extension_moves_the_duty_and_the_right_that_follows_it() -> None:
    one = ledger()
    before, to = dates(one), date(2027, 1, 5)
    assert extending.extend(one, AGENT, NOW, "FR-BK-PAY15", to, WHY) == before["FR-BK-PAY15"]
    after = dates(one)
    assert {name for name in after if after[name] != before[name]} == {"FR-BK-PAY15", "FR-BK-MED15"}
    assert {to} == {after["FR-BK-PAY15"], after["FR-BK-MED15"]}
    assert moved(one) == [(name, before[name].isoformat(), to.isoformat()) for name in ("FR-BK-PAY15", "FR-BK-MED15")]
    assert one.case["next_due_on"] == to
    letters = [message for message in one.messages if message["kind"] == "extension"]
    assert [(message["audience"], message["text"]) for message in letters] == [("both", WHY.text)]


def test_neither_the_customer_nor_a_neutral_moves_a_date() -> None:
    for role in (Role.CUSTOMER, Role.NEUTRAL, Role.ADMIN, Role.TIMER):
        with pytest.raises(NotAllowed):
            extending.extend(ledger(), Actor(role, "x"), NOW, "FR-BK-PAY15", date(2027, 1, 5), WHY)


def test_a_clock_that_does_not_run_here_cannot_be_moved() -> None:
    for name in ("UK-BK-15", "nothing", "FR-BK-ACK"):
        with pytest.raises(GuardFailed):
            extending.extend(ledger(), AGENT, NOW, name, date(2027, 1, 5), WHY)
    ended = ledger()
    act_through(ended, Action.WITHDRAW, CUSTOMER, NOW, {"confirmed": True})
    with pytest.raises(WrongState):
        extending.extend(ended, AGENT, NOW, "FR-BK-PAY15", date(2027, 1, 5), WHY)


steps = st.lists(
    st.tuples(
        st.sampled_from([*Action, "extend"]),
        st.sampled_from([CUSTOMER, AGENT, SUPERVISOR]),
        st.integers(0, 40),
        st.sampled_from(sorted(load())),
        st.integers(-20, 400),
    ),
    max_size=14,
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(
        [("card_or_fraud", Sector.BANK, "FR"), ("fees", Sector.BANK, "FR"), ("delay", Sector.AIRLINE, "FR"),
         ("loss", Sector.POSTAL, "FR-57"), ("card_or_fraud", Sector.BANK, "GB-SCT")]
    ),
    steps,
)  # fmt: skip
def test_no_due_date_ever_moves_without_a_recorded_and_told_extension(
    kind: tuple[str, Sector, str], plan: list[tuple[Any, Actor, int, str, int]]
) -> None:
    one, at = ledger(*kind), NOW
    told = {"question": "What happened?", "confirmed": True, "satisfied": True, "solved": "yes", "back_on": None}
    for action, actor, days, name, ahead in plan:
        at += timedelta(days=days)
        before, lines = dates(one), len(one.events)
        with contextlib.suppress(Refusal):
            if action == "extend":
                extending.extend(one, actor, at, name, (at + timedelta(days=ahead)).date(), WHY)
            else:
                act_through(one, action, actor, at, {**ANSWER, **told, "owner": actor.id})
        fresh = [line for line in one.events[lines:] if line["kind"] == "extended"]
        changed = {name: day for name, day in dates(one).items() if name in before and before[name] != day}
        assert changed == {line["data"]["regime"]: date.fromisoformat(line["data"]["to"]) for line in fresh}
        assert all(before[line["data"]["regime"]].isoformat() == line["data"]["from"] for line in fresh)
        assert all(before[name] < day for name, day in changed.items())
        if fresh:
            assert one.messages[-1]["kind"] == "extension"
            assert fresh[0]["digest"]
            assert {line["kind"] for line in fresh} <= moves.TOLD_CUSTOMER


# --------------------------------------------------------------------------- stored, and seen by both sides


def test_the_customer_is_told_and_both_sides_see_both_dates(world: "World") -> None:
    now = datetime.now(UTC)
    filed = world.tell("banque", facts={"issue": "card_or_fraud"}, at=now)
    hand = moves.Hand(world.visitor("agent@banque"), As.STAFF, filed.reference, now, None)
    bench = world.app.extensions["workbench"]
    to = now.date() + timedelta(days=40)
    with world.database.writing() as session:
        extending.announce(session, bench, hand, "FR-BK-PAY15", to, WHY)
    with world.database.reading() as session:
        seen = casefile.open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, now)
        kinds = list(session.scalars(select(Letter.kind)))
    assert "extended" in kinds
    strands = {one.regime.id: one for one in clock_strip.strip(seen, now)}
    assert strands["FR-BK-PAY15"].due_on == to
    assert strands["FR-BK-PAY15"].extended_from is not None
    told = clock_strip.moved(seen)["FR-BK-PAY15"]
    assert (told.before, told.to) == (strands["FR-BK-PAY15"].extended_from, to)
    assert told.letter is not None
    assert told.letter.text == WHY.text
    with world.database.writing() as session, pytest.raises(GuardFailed):
        extending.announce(session, bench, hand, "FR-BK-PAY15", to + timedelta(days=1), WHY)
    late = moves.Hand(hand.visitor, As.STAFF, filed.reference, now, 1)
    with world.database.writing() as session, pytest.raises(Conflict):
        extending.announce(session, bench, late, "FR-BK-ANS", to + timedelta(days=90), WHY)


def rows(world: "World", filed: Any, at: datetime) -> Mapping[str, Any]:
    with world.database.reading() as session:
        seen = casefile.open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, at)
    return {one.regime_id: one for one in seen.clocks}


def test_an_administrator_freezes_a_row_and_uses_one_that_waits(world: "World") -> None:
    now = datetime.now(UTC)
    before = world.tell("banque", facts={"issue": "fees"}, at=now)
    waiting, frozen = load()["EU-ADR-20"], load()["FR-BK-ACK"]
    admin = world.people["admin"]
    with world.database.writing() as session:
        switches.say(session, frozen, False, "Until the lawyer has read it.", admin, now)
        switches.say(session, waiting, True, "Read in the official journal.", admin, now)
    switches.forget()
    after = world.tell("banque", facts={"issue": "fees"}, at=now)
    assert rows(world, before, now)["FR-BK-ACK"].lawful
    assert "FR-BK-ACK" not in rows(world, after, now)
    hand = moves.Hand(world.holder(after), As.CUSTOMER, after.reference, now + timedelta(days=90), None)
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, Action.ESCALATE, {"next_body": "fr_bank_mediator"})
    assert rows(world, after, now)["EU-ADR-20"].lawful
    with world.database.writing() as session:
        switches.say(session, waiting, False, "Not applicable yet after all.", admin, now)
    switches.forget()
    # What no administrator uses any more is shown to nobody, whatever ran meanwhile.
    assert not rows(world, after, now)["EU-ADR-20"].lawful


@pytest.mark.parametrize(("body", "kept"), [("fr_cnil", False), ("fr_bank_mediator", True), ("court", True)])
def test_the_year_for_the_mediator_runs_on_where_the_customer_goes_to_somebody_else(body: str, *, kept: bool) -> None:
    one, later = ledger(), NOW + timedelta(days=70)
    act_through(one, Action.ESCALATE, CUSTOMER, later, {"next_body": body})
    done = {row["regime_id"]: row["done_on"] for row in one.runs}
    assert (done["FR-MED-1Y"] is not None) is kept
    # An authority owes no word within three weeks: that is the law of mediators.
    assert ("FR-MED-3W" in done) is (body == "fr_bank_mediator")
