"""What was understood of a story, in words: sentences about the service for customers, doubt in words for everybody."""

from collections.abc import Callable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import Theme
from cx.web.sentence import _

# Each says what the service did, as the person tells it; none says what the person is.
THEME_SENTENCES: Mapping[str, LazyString] = {
    Theme.FORCED_SELF_SERVICE: _l("The machine was the only way they allowed."),
    Theme.NO_HUMAN_REACHABLE: _l("There was no human whom you could reach."),
    Theme.LOST_RELATIONSHIP: _l("Nobody there knew you any more."),
    Theme.REDUCED_TO_DATA: _l("They saw a file and a number, not a person."),
    Theme.AUTOMATED_DECISION: _l("A system decided, not a person."),
    Theme.SCRIPTED_RESPONSE: _l("Their answer was ready-made and did not speak of your case."),
    Theme.CONTEMPT: _l("You tell of contempt in how you were dealt with."),
    Theme.PAY_TO_BE_HELPED: _l("Being helped had a price."),
    Theme.NO_GUIDANCE: _l("Nobody and nothing explained the machine to you."),
    Theme.BURDEN_SHIFTED: _l("The work, or the waiting, was left to you."),
    Theme.NO_CHOICE: _l("They left you no choice."),
    Theme.DISPUTE_IGNORED: _l("Your complaint was left without an answer."),
    Theme.MACHINE_DEAD_END: _l("The machine left no way out."),
    Theme.DIGITAL_EXCLUSION: _l("This service was not usable for you."),
}


def theme_sentence(theme: str) -> str:
    """A theme as a sentence about the service, to the person who told of it."""
    return str(THEME_SENTENCES.get(theme, theme))


def certainty(sure: bool) -> str:
    """How sure the reader is of a theme that it suggests."""
    return _("rather sure") if sure else _("perhaps")


def chance(score: float) -> str:
    """A probability as people count: out of ten, never more exact than it is."""
    tenths = round(min(max(score, 0.0), 1.0) * 10)
    return _("about %(number)s in 10", number=tenths) if tenths else _("less than 1 in 10")


WORDS: Mapping[str, Callable[..., str]] = {
    "theme_sentence": theme_sentence, "certainty": certainty, "chance": chance,
}  # fmt: skip
