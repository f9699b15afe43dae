"""Typed refusals: why a rule said no. `cx.web.errors` turns each into a page in the reader's language."""

from dataclasses import dataclass


class Refusal(Exception):
    """A rule refused. Subclasses say which; none carries a sentence in a human language."""


@dataclass
class NotAllowed(Refusal):
    """This role may not do this action on such a case (web: 403, or 404 where existence would leak)."""

    action: str
    role: str


@dataclass
class WrongState(Refusal):
    """The action exists, but not from the state in which the dispute stands (web: 409)."""

    action: str
    state: str


@dataclass
class GuardFailed(Refusal):
    """The move exists and the role fits, but a condition is not met (web: 422 beside the field).

    `guard` names the condition, `field` the form field it belongs to, if any.
    """

    guard: str
    field: str | None = None


@dataclass
class Conflict(Refusal):
    """Somebody else acted first: the case moved from version `expected` to `actual` (web: 409)."""

    expected: int
    actual: int


class NotVisible(Refusal):
    """The visitor may not see this object, or it does not exist: the answer is the same (web: 404)."""


class KeyReused(Refusal):
    """The same idempotency key came with other content (web: 409, the text is kept)."""
