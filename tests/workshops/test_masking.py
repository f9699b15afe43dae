"""Card, IBAN and social security numbers never get past the door; other long numbers do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.disputes.masking import mask


@pytest.mark.parametrize(
    ("typed", "kept", "kinds"),
    [
        ("carte 4111 1111 1111 1111 bloquée", "carte •••• 1111 bloquée", ("card",)),
        ("carte 5500-0000-0000-0004.", "carte •••• 0004.", ("card",)),
        ("FR14 2004 1010 0505 0001 3M02 606 merci", "FR** … 2606 merci", ("iban",)),
        ("iban DE89370400440532013000 ok", "iban DE** … 3000 ok", ("iban",)),
        ("gb82 west 1234 5698 7654 32", "GB** … 5432", ("iban",)),
        ("nir 2 69 05 49 588 157 80 fin", "nir • •• •• … •• fin", ("nir",)),
        ("Corse 1 85 05 2A 001 008 55", "Corse 1 85 05 2A 001 008 55", ()),
        ("colis 6A12345678901 perdu", "colis 6A12345678901 perdu", ()),
        ("n° de suivi 4111111111111111", "n° de suivi 4111111111111111", ()),
        ("appelé le 06 12 34 56 78 à 14 h", "appelé le 06 12 34 56 78 à 14 h", ()),
        ("dossier 4111 1111 1111 1112", "dossier 4111 1111 1111 1112", ()),
        ("rien", "rien", ()),
    ],
)
def test_what_is_masked_and_what_is_not(typed: str, kept: str, kinds: tuple[str, ...]) -> None:
    assert mask(typed).text == kept
    assert mask(typed).kinds == kinds


def test_several_kinds_in_one_text_are_named_once_each() -> None:
    masked = mask("4111111111111111, 4111111111111111 et FR1420041010050500013M02606")
    assert masked.kinds == ("card", "iban")
    assert "4111111111111111" not in masked.text


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_masking_never_fails_and_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text


@given(st.integers(min_value=0, max_value=10**11 - 1), st.sampled_from(["", " ", "-"]))
def test_any_valid_card_number_is_masked(body: int, gap: str) -> None:
    digits = f"4{body:011d}000"
    check = next(str(last) for last in range(10) if _luhn(digits + str(last)))
    number = digits + check
    if len(set(number)) < 2:
        return
    shown = gap.join(number[at : at + 4] for at in range(0, 16, 4))
    assert mask(f"la carte {shown} est bloquée").text == f"la carte •••• {number[-4:]} est bloquée"


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(sum(divmod(one, 10)) for one in doubled) % 10 == 0
