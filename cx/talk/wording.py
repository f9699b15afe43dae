"""Hours, days and waits as people say them, in the language of the page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.presence import Hours, Way, Window
from cx.web.formats import day, local
from cx.web.language import language
from cx.web.sentence import _, ngettext
from cx.web.weekdays import weekday_names

WAYS: Mapping[str, LazyString] = {
    Way.WRITTEN: _l("A written answer"),
    Way.CALLBACK: _l("A call back"),
    Way.COUNTER: _l("At a counter"),
}
ALL_WEEK, WORKING_WEEK = "1234567", "12345"


def way_label(way: str) -> str:
    """What a way is called."""
    return str(WAYS.get(way, way))


def weekdays_said(weekdays: str) -> str:
    """Say "Monday to Friday", "every day", or the days one by one; runs of three and more are drawn together."""
    known = "".join(sorted(set(weekdays) & set(ALL_WEEK)))
    if known == ALL_WEEK:
        return _("every day")
    names, parts, rest = weekday_names(), [], known
    while rest:
        run = next(rest[:size] for size in range(len(rest), 0, -1) if rest[:size] in ALL_WEEK)
        rest = rest[len(run) :]
        if len(run) > 2:
            parts.append(_("%(first)s to %(last)s", first=names[run[0]], last=names[run[-1]]))
        else:
            parts.extend(names[one] for one in run)
    return ", ".join(parts)


def clock_time(minutes: int) -> str:
    """Minutes after midnight as the hour on the wall: "9:00", "17 h 30" in French."""
    hours, rest = divmod(minutes, 60)
    if language() == "fr":
        return f"{hours}\u00a0h" + (f"\u00a0{rest:02d}" if rest else "")
    return f"{hours}:{rest:02d}"


def hours_said(one: Hours) -> str:
    """Say "Monday to Friday, 9:00 to 17:00"."""
    return _(
        "%(days)s, %(opens)s to %(closes)s",
        days=weekdays_said(one.weekdays), opens=clock_time(one.opens), closes=clock_time(one.closes),
    )  # fmt: skip


def hour(moment: datetime, zone: str) -> str:
    """Say "14:30", on the clock of the place."""
    at = local(moment, zone)
    return clock_time(at.hour * 60 + at.minute)


def when(moment: datetime, zone: str, now: datetime) -> str:
    """Say "today, 14:30", "tomorrow, 9:00" or "Tuesday 3 March, 9:00"."""
    at, today = local(moment, zone).date(), local(now, zone).date()
    said = hour(moment, zone)
    if at == today:
        return _("today, %(hour)s", hour=said)
    if at == today + timedelta(days=1):
        return _("tomorrow, %(hour)s", hour=said)
    return _("%(day)s, %(hour)s", day=_named(at), hour=said)


def _named(at: date) -> str:
    return f"{weekday_names()[str(at.isoweekday())]} {day(at)}"


def open_said(window: Window, now: datetime, zone: str) -> str:
    """Say until when somebody is there, else from when."""
    if window[0] <= now:
        return _("Somebody is there now, until %(hour)s.", hour=hour(window[1], zone))
    return _("Somebody is there again %(when)s.", when=when(window[0], zone, now))


def wait_said(minutes: int) -> str:
    """Say "2 hours", "45 minutes"."""
    if minutes % 60 == 0:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def places_said(rows: Sequence[Hours]) -> tuple[tuple[str, tuple[Hours, ...]], ...]:
    """Hours by the place where they are kept."""
    places = dict.fromkeys(one.place for one in rows)
    return tuple((place, tuple(one for one in rows if one.place == place)) for place in places)


WORDS: Mapping[str, Callable[..., object]] = {
    "way_label": way_label, "weekdays_said": weekdays_said, "hours_said": hours_said, "hour_of": hour,
    "when_said": when, "open_said": open_said, "wait_said": wait_said, "places_said": places_said,
}  # fmt: skip
