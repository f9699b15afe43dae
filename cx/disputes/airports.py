"""Where an airport lies, by its three letters; read from the `airportsdata` package, which is not kept in memory."""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from cx.core.redress import Airport

_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


def code_of(typed: object) -> str:
    """The three letters in what somebody typed ("CDG", "Paris (CDG)", "cdg"); empty when there are none."""
    text = str(typed or "").strip()
    if len(text) == 3:
        text = text.upper()
    found = _CODE.findall(text)
    return found[-1] if found else ""


@lru_cache(maxsize=256)
def airport(code: str) -> Airport | None:
    """The airport with this IATA code; None when there is none. One reading of the list takes a few milliseconds."""
    if not re.fullmatch(r"[A-Z]{3}", code):
        return None
    listed = files("airportsdata").joinpath("airports.csv").read_text(encoding="utf-8")
    line = re.search(rf'^"?[^",\n]*"?,"?{code}"?,.*$', listed, re.MULTILINE)
    if line is None:
        return None
    heading = next(csv.reader([listed[: listed.index("\n")]]))
    row = dict(zip(heading, next(csv.reader([line.group()])), strict=True))
    return Airport(code, float(row["lat"]), float(row["lon"]), row["country"])
