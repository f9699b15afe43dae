"""The pages that everybody opens ask the database little, also when all that can lie beside a case lies there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, insert, update

from cx.core.charter import NEVER, PledgeStatus, RemedyStatus, Rule
from cx.core.incident import Contact
from cx.core.words import OfferKind
from cx.disputes.storing import table
from models import (
    Absence,
    Case,
    Draft,
    HumanRequest,
    Letter,
    MediatorLink,
    MediatorOpening,
    Pledge,
    Point,
    Promise,
    Remedy,
)
from tests.answering import TODAY, contested

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

MOST = 16
NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEAM = ("agent@poste", "agent2@poste", "supervisor@poste", "neutral")


@contextmanager
def listening(world: "World") -> Iterator[list[str]]:
    """Every statement that the database is asked meanwhile, BEGIN included."""
    said: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(world.database.engine, "before_cursor_execute", hear)


def _approval(case_id: int, asker: int) -> dict[str, object]:
    """An offer above an agent's limit that waits for a supervisor."""
    asked = {"asked_by": "Nadia Ferrand", "account_id": asker, "asked_at": NOW.isoformat()}
    kept = {**asked, "values": {"kind": "refund", "amount": "500,00", "currency": "EUR"}}
    return {"secret_hash": f"approval:{case_id}", "data": kept, "created_at": NOW, "updated_at": NOW}


@pytest.fixture
def full(world: "World") -> "Filed":
    """A contested dispute with a neutral, points, promises, remedies, an absence, requests, links and letters."""
    filed = contested(world)
    house, people, case_id = world.organisations["poste"], world.people, filed.case_id
    with world.database.writing() as session:
        columns = table(Case)
        session.execute(update(columns).where(columns.c.id == case_id).values(neutral_id=people["neutral"]))
        session.add_all(Point(case_id=case_id, number=number, text=f"Point {number}") for number in (2, 3))
        session.add(
            Absence(
                account_id=people["agent@poste"], organisation_id=house, substitute_id=people["agent2@poste"],
                first=TODAY - 2 * DAY, last=TODAY + 3 * DAY, created_at=NOW,
            )
        )  # fmt: skip
        for status, met_by in (("met", people["agent@poste"]), ("waiting", None)):
            session.add(
                HumanRequest(
                    case_id=case_id, organisation_id=house, way="written", asked_at=NOW, due_at=NOW + HOUR,
                    status=status, met_by=met_by, met_at=NOW if met_by else None,
                )
            )  # fmt: skip
        for number in range(3):
            link = MediatorLink(
                case_id=case_id, secret_hash=f"{number}" * 64, name=f"Solange Achard {number}", created_at=NOW,
                expires_at=NOW + 30 * DAY,
            )  # fmt: skip
            session.add(link)
            session.flush()
            session.add_all(MediatorOpening(link_id=link.id, at=NOW) for _ in range(2))
            letter = {"case_id": case_id, "language": "en", "data": {"reference": filed.reference}, "next_try_at": NOW}
            session.add(
                Letter(kind="offered", message_id=f"<{number}@x>", status="failed", error="No such box", created_at=NOW, **letter)
            )  # fmt: skip
        for rule in list(Rule)[:3]:
            promise = Promise(
                organisation_id=house, rule=rule.value, amount=2, kind=OfferKind.GOODWILL_GESTURE.value,
                amount_minor=1000, currency="EUR", created_at=NOW - 9 * DAY, published_at=NOW - 9 * DAY,
            )  # fmt: skip
            session.add(promise)
            session.flush()
            pledge = Pledge(
                case_id=case_id, promise_id=promise.id, organisation_id=house, due_at=NEVER,
                status=PledgeStatus.BROKEN.value, settled_at=NOW,
            )  # fmt: skip
            session.add(pledge)
            session.flush()
            session.add(
                Remedy(
                    pledge_id=pledge.id, case_id=case_id, organisation_id=house, kind=promise.kind, amount_minor=1000,
                    currency="EUR", status=RemedyStatus.OFFERED.value, decide_by=NOW, created_at=NOW, offered_at=NOW,
                )
            )  # fmt: skip
        session.execute(insert(table(Draft)).values(_approval(case_id, people["agent@poste"])))
    return filed


def test_the_case_page_of_the_desk_asks_little_with_every_panel_on_it(world: "World", full: "Filed") -> None:
    for who in TEAM:
        desk = world.staff(who)
        with listening(world) as said:
            page = desk.get(f"/desk/{full.reference}")
        assert len(said) <= MOST, "\n".join(said)
        assert "Solange Achard 2" in page.text
        assert "No such box" in page.text
        assert "1 of 3 remedies for this promise" in page.text
    assert "Asks for a person" in world.staff("agent2@poste").get(f"/desk/{full.reference}").main
    supervisor = world.staff("supervisor@poste").get(f"/desk/{full.reference}")
    assert "Nadia Ferrand" in supervisor.main


def test_the_page_of_the_customer_asks_little_with_every_panel_on_it(world: "World", full: "Filed") -> None:
    for language in ("en", "fr"):
        browser = world.customer(full, language)
        with listening(world) as said:
            page = browser.get(f"/case/{full.reference}")
        assert len(said) <= MOST, "\n".join(said)
        assert "Solange Achard 2" in page.text
        assert "Karim Lemoine" in page.text  # stands in for whoever is away
        assert "Hélène Varga" in page.text


def test_the_list_of_the_desk_asks_little_with_everything_around_it(world: "World", full: "Filed") -> None:
    for number in range(12):
        world.tell(text=f"Story {number}", contact=Contact())
    tabs = [f"/desk?tab={tab}" for tab in ("mine", "take", "second", "customer", "resting", "all")]
    others = ["/desk?tab=all&q=story", "/desk?tab=all&state=received", "/desk?tab=take&sort=due", "/desk?due=week"]
    for who in TEAM:
        desk = world.staff(who)
        for path in [*tabs, *others]:
            with listening(world) as said:
                page = desk.get(path)
            assert len(said) <= MOST, f"{path}\n" + "\n".join(said)
    page = world.staff("agent2@poste").get("/desk")
    assert "Nadia Ferrand is away until" in page.main
    assert "1 person asks for somebody" in page.main
    assert "A letter to one person could not be delivered." in page.main
    assert full.reference in world.staff("agent2@poste").get("/desk?tab=second").main
