"""The lines at the head of the desk and of a case: who asks for a person, and whose cases one reads meanwhile."""

from datetime import UTC, datetime

from cx.core.words import Role
from cx.disputes import asking
from cx.disputes.around import Around
from cx.disputes.asking import Asked
from cx.disputes.seen import CaseFile
from cx.talk.waiting_views import how_many
from cx.web.visitors import visitor


def people_asking(around: Around) -> str:
    """How many people ask for somebody of one's organisation; empty when nobody does."""
    number = around.asking if visitor().has(Role.AGENT, Role.SUPERVISOR) else 0
    return how_many(number) if number else ""


def asked_of(case: CaseFile) -> Asked | None:
    """The request for a person that waits on a case which the visitor has opened; only the team answers it."""
    if not visitor().has(Role.AGENT, Role.SUPERVISOR):
        return None
    return next((one for one in asking.on_case(case) if one.waiting), None)


def now() -> datetime:
    """The present moment, for sentences such as "today, 14:30"."""
    return datetime.now(UTC)
