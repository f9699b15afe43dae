"""Offers: money, vouchers, limits, days; and what the journal keeps of them."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cx.core.acts import answers_of, day_of, ids_of, number_of, offer_of
from cx.core.dispute import Dispute, decide, happened, told
from cx.core.journal import to_json
from cx.core.refusals import GuardFailed, WrongState
from cx.core.words import Action, OfferKind, Outcome, State
from tests.heart.rehearsal import AGENT, CUSTOMER, START, SUPERVISOR, TIMER, attempt, standing, step


@pytest.mark.parametrize(
    ("facts", "guard", "field"),
    [
        ({"kind": None}, "offer_kind_known", "kind"),
        ({"kind": ["refund"]}, "offer_kind_known", "kind"),
        ({"amount_minor": None}, "offer_sound", "amount_minor"),
        ({"amount_minor": 0}, "offer_sound", "amount_minor"),
        ({"amount_minor": True}, "offer_sound", "amount_minor"),
        ({"amount_minor": "895"}, "offer_sound", "amount_minor"),
        ({"amount_minor": 10**13}, "offer_sound", "amount_minor"),
        ({"currency": "eur"}, "offer_sound", "currency"),
        ({"currency": None}, "offer_sound", "currency"),
        ({"pay_by": None}, "offer_sound", "pay_by"),
        ({"pay_by": date(2026, 3, 1)}, "offer_sound", "pay_by"),
        ({"pay_by": "tomorrow"}, "offer_sound", "pay_by"),
        ({"expires_on": date(2026, 3, 2)}, "offer_sound", "expires_on"),
        ({"expires_on": "never"}, "offer_sound", "expires_on"),
        ({"kind": "voucher"}, "offer_sound", "voucher_chosen"),
        ({"kind": "apology"}, "offer_sound", "amount_minor"),
        ({"amount_minor": 10_001}, "within_limit", "amount_minor"),
        ({"currency": "GBP"}, "within_limit", "amount_minor"),
    ],
)
def test_an_unsound_offer_is_refused_beside_its_field(facts, guard, field) -> None:
    with pytest.raises(GuardFailed) as refusal:
        decide(standing(State.INVESTIGATING), attempt(Action.OFFER, AGENT, **facts))
    assert (refusal.value.guard, refusal.value.field) == (guard, field)


def test_a_last_word_holds_a_sound_offer_or_none() -> None:
    with pytest.raises(GuardFailed) as refusal:
        decide(standing(State.INVESTIGATING), attempt(Action.FINAL, SUPERVISOR, kind="prayer"))
    assert refusal.value.field == "kind"
    for field in ("next_body_deadline", "next_body_free"):
        with pytest.raises(GuardFailed) as refusal:
            decide(standing(State.INVESTIGATING), attempt(Action.FINAL, SUPERVISOR, **{field: "?"}))
        assert refusal.value.field == field
    assert standing(State.FINAL_POSITION).offer is None
    assert step(standing(State.OFFER_MADE), Action.FINAL, SUPERVISOR, next_body_deadline="none").offer is None


def test_what_an_agent_may_not_offer_a_supervisor_may() -> None:
    assert (
        step(standing(State.INVESTIGATING), Action.OFFER, SUPERVISOR, amount_minor=10_001).offer.amount_minor == 10_001
    )


def test_a_voucher_is_an_offer_only_when_it_was_chosen() -> None:
    case = step(standing(State.INVESTIGATING), Action.OFFER, AGENT, kind="voucher", voucher_chosen=True)
    with pytest.raises(GuardFailed) as refusal:
        decide(case, attempt(Action.ACCEPT, CUSTOMER))
    assert refusal.value.guard == "voucher_chosen"
    done = step(step(case, Action.ACCEPT, CUSTOMER, voucher_chosen=True), Action.PERFORMED, CUSTOMER)
    assert done.outcome is Outcome.GOODWILL_GESTURE


@pytest.mark.parametrize("kind", OfferKind)
def test_every_kind_has_an_outcome_and_says_if_it_must_be_performed(kind) -> None:
    offer = offer_of({"kind": kind.value, "amount_minor": 5, "currency": "GBP"}, "account:1", 3)
    assert isinstance(offer.outcome, Outcome)
    assert offer.to_perform is (kind not in (OfferKind.APOLOGY, OfferKind.EXPLANATION))
    assert (offer.currency, offer.amount_minor) == (("GBP", 5) if kind.carries_money else (None, None))


def test_a_taken_back_offer_makes_room_for_the_next_version() -> None:
    case = step(standing(State.OFFER_MADE), Action.IMPROVE, AGENT, reason=None, kind="refund")
    case = step(case, Action.OFFER, AGENT, amount_minor=900)
    assert (case.offer.version, case.offers) == (2, 2)
    assert step(case, Action.ACCEPT, CUSTOMER, version=2).performance_due == date(2027, 6, 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": 5}, "text"),
        ({"wish": None}, "wish"),
        ({"consent": "yes"}, "consent"),
        ({"points": 0}, "points"),
        ({"points": "2"}, "points"),
        ({"points": 51}, "points"),
        ({"sent_at": "2026-03-01"}, "sent_at"),
        ({"sent_at": START + timedelta(days=1)}, "sent_at"),
        ({"sent_at": datetime(2026, 1, 1)}, "sent_at"),  # noqa: DTZ001 - a moment without a zone is what is refused
    ],
)
def test_a_demand_is_refused_beside_its_field(facts, field) -> None:
    with pytest.raises(GuardFailed) as refusal:
        decide(standing(State.NONE), attempt(Action.SEND, CUSTOMER, **facts))
    assert refusal.value.field == field


def test_a_demand_keeps_the_day_on_which_it_was_first_sent() -> None:
    sent_at = datetime(2026, 2, 1, 8, tzinfo=UTC)
    case = step(standing(State.NONE), Action.SEND, CUSTOMER, sent_at=sent_at, points=None)
    assert (case.sent_at, case.points) == (sent_at, (None,))
    assert standing(State.RECEIVED).sent_at == START


def test_an_escalation_goes_to_a_known_body_or_names_none() -> None:
    case = standing(State.FINAL_POSITION)
    assert decide(case, attempt(Action.ESCALATE, CUSTOMER, next_body="court")).data["next_body"] == "court"
    with pytest.raises(GuardFailed):
        decide(case, attempt(Action.ESCALATE, CUSTOMER, next_body="my cousin"))


def test_the_journal_holds_no_personal_text() -> None:
    secret = "Madeleine Garnier"
    facts = dict.fromkeys(("text", "reason", "reasons", "question", "signatory", "note", "name"), secret)
    for state, action, actor in (
        (State.NONE, Action.SEND, CUSTOMER),
        (State.RECEIVED, Action.ACKNOWLEDGE, AGENT),
        (State.RECEIVED, Action.PROPOSE_REDIRECT, AGENT),
        (State.INVESTIGATING, Action.ASK, AGENT),
        (State.INVESTIGATING, Action.OFFER, AGENT),
        (State.INVESTIGATING, Action.FINAL, SUPERVISOR),
        (State.INVESTIGATING, Action.WRITE, AGENT),
        (State.CLOSED, Action.REOPEN, CUSTOMER),
    ):
        event = decide(standing(state), attempt(action, actor, **facts, new_facts=secret, proof=secret))
        assert secret not in json.dumps(event.data)


def test_the_first_person_to_act_owns_the_dispute() -> None:
    taken = step(standing(State.RECEIVED), Action.START, AGENT, 1)
    assert (taken.owner, taken.owner_since) == (AGENT.id, START + timedelta(days=1))
    same = step(taken, Action.ASSIGN, SUPERVISOR, 2, owner=AGENT.id)
    assert same.owner_since == taken.owner_since
    given = decide(standing(State.RECEIVED), attempt(Action.START, SUPERVISOR, owner="account:9"))
    assert (given.data["owner"], given.data["with_acknowledgement"]) == ("account:9", True)
    assert "with_acknowledgement" not in decide(standing(State.ACKNOWLEDGED), attempt(Action.START, AGENT)).data


def test_an_act_needs_a_zone_and_a_note_no_rule() -> None:
    naive = attempt(Action.SEND, CUSTOMER)
    with pytest.raises(ValueError, match="aware"):
        decide(Dispute(), type(naive)(naive.action, naive.actor, naive.at.replace(tzinfo=None), naive.facts))
    with pytest.raises(ValueError, match="decided"):
        happened("accepted", TIMER, START)
    assert told(CUSTOMER, START, on=START.date()).data == {"on": "2026-03-02"}


def test_facts_are_read_without_trust() -> None:
    paris = timezone(timedelta(hours=1))
    assert day_of(datetime(2026, 1, 1, 0, 30, tzinfo=paris)) == day_of("2026-01-01") == date(2026, 1, 1)
    assert [day_of(value) for value in ("", "2026-02-30", 5, None)] == [None] * 4
    assert (number_of(3), number_of(True), number_of("3")) == (3, None, None)
    assert answers_of({"1": "upheld", "x": "upheld", 2: "maybe", 3: ["upheld"]}) == {1: "upheld"}
    assert ids_of("abc") == ids_of(None) == frozenset()
    assert to_json({"a": [date(2026, 1, 1), {2, 1}, None, 1.5]}) == {"a": ["2026-01-01", ["1", "2"], None, 1.5]}
    with pytest.raises(TypeError):
        to_json(object())


@pytest.mark.parametrize("actor", [CUSTOMER, AGENT, SUPERVISOR])
def test_a_later_point_moves_nothing_and_must_be_answered_by_the_next_answer(actor) -> None:
    before = standing(State.INVESTIGATING)
    case = step(before, Action.ADD_POINT, actor, 1)
    assert (case.state, case.points, case.escalation_opens_on) == (
        before.state, (None, None, None), before.escalation_opens_on,
    )  # fmt: skip
    with pytest.raises(GuardFailed) as refusal:
        decide(case, attempt(Action.OFFER, AGENT, 2))
    assert refusal.value.guard == "points_answered"
    answers = {1: "upheld", 2: "refused", 3: "partly"}
    with pytest.raises(GuardFailed) as refusal:
        decide(case, attempt(Action.OFFER, AGENT, 2, points=answers, reasons={2: "Because."}))
    assert refusal.value.guard == "reasons_given"
    done = step(case, Action.OFFER, AGENT, 2, points=answers, reasons={2: "Because.", 3: "In part."})
    assert done.points == ("upheld", "refused", "partly")
    assert step(done, Action.ADD_POINT, CUSTOMER, 3).points[-1] is None


def test_no_point_is_added_where_no_answer_is_to_come_nor_beyond_fifty() -> None:
    for state in (State.NONE, State.ACCEPTED, State.FINAL_POSITION, State.IN_MEDIATION, State.CLOSED):
        with pytest.raises(WrongState):
            decide(standing(state), attempt(Action.ADD_POINT, CUSTOMER))
    case = step(standing(State.NONE), Action.SEND, CUSTOMER, points=50)
    with pytest.raises(GuardFailed):
        decide(case, attempt(Action.ADD_POINT, CUSTOMER))
    with pytest.raises(GuardFailed):
        decide(standing(State.RECEIVED), attempt(Action.ADD_POINT, CUSTOMER, text="  "))


def test_what_is_asked_for_instead_is_kept_as_a_number_and_never_as_words() -> None:
    facts = {"counter": "Both tickets.", "asked_minor": 12_000, "asked_currency": "EUR", "text": "Both tickets."}
    event = decide(standing(State.OFFER_MADE), attempt(Action.CONTEST, CUSTOMER, **facts))
    assert (event.data["asked_minor"], event.data["asked_currency"]) == (12_000, "EUR")
    assert "Both" not in json.dumps(event.data)
    odd = decide(
        standing(State.OFFER_MADE), attempt(Action.CONTEST, CUSTOMER, asked_minor="x", asked_currency="my own")
    )
    assert odd.data["asked_minor"] is odd.data["asked_currency"] is None
