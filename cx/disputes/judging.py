"""What people say about a case without moving it: which themes its story tells, and the four values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.refusals import GuardFailed
from cx.core.words import Action, Theme, Value
from cx.disputes.acting import act
from cx.disputes.ledger import Ledger, account_of

CONFIRMED = "confirmed"
# What brings a person to a ruling: by the way at the desk, if nothing else is said.
DESK = "desk"


def rule_themes(
    ledger: Ledger,
    actor: Actor,
    at: datetime,
    themes: frozenset[Theme],
    version: str,
    standing: Mapping[str, str],
    *,
    first: bool,
    source: str = DESK,
) -> None:
    """Say which themes the story tells: the full set. Each theme that was suggested or set is confirmed or refused.

    `standing` are the themes so far with their status, `version` the version of the reader, `first` whether nobody
    ruled on the case before, `source` what brought the person to it (`models.ThemeRuling`). Rulings carry author and
    date and are added; none is overwritten.
    """
    known = set(standing)
    told = {theme.value for theme in themes}
    facts = {"confirmed": sorted(told & known), "refused": sorted(known - told), "added": sorted(told - known)}
    act(ledger, Action.RULE_THEMES, actor, at, {**facts, "source": None if source == DESK else source})
    verdicts = {"confirmed": facts["confirmed"], "rejected": facts["refused"], "added": facts["added"]}
    common = {
        "account_id": account_of(actor.id), "role": actor.role.value, "reader_version": version, "source": source,
        "at": at,
    }  # fmt: skip
    ledger.rulings.extend(
        {"theme": theme, "verdict": verdict, **common} for verdict, names in verdicts.items() for theme in names
    )
    month = ledger.local_day(ledger.case["told_at"])
    before = {name for name, status in standing.items() if status == CONFIRMED}
    if first and not before:
        ledger.figures.append(("ruled", "", 1, month))
    ledger.figures += [("theme", theme, 1, month) for theme in sorted(told - before)]
    ledger.figures += [("theme", theme, -1, month) for theme in sorted(before - told)]
    ledger.themes = dict.fromkeys(sorted(told), CONFIRMED)


def say_values(ledger: Ledger, actor: Actor, at: datetime, values: Mapping[Value, int]) -> None:
    """Record the four values as a new answer; earlier ones stay. Raises GuardFailed unless each is 1 to 5."""
    if not values or not all(1 <= number <= 5 for number in values.values()):
        raise GuardFailed("values_in_range", "values")
    ledger.record(happened("values_said", actor, at))
    row: dict[str, Any] = {"at": at, "solved": None, "message_id": None}
    ledger.surveys.append({**row, **{value.value: values.get(value) for value in Value}})
    on = ledger.local_day(at)
    ledger.figures += [(f"value:{value.value}", str(number), 1, on) for value, number in values.items()]
