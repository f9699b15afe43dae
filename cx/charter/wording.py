"""What the pages say of charters, and what a page of a case may ask for: its promises, and whether there is a charter."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask_babel import format_decimal

from cx.core.scoring import SHOWN_FROM
from cx.disputes import charter, promised
from cx.disputes.charter_seen import Given, Measures, PledgeSeen
from cx.disputes.seen import CaseFile
from cx.web.database import reading
from cx.web.promises import OWN_REMEDIES, REMEDIES, promise_line, remedy_line
from cx.web.sentence import _, ngettext


def promises_on(case: CaseFile) -> tuple[PledgeSeen, ...]:
    """The promises on a case, for a page that its reader may see already."""
    return promised.on_file(case, datetime.now(UTC))


def charter_slug(organisation_id: int) -> str:
    """The name of an organisation in addresses when it promises something at present; empty when it does not."""
    session = reading()
    published = charter.is_published(session, organisation_id, datetime.now(UTC))
    return charter.slug_of(session, organisation_id) if published else ""


def charter_of_case(case: CaseFile) -> str:
    """The same for the organisation of a case that was opened for its reader."""
    return case.slug if case.beside["charter"] else ""


def given_line(given: Given) -> str:
    """What a broken promise brings, in a line."""
    return remedy_line(given.kind, given.amount_minor, given.currency, given.words)


def rate(kept: int, n: int) -> str:
    """How often a promise was kept in ninety days; under five times no share is said."""
    if not n:
        return _("Not due yet.")
    if n < SHOWN_FROM:
        return _("Too few to say: fewer than five in ninety days.")
    return _("Kept %(share)s%% of the time in ninety days (%(n)s).", share=round(100 * kept / n), n=format_decimal(n))


def measures_lines(measures: Measures) -> list[str]:
    """The figures of a charter, each in a sentence; what rests on fewer than five is left out."""
    lines = []
    if measures.n >= SHOWN_FROM:
        share = round(100 * measures.kept / measures.n)
        lines.append(
            _("All promises together: kept %(share)s%% of the time (%(n)s).", share=share, n=format_decimal(measures.n))
        )
    if measures.offered >= SHOWN_FROM and measures.days is not None:
        days = format_decimal(round(measures.days, 1))
        lines.append(
            _("Half of the remedies were offered within %(days)s days of the broken promise (%(n)s).",
              days=days, n=format_decimal(measures.offered))
        )  # fmt: skip
    if measures.decided >= SHOWN_FROM:
        share = round(100 * measures.blocked / measures.decided)
        lines.append(
            _("Remedies that were not given, with a reason: %(share)s%% (%(n)s).",
              share=share, n=format_decimal(measures.decided))
        )  # fmt: skip
    return lines


def cap_line(used: int, cap: int) -> str:
    """How many remedies of one promise a person had within a year, and how many there can be."""
    return ngettext(
        "%(used)s of %(num)d remedy for this promise within a year.",
        "%(used)s of %(num)d remedies for this promise within a year.",
        cap,
        used=used,
    )


def globals_of() -> dict[str, Callable[..., Any] | Any]:
    """What the templates of cases and charters call."""
    return {
        "promises_on": promises_on,
        "charter_slug": charter_slug,
        "charter_of_case": charter_of_case,
        "promise_line": promise_line,
        "given_line": given_line,
        "promise_rate": rate,
        "cap_line": cap_line,
        "remedy_words": REMEDIES,
        "own_remedy_words": OWN_REMEDIES,
    }
