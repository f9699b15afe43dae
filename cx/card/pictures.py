"""The pictures of the card as plain rows for the macros of `kit/figures.html` and `kit/curves.html`."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import format_date

from cx.card.measured import Calibration, Kept, Learned, Measured, Quality, Rate
from cx.card.wording import between, percent, whole
from cx.core import drift as apart
from cx.core.scoring import SHOWN_FROM
from cx.core.words import Theme
from cx.disputes.drift import Month
from cx.web import labels
from cx.web.formats import month
from cx.web.language import language
from cx.web.sentence import _

Rows = list[dict[str, Any]]


def themes(found: Measured) -> Rows:
    """For each theme two marks: how much of what is said is right, how much of what is told is found; oftenest first."""
    ranked = sorted(found.themes.items(), key=lambda pair: -pair[1].n)
    return [_row(str(labels.THEMES[theme]), one) for theme, one in ranked]


def groups(found: Mapping[str, Quality], names: Mapping[str, Any]) -> Rows:
    """The same for languages or sectors."""
    return [_row(str(names[name]), one) for name, one in found.items() if name in names]


def languages(found: Measured) -> Rows:
    """The same for the two languages."""
    names = {"fr": _("French"), "en": _("English")}
    return groups(found.languages, {code: name[:1].upper() + name[1:] for code, name in names.items()})


def sectors(found: Measured) -> Rows:
    """The same for the sectors."""
    return groups(found.sectors, labels.SECTORS)


def _row(label: str, one: Quality) -> dict[str, Any]:
    return {
        "label": label,
        "n": one.n,
        "marks": [_mark(one.precision), _mark(one.recall)],
        "sure": _mark(one.sure_precision),
    }


def _mark(rate: Rate | None) -> dict[str, Any]:
    if rate is None or not rate.shown:
        return {"value": None, "text": _("too few"), "n": rate.n if rate is not None else 0}
    return {
        "value": round(rate.value, 1),
        "from": round(rate.low, 1),
        "to": round(rate.high, 1),
        "text": percent(rate.value),
        "range": between(rate.low, rate.high),
        "n": rate.n,
    }


def reliability(found: Calibration) -> Rows:
    """What was said on average in each tenth of the scale, and how much of it was true."""
    return [
        {"label": percent(one.said), "said": round(one.said, 1), **_mark(one.true)} for one in found.bins if one.true.n
    ]


def kept(found: Sequence[Kept]) -> Rows:
    """How often the surest suggestions are right, when only so many of them are made."""
    return [{"label": percent(one.share), **_mark(one.right), "found": percent(one.found)} for one in found]


def learned(found: Sequence[Learned], which: str) -> Rows:
    """F1 after so many rulings; `which` is `micro` or `macro`."""
    rows = []
    for one in found:
        middle, low, high = getattr(one, which)
        rows.append(
            {
                "label": str(one.rulings),
                "value": round(middle, 1),
                "text": str(whole(middle)),
                "from": round(low, 1),
                "to": round(high, 1),
                "range": f"{whole(low)}–{whole(high)}",
            }
        )
    return rows


def shares(months: Sequence[Month]) -> dict[str, Any]:
    """The share of stories in which each theme was suggested, month by month, with the months that stand apart.

    Only months that the version of the latest month read are compared: another version reads differently.
    """
    version = _latest(months)
    seen = [one for one in months if one.version == version]
    read = [one for one in months if one.read]
    ever = [theme for theme in Theme if any(one.suggested.get(theme) for one in read)]
    comparisons = max(1, len(ever) * sum(one.read > 0 for one in seen))
    rows = [_of_theme(theme, months, seen, comparisons) for theme in ever]
    rows.sort(key=lambda row: (not row["apart"], -row["usual"]))
    names = [
        {"label": _month(one), "n": one.read, "other": bool(one.read and one.version != version)} for one in months
    ]
    return {
        "rows": rows,
        "months": names,
        "high": max([10.0, *(cell["value"] or 0.0 for row in rows for cell in row["cells"])]),
        "apart": [sentence for row in rows for sentence in row["apart"]],
    }


def _of_theme(theme: Theme, months: Sequence[Month], seen: Sequence[Month], comparisons: int) -> dict[str, Any]:
    """One line of it: `seen` are the months that are compared, `months` all that are shown."""
    far = apart.shares_apart([one.share(theme) for one in seen], comparisons)
    marked = dict(zip([one.month for one in seen], far, strict=True))
    # What is usual is said by the months that do not stand apart.
    quiet = [one for one in seen if not marked[one.month]]
    read = sum(one.read for one in quiet)
    usual = 100 * sum(one.suggested.get(theme, 0) for one in quiet) / read if read else 0.0
    ruled, confirmed = sum(one.ruled for one in months), sum(one.confirmed.get(theme, 0) for one in months)
    return {
        "label": str(labels.THEMES[theme]),
        "cells": [_cell(one, theme, marked.get(one.month, False), usual) for one in months],
        "all": percent(usual),
        "usual": round(usual, 1),
        "confirmed": percent(100 * confirmed / ruled) if ruled >= SHOWN_FROM else "–",
        "apart": [
            _("%(theme)s: %(share)s in %(month)s, otherwise %(usual)s.", theme=labels.THEMES[theme],
              share=percent(one.share(theme).value), month=month(one.month), usual=percent(usual))
            for one in months if marked.get(one.month)
        ],
    }  # fmt: skip


def _cell(seen: Month, theme: Theme, stands_apart: bool, usual: float) -> dict[str, Any]:
    share = seen.share(theme)
    if not share.shown:
        return {"value": None, "text": "–", "mark": ""}
    return {
        "value": round(share.value, 1),
        "text": percent(share.value),
        "mark": ("up" if share.value > usual else "down") if stands_apart else "",
    }


def _latest(months: Sequence[Month]) -> str:
    """The version that read the latest month in which anything was read."""
    return next((one.version for one in reversed(months) if one.read), "")


def vocabulary(months: Sequence[Month]) -> Rows:
    """How many of a hundred words of a story the reader knew, on average, month by month."""
    version = _latest(months)
    seen = [one for one in months if one.version == version]
    marked = dict(zip([one.month for one in seen], apart.means_apart([one.known for one in seen]), strict=True))
    rows = []
    for one in months:
        found = apart.mean(one.known)
        row: dict[str, Any] = {
            "label": _month(one) + ("\u00a0*" if marked.get(one.month) else ""),
            "n": found.n,
            "value": None,
            "text": "",
        }
        if found.n >= SHOWN_FROM:
            low, high = max(0.0, found.low), min(100.0, found.high)
            row |= {
                "value": round(found.value, 1), "text": percent(found.value), "from": round(low, 1),
                "to": round(high, 1), "range": between(low, high),
            }  # fmt: skip
        rows.append(row)
    return rows


def _month(one: Month) -> str:
    return format_date(one.month, "LLL yy", locale=language())
