"""The brake on letters to strangers: an address that nobody has confirmed may have been typed by somebody else.

Before its first use an address gets one letter an hour about one case, three an hour about all cases, and all such
addresses together so many an hour as the installation allows. What is held back waits; it is never lost, and it
leaves at once when the person opens the link of an earlier letter.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select, text
from sqlalchemy.orm import Session

from models import Contact, Letter

HOUR = timedelta(hours=1)
FOR_ONE_CASE, FOR_ONE_ADDRESS = 1, 3
# How soon a letter that was held back is looked at again.
LOOK_AGAIN = timedelta(minutes=5)
# What stands in the row of a letter that waits for no fault of its own.
HELD = "held back: nobody has opened a letter at this address yet"

_CONFIRMED = and_(
    Contact.case_id == Letter.case_id,
    func.lower(Contact.email) == func.lower(Letter.address),
    Contact.email_verified_at.is_not(None),
)
# Letters about a case that go to nobody of the team.
_OUTWARD = and_(Letter.case_id.is_not(None), Letter.account_id.is_(None))
_UNCONFIRMED = and_(_OUTWARD, ~select(Contact.case_id).where(_CONFIRMED).exists())


def held_back(session: Session, letter: Letter, at: datetime, most: int) -> bool:
    """Whether this letter has to wait. Called in the transaction that would take it, so that two workers agree."""
    if letter.case_id is None or letter.account_id is not None:
        return False
    confirmed = select(Contact.case_id).where(
        Contact.case_id == letter.case_id,
        func.lower(Contact.email) == letter.address.lower(),
        Contact.email_verified_at.is_not(None),
    )
    if session.execute(confirmed).first() is not None:
        return False
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('letters to strangers', 0))"))
    # A letter that is being sent counts as sent: its worker may be killed before it can say so.
    gone = and_(Letter.status == "sent", Letter.next_try_at > at - HOUR)
    going = and_(Letter.status == "waiting", Letter.lease_until > at)
    same_address = func.lower(Letter.address) == letter.address.lower()
    same_case = and_(same_address, Letter.case_id == letter.case_id)
    query = select(
        func.count(Letter.id),
        func.coalesce(func.sum(case((same_address, 1), else_=0)), 0),
        func.coalesce(func.sum(case((same_case, 1), else_=0)), 0),
    ).where(or_(gone, going), _UNCONFIRMED, Letter.id != letter.id)
    everybody, here, about_this = session.execute(query).one()
    return bool(everybody >= most or here >= FOR_ONE_ADDRESS or about_this >= FOR_ONE_CASE)
