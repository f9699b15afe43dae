"""What does not fit together when a customer ends a dispute: asked back once, never held against them.

"Approved" beside a text that says "not solved" has ended disputes elsewhere that nobody wanted to end. Pure: what was
said comes in as plain values.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from cx.core.words import Action, Solved

# Said of a thing that is not well. Both languages; matched on folded text (no accents, lower case, straight quotes).
_NOT_WELL = re.compile(
    r"\b(?:(?:not|isn't|is not|never|nothing) (?:been |yet |at all )?(?:solved|resolved|fixed|settled|paid|refunded|received|done)"
    r"|still (?:not|no|nothing|waiting|broken)|haven't (?:received|been)|unsolved|unresolved"
    r"|(?:pas|jamais|rien) (?:encore |ete |du tout |du tout ete )?(?:resolue?s?|regle|reglee|rembourse|remboursee|recu|recue|paye|payee|fait|repare)"
    r"|toujours (?:pas|rien|en attente)|rien (?:recu|n'a change|n'est regle)|non resolu|en panne)\b"
)
LOW = 2


class Doubt(StrEnum):
    """What does not fit the ending."""

    SAID_UNSOLVED = "said_unsolved"
    WORDS_UNSOLVED = "words_unsolved"
    LOW_VALUES = "low_values"
    UNPAID = "unpaid"
    NOT_SATISFIED = "not_satisfied"


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending as it is tried: what is done, what was said before.

    `satisfied` is None where it is not asked; `solved` the latest answer to "is it solved?", empty without one;
    `words` the customer's own words since the latest answer, folded; `lowest` the lowest of the four values, 1 to 5;
    `unpaid`: money was agreed on and the customer said that it did not arrive, or nothing was said of it.
    """

    action: Action
    satisfied: bool | None = None
    solved: str = ""
    words: str = ""
    lowest: int | None = None
    unpaid: bool = False


def not_well(words: str) -> bool:
    """Whether folded words say that a thing is not solved."""
    return _NOT_WELL.search(words.replace("’", "'")) is not None


def doubt(ending: Ending) -> Doubt | None:
    """The one thing to ask back, the gravest first; None when all fits."""
    if ending.unpaid and ending.action in {Action.PERFORMED, Action.WITHDRAW}:
        return Doubt.UNPAID
    if ending.satisfied is False:
        return Doubt.NOT_SATISFIED
    if ending.action is Action.WITHDRAW:
        return None  # whoever withdraws need not have been helped
    if ending.solved in {Solved.NO, Solved.PARTLY}:
        return Doubt.SAID_UNSOLVED
    if not_well(ending.words):
        return Doubt.WORDS_UNSOLVED
    return Doubt.LOW_VALUES if ending.satisfied and ending.lowest is not None and ending.lowest < LOW else None
