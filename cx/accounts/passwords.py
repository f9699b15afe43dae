"""Passwords: hashed with argon2id, checked in the same time whether or not there is anybody to check against."""

import argon2

LEAST = 10
MOST = 128

# One for the process; tests put a cheaper one in its place.
hasher = argon2.PasswordHasher()

# Long enough, and still the first that anybody tries.
_TRIED_FIRST = frozenset(
    "1234567890 12345678910 0123456789 0987654321 azertyuiop qwertyuiop azertyuiop1 qwertyuiop1 azerty1234 azerty12345 "
    "qwerty1234 qwerty12345 motdepasse motdepasse1 motdepasse123 password12 password123 password1234 passw0rd123 "
    "doleance123 doleance1234 bonjour123 bienvenue1 bienvenue123 welcome123 iloveyou12 jetaime123 abcdefghij".split()
)


def hash_password(password: str) -> str:
    """The form in which a password is stored (argon2id, about 0.2 s and 64 MB)."""
    return hasher.hash(password)


def _nobody() -> str:
    """A hash that no password has, as dear to check as a real one."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


def is_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one stored; takes as long when nothing is stored, or when it is absurdly long."""
    sound = stored is not None and len(password) <= MOST
    try:
        hasher.verify(stored if sound and stored else _nobody(), password[: MOST + 1])
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return sound


def easily_guessed(password: str, *known: str) -> bool:
    """Whether it is among the first tried: a famous one, one letter over and over, or what is `known` of the person."""
    plain = password.casefold().strip()
    about = {part for text in known for part in (text.casefold(), text.casefold().partition("@")[0]) if part}
    return plain in _TRIED_FIRST or plain in about or len(set(plain)) < 4
