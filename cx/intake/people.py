"""Who reads the case, and the request for a person that runs, as the tracking page shows them."""

from datetime import datetime
from typing import Any

from cx.disputes import asking, presence
from cx.disputes.seen import CaseFile


def people(case: CaseFile, now: datetime) -> dict[str, Any]:
    """The named person (`reader`) and what was asked of a person and waits (`human`), with the present moment."""
    requests = asking.on_case(case)
    waiting = next((one for one in requests if one.waiting), None)
    return {"reader": presence.reader_of(case, now), "human": waiting, "now": now}
