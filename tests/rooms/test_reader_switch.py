"""The off switch: administrators alone, with a reason; then nothing that only the reader saw is shown, and people read."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cx.core.incident import Reading, Reason, Report
from cx.core.words import Sector, Theme, Wish
from cx.disputes import filing, moves, reader_switch
from cx.disputes.sight import As
from cx.intake import story
from models import Organisation

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

WHERE = "/accounts/admin/reader"
SEEN = Reading(
    "v1", dict.fromkeys(Theme, 0.9), (Theme.CONTEMPT,), False, "en", (Theme.CONTEMPT,), {Theme.CONTEMPT: Reason(0, 25)}
)


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    reader_switch.forget()
    yield
    reader_switch.forget()


def _turn(world: "World", on: bool, reason: str = "It calls everybody rude.") -> None:
    with world.database.writing() as session:
        reader_switch.turn(session, on, reason, world.people["admin"], datetime.now(UTC))


def _report(world: "World") -> Report:
    text = "The clerk laughed at me. Then he sent me to the machine."
    return Report(
        text, world.organisations["poste"], Sector.POSTAL, Wish.ANSWER, secrets.token_urlsafe(12), datetime.now(UTC),
        consent=True, language="en", detected_language="en",
    )  # fmt: skip


def _filed(world: "World", reading: Reading | None) -> "Filed":
    report = _report(world)
    with world.database.writing() as session:
        house = session.get_one(Organisation, report.organisation_id)
        secret = filing.secret_of_key("test", report.key)
        return filing.file(session, world.app.extensions["workbench"], house, report, reading, secret)


def test_an_administrator_turns_it_off_and_on_with_a_reason(world: "World") -> None:
    admin = world.staff("admin")
    page = admin.get(WHERE)
    assert "Nobody ever turned it off" in page.main
    fields = page.fields(having="reason")
    wrong = admin.post(WHERE, fields | {"reason": "Kept though refused"}, 422)
    assert "Kept though refused" in wrong.text
    assert wrong.text.count('<p class="error"') == 1
    page = admin.post(WHERE, fields | {"reason": "It calls everybody rude.", "sure": "y"})
    assert "It is off, since" in page.main
    assert "It calls everybody rude." in page.main
    assert "Anna Admin" in page.main
    assert "switched off" in admin.get("/accounts/admin").main
    again = admin.post(WHERE, fields | {"reason": "Twice", "sure": "y"})
    assert "nothing was changed" in again.text
    admin.post(WHERE, {**page.fields(having="reason"), "reason": "Fitted again.", "sure": "y"})
    assert [one.running for one in _history(world)] == [True, False]
    assert "switched off" not in admin.get("/accounts/admin").main


def _history(world: "World") -> tuple[reader_switch.Standing, ...]:
    with world.database.reading() as session:
        return reader_switch.history(session)


@pytest.mark.parametrize("to", ["", "sideways", "on; drop"])
def test_what_the_form_never_said_changes_nothing(small_world: "World", to: str) -> None:
    small_world.staff("admin").post(WHERE, {"to": to, "reason": "Why not", "sure": "y"}, 422)
    assert _history(small_world) == ()


@pytest.mark.parametrize("who", ["agent@poste", "supervisor@poste", "manager@poste", "neutral"])
def test_nobody_else_touches_it(small_world: "World", who: str) -> None:
    browser = small_world.staff(who)
    assert browser.raw("GET", WHERE).status_code == 403
    sent = browser.raw("POST", WHERE, data={"to": "off", "reason": "No", "sure": "y"})
    assert sent.status_code == 403
    assert _history(small_world) == ()


def test_while_it_is_off_stories_are_filed_to_be_read_by_a_person(
    small_world: "World", monkeypatch: pytest.MonkeyPatch
) -> None:
    class Reads:
        def read(self, text: str, language: str) -> Reading:
            return SEEN

    bench = replace(small_world.app.extensions["workbench"], reader=Reads)
    monkeypatch.setitem(small_world.app.extensions, "workbench", bench)
    with small_world.app.test_request_context():
        assert story.read(_report(small_world)) is not None
    _turn(small_world, False)
    with small_world.app.test_request_context():
        assert story.read(_report(small_world)) is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_that_only_the_reader_saw_is_shown_meanwhile(small_world: "World", language: str) -> None:
    filed = _filed(small_world, SEEN)
    customer, agent = small_world.customer(filed, language), small_world.staff("agent@poste", language)
    case, desk = f"/case/{filed.reference}", f"/desk/{filed.reference}"
    laughed = 'data-theme="contempt"'
    assert laughed in customer.get(case).text
    assert laughed in agent.get(desk).text
    _turn(small_world, False)
    off = {"en": "is switched off here since", "fr": "est arrêté ici depuis"}[language]
    for browser, path in ((customer, case), (agent, desk)):
        page = browser.get(path)
        assert laughed not in page.text
        assert off in page.text
    assert off in small_world.browser(language).get("/reader").main
    _turn(small_world, True)
    assert laughed in customer.get(case).text


def test_what_a_person_said_stays_and_themes_are_set_by_hand(small_world: "World") -> None:
    ruled, unread = _filed(small_world, SEEN), _filed(small_world, None)
    hand = moves.Hand(small_world.visitor("agent@poste"), As.STAFF, ruled.reference, datetime.now(UTC))
    with small_world.database.writing() as session:
        moves.rule_themes(session, small_world.app.extensions["workbench"], hand, frozenset({Theme.CONTEMPT}), "v1")
    _turn(small_world, False)
    agent = small_world.staff("agent@poste")
    assert "Nadia Ferrand said so on" in agent.get(f"/desk/{ruled.reference}").text
    fields = agent.get(f"/desk/{unread.reference}").fields(having="theme")
    page = agent.post(f"/desk/{unread.reference}/themes", {**fields, "theme": Theme.NO_GUIDANCE.value})
    assert "Nadia Ferrand said so on" in page.text


def test_the_doctor_says_it(small_world: "World") -> None:
    _turn(small_world, False, "It calls everybody rude.")
    said = small_world.app.test_cli_runner().invoke(args=["doctor"]).output
    assert "Switched off since" in said
    assert "It calls everybody rude." in said
