"""At the head of a supervisor's desk: offers that wait to be sent in their name, broken promises to be decided about."""

from cx.core.words import OPEN_STATES, Role
from cx.disputes.around import Around
from cx.disputes.sight import As, cases
from cx.web.database import reading
from cx.web.visitors import visitor
from models import Case

MOST = 5


def to_approve(around: Around) -> list[str]:
    """The references of the cases on which an agent asked this supervisor to send an offer, the oldest case first."""
    who = visitor()
    if not around.approvals or not who.has(Role.SUPERVISOR):
        return []
    query = cases(who, As.STAFF, Case.reference).where(
        Case.id.in_(around.approvals),
        Case.organisation_id == who.organisation_id,
        Case.state.in_([one.value for one in OPEN_STATES]),
    )
    return [one.reference for one in reading().execute(query.order_by(Case.id).limit(MOST))]


def to_decide(around: Around) -> int:
    """How many remedies of broken promises wait for a decision of this supervisor; the others are not asked."""
    return around.held if visitor().has(Role.SUPERVISOR) else 0
