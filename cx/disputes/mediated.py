"""What mediations changed: counted when one comes to an end, for the manager's page and for the recount.

`changed`: both parties accepted the opinion; `kept`: one refused it, or the mediation ended without an opinion.
"""

from collections.abc import Mapping
from typing import Any

from cx.core.acts import Event
from cx.core.words import State
from cx.disputes.ledger import Ledger

MEASURE = "mediation"
CHANGED, STAYED = "changed", "kept"
KINDS = ("opinion_accepted", "opinion_refused", "mediation_ended")


def became(kind: str, data: Mapping[str, Any]) -> str:
    """What an event makes of a mediation; empty while it goes on, as after the first of two acceptances."""
    if kind == "opinion_accepted":
        return CHANGED if data.get("to") == State.ACCEPTED else ""
    return STAYED if kind in KINDS else ""


def counted(ledger: Ledger, event: Event, _facts: Mapping[str, Any]) -> None:
    """Count a mediation that came to its end, in the month of its end."""
    key = became(event.kind, event.data)
    if key:
        ledger.figures.append((MEASURE, key, 1, ledger.local_day(event.at)))
