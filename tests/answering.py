"""Answering cases through the pages of the desk, as people do it: for tests of rooms and of journeys."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cx.core.words import Action, MessageKind, Wish
from cx.disputes import moves
from cx.disputes.casefile import open_case
from cx.disputes.filing import Filed
from cx.disputes.ledger import Text
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from tests.pages import Browser
from tests.world import World

# Forms count in the day of the organisation, which near midnight is not the day of UTC.
TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()


def case_of(world: World, filed: Filed) -> CaseFile:
    with world.database.reading() as session:
        return open_case(session, world.visitor("supervisor@poste"), As.STAFF, filed.reference, datetime.now(UTC))


def send(desk: Browser, filed: Filed, way: str, status: int = 200, **fields: str) -> str:
    """Fill in the form of one way to write, as it stands on the page, and send it."""
    page = desk.get(f"/desk/{filed.reference}")
    form = next(one for one in page.forms() if str(one.get("action", "")).endswith(f"/{way}"))
    data = page.fields(page.forms().index(form)) | fields
    return desk.post(f"/desk/{filed.reference}/{way}", data, status).text


def taken(world: World, **given: object) -> tuple[Browser, Filed]:
    filed = world.tell(**given)  # type: ignore[arg-type]
    desk = world.staff("agent@poste")
    send(desk, filed, "take")
    return desk, filed


OFFER = {
    "kind": "refund", "amount": "8,95", "currency": "EUR", "pay_by": (TODAY + timedelta(days=9)).isoformat(),
    "answer": "upheld", "reasons": "You were right.", "text": "We owe you this.",
}  # fmt: skip


def offered(world: World) -> Filed:
    desk, filed = taken(world, wish=Wish.MONEY)
    send(desk, filed, "offer", **OFFER)
    return filed


def contested(world: World) -> Filed:
    filed = offered(world)
    with world.database.writing() as session:
        hand = Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
        text = Text("That is not enough.", MessageKind.CONTEST)
        moves.do(session, world.app.extensions["workbench"], hand, Action.CONTEST, {}, text)
    return filed
