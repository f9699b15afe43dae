"""An organisation that did not read us begins to: it gets a row of its own, and no story that was told before.

Stories about an unclaimed organisation were told to nobody but their writers. They stay with the unclaimed row, which
nobody on a desk can see; each customer is asked whether to pass the story on (`cx.disputes.redirecting`). So consent
is a fact of the tables, not a rule that a query could forget.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from cx.core.form_guards import REOPEN_DAYS
from cx.core.words import OPEN_STATES, State
from cx.disputes import recipients
from cx.disputes.bulk import insert_rows
from cx.disputes.correspondence import SITE, WAITS
from cx.disputes.reference import hash_secret, new_secret
from cx.disputes.storing import table
from cx.disputes.workbench import Notice, Workbench
from models import AccessLink, Case, Contact, Letter, Membership, Organisation

# The letter that says that an organisation reads now.
CLAIMED = "claimed"
_COPIED = ("name", "name_folded", "sector", "country", "zone", "jurisdiction", "calendar", "language", "address")


def has_stories(session: Session, organisation_id: int) -> bool:
    """Whether anybody told a story about this organisation."""
    columns = table(Case)
    return bool(session.scalar(select(exists().where(columns.c.organisation_id == organisation_id))))


def still_waiting(session: Session, organisation_id: int, at: datetime) -> int:
    """How many people need somebody to read there: their case runs, or may still be taken up again."""
    case = table(Case).c
    needs = or_(case.state.in_(sorted(OPEN_STATES)), case.ended_at > at - timedelta(days=REOPEN_DAYS))
    query = select(func.count()).where(case.organisation_id == organisation_id, needs)
    return session.scalar(query) or 0


def begin_reading(session: Session, organisation: Organisation, at: datetime) -> Organisation:
    """Let an unclaimed organisation read us from now on; returns its row, a new one when stories were told before.

    Called in the present transaction. Doing it twice gives the same row.
    """
    if organisation.claimed:
        return organisation
    twin = recipients.claimed_twin(session, organisation.id)
    if twin is not None:
        return session.get_one(Organisation, twin.id)
    # Who had a team here read us before, and only paused.
    team = session.scalar(select(exists().where(Membership.organisation_id == organisation.id)))
    if team or not has_stories(session, organisation.id):
        organisation.claimed = True
        return organisation
    values = {name: getattr(organisation, name) for name in _COPIED}
    made = Organisation(slug=_slug(session, organisation.slug), claimed=True, created_at=at, **values)
    session.add(made)
    session.flush()
    return made


def tell_customers(session: Session, bench: Workbench, organisation_id: int, at: datetime) -> int:
    """Tell those who told a story about an organisation when nobody there read us that it reads now; how many.

    The story is not passed on by it: that is for each of them to say. Doing it twice tells nobody twice. Called
    in the transaction in which the organisation begins.
    """
    case, contact = table(Case), table(Contact)
    told = exists().where(Letter.case_id == case.c.id, Letter.kind == CLAIMED)
    query = (
        select(case.c.id, case.c.reference, case.c.state, case.c.language, contact.c.email)
        .add_columns(table(Organisation).c.name, case.c.next_due_on)
        .join(contact, contact.c.case_id == case.c.id)
        .join(table(Organisation), table(Organisation).c.id == case.c.organisation_id)
        .where(
            case.c.organisation_id == organisation_id,
            case.c.state.in_([State.NONE.value, State.RECEIVED.value]),
            case.c.demo.is_(False),
            table(Organisation).c.claimed.is_(False),
            ~told,
        )
    )
    letters, links = [], []
    for one in session.execute(query):
        data = {
            "reference": one.reference, "organisation": one.name, "state": one.state, "reads": False,
            "due": one.next_due_on.isoformat() if one.next_due_on else "",
        }  # fmt: skip
        if one.email:
            data["secret"] = new_secret()
            links.append({"case_id": one.id, "secret_hash": hash_secret(data["secret"]), "created_at": at})
        # Nobody prints letters for an organisation that does not read us: without e-mail it is read on the page.
        status = WAITS if one.email else SITE
        letters.append((one.id, Notice(CLAIMED, one.email, one.language, at, data, status=status)))
    insert_rows(session, table(AccessLink), [{**row, "revoked_at": None} for row in links])
    bench.tell(session, letters)
    return len(letters)


def _slug(session: Session, before: str) -> str:
    """The slug without the letters that told unclaimed rows apart, where it is free."""
    stem, _, tail = before.rpartition("-")
    wanted = stem if stem and len(tail) == 8 else before
    taken = session.scalar(select(exists().where(Organisation.slug == wanted)))
    return f"{wanted}-{secrets.token_hex(4)}" if taken or wanted in recipients.RESERVED_SLUGS else wanted
