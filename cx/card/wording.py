"""The figures of the reader as people say them: the sentence at the head, rates with their interval, confusions."""

from datetime import datetime

from cx.card.measured import Confusion, Measured, Rate
from cx.core.scoring import Share
from cx.core.words import Theme
from cx.disputes.reader_switch import Standing
from cx.web import labels
from cx.web.formats import day
from cx.web.language import language
from cx.web.sentence import _, ngettext


def percent(value: float) -> str:
    """A share in whole per cent."""
    return _("%(number)d\u00a0%%", number=whole(value))


def between(low: float, high: float) -> str:
    """An interval in whole per cent."""
    return _("%(low)d–%(high)d\u00a0%%", low=whole(low), high=whole(high))


def whole(value: float) -> int:
    """Half a per cent goes up, as people round."""
    return int(value + 0.5)


def decimal(value: float, places: int = 3) -> str:
    """A small number as it is written in the language of the page."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language() == "fr" else text


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}".replace(",", "\u202f" if language() == "fr" else ",")


def rate(found: Rate | None) -> str:
    """A rate with its interval, or that there is too little to say one."""
    if found is None or not found.shown:
        return _("too few")
    return _("%(share)s (%(range)s)", share=percent(found.value), range=between(found.low, found.high))


def share(found: Share) -> str:
    """A share of this installation: the counts always, the rate from five on."""
    counts = _("%(count)d of %(n)d", count=found.count, n=found.n)
    if not found.shown:
        return counts
    return _("%(counts)s, %(share)s (%(range)s)", counts=counts, share=percent(found.value),
             range=between(found.low, found.high))  # fmt: skip


def headline(found: Measured | None) -> str:
    """What the reader is for, and how far it can be trusted: what of its word is right, and how much it finds."""
    what = _("The reader names how a story says that a person was treated. It suggests; a person decides.")
    if found is None or found.overall.sure_precision is None or not found.overall.sure_precision.shown:
        return what
    sure = found.overall.sure_precision
    right = _(
        "Of 100 themes of which it is rather sure, %(right)d are right (%(low)d–%(high)d).",
        right=whole(sure.value), low=whole(sure.low), high=whole(sure.high),
    )  # fmt: skip
    if found.overall.sure_recall is None:
        return f"{what} {right}"
    told = whole(found.overall.sure_recall.value)
    return f"{what} {right} " + _("Of 100 that people tell, it finds %(found)d in this way.", found=told)


def found_of_told(found: Measured) -> str:
    """How much it finds, surely and in all, and what the measure rests on."""
    overall = found.overall
    sentences = []
    if overall.sure_recall is not None:
        sentences.append(
            _(
                "Of 100 themes that people tell, it finds %(sure)d in that way (%(low)d–%(high)d).",
                sure=whole(overall.sure_recall.value),
                low=whole(overall.sure_recall.low),
                high=whole(overall.sure_recall.high),
            )
        )
    sentences.append(
        _(
            "With what it says “perhaps”, it finds %(found)d of 100, and %(right)d of 100 that it names are right.",
            found=whole(overall.recall.value),
            right=whole(overall.precision.value),
        )
    )
    return " ".join(sentences)


def measured_on(found: Measured) -> str:
    """On what the figures rest."""
    many = number(found.texts)
    often = {1: _("each labelled by one careful reader"), 2: _("each labelled twice, independently")}
    what = _("%(number)s real stories", number=many) if found.real else _("%(number)s written examples", number=many)
    several = _("each labelled several times")
    return _("Measured on %(what)s, %(often)s.", what=what, often=often.get(found.passes, several))


def theme(one: Theme) -> str:
    """The name of a theme."""
    return str(labels.THEMES[one])


def confusion(one: Confusion) -> str:
    """One confusion in words, with how often it came."""
    missed = labels.THEMES[one.missed] if one.missed else ""
    said = labels.THEMES[one.said] if one.said else ""
    if missed and said:
        return ngettext(
            "%(num)d time it said “%(said)s” where “%(missed)s” is told.",
            "%(num)d times it said “%(said)s” where “%(missed)s” is told.", one.count, said=said, missed=missed,
        )  # fmt: skip
    if said:
        return ngettext(
            "%(num)d time it said “%(said)s” where it is not told.",
            "%(num)d times it said “%(said)s” where it is not told.", one.count, said=said,
        )  # fmt: skip
    return ngettext(
        "%(num)d time it did not see “%(missed)s”, and said nothing in its place.",
        "%(num)d times it did not see “%(missed)s”, and said nothing in its place.", one.count, missed=missed,
    )  # fmt: skip


def off(switched: Standing) -> str:
    """That the reader is switched off, since when."""
    since: datetime | None = switched.since
    return _("The reader is switched off here since %(day)s; a person reads.", day=day(since, year="always"))
