"""Second looks by people who have not decided, stories that are passed on, answers by letter, and endings that doubt."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cx.core.contradiction import Doubt, Ending, doubt, not_well
from cx.core.dispute import Actor, Dispute, allowed, evolve, happened
from cx.core.refusals import GuardFailed, Refusal
from cx.core.words import Action, Solved, State
from tests.heart.rehearsal import AGENT, CUSTOMER, NEUTRAL, OTHER_AGENT, START, SUPERVISOR, TIMER, standing, step

_TEAM = (AGENT, OTHER_AGENT, SUPERVISOR)


def _note(dispute: Dispute, kind: str, actor: Actor = CUSTOMER, **data: object) -> Dispute:
    return evolve(dispute, happened(kind, actor, START, **data))


@given(some.lists(some.tuples(some.sampled_from(_TEAM), some.sampled_from(_TEAM), some.booleans()), max_size=8))
def test_nobody_looks_again_at_what_they_decided(rounds: list[tuple[Actor, Actor, bool]]) -> None:
    dispute, decided = standing(State.OFFER_MADE), {AGENT.id}
    for looks, decides, final in rounds:
        dispute = step(dispute, Action.CONTEST, CUSTOMER) if dispute.state is State.OFFER_MADE else dispute
        if dispute.state is not State.CONTESTED:
            return
        for actor in _TEAM:
            assert (Action.REVIEW in allowed(dispute, actor, START)) == (actor.id not in decided)
        try:
            dispute = step(dispute, Action.REVIEW, looks)
            action = Action.FINAL if final else Action.OFFER
            dispute = step(dispute, action, decides, voucher_chosen=None)
        except Refusal:
            return
        assert decides.id not in decided
        decided.add(decides.id)


def test_a_reopened_dispute_is_open_to_all_again() -> None:
    dispute = step(standing(State.CLOSED), Action.REOPEN, CUSTOMER)
    assert dispute.deciders == frozenset()


def test_no_takes_the_proposal_away_and_a_claim_makes_one() -> None:
    proposed = step(standing(State.RECEIVED), Action.PROPOSE_REDIRECT, AGENT)
    declined = _note(proposed, "redirect_declined")
    assert Action.REDIRECT not in allowed(declined, CUSTOMER, START)
    with pytest.raises(GuardFailed):
        step(declined, Action.REDIRECT, CUSTOMER)
    claimed = _note(standing(State.RECEIVED), "reads_now", TIMER, target="northmere")
    assert step(claimed, Action.REDIRECT, CUSTOMER, target="northmere").state is State.REDIRECTED


@pytest.mark.parametrize(("says", "opens"), [("refused", True), ("partly", True), ("granted", False), ("junk", False)])
def test_a_refusal_by_letter_opens_the_next_way_on_its_day(says: str, opens: bool) -> None:
    on = START.date() + timedelta(days=5)
    dispute = _note(standing(State.RECEIVED), "answer_noted", on=on, says=says)
    for day in (4, 5):
        assert (Action.ESCALATE in allowed(dispute, CUSTOMER, START + timedelta(days=day))) is (opens and day == 5)


def test_only_the_customer_notes_an_answer_and_it_never_closes_a_way() -> None:
    on = date(2027, 1, 1)
    before = standing(State.RECEIVED)
    for actor in (AGENT, SUPERVISOR, NEUTRAL, TIMER):
        assert _note(before, "answer_noted", actor, on=START.date(), says="refused").escalation_opens_on is None
    opened = _note(
        _note(before, "answer_noted", on=START.date(), says="refused"), "answer_noted", on=on, says="refused"
    )
    assert opened.escalation_opens_on == START.date()


@pytest.mark.parametrize(
    "words",
    ["still not solved", "c'est toujours pas regle", "je n’ai rien recu", "it was never paid", "ce n'est pas resolu"],
)
def test_words_that_say_it_is_not_well(words: str) -> None:
    assert not_well(words)


@pytest.mark.parametrize(
    "words", ["thank you, all is settled", "merci, c'est regle", "paid at last", "", "resolu et recu"]
)
def test_words_that_do_not(words: str) -> None:
    assert not not_well(words)


def test_one_thing_is_asked_back_the_gravest_first() -> None:
    assert doubt(Ending(Action.WITHDRAW, unpaid=True)) is Doubt.UNPAID
    assert doubt(Ending(Action.CLOSE, satisfied=False, solved=Solved.NO)) is Doubt.NOT_SATISFIED
    assert doubt(Ending(Action.CLOSE, satisfied=True, solved=Solved.PARTLY)) is Doubt.SAID_UNSOLVED
    assert doubt(Ending(Action.ACCEPT, words="toujours rien recu")) is Doubt.WORDS_UNSOLVED
    assert doubt(Ending(Action.CLOSE, satisfied=True, lowest=1)) is Doubt.LOW_VALUES
    assert doubt(Ending(Action.WITHDRAW, solved=Solved.NO, words="not solved")) is None


@given(some.sampled_from(Action), some.sampled_from([None, True]), some.sampled_from(["", "yes"]))
def test_what_fits_is_never_asked(action: Action, satisfied: bool | None, solved: str) -> None:
    assert doubt(Ending(action, satisfied, solved, "thank you", 5)) is None
