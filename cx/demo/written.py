"""Letters of the demo: those of the eight cases as they went out, and what the desk sees of paper and of failed mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.words import OPEN_STATES, Role
from cx.demo.accounts import Cast
from cx.disputes.clocking import facts_of
from cx.disputes.correspondence import CONFIRMED, PRINT
from cx.disputes.ledger import account_of
from cx.disputes.moves import TOLD_CUSTOMER
from cx.disputes.printing import POSTED
from cx.disputes.storing import table
from cx.disputes.workbench import Notice
from cx.post.outbox import notify_all
from models import AccessLink, Case, Contact, EventRow, Letter
from models.engine import Database

# Where people live who gave a telephone number and no address of mail.
STREETS = (
    "14 rue du Phare\n29870 Port-Lannec", "3 chemin des Aulnes\n35460 Valmeyrac", "27 quai de l’Arvan\n35000 Sainte-Colombe",
    "8 place du Lavoir\n29870 Port-Lannec", "41 route de Brumes\n35460 Valmeyrac",
)  # fmt: skip
DESK = "poste-arvane"
ON_PAPER, FAILED = len(STREETS), 1
REFUSED = "550 5.1.1 no such person here"


@dataclass(frozen=True, slots=True)
class _People:
    """Who is behind an actor of a journal: name and function."""

    known: dict[int, tuple[str, str]]

    def of(self, actor: str | None) -> tuple[str, str]:
        return self.known.get(account_of(actor) or 0, ("", ""))


def send(database: Database, cast: Cast) -> None:
    """Write the letters. Nothing of it is ever mailed: what left is said to have left, what failed is given up."""
    people = _People(
        {account_of(actor.id) or 0: (actor.name, actor.function) for actor in cast.actors.values()},
    )
    with database.writing() as session:
        case, link = table(Case).c, table(AccessLink).c
        told = select(case.id).where(case.demo, case.id.in_(select(link.case_id))).order_by(case.id)
        for number in session.scalars(told).all():
            _whole(session, people, number)
        _desk(session, people, cast.organisations[DESK].id)


def _letters(session: Session, people: _People, number: int) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    """What the journal of one case brought to its customer: when, which letter, what it names."""
    columns = table(Case)
    case = dict(session.execute(select(columns).where(columns.c.id == number)).mappings().one())
    body = next(iter(clock.next_body(case["sector"], case["jurisdiction"], facts_of(case))), None)
    lines = select(EventRow).where(EventRow.case_id == number).order_by(EventRow.seq)
    state, last = "none", None
    for line in session.scalars(lines):
        state = str(line.data.get("to") or state)
        named = CONFIRMED if line.role == Role.CUSTOMER else TOLD_CUSTOMER
        kind = "received" if line.kind == "told" else named.get(line.kind, "")
        # One letter for what happened at one moment, and none where nobody wrote.
        if not kind or last == line.at or (kind == "started" and not line.digest):
            continue
        name, function = people.of(line.actor)
        last = line.at
        yield line.at, kind, {
            "reference": case["reference"], "state": state, "reads": True, "person": name, "function": function,
            "due": str(line.data.get("answer_by") or ""), "next_body": body.value if body is not None else "",
        }  # fmt: skip


def _whole(session: Session, people: _People, number: int) -> None:
    """Every letter of one case, as it left."""
    contact = session.get(Contact, number)
    if contact is None:
        return
    if not contact.email and not contact.postal and contact.name:
        contact.postal = STREETS[0]
    status = "sent" if contact.email else POSTED if contact.postal else "site"
    language = _language(session, number)
    found = list(_letters(session, people, number))
    notify_all(session, [(number, Notice(kind, contact.email, language, at, data, status=status)) for at, kind, data in found])  # fmt: skip
    of_case = (Letter.case_id == number, Letter.account_id.is_(None))
    session.execute(update(Letter).where(*of_case, Letter.status == "sent").values(sent_at=Letter.created_at))
    for letter in session.scalars(select(Letter).where(*of_case, Letter.status == POSTED)):
        letter.posted_on = letter.created_at.date()


def _language(session: Session, number: int) -> str:
    columns = table(Case).c
    return session.scalar(select(columns.language).where(columns.id == number)) or "fr"


def _desk(session: Session, people: _People, organisation_id: int) -> None:
    """The newest cases in hand of people with a telephone get their last letter on paper; one address was mistyped."""
    case, contact, link = table(Case).c, table(Contact).c, table(AccessLink).c
    open_now = (
        select(case.id, contact.email)
        .join(table(Contact), contact.case_id == case.id)
        .where(case.organisation_id == organisation_id, case.demo, case.state.in_(OPEN_STATES))
        .where(case.owner_id.is_not(None), case.id.not_in(select(link.case_id)), contact.name != "")
        .order_by(case.id.desc())
        .limit(200)
    )
    rows = session.execute(open_now).all()
    by_phone = islice((one.id for one in rows if not one.email), ON_PAPER)
    for number, street in zip(by_phone, STREETS, strict=False):
        session.execute(update(Contact).where(Contact.case_id == number).values(postal=street))
        _last(session, people, number, PRINT)
    for one in islice((one for one in rows if one.email), FAILED):
        _last(session, people, one.id, "failed", one.email)
        session.execute(update(Letter).where(Letter.case_id == one.id).values(error=REFUSED, attempts=1))


def _last(session: Session, people: _People, number: int, status: str, address: str = "") -> None:
    found = list(_letters(session, people, number))[-1:]
    language = _language(session, number)
    notify_all(session, [(number, Notice(kind, address, language, at, data, status=status)) for at, kind, data in found])  # fmt: skip
