"""A story drawn by lot, judged blind: the person sees its text alone, and learns afterwards what the reader had said.

Whoever sees a guess first finds it again in the text (anchoring); the figures of the draw would then praise the reader.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import Family, Theme
from cx.disputes.understood import Understood
from cx.web import labels
from cx.web.sentence import _

# One key for each of the fourteen, in the order of the page.
KEYS = "123456789abcde"

FAMILIES: Mapping[Family, LazyString] = {
    Family.PERSON: _l("The people there"),
    Family.CHANNEL: _l("The way one has to take"),
    Family.MACHINE: _l("At the machine or the screen"),
    Family.DATA: _l("Files and decisions"),
    Family.REDRESS: _l("What became of the trouble"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A theme to tick: its id, its name, the key that toggles it, and whether it is ticked."""

    id: str
    label: str
    key: str
    on: bool


def families(on: Iterable[str] = ()) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """All fourteen themes by family, the same whatever the story; `on` are the ids that the person ticked before."""
    ticked, keys = frozenset(on), iter(KEYS)
    return tuple(
        (
            str(label),
            tuple(
                Choice(theme.value, str(labels.THEMES[theme]), next(keys), theme.value in ticked)
                for theme in Theme
                if theme.family is family
            ),
        )
        for family, label in FAMILIES.items()
    )


def refusal(named: Iterable[str], none: bool) -> str:
    """Why an answer cannot be taken: it says nothing at all, or two things at once. Empty when it can."""
    if bool(list(named)) != none:
        return ""
    if none:
        return _("You ticked a theme and said that nothing of this is told: which is it?")
    return _("Tick what the story tells, or say that it tells nothing of this.")


def had_said(known: Understood | None, told: frozenset[Theme]) -> str:
    """What the reader had made of the story, to whoever just judged it; empty where it had said nothing."""
    if known is None or known.off_since is not None or not known.version:
        return ""
    if known.abstained:
        return _("The reader had not understood this story.")
    seen = {one.theme for one in known.seen}
    if seen == told:
        return _("The reader had said the same.")
    sentences = []
    if seen - told:
        sentences.append(_("The reader had also seen: %(themes)s.", themes=_named(seen - told)))
    if told - seen:
        sentences.append(_("The reader had not seen: %(themes)s.", themes=_named(told - seen)))
    return " ".join(sentences)


def _named(themes: Iterable[Theme]) -> str:
    return ", ".join(str(labels.THEMES[theme]) for theme in sorted(themes, key=list(Theme).index))
