"""References that people read aloud, and secrets that open a case."""

import hashlib
import secrets
from collections.abc import Callable
from typing import TypeAlias

# Crockford's base 32: no I, L, O, U, so nothing is mistaken for something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LETTERS = 8
SECRET_LETTERS = 16

# Draws a number of bits. Only the demo, which must come out the same for the same seed, gives another than `drawn`.
Draw: TypeAlias = Callable[[int], int]


def drawn(bits: int) -> int:
    """Bits that nobody can guess: where references, secrets and salts come from."""
    return secrets.randbits(bits)


def spelled(number: int, letters: int) -> str:
    """The lowest bits of a number in our alphabet, five bits a letter."""
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(letters))


def new_reference(draw: Draw = drawn) -> str:
    """A random reference such as DL-7K3M-9QXT (40 bits: it names a case and opens nothing)."""
    letters = spelled(draw(5 * REFERENCE_LETTERS), REFERENCE_LETTERS)
    return f"DL-{letters[:4]}-{letters[4:]}"


def new_secret(draw: Draw = drawn) -> str:
    """A random secret of 80 bits, sixteen letters; it is the private link and the code that people write down."""
    return spelled(draw(5 * SECRET_LETTERS), SECRET_LETTERS)


def new_salt(draw: Draw = drawn) -> str:
    """A random salt of 128 bits, in hexadecimal."""
    return f"{draw(128):032x}"


def in_groups(secret: str) -> str:
    """The secret as it is written down: four groups of four."""
    return "-".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def hash_secret(secret: str) -> str:
    """The form in which a secret is stored and looked up (SHA-256 in hexadecimal)."""
    return hashlib.sha256(secret.encode()).hexdigest()
