"""What this installation adds to the card: contests, the daily sample, the months. Of demonstrations nothing counts.

Counting may take a moment where a million stories lie: it is done once in some minutes for everybody.
"""

import time
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.scoring import Share
from cx.disputes import drift
from cx.disputes.drift import Month
from cx.disputes.opinions import OpinionFigures, opinion_figures
from cx.disputes.sampled import SampleFigures, sample_figures
from models import Organisation

ASK_AGAIN = 600.0
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Agreed:
    """Of the themes it was rather `sure` of, of all it `named`, and of those `told`: how many people found right."""

    sure: Share
    named: Share
    told: Share


@dataclass(frozen=True, slots=True)
class Here:
    """The figures of this installation at the moment `at`; `demo`: it holds invented stories, which are not counted."""

    at: datetime
    demo: bool
    opinions: OpinionFigures
    sample: SampleFigures
    months: tuple[Month, ...]

    @property
    def read(self) -> int:
        """How many stories the reader understood in these months."""
        return sum(one.read for one in self.months)

    @property
    def unread(self) -> int:
        """How many it did not understand."""
        return sum(one.unread for one in self.months)

    @property
    def contested(self) -> Share:
        """How many readings somebody contradicted."""
        return Share(min(self.opinions.contested, self.opinions.shown), self.opinions.shown)

    @property
    def overturned(self) -> Share:
        """How many rulings on a contest changed the reading."""
        return Share(self.opinions.changed, self.opinions.ruled)

    @property
    def agreed(self) -> Agreed:
        """What the daily sample says, over all themes."""
        right, wrong, missed, sure_right, sure_wrong = (
            sum(getattr(one, name) for one in self.sample.themes.values())
            for name in ("right", "wrong", "missed", "sure_right", "sure_wrong")
        )
        return Agreed(
            Share(sure_right, sure_right + sure_wrong), Share(right, right + wrong), Share(right, right + missed)
        )

    @property
    def versions(self) -> tuple[tuple[str, date], ...]:
        """The versions that read most of a month, with the first month of each run of them."""
        found: list[tuple[str, date]] = []
        for one in self.months:
            if one.read and (not found or found[-1][0] != one.version):
                found.append((one.version, one.month))
        return tuple(found)


def here(session: Session, now: datetime) -> Here:
    """The figures, at most ten minutes old."""
    asked, found = current_app.extensions.get("card", (float("-inf"), None))
    if found is None or time.monotonic() - asked > ASK_AGAIN:
        found = _look(session, now)
        current_app.extensions["card"] = (time.monotonic(), found)
    return found  # type: ignore[no-any-return]


def _look(session: Session, now: datetime) -> Here:
    last = now.date().replace(day=1)
    year, month = divmod(last.year * 12 + last.month - MONTHS, 12)
    return Here(
        at=now,
        demo=session.scalars(select(Organisation.id).where(Organisation.demo).limit(1)).first() is not None,
        opinions=opinion_figures(session, now),
        sample=sample_figures(session),
        months=drift.months(session, date(year, month + 1, 1), last),
    )
