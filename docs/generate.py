"""Writes the parts of the documentation that are data: `python docs/generate.py` (a house test keeps them true)."""

import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cx.core.clock import load
from cx.core.moves_table import MOVES, RECORDED
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


def clocks() -> str:
    """The clocks, from `cx/core/regimes.toml`."""
    rows = [
        "| id | sectors | where | what | limit | counted in | who comes next | source | status | version |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for regime in load().values():
        limits = " / ".join(f"{one.amount} {one.unit.value}" for one in regime.limits)
        rows.append(
            f"| {regime.id} | {', '.join(sorted(one.value for one in regime.sector))} | {regime.jurisdiction} | {regime.purpose.value} "
            f"| {limits} | {regime.calendar} | {regime.on_expiry or '–'} | {regime.source} | {regime.status.value} "
            f"| {regime.version} |"
        )
    return "\n".join(rows)


def themes() -> str:
    """The fourteen themes with their families and weights."""
    rows = ["| code | id | family | weight |", "|---|---|---|---|"]
    rows += [f"| {one.code} | {one.value} | {one.family.value} | {one.weight:.2f} |" for one in Theme]
    return "\n".join(rows)


PARTS = {
    "dispute.md": {"picture": picture, "moves": moves},
    "clocks.md": {"clocks": clocks},
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
