"""The numbers of one page, before any word: counts, shares with their interval, scores, and what is open today."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from cx.core.scoring import Quantile, Score, Share, quantile, value_score
from cx.core.visitor import Visitor
from cx.core.words import THEME_BY_ID, Solved, Theme, Value
from cx.disputes import figures
from cx.disputes.standing import Standing, standing
from cx.insight.asked import Asked, months_later

MEASURES = ("told", "sent", "solved", "theme", "ruled", "place", "days", "reopened")
CLEAR_LEAD = 3


@dataclass(frozen=True, slots=True)
class Month:
    """How many of the answers to "is it solved?" in a month were yes."""

    month: date
    solved: Share


@dataclass(frozen=True, slots=True)
class Overview:
    """What the rollups say of a period. `themes` and `places` come largest first; `places` count stories told.

    `solved` is over the latest word of each person who answered in the period; `themes` over the stories on which
    somebody ruled; `median` and `slow` (90th percentile) are days from sending to the first answer.
    """

    told: int
    sent: int
    reopened: int
    answers: Mapping[str, int]
    solved: Share
    months: tuple[Month, ...]
    values: Mapping[Value, Score]
    ruled: int
    themes: tuple[tuple[Theme, Share], ...]
    places: tuple[tuple[str, int], ...]
    median: Quantile
    slow: Quantile
    now: Standing

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say at all."""
        return not (self.told or self.sent or self.solved.n or self.ruled or self.now.open or self.now.stories)

    @property
    def worst(self) -> tuple[str, int] | None:
        """The place of which most stories tell, when it clearly leads; None when there is no such place."""
        if not self.places or self.places[0][1] < CLEAR_LEAD:
            return None
        runner_up = self.places[1][1] if len(self.places) > 1 else 0
        return self.places[0] if self.places[0][1] > runner_up else None


def look(session: Session, visitor: Visitor, asked: Asked, now: datetime) -> Overview:
    """Read the figures of a period and where things stand now: two statements."""
    measures = [*MEASURES, *(f"value:{value.value}" for value in Value)]
    found = figures.read(session, asked.organisations, measures, asked.first, asked.last)
    solved = _by_key(found["solved"])
    ruled = max(0, _total(found["ruled"]))
    days = {int(key): many for key, many in _by_key(found["days"]).items() if key.isdecimal()}
    return Overview(
        told=_total(found["told"]),
        sent=_total(found["sent"]),
        reopened=_total(found["reopened"]),
        answers=solved,
        solved=_share(solved),
        months=_months(found["solved"], asked),
        values={value: _score(found[f"value:{value.value}"]) for value in Value},
        ruled=ruled,
        themes=tuple(
            (THEME_BY_ID[key], Share(many, max(ruled, many)))
            for key, many in _largest(_by_key(found["theme"]))
            if key in THEME_BY_ID
        ),
        places=tuple(_largest(_by_key(found["place"]))),
        median=quantile(days, 0.5),
        slow=quantile(days, 0.9),
        now=standing(session, visitor, asked.organisations, now),
    )


def _total(cells: Counter[tuple[date, str]]) -> int:
    return sum(cells.values())


def _by_key(cells: Counter[tuple[date, str]]) -> dict[str, int]:
    """Sums over the months; a figure that was taken back entirely is no figure."""
    sums: Counter[str] = Counter()
    for (_month, key), many in cells.items():
        sums[key] += many
    return {key: many for key, many in sums.items() if many > 0}


def _largest(sums: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _share(answers: Mapping[str, int]) -> Share:
    return Share(answers.get(Solved.YES, 0), sum(answers.get(solved, 0) for solved in Solved))


def _months(cells: Counter[tuple[date, str]], asked: Asked) -> tuple[Month, ...]:
    found, month = [], asked.first
    while month <= asked.last:
        said = {solved.value: max(0, cells.get((month, solved.value), 0)) for solved in Solved}
        found.append(Month(month, _share(said)))
        month = months_later(month, 1)
    return tuple(found)


def _score(cells: Counter[tuple[date, str]]) -> Score:
    return value_score({int(key): many for key, many in _by_key(cells).items() if key.isdecimal()})
