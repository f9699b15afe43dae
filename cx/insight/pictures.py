"""The pictures of the page as plain rows for the macros of `kit/figures.html`; every bar leads to the cases behind it."""

from collections.abc import Mapping
from typing import Any

from babel.dates import format_date
from flask import url_for

from cx.core.scoring import Share
from cx.disputes.analysis import first_words
from cx.insight.asked import Asked
from cx.insight.overview import Overview
from cx.insight.wording import between, percent
from cx.web import labels
from cx.web.language import language
from cx.web.sentence import _

MOST_PLACES = 10
LABEL_LENGTH = 36

Rows = list[dict[str, Any]]


def behind(asked: Asked, **which: str) -> str:
    """The address of the stories behind a figure."""
    return url_for("insight.stories", **asked.address(**which))


def solved_by_month(seen: Overview, asked: Asked) -> Rows:
    """Share of "yes" for each month with its interval; months with too few answers stay empty."""
    rows = []
    for one in seen.months:
        rows.append(
            {
                "label": format_date(one.month, "LLL yy", locale=language()),
                **_share(one.solved),
                **_link(one.solved.n, asked, **{"answers": "solved", "from": f"{one.month:%Y-%m}",
                                                "to": f"{one.month:%Y-%m}", "months": None}),
            }
        )  # fmt: skip
    return rows


def _share(share: Share) -> dict[str, Any]:
    if not share.shown:
        return {"value": None, "text": _("%(count)d of %(n)d", count=share.count, n=share.n), "n": share.n}
    return {
        "value": share.value,
        "text": percent(share.value),
        "n": share.n,
        "from": share.low,
        "to": share.high,
        "range": between(share.low, share.high),
    }


def _link(count: int, asked: Asked, **which: Any) -> dict[str, str]:
    return {"url": behind(asked, **which)} if count else {}


def values(seen: Overview, asked: Asked) -> Rows:
    """The four values as scores of 0 to 100, apart: a composite would hide what is cheap but deaf."""
    rows = []
    for value, score in seen.values.items():
        row: dict[str, Any] = {"label": str(labels.VALUES[value]), "value": None, "text": "", "n": score.n}
        if score.shown:
            row |= {
                "value": score.value,
                "text": f"{score.value:.0f}",
                "from": score.low,
                "to": score.high,
                "range": f"{score.low:.0f}–{score.high:.0f}",
            }
        rows.append(row | _link(score.n, asked, value=value.value))
    return rows


def themes(seen: Overview, asked: Asked) -> Rows:
    """Themes that people confirmed, as a share of the stories on which somebody ruled."""
    rows = []
    for theme, share in seen.themes:
        row = {"label": str(labels.THEMES[theme]), **_share(share)}
        # The count is one's own and always shown; only the rate waits for five stories.
        if share.shown:
            row["text"] = _("%(count)d · %(share)s", count=share.count, share=percent(share.value))
        else:
            row |= {"value": share.value}
        rows.append(row | {"url": behind(asked, theme=theme.value)})
    return rows


def places(seen: Overview, names: Mapping[str, str], asked: Asked) -> Rows:
    """The places of which most stories tell, by their number."""
    return [
        {
            "label": _label(names[place]),
            "value": count,
            "text": str(count),
            "n": seen.told,
            "url": behind(asked, place=place),
        }
        for place, count in seen.places[:MOST_PLACES]
    ]


def _label(name: str) -> str:
    """A place at the head of a bar: with a capital, and cut so that it never runs into its number on a phone."""
    return first_words(name[:1].upper() + name[1:], LABEL_LENGTH)
