"""Numbers that nobody should have to give away: cards, IBANs and French social security numbers are masked.

Masking happens on entry, before anything is stored, logged, indexed, read by the reader or mailed; the person is
told which kinds were hidden. Checks come from python-stdnum (Luhn, ISO 7064 mod 97, NIR key).
"""

import re
from dataclasses import dataclass

from stdnum import iban, luhn

# 13 to 19 digits in groups; the issuer ranges in use: 2221-2720, 3, 4, 5, 6.
_CARD = re.compile(r"(?<![\w-])(?:\d[ -]?){12,18}\d(?![\w-])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_NIR = re.compile(r"(?<!\d)[1-478](?:[ .-]?\d{2}){2}[ .-]?(?:\d{2}|2[ABab])(?:[ .-]?\d{3}){2}[ .-]?\d{2}(?!\d)")
_SPACES = re.compile(r"[ .-]")
_TRACKING = re.compile(
    r"(?i)(?:suivi|colis|envoi|tracking|parcel|item|num[ée]ro de dossier|reference|référence)\W{0,12}$"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without such numbers, and which kinds were hidden: `card`, `iban`, `nir`, in this order."""

    text: str
    kinds: tuple[str, ...]


def _is_card(digits: str) -> bool:
    ranged = digits[0] in "3456" or 2221 <= int(digits[:4]) <= 2720
    return 13 <= len(digits) <= 19 and ranged and len(set(digits)) > 1 and luhn.is_valid(digits)


def _iban_length(compact: str) -> int:
    """How many leading characters of `compact` make a valid IBAN; 0 when none do (words may follow the number)."""
    return next((size for size in range(min(34, len(compact)), 14, -1) if iban.is_valid(compact[:size])), 0)


def _nir_holds(compact: str) -> bool:
    body, key = compact[:13].upper(), compact[13:]
    number = body.replace("2A", "19").replace("2B", "18") if body[5:7] in {"2A", "2B"} else body
    return number.isdigit() and 97 - int(number) % 97 == int(key)


def mask(text: str) -> Masked:
    """Hide cards, IBANs and French NIRs in free text; a number said to be a tracking number is left alone."""
    found: set[str] = set()

    def hide_iban(match: re.Match[str]) -> str:
        raw = match.group()
        size = _iban_length(_SPACES.sub("", raw).upper())
        if not size:
            return raw
        found.add("iban")
        seen, end = 0, 0
        for end, char in enumerate(raw, start=1):  # noqa: B007 - `end` is used after the loop
            seen += char not in " .-"
            if seen == size:
                break
        number = _SPACES.sub("", raw[:end]).upper()
        return f"{number[:2]}** … {number[-4:]}{raw[end:]}"

    def hide_nir(match: re.Match[str]) -> str:
        if not _nir_holds(_SPACES.sub("", match.group())):
            return match.group()
        found.add("nir")
        return "• •• •• … ••"

    def hide_card(match: re.Match[str]) -> str:
        digits = _SPACES.sub("", match.group())
        if not _is_card(digits) or _TRACKING.search(text[: match.start()][-40:]):
            return match.group()
        found.add("card")
        return f"•••• {digits[-4:]}"

    masked = _CARD.sub(hide_card, _NIR.sub(hide_nir, _IBAN.sub(hide_iban, text)))
    return Masked(masked, tuple(kind for kind in ("card", "iban", "nir") if kind in found))
