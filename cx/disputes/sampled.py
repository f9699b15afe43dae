"""What the stories drawn by lot say of the reader: its reading of the time against what people said blind.

Only what was judged blind enters a rate (`cx.disputes.reviewing`): whoever has seen a guess finds it in the text.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.words import THEME_BY_ID, Theme
from cx.disputes.reviewing import SAMPLE
from cx.disputes.storing import table
from cx.disputes.understood import RULED
from models import Case, EventRow, ReadingRow, ReviewPick

MOST_SAMPLED = 5000


@dataclass(frozen=True, slots=True)
class ThemeSampled:
    """One theme in the sample: how often the reader suggested it and was `right` or `wrong`, how often it `missed` it.

    `sure_right` and `sure_wrong` are those of the suggestions of which it was rather sure.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0
    sure_right: int = 0
    sure_wrong: int = 0


@dataclass(frozen=True, slots=True)
class SampleFigures:
    """What people said of the stories that were drawn: `n` judged blind, of which the reader left `abstained` to them.

    `drawn` counts all that were drawn; on `in_view` of them somebody ruled where the reader's suggestions stood before
    them, and these do not count. A theme stands in `themes` once it was suggested or told.
    """

    drawn: int
    n: int
    in_view: int
    abstained: int
    themes: Mapping[Theme, ThemeSampled]


def sample_figures(session: Session, since: date | None = None) -> SampleFigures:
    """The reader's reading of its time against what people said blind, for the stories drawn by lot after `since`.

    At most the newest `MOST_SAMPLED` draws count, and none of the demonstration.
    """
    case = table(Case)
    query = select(ReviewPick.case_id, ReviewPick.done_at).join(case, case.c.id == ReviewPick.case_id)
    query = query.where(ReviewPick.why == SAMPLE, ~case.c.demo)
    if since is not None:
        query = query.where(ReviewPick.day > since)
    rows = session.execute(query.order_by(ReviewPick.id.desc()).limit(MOST_SAMPLED)).all()
    done = [one.case_id for one in rows if one.done_at is not None]
    rulings, readings = _rulings(session, done), _readings(session, done)
    counts: dict[Theme, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    judged = abstained = in_view = 0
    for case_id in done:
        ruling = rulings.get(case_id)
        # What was suggested before reasons were kept is not known any more.
        known = (one for one in readings[case_id] if one.reasons is not None)
        reading = next((one for one in known if ruling is not None and one.at <= ruling.at), None)
        if ruling is None or reading is None:
            in_view += ruling is None
            continue
        judged, abstained = judged + 1, abstained + reading.abstained
        _compare(counts, reading.reasons, {*ruling.data.get("confirmed", ()), *ruling.data.get("added", ())})
    ordered = {theme: ThemeSampled(**counts[theme]) for theme in Theme if theme in counts}
    return SampleFigures(len(rows), judged, in_view, abstained, ordered)


def _compare(counts: dict[Theme, dict[str, int]], suggested: Mapping[str, Any], told: set[str]) -> None:
    for name in THEME_BY_ID.keys() & (suggested.keys() | told):
        of_theme = counts[THEME_BY_ID[name]]
        if name not in suggested:
            of_theme["missed"] += 1
            continue
        verdict = "right" if name in told else "wrong"
        of_theme[verdict] += 1
        of_theme[f"sure_{verdict}"] += bool(suggested[name]["sure"])


def _rulings(session: Session, numbers: Sequence[int]) -> dict[int, Any]:
    """What was said blind of each case that was judged so; it names all its themes."""
    found: dict[int, Any] = {}
    for some in _batched(numbers):
        query = select(EventRow.case_id, EventRow.at, EventRow.data).where(
            EventRow.case_id.in_(some), EventRow.kind == RULED
        )
        lines = session.execute(query.order_by(EventRow.seq))
        found.update((one.case_id, one) for one in lines if one.data.get("source") == SAMPLE)
    return found


def _readings(session: Session, numbers: Sequence[int]) -> dict[int, list[Any]]:
    """The readings of each case, the newest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    for some in _batched(numbers):
        query = select(ReadingRow.case_id, ReadingRow.at, ReadingRow.abstained, ReadingRow.reasons).where(
            ReadingRow.case_id.in_(some)
        )
        for one in session.execute(query.order_by(ReadingRow.id.desc())):
            found[one.case_id].append(one)
    return found


def _batched(numbers: Sequence[int], size: int = 1000) -> Iterable[Sequence[int]]:
    """The numbers in parts that one statement can name."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
