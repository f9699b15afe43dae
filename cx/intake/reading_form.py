"""The form in which customers say what they think of the reading of their story, and who would rule on a no."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import LazyString, lazy_pgettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField
from wtforms.validators import Optional

from cx.core.contesting import Opinion, Ruler
from cx.core.words import Theme
from cx.disputes import opinions
from cx.disputes.opinions import OpinionSeen
from cx.disputes.seen import CaseFile
from cx.intake.forms import choices
from cx.web.forms import HouseForm, Story
from cx.web.theme_words import THEME_SENTENCES

MOST_WORDS = 500
NOTHING_SAID = _l("Please choose something first: right, not that, or that something is missing.")
MISSED, TO_SEE = _l("What did we miss?"), _l("What should a person see in it?")
NO_LINE = _l("Please write a line first: what should a person see in your story?")

# Who looks at a contest; each is followed by what they do and by when.
RULERS: Mapping[str, LazyString] = {
    Ruler.NEUTRAL: _l("Somebody who belongs to neither side"),
    Ruler.SUPERVISOR: _l("A supervisor who did not handle your case"),
    Ruler.COLLEAGUE: _l("A colleague who did not handle your case"),
    Ruler.ANYBODY: _l("Somebody of the team (here everybody has handled your case already)"),
}


def _of_theme(theme: Theme) -> RadioField:
    kinds = choices((("right", lazy_pgettext("of a reading", "Right")), ("wrong", _l("Not that"))))
    return RadioField(THEME_SENTENCES[theme], choices=kinds, validators=[Optional()])


class ReadingForm(HouseForm):
    """Each theme that was understood: right or not. Something may be missing, and one line may say what or why."""

    reading_missing = BooleanField(_l("Something is missing"), [Optional()])
    reading_why = Story(_l("What is missing, or why not?"), [Optional()], most=MOST_WORDS)

    named = True

    @classmethod
    def beginning(cls, said: Sequence[OpinionSeen]) -> "ReadingForm":
        """Begin with what the customer said last, while nobody ruled on it: sent again with more, it replaces that."""
        last = said[-1] if said and said[-1].ruled_at is None else None
        if last is None:
            return cls.filled({})
        right = dict.fromkeys((field_of(theme.value) for theme in last.right), "right")
        wrong = dict.fromkeys((field_of(theme.value) for theme in last.wrong), "wrong")
        return cls.filled({**right, **wrong, "reading_missing": last.missing, "reading_why": last.words or ""})

    def fit(self, case: CaseFile) -> "ReadingForm":
        """Ask for a line alone where no theme is told: there is nothing that could be right or wrong."""
        known = case.understood
        self.named = bool(known and known.told)
        if not self.named:
            read = known is not None and (known.ruled is not None or not known.abstained)
            self.reading_why.label.text = str(MISSED if read else TO_SEE)
        return self

    def blame(self, sentence: LazyString | str) -> None:
        """Say beside a field that is on the page why this was not taken."""
        beside: Field = self.reading_missing if self.named else self.reading_why
        beside.errors = [str(sentence)]

    def of(self, theme: str) -> Any:
        """The field of a theme."""
        return self[field_of(theme)]

    @property
    def opinion(self) -> Opinion:
        """What was said. Whoever only writes a line says that something is missing."""
        said = {one.value: self.of(one.value).data for one in Theme}
        wrong = frozenset(name for name, answer in said.items() if answer == "wrong")
        right = frozenset(name for name, answer in said.items() if answer == "right")
        return Opinion(right, wrong, bool(self.reading_missing.data) or (bool(self.reading_why.data) and not wrong))

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one thing must be said; each by itself may stay empty."""
        sound = bool(super().validate(extra_validators))
        if sound and self.opinion.empty:
            self.blame(NOTHING_SAID if self.named else NO_LINE)
            return False
        return sound


def field_of(theme: str) -> str:
    """The name of the field of a theme, another one than those of other forms on the page."""
    return f"reads_{theme}"


for _theme in Theme:
    setattr(ReadingForm, field_of(_theme.value), _of_theme(_theme))


def who_rules(by: Ruler) -> str:
    """Who looks at a contest, at the beginning of a sentence."""
    return str(RULERS[by])


def said_of_reading(case: CaseFile, now: datetime) -> dict[str, Any]:
    """What the page of a case shows of it: what was said and what became of it, and who would rule on a no.

    Nobody would where nothing was read, because the reader is switched off here: there is nothing to contradict.
    """
    known = case.understood
    asked = known is not None and (known.off_since is None or known.ruled is not None)
    return {"opinions": opinions.on_case(case, now), "ruler": opinions.ruler_of(case) if asked else None}
