"""The figures of the page as a table for spreadsheets (`/insight.csv`). Rates that are hidden there are empty here."""

from collections.abc import Iterator, Mapping

from cx.core.scoring import Quantile, Score, Share
from cx.core.words import Solved
from cx.insight.asked import Asked
from cx.insight.overview import Overview
from cx.insight.presence import People
from cx.insight.redress import Redress
from cx.web import labels
from cx.web.sheets import Cell

HEADER = ("organisation", "from", "to", "measure", "key", "label", "count", "n", "value", "unit", "low", "high")

Row = tuple[Cell, ...]


def name(asked: Asked) -> str:
    """The name of the file, without its ending."""
    whose = asked.organisation.slug if asked.organisation is not None else "all"
    return f"insight-{whose}-{asked.first:%Y-%m}-{asked.last:%Y-%m}"


def rows(
    seen: Overview, money: Redress, mediated: Share, persons: People, asked: Asked, places: Mapping[str, str]
) -> Iterator[Row]:
    """One row a figure: `value`, `low` and `high` (95 % interval) in `unit`; `count` of `n` where it is a share."""
    whose = asked.organisation.name if asked.organisation is not None else ""
    common = (whose, f"{asked.first:%Y-%m}", f"{asked.last:%Y-%m}")
    told = (*_counts(seen), *_solved(seen), *_means(seen), *_themes(seen), *_places(seen, places))
    for row in (*told, *_persons(persons), *_money(money)):
        yield common + row
    yield common + _share("mediations_changed", mediated)


def _count(measure: str, count: int, key: str = "", label: str = "") -> Row:
    return measure, key, label, count, "", "", "", "", ""


def _share(measure: str, share: Share, key: str = "", label: str = "") -> Row:
    if not share.shown:
        return measure, key, label, share.count, share.n, "", "%", "", ""
    return measure, key, label, share.count, share.n, *_shown(share.value), "%", *_shown(share.low, share.high)


def _shown(*numbers: float) -> tuple[float, ...]:
    return tuple(round(number, 1) for number in numbers)


def _counts(seen: Overview) -> Iterator[Row]:
    yield _count("told", seen.told)
    yield _count("sent", seen.sent)
    yield _count("answered", seen.median.n)
    yield _count("reopened", seen.reopened)
    yield _count("open_today", seen.now.open)
    yield _count("late_today", seen.now.overdue)
    yield _count("resting_today", seen.now.resting)
    yield _count("stories_waiting_today", seen.now.stories)


def _solved(seen: Overview) -> Iterator[Row]:
    for answer in Solved:
        share = Share(seen.answers.get(answer, 0), seen.solved.n)
        yield _share("solved", share, answer.value, str(labels.SOLVED[answer]))
    for month in seen.months:
        yield _share("solved_by_month", month.solved, f"{month.month:%Y-%m}")


def _means(seen: Overview) -> Iterator[Row]:
    for value, score in seen.values.items():
        yield _mean("value", score, value.value, str(labels.VALUES[value]), "0-100")
    yield _mean("days_median", seen.median, "", "", "days")
    yield _mean("days_percentile_90", seen.slow, "", "", "days")


def _mean(measure: str, mean: Score | Quantile, key: str, label: str, unit: str) -> Row:
    if not mean.shown:
        return measure, key, label, "", mean.n, "", unit, "", ""
    return measure, key, label, "", mean.n, *_shown(mean.value), unit, *_shown(mean.low, mean.high)


def _themes(seen: Overview) -> Iterator[Row]:
    yield _count("ruled", seen.ruled)
    for theme, share in seen.themes:
        yield _share("theme", share, theme.value, str(labels.THEMES[theme]))


def _places(seen: Overview, places: Mapping[str, str]) -> Iterator[Row]:
    for place, count in seen.places:
        yield _count("place", count, place, places[place])


def _persons(persons: People) -> Iterator[Row]:
    yield _count("person_asked", persons.asked)
    yield _share("person_in_time", persons.kept)
    yield _mean("person_minutes_median", persons.median, "", "", "minutes")
    yield _mean("person_minutes_percentile_95", persons.slow, "", "", "minutes")
    yield _share("cases_with_one_person", persons.one)
    yield _share("cases_with_at_most_two", persons.few)


def _money(money: Redress) -> Iterator[Row]:
    """Sums in whole and hundredths of their currency as stored: minor units, the currency as their unit."""
    named = [("redress", row) for row in money.currencies] + [("broken_promise", row) for row in money.promises]
    for what, row in named:
        for measure, sum_ in (("offered", row.offered), ("agreed", row.agreed), ("paid", row.paid)):
            yield f"{what}_{measure}", row.code, "", sum_.n, "", sum_.minor, f"{row.code} minor units", "", ""
    yield _share("redress_in_time", money.in_time)
