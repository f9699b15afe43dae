"""Cases on their way elsewhere, for tests of the file, the check page and the mediator's room."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cx.core.words import Action, MessageKind
from cx.disputes import moves
from cx.disputes.ledger import Text
from cx.disputes.sight import As

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from cx.disputes.filing import Filed
    from tests.world import World

NOTE = "canary-note-51ab only for the team"


def answered(world: "World", text: str = "Nobody helped me at the machine.") -> "Filed":
    """A dispute that was taken, noted about, and answered with an offer."""
    filed = world.tell(text=text)
    now = datetime.now(UTC)
    bench = world.app.extensions["workbench"]
    staff = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, now)
    offer: dict[str, Any] = {
        "kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": (now + timedelta(days=9)).date(),
        "points": {"1": "partly"}, "reasons": "Half of it was our fault.", "text": "Here is our offer.",
    }  # fmt: skip
    with world.database.writing() as session:
        moves.take(session, bench, staff, Text("Good morning.", MessageKind.ACKNOWLEDGEMENT))
    with world.database.writing() as session:
        moves.note(session, bench, staff, NOTE)
    with world.database.writing() as session:
        moves.do(session, bench, staff, Action.OFFER, offer, Text("Here is our offer.", MessageKind.OFFER))
    return filed


def contested(world: "World") -> "Filed":
    """The same, refused by the customer: from now on it may go to the next body."""
    filed = answered(world)
    hand = moves.Hand(world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC))
    with world.database.writing() as session:
        moves.do(session, world.app.extensions["workbench"], hand, Action.CONTEST)
    return filed


def unpacked(answer: "TestResponse") -> dict[str, bytes]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    data = answer.get_data()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = {name.rpartition(".")[2]: archive.read(name) for name in archive.namelist()}
    return {"zip": data, **inside}


def download(world: "World", filed: "Filed", language: str = "fr") -> dict[str, bytes]:
    at = f"/case/{filed.reference}/elsewhere/file"
    return unpacked(world.customer(filed).raw("POST", at, data={"language": language}))
