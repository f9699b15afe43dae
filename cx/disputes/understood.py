"""What was understood of a story, as the customer and the team may see it: themes, how sure, and in which words.

Only what the reader suggested is there, or what people ruled; never a score, and never a theme below its limit. Where a
theme is told is kept as places in the story, so that an erased story leaves nothing to show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cx.core.underlining import Excerpt, Piece, Place, excerpt, joined, underlined
from cx.core.words import THEME_BY_ID, Role, Theme

# Words that carry less than this share of a theme's log-odds are not underlined: they would explain nothing.
FLOOR = 0.05
RULED = "themes_ruled"


@dataclass(frozen=True, slots=True)
class ThemeSeen:
    """A theme that the reader saw: whether it is rather `sure`, the sentences that tell it and the words in them."""

    theme: Theme
    sure: bool = False
    span: Place | None = None
    words: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """What is underlined: the words that weighed, else the sentences as a whole."""
        return self.words or ((self.span,) if self.span else ())


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a person said that the story tells: by name and role, when, and all its themes; empty means none."""

    name: str
    role: Role
    at: datetime
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """The last reading of a story and the last word of people on it.

    `seen` are the suggestions of the reader, best first; `abstained` says that it did not understand, or that nobody
    asked it (`version` is empty then); `ruled` is None while no person said anything. While the reader is switched off
    here, since `off_since`, nothing that only it saw is there.
    """

    version: str
    abstained: bool
    seen: tuple[ThemeSeen, ...]
    ruled: Ruled | None
    off_since: datetime | None = None

    @property
    def told(self) -> tuple[ThemeSeen, ...]:
        """The themes as they stand: what people say once they said it, with the places where the reader saw it too."""
        if self.ruled is None:
            return self.seen
        known = {one.theme: one for one in self.seen}
        return tuple(known.get(theme, ThemeSeen(theme)) for theme in self.ruled.themes)

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The story with what tells its themes marked by their ids."""
        return underlined(text, {one.theme.value: joined(text, one.places) for one in self.told})

    def excerpts(self, text: str) -> dict[Theme, Excerpt]:
        """For each theme that stands and was seen in the text, the sentences that tell it."""
        return {
            one.theme: excerpt(text, one.span, one.theme.value, joined(text, one.places))
            for one in self.told
            if one.span is not None
        }  # fmt: skip


def understood(
    reading: Any | None, standing: Mapping[Theme, str], lines: Sequence[Any], names: Mapping[int, str]
) -> Understood:
    """What was understood, from the rows beside a case.

    `reading` has version, scores, abstained and reasons; `standing` are the themes with their status, of which those
    that are only suggested stand in for readings without reasons; `lines` are the journal in its order, and `names`
    says who acted in a line by its `seq`.
    """
    seen = _seen(reading, standing)
    return Understood(
        version=reading.version if reading is not None else "",
        abstained=reading is None or reading.abstained,
        seen=seen,
        ruled=_ruled(lines, names),
    )


def _seen(reading: Any | None, standing: Mapping[Theme, str]) -> tuple[ThemeSeen, ...]:
    scores = dict(reading.scores) if reading is not None else {}
    reasons = (reading.reasons if reading is not None else None) or {}
    found = {
        THEME_BY_ID[name]: _of(THEME_BY_ID[name], reason) for name, reason in reasons.items() if name in THEME_BY_ID
    }
    for theme, status in standing.items():
        if status == "maybe" and theme not in found:
            found[theme] = ThemeSeen(theme)
    return tuple(sorted(found.values(), key=lambda one: (-float(scores.get(one.theme.value, 0.0)), one.theme.value)))


def _of(theme: Theme, reason: Mapping[str, Any]) -> ThemeSeen:
    start, end = reason["span"]
    words = tuple((int(a), int(b)) for a, b, weight in reason["words"] if weight >= FLOOR)
    return ThemeSeen(theme, bool(reason["sure"]), (int(start), int(end)), words)


def _ruled(lines: Sequence[Any], names: Mapping[int, str]) -> Ruled | None:
    last = next((one for one in reversed(lines) if one.kind == RULED), None)
    if last is None:
        return None
    told = [*last.data.get("confirmed", ()), *last.data.get("added", ())]
    themes = tuple(sorted((THEME_BY_ID[name] for name in told if name in THEME_BY_ID), key=list(Theme).index))
    return Ruled(names.get(last.seq, ""), Role(last.role), last.at, themes)
