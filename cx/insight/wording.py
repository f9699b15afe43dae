"""Numbers as people say them: the sentence at the head of the page, shares, intervals, places and periods."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.scoring import Quantile, Share
from cx.core.words import Channel
from cx.insight.asked import Asked
from cx.insight.overview import Overview
from cx.web.formats import month
from cx.web.sentence import _, ngettext
from models import Touchpoint

# A place that bears the code of a touchpoint is called by what it is.
_KINDS = {
    Channel.KIOSK: _l("machine %(code)s"),
    Channel.ATM: _l("cash machine %(code)s"),
    Channel.LOCKER: _l("locker %(code)s"),
    Channel.COUNTER: _l("counter %(code)s"),
}


def percent(value: float) -> str:
    """A share in whole per cent."""
    return _("%(number)d\u00a0%%", number=_whole(value))


def between(low: float, high: float) -> str:
    """An interval in whole per cent."""
    return _("%(low)d–%(high)d\u00a0%%", low=_whole(low), high=_whole(high))


def _whole(value: float) -> int:
    """Half a per cent goes up, as people round."""
    return int(value + 0.5)


def period(asked: Asked) -> str:
    """The months as words."""
    if (asked.first.year, asked.first.month) == (asked.last.year, asked.last.month):
        return month(asked.first)
    return _("%(first)s to %(last)s", first=month(asked.first), last=month(asked.last))


def headline(seen: Overview, places: Mapping[str, str]) -> str:
    """The sentence of the page, written from its numbers."""
    sentences = [_solved(seen.solved)]
    if seen.solved.fragile:
        sentences.append(_("These are few answers: take the rate with care."))
    if seen.worst is not None:
        place, count = seen.worst
        said = ngettext("Worst spot: %(place)s (%(num)d story).", "Worst spot: %(place)s (%(num)d stories).", count,
                        place=places[place])  # fmt: skip
        sentences.append(said)
    return " ".join(sentences)


def _solved(solved: Share) -> str:
    if solved.shown:
        return ngettext(
            "%(num)d of %(n)d answers solved it (%(range)s).", "%(num)d of %(n)d answers solved it (%(range)s).",
            solved.count, n=solved.n, range=between(solved.low, solved.high),
        )  # fmt: skip
    if solved.n:
        return ngettext(
            "%(num)d person has said whether it was solved: too few for a rate.",
            "%(num)d people have said whether it was solved: too few for a rate.", solved.n,
        )  # fmt: skip
    return _("Nobody has said yet whether it was solved.")


def counts(seen: Overview) -> str:
    """One's own counts, which are always shown."""
    parts = [
        ngettext("%(num)d story told", "%(num)d stories told", seen.told),
        ngettext("%(num)d asked for something", "%(num)d asked for something", seen.sent),
        ngettext("%(num)d got a first answer", "%(num)d got a first answer", seen.median.n),
    ]
    if seen.reopened:
        parts.append(ngettext("%(num)d was taken up again", "%(num)d were taken up again", seen.reopened))
    return _("In this period: %(list)s.", list=", ".join(parts))


def today(seen: Overview) -> str:
    """What is open now, whatever the period."""
    now = seen.now
    parts = [
        ngettext("%(num)d case is open", "%(num)d cases are open", now.open),
        ngettext("%(num)d is late", "%(num)d are late", now.overdue),
    ]
    if now.resting:
        parts.append(ngettext("%(num)d rests with the customer", "%(num)d rest with the customers", now.resting))
    if now.stories:
        parts.append(
            ngettext(
                "%(num)d story told without a demand waits for a word",
                "%(num)d stories told without a demand wait for a word",
                now.stories,
            )
        )
    return _("Today: %(list)s.", list=", ".join(parts))


def delays(median: Quantile, slow: Quantile) -> str:
    """How long people waited for the first answer on the merits."""
    if not median.n:
        return _("Nobody has had an answer in this period.")
    if not median.shown:
        return ngettext(
            "%(num)d first answer: too few to say how long people wait.",
            "%(num)d first answers: too few to say how long people wait.", median.n,
        )  # fmt: skip
    return _(
        "Half of the people had an answer within %(median)s (%(half_low)d–%(half_high)d), "
        "nine in ten within %(slow)s (%(slow_low)d–%(slow_high)d).",
        median=_days(median.value), half_low=median.low, half_high=median.high,
        slow=_days(slow.value), slow_low=slow.low, slow_high=slow.high,
    )  # fmt: skip


def _days(days: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", days)


def waited(minutes: int) -> str:
    """A stretch of minutes as people say it: whole minutes, from two hours on hours, from two days on days."""
    if minutes >= 2 * 24 * 60:
        return _days(round(minutes / (24 * 60)))
    if minutes >= 2 * 60:
        hours = round(minutes / 60)
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def place_names(session: Session, asked: Asked, places: Sequence[str]) -> dict[str, str]:
    """How places read: "machine AF-07" where the place is the code of a touchpoint, else as it was told."""
    names = {place: place for place in places}
    if asked.organisations is None or not places:
        return names
    query = select(Touchpoint.code, Touchpoint.channel).where(
        Touchpoint.organisation_id.in_(asked.organisations), Touchpoint.code.in_(places)
    )
    for code, channel in session.execute(query):
        if channel in _KINDS:
            names[code] = str(_KINDS[Channel(channel)]) % {"code": code}
    return names
