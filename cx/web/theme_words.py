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

# What each theme means, for whoever has to tell them apart.
THEME_MEANINGS: Mapping[str, LazyString] = {
    Theme.FORCED_SELF_SERVICE: _l("It could only be done through a machine, an app, a site or a voice menu."),
    Theme.NO_HUMAN_REACHABLE: _l("A human was sought and never reached."),
    Theme.LOST_RELATIONSHIP: _l("The person who knew them is gone, or it is somebody else each time."),
    Theme.REDUCED_TO_DATA: _l("Seen as a number, a file or a percentage; the case fits no box."),
    Theme.AUTOMATED_DECISION: _l("A decision with effect, put down to a system or taken without anybody looking."),
    Theme.SCRIPTED_RESPONSE: _l("There was an answer, but ready-made, repeated, beside the point or read out."),
    Theme.CONTEMPT: _l("Mockery, insult, condescension, an accusation, hanging up on the person; not mere coldness."),
    Theme.PAY_TO_BE_HELPED: _l("Money asked for reaching a human, being served by one, or having a problem handled."),
    Theme.NO_GUIDANCE: _l("In front of the machine or the screen, nobody to help and no usable instructions."),
    Theme.BURDEN_SHIFTED: _l(
        "The person does the provider’s work, waits half an hour or more, comes back, or gets in touch three times or more."
    ),
    Theme.NO_CHOICE: _l("Captive of the provider or the offer: take it or leave it, or no way to leave."),
    Theme.DISPUTE_IGNORED: _l("A complaint was made, and got no answer, no decision, or not what was promised."),
    Theme.MACHINE_DEAD_END: _l("The machine, app, site or bot breaks, loops or refuses, and there is no way out."),
    Theme.DIGITAL_EXCLUSION: _l(
        "The person cannot use it, for lack of equipment, ability, language or connection, or for their age."
    ),
}


def theme_meaning(theme: str) -> str:
    """What a theme means, in a sentence."""
    return str(THEME_MEANINGS.get(theme, ""))


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
    "theme_sentence": theme_sentence, "theme_meaning": theme_meaning, "certainty": certainty, "chance": chance,
}  # fmt: skip
