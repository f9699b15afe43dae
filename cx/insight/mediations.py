"""What mediations changed in a period, from the rollups."""

from sqlalchemy.orm import Session

from cx.core.scoring import Share
from cx.disputes import figures
from cx.disputes.mediated import CHANGED, MEASURE, STAYED
from cx.insight.asked import Asked


def mediations(session: Session, asked: Asked) -> Share:
    """How many of the mediations that came to an end changed the position of the organisation: one statement."""
    found = figures.read(session, asked.organisations, (MEASURE,), asked.first, asked.last)[MEASURE]
    many = {key: sum(count for (_month, at), count in found.items() if at == key) for key in (CHANGED, STAYED)}
    return Share(max(0, many[CHANGED]), max(0, sum(many.values())))
