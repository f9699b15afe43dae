"""Stories to look over: one at a time, drawn by lot or suggested; whoever has no time skips, and nothing is owed."""

from datetime import UTC, datetime

from flask import Response, make_response, render_template, request, url_for

from cx.core.refusals import Conflict, NotVisible
from cx.core.words import THEME_BY_ID, Role
from cx.desk.casepage import reader_version
from cx.desk.caseparts import title
from cx.desk.doing import to
from cx.desk.forms import LookForm
from cx.desk.sentences import guard_sentence
from cx.desk.themes_card import themes_card
from cx.desk.views import blueprint
from cx.disputes import moves, reviewing
from cx.disputes.around import Around
from cx.disputes.casefile import open_case
from cx.disputes.moves import Hand
from cx.disputes.reviewing import Waiting
from cx.disputes.sight import As, record_opening
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, recording, writing
from cx.web.doors import door
from cx.web.sentence import _, ngettext
from cx.web.visitors import visitor

AGENTS = (Role.AGENT, Role.SUPERVISOR)
LONGEST_NUMBER = 18


def head(around: Around) -> str:
    """One quiet line for the desk; empty when no story waits."""
    if not around.readings or not visitor().has(*AGENTS):
        return ""
    return ngettext("%(num)d story to look over", "%(num)d stories to look over", around.readings)


def _number(text: str) -> int:
    """A number of a pick as it stands in an address; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def _after(rows: tuple[Waiting, ...], passed: int) -> int:
    """The place of the story after the one that was looked over or skipped; the first one when that is not known."""
    why = reviewing.why_of(reading(), visitor(), passed) if passed else None
    if why is None:
        return 0
    return next((place for place, one in enumerate(rows) if (one.why, -one.id) > (why, -passed)), len(rows))


@blueprint.get("/desk/readings")
@door(*AGENTS)
def readings() -> str:
    """The next story; that it was opened is recorded."""
    rows = reviewing.waiting(reading(), visitor(), datetime.now(UTC))
    return _page(rows, _after(rows, _number(request.args.get("after", ""))))


def _page(rows: tuple[Waiting, ...], place: int, alert: str = "") -> str:
    if place >= len(rows):
        return render_template("desk/readings.html", one=None, skipped=len(rows))
    one, now = rows[place], datetime.now(UTC)
    case = open_case(reading(), visitor(), As.STAFF, one.reference, now)
    with recording() as session:
        record_opening(session, visitor(), case.id, now)
    return render_template(
        "desk/readings.html",
        one=one, case=case, card=themes_card(case), who=title(case), place=place + 1, many=len(rows), alert=alert,
    )  # fmt: skip


@blueprint.post("/desk/readings/<int:number>")
@door(*AGENTS, writes=True)
def reading_looked_over(number: int) -> Response:
    """What a person says that the story tells; then the next one. Whoever was slower is told so and loses nothing."""
    who, at = visitor(), datetime.now(UTC)
    rows = reviewing.waiting(reading(), who, at)
    place = next((place for place, one in enumerate(rows) if one.id == number), None)
    if place is None:
        if reviewing.why_of(reading(), who, number) is None:
            raise NotVisible
        notice.say(_("Somebody looked this story over meanwhile."))
        return to(url_for("desk.readings", after=number))
    named = request.form.getlist("theme")
    if set(named) - set(THEME_BY_ID):
        return make_response(_page(rows, place, alert=guard_sentence("themes_known", None)), 422)
    case = open_case(reading(), who, As.STAFF, rows[place].reference, at)
    version, form = reader_version(reading(), case.id), LookForm.of_request()
    assert isinstance(form, LookForm)
    try:
        with writing() as session:
            hand = Hand(who, As.STAFF, case.reference, at, form.seen)
            told = frozenset(THEME_BY_ID[name] for name in named)
            moves.rule_themes(session, bench(), hand, told, version, rows[place].why)
    except Conflict:
        notice.say(_("Somebody looked this story over meanwhile."))
        return to(url_for("desk.readings", after=number))
    notice.say(_("Thank you: the themes are set.") if told else _("Noted: no theme is told here."))
    return to(url_for("desk.readings", after=number))
