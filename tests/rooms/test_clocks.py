"""The clocks on the pages: every date behind one click, a right that opens by itself, a later date, the switch."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select

from cx.core.words import Action
from cx.disputes import moves, switches
from cx.disputes.sight import As
from models import ClockRun, EventRow, Organisation, RegimeSwitch
from models.engine import Database
from tests.pages import words

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Page
    from tests.world import World

RIGHTS = ("aria-labelledby", "rights-title")
CARD = {"facts": {"issue": "card_or_fraud"}}


def all_of(page: "Page", name: str, value: str) -> list[Element]:
    return page.tree.findall(f".//*[@{name}='{value}']")


def one_of(page: "Page", name: str, value: str) -> Element:
    (found,) = all_of(page, name, value)
    return found


def due(database: Database, filed: "Filed", regime: str) -> ClockRun | None:
    with database.reading() as session:
        query = select(ClockRun).where(ClockRun.case_id == filed.case_id, ClockRun.regime_id == regime)
        return session.scalars(query).first()


@pytest.mark.parametrize(
    ("language", "title", "answer"),
    [("en", "Every date, and why", "Answer about a payment"), ("fr", "Toutes les dates", "Réponse sur un paiement")],
)
def test_every_date_stands_behind_one_click_for_both_sides(
    world: "World", language: str, title: str, answer: str
) -> None:
    filed = world.tell("banque", **CARD)
    for page in (
        world.customer(filed, language).get(f"/case/{filed.reference}"),
        world.staff("agent@banque", language).get(f"/desk/{filed.reference}"),
    ):
        clocks = words(one_of(page, "id", "clocks"))
        assert title in clocks
        assert answer in clocks
        assert "L133-45" in clocks
        assert "FR-BK-PAY15, 2026-11" in clocks


def test_a_right_that_opened_is_a_button(world: "World") -> None:
    filed = world.tell("poste", at=datetime.now(UTC) - timedelta(days=70))
    page = world.customer(filed).get(f"/case/{filed.reference}")
    right = one_of(page, *RIGHTS)
    assert "you may go to the La Poste group ombudsman" in words(right)
    assert right.find(".//a[@class='button']").get("href") == "#further"
    assert one_of(page, "id", "further").get("open") is not None
    young = world.tell("poste")
    page = world.customer(young).get(f"/case/{young.reference}")
    assert not all_of(page, *RIGHTS)


def test_a_late_answer_opens_the_way_where_the_law_says_so(world: "World") -> None:
    with world.database.writing() as session:
        found = session.get_one(Organisation, world.organisations["nobody"])
        found.claimed = True
    filed = world.tell("nobody", at=datetime.now(UTC) - timedelta(days=57))
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert "AviationADR" in words(one_of(page, *RIGHTS))
    hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, Action.ESCALATE, {"next_body": "uk_air_adr"})
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert not all_of(page, *RIGHTS)
    assert "Reply of the organisation to the next body" in words(one_of(page, "id", "clocks"))


def test_a_later_date_is_announced_on_the_desk_and_read_by_the_customer(world: "World") -> None:
    filed = world.tell("banque", **CARD)
    desk = world.staff("agent@banque")
    text = "Our expert needs more time."
    desk.post(f"/desk/{filed.reference}/take", {"text": "I am looking into it.", "version": "2"})
    before = due(world.database, filed, "FR-BK-PAY15")
    assert before is not None
    to = before.due_on + timedelta(days=10)
    page = desk.get(f"/desk/{filed.reference}")
    assert "Announce a later date" in page.text
    data = page.fields(having="regime") | {"regime": "FR-BK-PAY15", "to": to.isoformat(), "text": text}
    for wrong in ({"to": "2020-01-01"}, {"to": "9999-12-31"}, {"regime": "UK-BK-15"}, {"text": " "}, {"to": "x"}):
        page = desk.post(f"/desk/{filed.reference}/later", data | wrong, status=422)
        assert wrong.get("text", text) in page.text
    desk.post(f"/desk/{filed.reference}/later", data)
    after = due(world.database, filed, "FR-BK-PAY15")
    assert after is not None
    assert (after.due_on, after.extended_from) == (to, before.due_on)
    with world.database.reading() as session:
        query = select(EventRow.data).where(EventRow.case_id == filed.case_id, EventRow.kind == "extended")
        lines = {line["regime"]: (line["from"], line["to"]) for line in session.scalars(query)}
    assert lines["FR-BK-PAY15"] == (before.due_on.isoformat(), to.isoformat())
    page = world.customer(filed).get(f"/case/{filed.reference}")
    assert text in page.text
    assert "A later date" in page.text
    link = next(one for one in one_of(page, "id", "clocks").iter("a") if words(one) == "Read why")
    assert text in words(one_of(page, "id", str(link.get("href")).removeprefix("#")))


def test_no_later_date_is_offered_where_the_law_has_none(world: "World") -> None:
    filed = world.tell("poste")
    assert 'id="later"' not in world.staff("agent@poste").get(f"/desk/{filed.reference}").text
    world.staff("agent@poste").post(
        f"/desk/{filed.reference}/later",
        {"regime": "FR-PO-2M", "to": "2027-12-01", "text": "Why", "version": "2"},
        status=422,
    )
    world.staff("manager@poste").post(f"/desk/{filed.reference}/later", {"regime": "FR-PO-2M"}, status=403)


def test_the_administrator_sees_every_clock_and_says_which_start(small_world: "World") -> None:
    admin = small_world.staff("admin")
    page = admin.get("/accounts/admin/clocks")
    assert "FR-BK-ANS" in page.text
    assert "EU-PSR-HUM" in page.text
    page = admin.get("/accounts/admin/clocks/EU-ADR-20")
    assert page.fields(having="used")["used"] == "no"
    admin.post("/accounts/admin/clocks/EU-ADR-20", {"used": "yes", "note": ""}, status=422)
    admin.post("/accounts/admin/clocks/EU-ADR-20", {"note": "Read."}, status=422)
    admin.post("/accounts/admin/clocks/EU-ADR-20", {"used": "yes", "note": "Read by the lawyer."})
    with small_world.database.reading() as session:
        row = session.scalars(select(RegimeSwitch)).one()
        assert (row.regime_id, row.used, row.note) == ("EU-ADR-20", True, "Read by the lawyer.")
        assert switches.said(session) == {"EU-ADR-20": True}
    assert "Read by the lawyer." in admin.get("/accounts/admin/clocks/EU-ADR-20").text
    admin.get("/accounts/admin/clocks/nothing", status=404)


def test_an_organisation_counts_with_the_days_off_of_its_region(small_world: "World") -> None:
    admin, number = small_world.staff("admin"), small_world.organisations["banque"]
    values = {
        "name": "Banque Tessaure", "sector": "bank", "country": "FR", "language": "fr", "target_days": "10",
        "claimed": "y", "region": "FR-57",
    }  # fmt: skip
    admin.post(f"/accounts/admin/organisations/{number}", values)
    with small_world.database.reading() as session:
        found = session.get_one(Organisation, number)
        assert (found.jurisdiction, found.calendar) == ("FR-57", "FR-57")
    page = admin.get(f"/accounts/admin/organisations/{number}")
    assert page.fields(having="region")["region"] == "FR-57"
    admin.post(f"/accounts/admin/organisations/{number}", values | {"region": "GB-SCT"}, status=422)
    admin.post(f"/accounts/admin/organisations/{number}", values | {"region": ""})
    with small_world.database.reading() as session:
        found = session.get_one(Organisation, number)
        assert (found.jurisdiction, found.calendar) == ("FR", "FR")
