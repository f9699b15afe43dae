"""What a customer reads of dates agrees with itself and with the law: on the page, in letters and in the file."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.words import Action
from cx.disputes import admissibility
from cx.web.formats import day, moment, short_day, weekday
from models import ClockRun, Letter, Organisation
from tests.answering import send
from tests.elsewhere import contested, download
from tests.rooms.test_intake_case import ANSWERED, NEXT, do, staff
from tests.rooms.test_paths_letters import by_letter, own

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World


def run(world: "World", filed: "Filed", regime: str) -> ClockRun | None:
    with world.database.reading() as session:
        query = select(ClockRun).where(ClockRun.case_id == filed.case_id, ClockRun.regime_id == regime)
        return session.scalars(query).first()


def due(world: "World", filed: "Filed", regime: str) -> date:
    found = run(world, filed, regime)
    assert found is not None
    return found.due_on


def in_britain(world: "World") -> None:
    with world.database.writing() as session:
        bank = session.get_one(Organisation, world.organisations["banque"])
        bank.country = bank.jurisdiction = "GB"
        bank.calendar, bank.zone = "GB-ENG", "Europe/London"


def last_word(world: "World", filed: "Filed", who: str, body: str, until: object) -> None:
    way = {**NEXT, "next_body": body, "next_body_deadline": until}
    staff(world, filed, Action.FINAL, "This is our last word.", who, **ANSWERED, **way)


@pytest.mark.parametrize("named", [900, 3, None], ids=["too late", "too early", "none"])
def test_a_final_answer_neither_lengthens_nor_shortens_what_the_law_gives(
    small_world: "World", named: int | None
) -> None:
    in_britain(small_world)
    filed = small_world.tell("banque")
    until = datetime.now(UTC).date() + timedelta(days=named) if named else "none"
    last_word(small_world, filed, "supervisor@banque", "uk_fos", until)
    law = due(small_world, filed, "UK-FOS-6M")
    browser = small_world.customer(filed)
    with small_world.app.test_request_context("/?lang=en"):
        said = day(law, year="always")
    assert f"You have until {said}." in browser.get(f"/case/{filed.reference}").main
    with small_world.database.reading() as session:
        query = select(Letter).where(Letter.case_id == filed.case_id, Letter.account_id.is_(None))
        letter = session.scalars(query.order_by(Letter.id.desc())).first()
        assert letter is not None and letter.data["until"] == law.isoformat()


def test_the_form_of_the_final_answer_begins_with_the_day_of_the_law(small_world: "World") -> None:
    in_britain(small_world)
    filed = small_world.tell("banque")
    desk = small_world.staff("supervisor@banque")
    send(desk, filed, "take")
    fields = desk.get(f"/desk/{filed.reference}").fields(having="deadline_on")
    last_word(small_world, filed, "supervisor@banque", "uk_fos", "none")
    assert (fields["deadline"], fields["deadline_on"]) == ("date", due(small_world, filed, "UK-FOS-6M").isoformat())


def test_a_right_that_the_last_word_opened_is_not_said_to_open_later(small_world: "World") -> None:
    filed = small_world.tell()
    last_word(small_world, filed, "supervisor@poste", "fr_post_ombudsman", "none")
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert "their final answer came before the day. You may go to the La Poste group ombudsman now." in page.main
    # The way that is open is the first one offered, before the appeal inside the organisation.
    assert "Take it further: to the La Poste group ombudsman" in page.main


def test_a_contested_answer_says_the_day_as_the_latest_one(small_world: "World") -> None:
    page_of = contested(small_world)
    page = small_world.customer(page_of).get(f"/case/{page_of.reference}")
    assert "at the latest." in page.main
    assert "From " not in page.main.split("Every date")[0]


def test_with_the_mediator_no_other_body_is_the_date(small_world: "World") -> None:
    filed = small_world.tell(at=datetime.now(UTC) - timedelta(days=90))
    browser = small_world.customer(filed)
    do(browser, filed, "escalate", next_body="fr_post_ombudsman")
    top = browser.get(f"/case/{filed.reference}").main.split("Every date")[0]
    assert "you may go to" not in top


def test_a_mediator_who_begins_has_said_that_the_file_is_taken(world: "World") -> None:
    filed = world.tell("banque", at=datetime.now(UTC) - timedelta(days=90))
    browser = world.customer(filed)
    do(browser, filed, "escalate", next_body="fr_bank_mediator")
    waiting = run(world, filed, "FR-MED-3W")
    assert waiting is not None and waiting.done_on is None
    today = datetime.now(UTC).date()
    do(browser, filed, "body-news", news="complete", heard_on=today.isoformat())
    taken = run(world, filed, "FR-MED-3W")
    assert taken is not None and taken.done_on is not None
    assert run(world, filed, "FR-BK-MED90") is not None


def test_an_opinion_asks_for_money_only_once_both_agreed(small_world: "World") -> None:
    customer, filed = by_letter(small_world, days=70)
    today = datetime.now(UTC).date()
    do(customer, filed, "escalate", next_body="uk_air_adr")
    pay_by = (today + timedelta(days=9)).isoformat()
    do(customer, filed, "opinion", opinion="Forty pounds.", opinion_amount="40", opinion_pay_by=pay_by)
    assert run(small_world, filed, "UK-AIR-ADR28P") is None
    do(customer, filed, "their-opinion", their_opinion="accepted")
    assert run(small_world, filed, "UK-AIR-ADR28P") is None
    do(customer, filed, "opinion-yes")
    assert own(small_world, filed).state == "accepted"
    assert run(small_world, filed, "UK-AIR-ADR28P") is not None


def test_whoever_went_in_time_stays_in_time(small_world: "World") -> None:
    filed = small_world.tell("banque", at=datetime.now(UTC) - timedelta(days=90))
    do(small_world.customer(filed), filed, "escalate", next_body="fr_bank_mediator")
    case = own(small_world, filed)
    later = datetime.now(UTC).date() + timedelta(days=400)
    found = {one.condition: one.met for one in admissibility.checklist(case, later, later)}
    assert found[admissibility.Condition.IN_TIME] is True


def test_the_file_says_what_became_of_rights_and_where_the_case_stands(small_world: "World") -> None:
    filed = contested(small_world)
    sheet: dict[str, Any] = json.loads(download(small_world, filed, "en")["json"])
    assert sheet["state"]["said"] == "Contested, somebody else looks at it"
    rights = [one for one in sheet["clocks"] if one["purpose"] in {"right_opens", "right_lost"}]
    assert rights and {one["owed_by_said"] for one in rights} == {""}
    do(small_world.customer(filed), filed, "escalate", next_body="fr_post_ombudsman")
    sheet = json.loads(download(small_world, filed, "en")["json"])
    became = {one["rule"]: one["became"] for one in sheet["clocks"]}
    assert (became["FR-PO-MED"], became["FR-PO-MED1Y"]) == ("used", "kept")
    # The file is made for the body where the case is, not for the one before it.
    assert sheet["addressed_to"]["code"] == "fr_post_ombudsman"


def test_the_first_of_a_month_is_said_as_french_says_it(small_world: "World") -> None:
    first, second = date(2026, 12, 1), date(2026, 12, 2)
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with small_world.app.test_request_context("/?lang=fr"):
        assert day(first, year="always") == "1er décembre 2026"
        assert weekday(first) == "mardi 1er décembre"
        assert short_day(first).startswith("1er déc.")
        assert moment(at).startswith("1er déc. 2026, 10:00")
        assert day(second, year="always") == "2 décembre 2026"
    with small_world.app.test_request_context("/?lang=en"):
        assert day(first, year="always") == "1 December 2026"


def test_years_are_not_counted_in_working_days(small_world: "World") -> None:
    filed = small_world.tell()
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    clocks = page.main.split("Every date")[1]
    near, far = clocks.split("Time to go to the next body", 1)
    assert "working days left" in near and "working days left" not in far
