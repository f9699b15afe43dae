"""A team at one desk: two people at once, the second of two clicks, people who are gone, cases that nobody takes."""

from datetime import UTC, datetime, timedelta

import pytest

from bench import races
from cx.core.incident import Contact
from cx.core.words import Action, MessageKind, Theme, Wish
from cx.disputes import moves
from cx.disputes.filing import Filed
from cx.disputes.ledger import Text
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.disputes.storing import table
from models import Account, Case, Membership, Organisation
from tests.answering import OFFER, TODAY, case_of, contested, offered, send, taken
from tests.pages import Page
from tests.world import World

FINAL = {"kind": "", "amount": "", "answer": "refused", "reasons": "Three times checked.", "text": "Our last word."}
WAYS = {
    "reply": ("agent@poste", {"text": "My careful letter"}),
    "ask": ("agent@poste", {"text": "My careful letter"}),
    "offer": ("agent@poste", {**OFFER, "text": "My careful letter"}),
    "refuse": ("agent@poste", {"reasons": "Too late.", "text": "My careful letter"}),
    "final": ("supervisor@poste", {**FINAL, "text": "My careful letter"}),
}


def _typed(page: Page, way: str) -> dict[str, str]:
    form = next(one for one in page.forms() if str(one.get("action")).endswith(f"/{way}"))
    return page.fields(page.forms().index(form))


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_slower_finds_the_letter_in_the_same_composer(small_world: World, way: str) -> None:
    _, filed = taken(small_world, wish=Wish.MONEY)
    who, typed = WAYS[way]
    slow = small_world.staff(who)
    seen = _typed(slow.get(f"/desk/{filed.reference}"), way)
    send(small_world.staff("agent2@poste"), filed, "reply", text="A quick letter.")
    page = slow.post(f"/desk/{filed.reference}/{way}", {**seen, **typed}, 409)
    assert "Karim Lemoine was faster" in page.main
    kept = _typed(page, way)
    assert kept["text"] == "My careful letter"
    assert kept.get("reasons", "") == typed.get("reasons", "")
    # Seen and sent again, it goes.
    slow.post(f"/desk/{filed.reference}/{way}", {**kept, **typed})
    assert case_of(small_world, filed).said[-1].text == "My careful letter"


def test_when_the_way_to_write_is_gone_every_text_is_kept(small_world: World) -> None:
    _, filed = taken(small_world, wish=Wish.MONEY)
    slow = small_world.staff("supervisor@poste")
    seen = _typed(slow.get(f"/desk/{filed.reference}"), "final")
    send(small_world.staff("agent2@poste"), filed, "ask", text="Which day was it?")
    page = slow.post(f"/desk/{filed.reference}/final", {**seen, **FINAL}, 409)
    assert _typed(page, "reply")["text"] == "Our last word."
    assert "Three times checked." in page.main


@pytest.mark.parametrize("way", ["reply", "ask", "offer"])
def test_the_second_of_two_clicks_sends_nothing_and_blames_nobody(world: World, way: str) -> None:
    desk, filed = taken(world, wish=Wish.MONEY)
    data = {**_typed(desk.get(f"/desk/{filed.reference}"), way), **WAYS[way][1]}
    for _ in range(2):
        page = desk.post(f"/desk/{filed.reference}/{way}", data)
        assert "faster" not in page.main
    assert [one.text for one in case_of(world, filed).said].count("My careful letter") == 1


def test_a_word_meanwhile_does_not_disturb_the_themes_but_another_ruling_does(small_world: World) -> None:
    desk, filed = taken(small_world)
    data = {**desk.get(f"/desk/{filed.reference}").fields(having="theme"), "theme": Theme.CONTEMPT.value}
    other = small_world.staff("agent2@poste")
    send(other, filed, "reply", text="A quick letter.")
    desk.post(f"/desk/{filed.reference}/themes", data)
    assert dict(case_of(small_world, filed).themes) == {Theme.CONTEMPT: "confirmed"}
    page = other.post(f"/desk/{filed.reference}/themes", {**data, "theme": Theme.NO_CHOICE.value}, 409)
    assert "Nadia Ferrand was faster" in page.main


def test_the_second_look_decides_anew(world: World) -> None:
    filed = contested(world)
    send(world.staff("agent2@poste"), filed, "look")
    first = world.staff("agent@poste")
    ways = [str(form.get("action")).rsplit("/", 1)[-1] for form in first.get(f"/desk/{filed.reference}").forms()]
    assert "reply" in ways
    assert not {"offer", "refuse"} & set(ways)
    version = str(case_of(world, filed).version)
    first.post(f"/desk/{filed.reference}/offer", {**OFFER, "version": version}, 422)
    send(world.staff("agent2@poste"), filed, "offer", **OFFER)
    # It has decided: the offer may be bettered by anybody.
    send(first, filed, "offer", **{**OFFER, "amount": "12,50"})


def _leaves(world: World, how: str) -> None:
    """Nadia is not at work any more, without anybody having handed her cases over."""
    with world.database.writing() as session:
        account = session.get_one(Account, world.people["agent@poste"])
        if how == "shut out":
            account.active = False
        elif how == "left":
            account.memberships[0].until = datetime.now(UTC)
        else:
            account.memberships[0].role = "manager"
            now, place = datetime.now(UTC), account.memberships[0].organisation_id
            ended = {"account_id": account.id, "organisation_id": place, "since": now, "until": now}
            session.add(Membership(role="agent", **ended))
        organisation = session.get_one(Organisation, world.organisations["poste"])
        organisation.duty_account_id = world.people["supervisor@poste"]


@pytest.mark.parametrize("how", ["shut out", "left", "manages now"])
def test_what_somebody_had_who_is_gone_waits_to_be_taken(world: World, how: str) -> None:
    _, filed = taken(world)
    heir = world.staff("agent2@poste")
    assert filed.reference not in heir.get("/desk?tab=take").text
    _leaves(world, how)
    assert filed.reference in heir.get("/desk?tab=take").text
    assert "Claire Okafor" in world.customer(filed).get(f"/case/{filed.reference}").text
    page = heir.get(f"/desk/{filed.reference}")
    assert "taking over your case" in _typed(page, "take")["text"]
    send(heir, filed, "take")
    case = case_of(world, filed)
    assert case.owner_id == world.people["agent2@poste"]
    assert filed.reference in heir.get("/desk").text
    assert filed.reference not in heir.get("/desk?tab=take").text


def test_a_case_opened_again_finds_somebody_when_its_owner_left(small_world: World) -> None:
    filed = offered(small_world)
    holder = small_world.holder(filed)
    bench = small_world.app.extensions["workbench"]

    def customer(action: Action, facts: dict[str, object], kind: MessageKind) -> None:
        with small_world.database.writing() as session:
            hand = Hand(holder, As.CUSTOMER, filed.reference, datetime.now(UTC))
            moves.do(session, bench, hand, action, facts, Text("A word.", kind))

    customer(Action.WITHDRAW, {"confirmed": True}, MessageKind.CLOSING)
    _leaves(small_world, "left")
    heir = small_world.staff("agent2@poste")
    assert filed.reference not in heir.get("/desk?tab=take").text
    customer(Action.REOPEN, {"new_facts": "It came back."}, MessageKind.REOPENING)
    assert filed.reference in heir.get("/desk?tab=take").text


def _told_days_ago(world: World, days: int) -> Filed:
    return world.tell(text=f"Told {days} days ago.", contact=Contact(), at=datetime.now(UTC) - timedelta(days=days))


def test_a_dispute_that_nobody_takes_raises_an_alert(world: World) -> None:
    old, fresh = _told_days_ago(world, 8), _told_days_ago(world, 0)
    desk = world.staff("agent@poste")
    page = desk.get("/desk")
    assert "1 person has waited more than two working days" in page.main
    alone = next(link for link in page.links() if "alone=1" in link)
    page = desk.get(alone)
    assert old.reference in page.text
    assert fresh.reference not in page.text
    send(desk, old, "take")
    assert "two working days for somebody" not in desk.get("/desk").main


def test_the_shelf_never_hides_what_is_owed(small_world: World) -> None:
    desk, filed = taken(small_world)
    send(desk, filed, "shelf", back_on=(TODAY + timedelta(days=90)).isoformat())
    assert filed.reference not in desk.get("/desk").text
    assert filed.reference in desk.get("/desk?tab=resting").text
    with small_world.database.writing() as session:
        columns = table(Case)
        owed = columns.update().where(columns.c.reference == filed.reference)
        session.execute(owed.values(next_due_on=TODAY, next_due_kind="law"))
    assert filed.reference in desk.get("/desk").text
    assert filed.reference not in desk.get("/desk?tab=resting").text


@pytest.mark.parametrize(("way", "field"), [("shelf", "back_on"), ("offer", "pay_by"), ("offer", "expires_on")])
def test_a_year_mistyped_is_asked_about(small_world: World, way: str, field: str) -> None:
    desk, filed = taken(small_world)
    page = send(desk, filed, way, 422, **{**(OFFER if way == "offer" else {}), field: "2062-01-01"})
    assert "Is the year right?" in page


def test_of_those_who_press_at_once_one_wins_and_no_text_is_lost(world: World) -> None:
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    seen = races.run(world, 20)
    assert seen.broken == []
    assert seen.answers[303] == 20


def test_two_hundred_cases_are_paged_without_a_gap(small_world: World) -> None:
    told = {small_world.tell(text=f"Story {number}", contact=Contact()).reference for number in range(210)}
    desk, seen, link = small_world.staff("agent@poste"), [], "/desk?tab=take"
    while link:
        page = desk.get(link)
        seen += [one.rsplit("/", 1)[-1] for one in page.links() if one.startswith("/desk/DL-") and "#" not in one]
        link = next(
            (one for one in page.links() if one.startswith("/desk?") and ("before=" in one or "after=" in one)), ""
        )
    assert len(seen) == len(set(seen)) == 210
    assert set(seen) == told
