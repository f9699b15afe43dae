"""The card of the themes that a story tells, for the team: how sure, in which words, and what else it might have been."""

from dataclasses import dataclass

from cx.core.underlining import Excerpt, Piece
from cx.core.words import Theme
from cx.disputes.seen import CaseFile
from cx.web import labels
from cx.web.formats import day
from cx.web.language import language
from cx.web.sentence import _
from cx.web.theme_words import certainty, chance

# How many themes that were not suggested are named, and from which probability on.
MOST_NEAR, NEAR = 2, 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """A theme of the card: what it is called, how sure the reader is (empty once a person ruled), and the words."""

    id: str
    label: str
    doubt: str = ""
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """The themes that stand (`shown`) and the `rest` of the fourteen; `near`: those that the reader nearly suggested.

    `stand` says in a sentence who said so, or what the reader made of it; `pieces` is the story with its words marked,
    empty when it was erased; `lang` is its language when it is not the page's.
    """

    stand: str
    shown: tuple[Line, ...]
    rest: tuple[Line, ...]
    near: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]
    lang: str
    version: str


def themes_card(case: CaseFile) -> Card:
    """The card of a case, in the language of the page."""
    known, story = case.understood, case.story
    text = story.text if story is not None else None
    told = known.told if known is not None else ()
    excerpts = known.excerpts(text) if known is not None and text is not None else {}
    ruled = known is not None and known.ruled is not None
    standing = {one.theme for one in told}
    return Card(
        stand=_stand(case),
        shown=tuple(
            Line(one.theme.value, str(labels.THEMES[one.theme]), "" if ruled else certainty(one.sure), excerpts.get(one.theme))
            for one in told
        ),
        rest=tuple(Line(theme.value, str(labels.THEMES[theme])) for theme in Theme if theme not in standing),
        near=() if ruled or known is None or known.abstained else _near(case, standing),
        pieces=known.pieces(text) if known is not None and text else (),
        lang=story.language if story is not None and story.language != language() else "",
        version=known.version if known is not None else "",
    )  # fmt: skip


def _stand(case: CaseFile) -> str:
    known = case.understood
    if known is None:
        return ""
    if known.ruled is not None:
        who, on = known.ruled.name or _("Somebody"), day(known.ruled.at, case.zone)
        if known.ruled.themes:
            return _("%(name)s said so on %(day)s.", name=who, day=on)
        return _("%(name)s said on %(day)s that no theme is told.", name=who, day=on)
    if known.off_since is not None:
        return _(
            "The reader is switched off here since %(day)s. Please read it yourself.",
            day=day(known.off_since, case.zone),
        )
    if not (known.version or known.seen):
        return _("The reader has not read this story. Please read it yourself.")
    if known.abstained:
        return _("The reader did not understand this story. Please read it yourself.")
    return "" if known.seen else _("The reader saw an ordinary incident, without any theme.")


def _near(case: CaseFile, standing: set[Theme]) -> tuple[tuple[str, str], ...]:
    """The themes below their limit that come next, with their probability in words."""
    others = [theme for theme in Theme if theme not in standing and case.scores.get(theme.value, 0.0) >= NEAR]
    best = sorted(others, key=lambda theme: -case.scores[theme.value])[:MOST_NEAR]
    return tuple((str(labels.THEMES[theme]), chance(case.scores[theme.value])) for theme in best)
