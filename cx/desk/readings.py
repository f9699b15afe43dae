"""Stories to look over: one at a time, drawn by lot or suggested; whoever has no time skips, and nothing is owed.

The drawn ones are judged blind (`cx.desk.blind`); the suggested ones stand with what the reader doubts about.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Response, make_response, render_template, request, url_for

from cx.core.refusals import Conflict, NotVisible
from cx.core.underlining import Piece
from cx.core.words import THEME_BY_ID, Role, Theme
from cx.desk import blind
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
from cx.disputes.reviewing import SAMPLE, Waiting
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As, record_opening
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, recording, writing
from cx.web.doors import door
from cx.web.language import language
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


def _page(rows: tuple[Waiting, ...], place: int, alert: str = "", on: Sequence[str] | None = None) -> str:
    """The story at this place; `on` are the themes that the person ticked before an answer was refused."""
    if place >= len(rows):
        return render_template("desk/readings.html", one=None, skipped=len(rows))
    one, now = rows[place], datetime.now(UTC)
    case = open_case(reading(), visitor(), As.STAFF, one.reference, now)
    with recording() as session:
        record_opening(session, visitor(), case.id, now)
    shown = _alone(case, on or ()) if one.why == SAMPLE else {"card": themes_card(case)}
    return render_template(
        "desk/readings.html", one=one, case=case, who=title(case), place=place + 1, many=len(rows), alert=alert, **shown
    )


def _alone(case: CaseFile, on: Sequence[str]) -> dict[str, object]:
    """What a story that is judged blind shows: its text, and all themes alike. Nothing here comes from the reader."""
    story = case.story
    return {
        "families": blind.families(on),
        "pieces": (Piece(story.text),) if story is not None and story.text else (),
        "lang": story.language if story is not None and story.language != language() else "",
    }


@blueprint.post("/desk/readings/<int:number>")
@door(*AGENTS, writes=True)
def reading_looked_over(number: int) -> Response:
    """What a person says that the story tells; then the next one. Whoever was slower is told so and loses nothing."""
    who, at = visitor(), datetime.now(UTC)
    rows = reviewing.waiting(reading(), who, at)
    place = next((place for place, one in enumerate(rows) if one.id == number), None)
    if place is None:
        return _settled(number)
    one, named = rows[place], request.form.getlist("theme")
    if set(named) - set(THEME_BY_ID):
        return make_response(_page(rows, place, guard_sentence("themes_known", None), named), 422)
    refused = blind.refusal(named, "none" in request.form) if one.why == SAMPLE else ""
    if refused:
        return make_response(_page(rows, place, refused, named), 422)
    case = open_case(reading(), who, As.STAFF, one.reference, at)
    version, form = reader_version(reading(), case.id), LookForm.of_request()
    assert isinstance(form, LookForm)
    told = frozenset(THEME_BY_ID[name] for name in named)
    try:
        with writing() as session:
            hand = Hand(who, As.STAFF, case.reference, at, form.seen)
            moves.rule_themes(session, bench(), hand, told, version, one.why)
    except Conflict:
        return _settled(number)
    _thank(case, one.why, told)
    return to(url_for("desk.readings", after=number))


def _settled(number: int) -> Response:
    """Nothing is left to say here: a second click, or somebody was faster. Raises NotVisible for another team's story."""
    why = reviewing.why_of(reading(), visitor(), number)
    if why is None:
        raise NotVisible
    if reviewing.looked_over_by(reading(), visitor(), number) == visitor().account_id:
        notice.say(_("What you said of this story is kept."))
    else:
        notice.say(_("Somebody looked this story over meanwhile."))
    return to(url_for("desk.readings", after=number))


def _thank(case: CaseFile, why: str, told: frozenset[Theme]) -> None:
    """Say that it is kept and, where it was judged blind, what the reader had said."""
    thanks = _("Thank you: the themes are set.") if told else _("Noted: no theme is told here.")
    after = blind.had_said(case.understood, told) if why == SAMPLE else ""
    notice.say(f"{thanks} {after}".strip())
