"""Writes the parts of the documentation that are data: `python docs/generate.py` (a house test keeps them true)."""

import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cx.core.limits import Limit, Purpose, Regime, Roll
from cx.core.moves_table import MOVES, RECORDED
from cx.core.regimes import load, recourses, rights
from cx.core.words import Theme

BEGIN, END = "<!-- generated: {} -->", "<!-- end of {} -->"


def picture() -> str:
    """The states and moves as a Mermaid picture, drawn from the table."""
    edges: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for move in MOVES:
        for source in move.sources:
            if len(move.sources) <= 4:
                edges[source.value, move.target.value].add(move.action.value)
    lines = [f"    {source} --> {target}: {', '.join(sorted(how))}" for (source, target), how in sorted(edges.items())]
    wide = [
        f"    any_of_{len(move.sources)} --> {move.target.value}: {move.action.value}"
        for move in MOVES
        if len(move.sources) > 4
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *wide, "```"])


def moves() -> str:
    """The table of moves, row by row."""
    rows = ["| row | from | to | action | who | guards |", "|---|---|---|---|---|---|"]
    for move in MOVES:
        sources = ", ".join(sorted(one.value for one in move.sources))
        roles = ", ".join(sorted(one.value for one in move.roles))
        guards = ", ".join(one.__name__ for one in move.guards) or "–"
        rows.append(f"| {move.no} | {sources} | {move.target.value} | {move.action.value} | {roles} | {guards} |")
    rows += ["", "Acts that are recorded and move nothing:", "", "| action | who | guards |", "|---|---|---|"]
    for record in RECORDED:
        roles = ", ".join(sorted(one.value for one in record.roles))
        rows.append(f"| {record.action.value} | {roles} | {', '.join(one.__name__ for one in record.guards) or '–'} |")
    return "\n".join(rows)


CLOCK_COLUMNS = (
    "id", "sectors", "where", "who", "what", "from the day it is", "limit", "longer", "counted in", "then", "source",
    "status", "since", "version",
)  # fmt: skip


def _amount(limit: Limit) -> str:
    return f"{limit.amount} {limit.unit.value}"


def _extension(regime: Regime) -> str:
    if regime.extension is None:
        return "–"
    return _amount(regime.extension.limit) if regime.extension.limit is not None else "a day it announces"


def _limits(regime: Regime) -> str:
    said = " / ".join(_amount(one) for one in regime.limits)
    if len(regime.limits) > 1:
        said += ", the later day" if regime.purpose is Purpose.RIGHT_OPENS else ", the earlier day"
    return said


def _cells(regime: Regime) -> tuple[str, ...]:
    where = f"{regime.jurisdiction} without {', '.join(regime.except_in)}" if regime.except_in else regime.jurisdiction
    at = regime.at_body.value if regime.at_body else "a mediator" if regime.at_mediator else ""
    trigger = f"{regime.trigger.value} ({at})" if at else regime.trigger.value
    counted = regime.calendar if regime.roll is Roll.NONE else f"{regime.calendar}, a last day off moves on"
    source = f"{regime.source}. *{regime.note[:1].upper()}{regime.note[1:]}.*" if regime.note else regime.source
    since = " ".join(str(day) for day in (regime.valid_from, regime.valid_to and f"to {regime.valid_to}") if day)
    return (
        regime.id, ", ".join(sorted(one.value for one in regime.sector)), where, regime.duty_holder.value,
        regime.purpose.value, trigger, _limits(regime), _extension(regime), counted, regime.on_expiry or "–", source,
        regime.status.value, since or "–", regime.version,
    )  # fmt: skip


def clocks() -> str:
    """The clocks, from `cx/core/regimes.toml`."""
    rows = [
        f"| {' | '.join(CLOCK_COLUMNS)} |",
        f"|{'---|' * len(CLOCK_COLUMNS)}",
    ]
    rows += [f"| {' | '.join(_cells(regime))} |" for regime in load().values()]
    return "\n".join(rows)


def unclocked() -> str:
    """The rules of the reference that are no clock, and why."""
    rows = ["| id | where | what it says | why it is no clock | source | status |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {one.id} | {one.jurisdiction} | {one.says} | {one.why} | {one.source} | {one.status.value} |"
        for one in rights()
    ]
    return "\n".join(rows)


def bodies() -> str:
    """Who comes after the organisation, in the order to go to them."""
    rows = ["| body | where | sectors | when | |", "|---|---|---|---|---|"]
    for one in recourses():
        facts = ", ".join(name if wanted else f"not {name}" for name, wanted in one.applies_when.items()) or "–"
        sectors = ", ".join(sorted(sector.value for sector in one.sector))
        told = "is told, decides nothing for the customer" if one.signal else ""
        rows.append(f"| {one.body.value} | {one.jurisdiction} | {sectors} | {facts} | {told} |")
    return "\n".join(rows)


def themes() -> str:
    """The fourteen themes with their families and weights."""
    rows = ["| code | id | family | weight |", "|---|---|---|---|"]
    rows += [f"| {one.code} | {one.value} | {one.family.value} | {one.weight:.2f} |" for one in Theme]
    return "\n".join(rows)


PARTS = {
    "dispute.md": {"picture": picture, "moves": moves},
    "clocks.md": {"clocks": clocks, "rights": unclocked, "bodies": bodies},
    "themes.md": {"themes": themes},
}


def renewed(text: str, parts: dict[str, str]) -> str:
    """The document with its generated parts made anew."""
    for name, body in parts.items():
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{body}\n{end}{after}"
    return text


def main() -> None:
    """Write every generated part."""
    for file, parts in PARTS.items():
        path = ROOT / "docs" / file
        made = {name: make() for name, make in parts.items()}
        path.write_text(renewed(path.read_text(encoding="utf8"), made), encoding="utf8")


if __name__ == "__main__":
    main()
