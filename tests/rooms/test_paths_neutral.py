"""A neutral: named by going further or by asking, taking what waits, ending what nobody else may end, reading no notes."""

from datetime import UTC, datetime, timedelta

import pytest

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.words import Action, MessageKind, Role, State, Wish
from cx.disputes.acting import act, act_through
from cx.disputes.filing import Filed
from cx.disputes.ledger import Text
from cx.disputes.storing import load, save
from tests.answering import OFFER, case_of, contested, offered, send, taken
from tests.pages import Browser, Page
from tests.world import World

LONG_AGO = timedelta(days=600)
TIMER = Actor(Role.TIMER, "timer")
CUSTOMER = Actor(Role.CUSTOMER, "customer")


def ways_of(page: Page) -> set[str]:
    return {str(form.get("action")).rsplit("/", 1)[-1] for form in page.forms()}


def do(browser: Browser, filed: Filed, what: str, status: int = 200, **fields: str) -> Page:
    """Fill in one form of the tracking page and send it."""
    page = browser.get(f"/case/{filed.reference}")
    own = [form for form in page.forms() if str(form.get("action", "")).endswith(f"/{what}")]
    any_seen = [form for form in page.forms() if any(one.get("name") == "seen" for one in form.iter())]
    found = (own or any_seen)[:1]
    seen = page.fields(page.forms().index(found[0])) if found else {}
    return browser.post(f"/case/{filed.reference}/{what}", {"seen": seen.get("seen", ""), **fields}, status)


def aged(world: World, filed: Filed, *steps: tuple[Action, Actor, int, dict[str, object]]) -> None:
    """Let a case live through acts at earlier days (days ago), oldest first."""
    with world.database.writing() as session:
        ledger = load(session, filed.case_id)
        for action, actor, ago, facts in steps:
            at = datetime.now(UTC) - timedelta(days=ago)
            kind = MessageKind.FINAL_POSITION if action is Action.FINAL else MessageKind.QUESTION
            words = Text(str(facts.get("text", "A word.")), kind)
            act_through(ledger, action, actor, at, facts, words if actor.role is not Role.CUSTOMER else None)
        save(session, world.app.extensions["workbench"], [ledger])


def reminded(world: World, filed: Filed, *ago: int) -> None:
    with world.database.writing() as session:
        ledger = load(session, filed.case_id)
        for days in ago:
            ledger.record(happened("reminded", TIMER, datetime.now(UTC) - timedelta(days=days)))
        save(session, world.app.extensions["workbench"], [ledger])


def supervisor(world: World) -> Actor:
    return Actor(Role.SUPERVISOR, f"account:{world.people['supervisor@poste']}", "Claire Okafor", "Supervisor")


def final_long_ago(world: World) -> Filed:
    filed = world.tell(wish=Wish.MONEY, at=datetime.now(UTC) - LONG_AGO)
    last = (datetime.now(UTC) - timedelta(days=20)).date()
    facts: dict[str, object] = {
        "points": {"1": "refused"}, "reasons": "No.", "text": "Our last word.", "kind": "explanation",
        "next_body": "fr_post_ombudsman", "next_body_deadline": last, "next_body_free": True,
    }  # fmt: skip
    aged(world, filed, (Action.FINAL, supervisor(world), 550, facts))
    return filed


def test_going_further_names_a_neutral_who_reads_the_case_and_no_notes(world: World) -> None:
    filed = contested(world)
    send(world.staff("agent@poste"), filed, "note", text="canary: among us only")
    page = do(world.customer(filed), filed, "escalate", next_body="fr_post_ombudsman")
    assert page.heading == "With the mediator."
    assert "Hélène Varga looks after it" in page.main
    neutral = world.staff("neutral")
    assert filed.reference in neutral.get("/desk").text
    seen = neutral.get(f"/desk/{filed.reference}")
    assert "canary" not in seen.text
    assert "Thirty-five minutes" in seen.text
    assert {"opinion", "mediation-end", "reply", "note"} <= ways_of(seen)
    send(neutral, filed, "note", text="mine: to check")
    assert "mine: to check" in neutral.get(f"/desk/{filed.reference}").text
    team = world.staff("agent@poste").get(f"/desk/{filed.reference}").text
    assert "canary" in team
    assert "mine: to check" not in team


def test_the_opinion_is_agreed_by_both_sides_only(world: World) -> None:
    filed = contested(world)
    customer = world.customer(filed)
    do(customer, filed, "escalate", next_body="fr_post_ombudsman")
    opinion = {"text": "Forty euros are due.", "kind": "contractual_compensation", "amount": "40", "currency": "EUR",
               "pay_by": (datetime.now(UTC) + timedelta(days=20)).date().isoformat()}  # fmt: skip
    send(world.staff("neutral"), filed, "opinion", **opinion)
    assert "Forty euros are due." in do(customer, filed, "opinion-yes").main
    assert case_of(world, filed).state is State.MEDIATION_PROPOSED
    do(customer, filed, "opinion-yes")  # a second click changes nothing
    assert "opinion-yes" not in ways_of(world.staff("agent@poste").get(f"/desk/{filed.reference}"))
    send(world.staff("supervisor@poste"), filed, "opinion-yes", text="We accept the opinion.")
    case = case_of(world, filed)
    assert case.state is State.ACCEPTED
    assert case.dispute.offer is not None and case.dispute.offer.amount_minor == 4000
    page = customer.get(f"/case/{filed.reference}")
    assert "€40" in page.main
    assert do(customer, filed, "done").heading == "Ended, by you."


def test_a_customer_records_the_opinion_and_the_organisation_refuses_with_a_reason(world: World) -> None:
    filed = contested(world)
    customer = world.customer(filed)
    do(customer, filed, "escalate", next_body="court")
    page = do(customer, filed, "opinion", 422, opinion="Pay it.", opinion_amount="12,50")
    assert "Please give the day by which" in page.main
    do(customer, filed, "opinion", opinion="Pay it, says the mediator.")
    desk = world.staff("supervisor@poste")
    send(desk, filed, "opinion-no", 422, text="")
    send(desk, filed, "opinion-no", text="The contract says otherwise.")
    assert case_of(world, filed).state is State.FINAL_POSITION


@pytest.mark.parametrize("ending", ["inadmissible", "abandoned", "refused"])
def test_a_mediation_that_ends_gives_the_case_back(small_world: World, ending: str) -> None:
    filed = contested(small_world)
    customer = small_world.customer(filed)
    do(customer, filed, "escalate", next_body="fr_post_ombudsman")
    do(customer, filed, "mediation-over", 422, ending=ending)
    do(customer, filed, "mediation-over", ending=ending, ending_words="They wrote that they do not take it.")
    assert case_of(small_world, filed).state is State.INVESTIGATING


def test_a_customer_asks_for_a_neutral_once(small_world: World) -> None:
    _, filed = taken(small_world)
    customer = small_world.customer(filed)
    do(customer, filed, "neutral")
    do(customer, filed, "neutral")
    assert "Hélène Varga" in customer.get(f"/case/{filed.reference}").main
    kinds = [one.kind for one in case_of(small_world, filed).happened]
    assert kinds.count("neutral_named") == 1


def test_without_a_neutral_nobody_is_promised(small_world: World) -> None:
    with small_world.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM membership WHERE role = 'neutral'")
    filed = contested(small_world)
    customer = small_world.customer(filed)
    assert "neutral" not in ways_of(customer.get(f"/case/{filed.reference}"))
    assert do(customer, filed, "escalate", next_body="fr_post_ombudsman").heading == "With the mediator."


def test_what_is_quiet_waits_for_a_neutral_who_takes_it(world: World) -> None:
    quiet, fresh = final_long_ago(world), offered(world)
    neutral = world.staff("neutral")
    page = neutral.get("/desk/waiting")
    assert quiet.reference in page.text
    assert fresh.reference not in page.text
    assert "Thirty-five minutes" not in page.text
    assert "1 case waits for a neutral person" in neutral.get("/desk").main
    neutral.get(f"/desk/{quiet.reference}", 404)
    neutral.post(f"/desk/{fresh.reference}/entrust", {}, 404)
    neutral.post(f"/desk/{quiet.reference}/entrust", {})
    neutral.post(f"/desk/{quiet.reference}/entrust", {})
    assert "Thirty-five minutes" in neutral.get(f"/desk/{quiet.reference}").text
    assert "Nothing waits" in neutral.get("/desk/waiting").main


def test_what_a_neutral_cannot_end_does_not_wait_for_one(small_world: World) -> None:
    """An open offer rests; after a last word the person may still go on: neither is the neutral's to end."""
    world, ago = small_world, {"at": datetime.now(UTC) - timedelta(days=200)}
    offer = world.tell(wish=Wish.MONEY, **ago)
    facts: dict[str, object] = {
        "points": {"1": "upheld"}, "reasons": "You were right.", "text": "An apology.", "kind": "apology",
    }  # fmt: skip
    aged(world, offer, (Action.OFFER, supervisor(world), 190, facts))
    final = world.tell(wish=Wish.MONEY, **ago)
    facts = {
        "points": {"1": "refused"}, "reasons": "No.", "text": "Our last word.", "kind": "explanation",
        "next_body": "fr_post_ombudsman", "next_body_free": True,
        "next_body_deadline": (datetime.now(UTC) + timedelta(days=100)).date(),
    }  # fmt: skip
    aged(world, final, (Action.FINAL, supervisor(world), 190, facts))
    neutral = world.staff("neutral")
    assert "Nothing waits" in neutral.get("/desk/waiting").main
    assert "wait for a neutral" not in neutral.get("/desk").main
    for filed in (offer, final):
        neutral.post(f"/desk/{filed.reference}/entrust", {}, 404)


def test_more_than_fit_on_a_page_are_not_counted_as_fifty(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = [final_long_ago(small_world) for _ in range(2)]
    monkeypatch.setattr("cx.disputes.neutrals.MOST", 1)
    neutral = small_world.staff("neutral")
    assert "More than 1 cases wait" in neutral.get("/desk").main
    page = neutral.get("/desk/waiting")
    assert sum(one.reference in page.text for one in quiet) == 1
    assert "There are others" in page.main


def test_only_a_neutral_lapses_and_only_when_everything_has_passed(world: World) -> None:
    filed = final_long_ago(world)
    neutral = world.staff("neutral")
    neutral.post(f"/desk/{filed.reference}/entrust", {})
    assert "lapse" not in ways_of(neutral.get(f"/desk/{filed.reference}"))
    reminded(world, filed, 100, 40)
    assert "lapse" not in ways_of(world.staff("supervisor@poste").get(f"/desk/{filed.reference}"))
    send(neutral, filed, "lapse", text="Every way has run out.")
    assert case_of(world, filed).state is State.LAPSED
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert page.heading == "Lapsed."
    send(neutral, filed, "reopen", text="A receipt turned up.")
    assert case_of(world, filed).state is State.INVESTIGATING


def test_what_was_done_proven_and_unopposed_ends_in_the_name_of_a_neutral(world: World) -> None:
    filed = offered(world)
    do(world.customer(filed), filed, "accept")
    with world.database.writing() as session:
        ledger = load(session, filed.case_id)
        at = datetime.now(UTC) - timedelta(days=31)
        act(ledger, Action.PROPOSE_PERFORMED, supervisor(world), at, {"proof": "Transfer 4711"})
        save(session, world.app.extensions["workbench"], [ledger])
    neutral = world.staff("neutral")
    neutral.post(f"/desk/{filed.reference}/entrust", {})
    send(neutral, filed, "end-proven", text="It was paid on the third.")
    assert world.customer(filed).get(f"/case/{filed.reference}").heading == "Ended, by Hélène Varga."


def test_a_supervisor_reopens_in_the_customers_favour(world: World) -> None:
    filed = offered(world)
    customer = world.customer(filed)
    do(customer, filed, "withdraw", sure="y")
    assert "reopen" not in ways_of(world.staff("agent@poste").get(f"/desk/{filed.reference}"))
    send(world.staff("supervisor@poste"), filed, "reopen", text="We were wrong: we look at it again.")
    assert case_of(world, filed).state is State.INVESTIGATING


def test_who_decided_never_looks_again_even_at_the_second_contest(world: World) -> None:
    filed = contested(world)
    second = world.staff("agent2@poste")
    send(second, filed, "look")
    send(second, filed, "offer", **OFFER)
    do(world.customer(filed), filed, "refuse")
    for who in ("agent@poste", "agent2@poste"):
        page = world.staff(who).get(f"/desk/{filed.reference}")
        assert "look" not in ways_of(page), who
        version = str(case_of(world, filed).version)
        world.staff(who).post(f"/desk/{filed.reference}/look", {"version": version}, 422)
    send(world.staff("supervisor@poste"), filed, "look")


def test_going_on_without_an_answer_and_taking_an_offer_back(world: World) -> None:
    filed = world.tell(at=datetime.now(UTC) - timedelta(days=40))
    aged(world, filed, (Action.ASK, supervisor(world), 30, {"question": "Which parcel?", "text": "Which parcel?"}))
    desk = world.staff("supervisor@poste")
    assert "proceed" not in ways_of(desk.get(f"/desk/{filed.reference}"))
    reminded(world, filed, 23, 16)
    send(desk, filed, "proceed")
    assert case_of(world, filed).state is State.INVESTIGATING
    send(desk, filed, "offer", **OFFER)
    send(desk, filed, "takeback", 422, text="")
    send(desk, filed, "takeback", text="The sum was wrong.")
    assert case_of(world, filed).state is State.INVESTIGATING
