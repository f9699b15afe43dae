"""What is taken for what: a theme missed while another was said in its place, or while nothing was, or said of nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cx.core.words import Theme

WORST = 10


@dataclass(frozen=True, slots=True)
class Confusion:
    """`missed` is told and was not found (None: nothing was missed), `said` was found and is not told (None: nothing)."""

    missed: Theme | None
    said: Theme | None
    count: int

    def summary(self) -> dict[str, str | int | None]:
        """Return it for JSON, themes by id."""
        return {
            "missed": self.missed.value if self.missed else None,
            "said": self.said.value if self.said else None,
            "count": self.count,
        }


def confusions(
    expected: Sequence[Iterable[Theme]], found: Sequence[Iterable[Theme]], most: int = WORST
) -> tuple[Confusion, ...]:
    """Return the most frequent confusions, text by text. Raises `ValueError` if the lengths differ.

    Where a text has themes that were missed and themes wrongly said, each pair of them counts; otherwise each missed
    one counts as nothing said in its place, and each wrong one as said of nothing.
    """
    pairs: Counter[tuple[Theme | None, Theme | None]] = Counter()
    for there, said in zip(expected, found, strict=True):
        told, heard = frozenset(there), frozenset(said)
        missed: list[Theme | None] = [*(told - heard)] or [None]
        wrong: list[Theme | None] = [*(heard - told)] or [None]
        pairs.update((left, right) for left in missed for right in wrong if left or right)
    order: dict[Theme | None, int] = {None: -1, **{theme: place for place, theme in enumerate(Theme)}}
    ranked = sorted(pairs.items(), key=lambda one: (-one[1], order[one[0][0]], order[one[0][1]]))
    return tuple(Confusion(missed, wrong, count) for (missed, wrong), count in ranked[:most])
