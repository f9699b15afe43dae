"""Tables for spreadsheets: CSV whose cells are text and nothing but text, whoever wrote them.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, also when spaces or invisible marks
come before the sign. The file begins with a byte order mark: without it Excel reads UTF-8 as something older, and
every other reader of CSV knows it. Numbers have a decimal point, dates are ISO 8601, lines end as RFC 4180 says.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

Cell = str | int | float | None

_FORMULA = "=+-@\t\r\n＝＋－＠"
_BEFORE = " \u00a0\u200b\u2060\ufeff\u00ad"


def inert(cell: Cell) -> Cell:
    """A cell that no spreadsheet executes; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    shown = cell.lstrip(_BEFORE)
    return f"'{cell}" if shown[:1] and shown[0] in _FORMULA else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV with its byte order mark."""
    page = io.StringIO()
    page.write("\ufeff")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return page.getvalue()


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table to download under `name` (plain letters, digits and dashes)."""
    response = Response(csv_text(header, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
