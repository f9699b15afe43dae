"""What the pages of other rooms show of this one: links of mediators with their openings, the mark of a journal."""

from collections import Counter
from datetime import UTC, date, datetime

from flask import Flask

from cx.core.words import Role
from cx.disputes import mediators
from cx.disputes.mediators import LinkSeen
from cx.disputes.redaction import taken_out
from cx.disputes.seen import CaseFile
from cx.elsewhere.sheet import grouped
from cx.web.formats import day, local
from cx.web.sentence import _
from cx.web.visitors import visitor


def mediator_links(case: CaseFile) -> tuple[LinkSeen, ...]:
    """The links of a case, newest first."""
    return mediators.links_on(case)


def openings_by_day(link: LinkSeen, zone: str) -> list[tuple[date, int]]:
    """On which days the holder of a link opened the case, and how often, newest first."""
    counted = Counter(local(at, zone).date() for at in link.openings)
    return sorted(counted.items(), reverse=True)


def mark(case: CaseFile) -> str:
    """The mark of the journal as it stands: the beginning of its last hash, in groups."""
    return grouped(case.happened[-1].hash) if case.happened else ""


def gone_sentence(case: CaseFile, message_id: int) -> str:
    """Who took a text out, and when; empty when the journal does not say."""
    line = taken_out(case).get(message_id)
    if line is None:
        return ""
    who = (case.customer or _("the customer")) if line.role is Role.CUSTOMER else line.name or case.organisation
    return _("This text was taken out on %(day)s by %(name)s.", day=day(line.at, case.zone), name=who)


def may_take_file() -> bool:
    """Whether the person at the desk may hand the file out."""
    return visitor().has(Role.SUPERVISOR, Role.NEUTRAL)


def right_now() -> datetime:
    """The present moment: a link has run out, or has not."""
    return datetime.now(UTC)


def init(app: Flask) -> None:
    """Give them to the templates."""
    for show in (mediator_links, openings_by_day, mark, gone_sentence, may_take_file, right_now):
        app.jinja_env.globals[show.__name__] = show
