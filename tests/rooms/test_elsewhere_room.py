"""The mediator's link and room: who gets in, what they read and do, what both parties see of it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from cx.core.words import Role
from models import Case, EventRow, Letter, MediatorLink, MediatorOpening, Message, Point
from tests.elsewhere import answered, contested, download

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Browser
    from tests.world import World


def _link(world: "World", filed: "Filed", days: str = "30") -> str:
    """Make a link on the customer's page; returns its path."""
    browser = world.customer(filed)
    at = f"/case/{filed.reference}/elsewhere"
    fields = browser.get(at).fields(having="link_body")
    page = browser.post(f"{at}/link", {**fields, "days": days})
    found = re.search(r'href="[^"]*(/mediation/[0-9A-Z]{16})"', page.text)
    assert found is not None
    # Sent twice, it is the same link; and the page does not show it again.
    again = browser.post(f"{at}/link", {**fields, "days": days})
    assert found[1] in again.text
    assert found[1] not in browser.get(at).text
    return found[1]


def _entered(world: "World", filed: "Filed") -> "Browser":
    browser = world.browser()
    path = _link(world, filed)
    browser.get(path)
    who = {"name": "Solange Achard", "function": "Mediator of the post"}
    page = browser.post(f"/mediation/case/{filed.reference}/enter", who)
    assert page.heading == f"Mediation {filed.reference}"
    return browser


def test_a_mediator_enters_by_name_and_both_parties_see_each_opening(world: "World") -> None:
    filed = contested(world)
    path = _link(world, filed)
    browser = world.browser()
    for _again in range(2):  # a scanner that follows the link spends nothing
        answer = browser.raw("GET", path)
        assert answer.status_code == 303
        cookie = answer.headers["Set-Cookie"]
        assert "Path=/mediation" in cookie
        assert "HttpOnly" in cookie
    room = f"/mediation/case/{filed.reference}"
    page = browser.get(room)
    assert page.heading == "Who are you?"
    assert "Nobody helped" not in page.text
    page = browser.post(f"{room}/enter", {"name": "Service", "function": ""}, status=422)
    assert "first and the last name of a person" in page.main
    page = browser.post(f"{room}/enter", {"name": "Solange Achard", "function": "Mediator of the post"})
    assert "Nobody helped me at the machine." in page.main
    assert "Half of it was our fault." in page.main
    assert "Granted in part; the rest is open." in page.main
    assert "canary" not in page.text
    assert "madeleine@example.org" not in page.text
    browser.get(room)
    with world.database.reading() as session:
        assert len(session.scalars(select(MediatorOpening)).all()) == 2
    for seen in (
        world.customer(filed).get(f"/case/{filed.reference}/elsewhere").main,
        world.customer(filed).get(f"/case/{filed.reference}").text,
        world.staff("agent@poste").get(f"/desk/{filed.reference}").text,
    ):
        assert "Solange Achard" in seen
        assert "2 times" in seen


def test_a_link_ends_when_it_is_taken_back_or_has_run_out(world: "World") -> None:
    filed = contested(world)
    other = world.tell("banque")
    browser = _entered(world, filed)
    room = f"/mediation/case/{filed.reference}"
    assert browser.raw("GET", f"/mediation/case/{other.reference}").status_code == 404
    assert world.browser().raw("GET", room).status_code == 404
    with world.database.writing() as session:
        session.execute(update(MediatorLink).values(expires_at=datetime.now(UTC) - timedelta(minutes=1)))
    assert browser.get(room, status=404).heading == "This link opens nothing"
    assert browser.post(f"{room}/ask", {"ask": "Hello?"}, status=404).heading == "This link opens nothing"
    with world.database.writing() as session:
        session.execute(update(MediatorLink).values(expires_at=datetime.now(UTC) + timedelta(days=1)))
        number = session.scalar(select(MediatorLink.id))
    browser.get(room)
    revoke = f"/case/{filed.reference}/elsewhere/link/{number}/revoke"
    assert world.customer(other).raw("POST", revoke).status_code == 303
    browser.get(room)
    assert "taken back on" in world.customer(filed).post(revoke, {}).main
    browser.get(room, status=404)


def test_wrong_links_get_one_page_and_are_counted(small_world: "World") -> None:
    stranger = small_world.browser()
    answers = [stranger.raw("GET", f"/mediation/{at:016d}").status_code for at in range(12)]
    assert answers == [404] * 10 + [429] * 2


def test_no_more_than_five_links_live_at_once(small_world: "World") -> None:
    filed = contested(small_world)
    for _number in range(5):
        _link(small_world, filed)
    browser = small_world.customer(filed)
    at = f"/case/{filed.reference}/elsewhere"
    page = browser.post(f"{at}/link", browser.get(at).fields(having="link_body"), status=422)
    assert "Five links are open already." in page.main


def test_the_mediator_asks_agrees_and_gives_an_opinion(world: "World") -> None:
    filed = contested(world)
    browser = _entered(world, filed)
    room = f"/mediation/case/{filed.reference}"
    browser.post(f"{room}/begin", browser.get(room).fields(having="version"))
    browser.post(f"{room}/ask", {"ask": ""}, status=422)
    browser.post(f"{room}/ask", {"ask": "Which machine was it?"})
    browser.post(f"{room}/points/1/agreed", {"agreed": "The machine AF-07 was out of order."})
    assert browser.raw("POST", f"{room}/points/9/agreed", data={"agreed": "x"}).status_code == 404
    page = browser.get(room)
    assert "The machine AF-07 was out of order." in page.main
    fields = page.fields(having="opinion")
    wrong = {**fields, "opinion": "Pay it all.", "kind": "refund", "amount": "many"}
    assert "Money has an amount" in browser.post(f"{room}/opinion", wrong, status=422).main
    pay_by = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    right = {
        **fields,
        "opinion": "Pay it all.",
        "kind": "refund",
        "amount": "12,50",
        "currency": "EUR",
        "pay_by": pay_by,
    }
    browser.post(f"{room}/opinion", right)
    with world.database.reading() as session:
        state = session.scalar(select(Case.state).execution_options(sighted=True))
        line = session.scalar(select(EventRow).where(EventRow.kind == "opinion_recorded"))
        agreed = session.scalar(select(Point.agreed))
        asked = session.scalar(select(Message).where(Message.text == "Which machine was it?"))
    assert state == "mediation_proposed"
    assert agreed == "The machine AF-07 was out of order."
    assert line is not None
    assert (line.role, line.data["amount_minor"], line.actor.partition(":")[0]) == (Role.NEUTRAL, 1250, "mediator")
    assert asked is not None
    assert asked.author == "Solange Achard"
    told = json.loads(download(world, filed)["json"])
    with world.database.reading() as session:
        to_customer = (Letter.case_id == asked.case_id, Letter.account_id.is_(None))
        kinds = list(session.scalars(select(Letter.kind).where(*to_customer).order_by(Letter.id)))
    assert kinds[-4:] == ["mediator_opened", "mediation_begun", "written", "mediation_recorded"]
    assert "Solange Achard" in {one["name"] for one in told["parties"]["people"]}
    assert told["points"][0]["agreed"] == "The machine AF-07 was out of order."
    assert "Pay it all." in {one["text"] for one in told["documents"]}


def test_the_mediation_may_end_without_an_opinion(small_world: "World") -> None:
    filed = contested(small_world)
    browser = _entered(small_world, filed)
    room = f"/mediation/case/{filed.reference}"
    assert browser.post(f"{room}/end", {"reason": "refused", "words": "No."}, status=409).heading.startswith(
        "Mediation"
    )
    browser.post(f"{room}/begin", browser.get(room).fields(having="version"))
    browser.post(f"{room}/end", {"reason": "because", "words": "No."}, status=422)
    fields = browser.get(room).fields(having="words")
    browser.post(f"{room}/end", {**fields, "reason": "inadmissible", "words": "Too early for us."})
    with small_world.database.reading() as session:
        assert session.scalar(select(Case.state).execution_options(sighted=True)) == "investigating"
    assert "1 mediation came to an end." in small_world.staff("manager@poste").get("/insight").main
    assert small_world.app.test_cli_runner().invoke(args=["rollups", "verify"]).exit_code == 0


def test_a_mediation_begins_only_when_the_right_has_opened(small_world: "World") -> None:
    filed = answered(small_world)
    browser = _entered(small_world, filed)
    room = f"/mediation/case/{filed.reference}"
    page = browser.post(f"{room}/begin", {"version": ""}, status=422)
    assert "has not passed yet" in page.main
