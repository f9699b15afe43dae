"""The files themselves: a tagged PDF (PDF/UA-1) set by typst, its JSON twin, and the ZIP that holds both.

What people typed reaches typst as data, never as markup. Pure: takes the sheet, gives bytes.
"""

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from cx.web.sentence import _

MOST_TRIES = 3
_MISSING = re.compile(r'text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# What the fonts that come with typst have for sure (tried character by character, each block as a whole).
_SURE = r"\n -~\u00a0-\u04ff\u05d0-\u05ea\u0621-\u063a\u0641-\u0652\u1e00-\u1fff\u2010-\u2040\u20a0-\u20bf\u2190-\u22ff\u2500-\u25ff"
_UNSURE = re.compile(f"[^{_SURE}]")


class NotSet(RuntimeError):
    """The PDF could not be set, whatever was left out."""


def words() -> dict[str, str]:
    """The headings of the PDF, in the language of the page."""
    return {
        "asked": _("What is asked"),
        "addressed": _("For whom this file is"),
        "after": _("After that: %(bodies)s.", bodies="@"),
        "conditions": _("What this body asks first"),
        "condition": _("Condition"),
        "met": _("Met"),
        "source": _("Source"),
        "parties": _("Who it is between"),
        "customer": _("Customer"),
        "organisation": _("Organisation"),
        "people": _("People who spoke for it"),
        "facts": _("Facts"),
        "points": _("Point by point"),
        "point": _("Point %(number)s", number="@"),
        "their_answer": _("Answer of the organisation"),
        "agreed": _("What nobody disputes"),
        "offers": _("What was offered"),
        "no_offers": _("Nothing was offered."),
        "paid_by": _("To be done by"),
        "counter": _("Asked for instead"),
        "conditions_of": _("Conditions"),
        "clocks": _("Dates of the law"),
        "no_clocks": _("No clock of the law runs here."),
        "due": _("Due on"),
        "became": _("What became of it"),
        "owed": _("Owed by"),
        "moved": _("Announced later; before: %(day)s", day="@"),
        "how": _("How it was counted"),
        "timeline": _("What was done, line by line"),
        "line": _("Line"),
        "when": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "documents": _("What was written"),
        "gone": _("This text was taken out on %(day)s. Its line stays.", day="@"),
        "automatic": _("Written by the product, not by a person."),
        "proof": _("How to check this file"),
        "proof_text": _(
            "Made on %(when)s, when the journal stood at line %(line)s. Its mark is %(head)s. Whoever has the ZIP, the PDF or "
            "the JSON can ask on the page “Check a file” of the site whether it is unchanged.",
            when="@1", line="@2", head="@3",
        ),
        "left_out": _("Letters that the fonts of this PDF lack are written as their numbers; the JSON has them as typed."),
        "page": _("Page"),
        "sent": _("Sent on"),
        "state": _("Where it stands"),
    }  # fmt: skip


@cache
def _source() -> bytes:
    return files("cx.elsewhere").joinpath("dossier.typ").read_bytes()


def pdf(sheet: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> bytes:
    """The PDF. Letters that no font has are written as their numbers. Raises NotSet."""
    data = {"sheet": sheet, "words": {**(labels or words())}, "left_out": False}
    text = json.dumps(data, ensure_ascii=False)
    for _try in range(MOST_TRIES):
        try:
            return _set(text)
        except typst.TypstError as error:
            missing = _MISSING.search(str(error))
            if missing is None:
                raise NotSet(str(error)) from error
            text = _written_out(text, _alike(missing[1], text))
    try:
        return _set(_written_out(text, set(_UNSURE.findall(text))))
    except typst.TypstError as error:
        raise NotSet(str(error)) from error


def _set(text: str) -> bytes:
    made = typst.compile(
        _source(), format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True, sys_inputs={"data": text}
    )
    assert isinstance(made, bytes)
    return made


def _alike(shown: str, text: str) -> set[str]:
    """The letters of `text` that are of the same kind as the one that no font has: they will be missing too."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), shown)
    kinds = {_kind(char) for char in plain if ord(char) > 126}
    return {char for char in set(text) if ord(char) > 126 and _kind(char) in kinds} | {
        char for char in plain if ord(char) > 126
    }


def _kind(char: str) -> tuple[str, str]:
    category = unicodedata.category(char)
    name = unicodedata.name(char, "").split(" ")[0]
    return category, name if category.startswith("L") else str(ord(char) >> 8)


def _written_out(text: str, missing: set[str]) -> str:
    # The text is JSON: a number in square brackets is as good inside its strings as the letter was.
    told = text.replace('"left_out": false', '"left_out": true', 1) if missing else text
    return told.translate({ord(char): f"[U+{ord(char):04X}]" for char in missing})


def twin(sheet: Mapping[str, Any]) -> bytes:
    """The JSON twin, readable by people too."""
    return json.dumps(sheet, ensure_ascii=False, indent=1).encode()


def packed(reference: str, inside: Mapping[str, bytes]) -> bytes:
    """The ZIP around the files, by their ending."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, data in inside.items():
            archive.writestr(f"{reference}.{ending}", data)
    return out.getvalue()


def made(sheet: Mapping[str, Any]) -> dict[str, bytes]:
    """All three files: `pdf`, `json`, and the `zip` with both."""
    inside = {"pdf": pdf(sheet), "json": twin(sheet)}
    return {**inside, "zip": packed(str(sheet["reference"]), inside)}
