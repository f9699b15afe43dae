"""The print queue: letters for people without e-mail. Somebody says that they print a pile, prints it, posts it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField
from wtforms.validators import DataRequired

from cx.core.refusals import GuardFailed
from cx.core.words import NextBody, Role, values_of
from cx.desk.listing import number as number_in
from cx.desk.views import blueprint
from cx.disputes import printing
from cx.disputes.printing import Sheet
from cx.post.wording import LANGUAGES, day_in, printed, subject, summary
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.formats import local
from cx.web.forms import HouseForm
from cx.web.house import house
from cx.web.language import language
from cx.web.next_bodies import BODIES
from cx.web.sentence import _, ngettext
from cx.web.visitors import visitor

PRINTERS = (Role.AGENT, Role.SUPERVISOR)
LATELY = timedelta(days=14)
# Letters in which the next body is what the person may do now: on paper they say what it is, and where.
ONWARD = frozenset({"final_position_given", "final_reminder", "overdue", "right_opens", "right_ends"})


class PostedForm(HouseForm):
    """The day on which a letter was posted."""

    posted_on = DateField(_l("Posted on"), [DataRequired(_l("Say on which day you posted it."))])


def head() -> str:
    """One sentence for the head of the desk; empty when nothing waits to be printed."""
    if not visitor().has(*PRINTERS):
        return ""
    waiting = printing.many(reading(), visitor())
    if waiting > printing.MOST:
        return _("More than a hundred letters wait to be printed and posted.")
    if not waiting:
        return ""
    return ngettext(
        "%(num)d letter waits to be printed and posted.", "%(num)d letters wait to be printed and posted.", waiting
    )


@blueprint.get("/desk/letters")
@door(*PRINTERS)
def letters() -> str:
    """The letters that wait to be printed, who prints which, and those that were posted lately."""
    now = datetime.now(UTC)
    waiting = [(one, _about(one)) for one in printing.queue(reading(), visitor())]
    free = [one for one, _what in waiting if _free(one, now)]
    mine = [one for one, _what in waiting if one.printer_id == visitor().account_id and not _free(one, now)]
    gone = [(one, _about(one)) for one in printing.lately(reading(), visitor(), (now - LATELY).date())]
    return render_template(
        "desk/printing.html",
        rows=waiting,
        gone=gone,
        free=min(len(free), printing.A_PILE),
        mine=len(mine),
        held=_held(now),
    )


def _about(one: printing.Waiting) -> str:
    return summary(one.kind, language(), one.data, house().name)


def _free(one: printing.Waiting, now: datetime) -> bool:
    return one.printed_at is None or one.printed_at < now - printing.HELD


def _held(now: datetime) -> Any:
    """Whether somebody prints a letter at present."""
    return lambda one: not _free(one, now)


@blueprint.post("/desk/letters/pile")
@door(*PRINTERS, writes=True)
def letters_held() -> Response:
    """I print those that nobody prints."""
    with writing() as session:
        printing.hold(session, visitor(), datetime.now(UTC))
    return redirect(url_for("desk.letters_pile"), 303)


@blueprint.get("/desk/letters/pile")
@door(*PRINTERS)
def letters_pile() -> str:
    """The letters that I print, one after the other, each on a sheet of its own."""
    sheets = printing.pile(reading(), visitor(), datetime.now(UTC))
    today = _today(sheets[0]) if sheets else datetime.now(UTC).date()
    return _pile(sheets, PostedForm(None, meta={"locales": [language()]}, posted_on=today))


@blueprint.post("/desk/letters/pile/posted")
@door(*PRINTERS, writes=True)
def letters_posted() -> Response | tuple[str, int]:
    """They were all posted."""
    at = datetime.now(UTC)
    form = PostedForm.of_request()
    if not form.validate() or form.posted_on.data is None:
        return _pile(printing.pile(reading(), visitor(), at), form), 422
    asked = {number_in(one) for one in request.form.getlist("letter")[: printing.A_PILE]} - {None}
    try:
        with writing() as session:
            numbers = sorted(one for one in asked if one is not None)
            done = printing.posted_all(session, bench(), visitor(), numbers, form.posted_on.data, at)
    except GuardFailed:
        _wrong_day(form)
        return _pile(printing.pile(reading(), visitor(), at), form), 422
    notice.say(ngettext("Written down: %(num)d letter is on its way.", "Written down: %(num)d letters are on their way.", done))  # fmt: skip
    return redirect(url_for("desk.letters"), 303)


@blueprint.get("/desk/letters/<int:number>")
@door(*PRINTERS)
def letter(number: int) -> str:
    """One letter, ready to be printed."""
    found = printing.sheet(reading(), visitor(), _small(number))
    form = PostedForm(None, meta={"locales": [language()]}, posted_on=_today(found))
    return render_template("desk/letter.html", form=form, **paper(found))


@blueprint.post("/desk/letters/<int:number>")
@door(*PRINTERS, writes=True)
def letter_posted(number: int) -> Response | tuple[str, int]:
    """It was printed and posted."""
    found = printing.sheet(reading(), visitor(), _small(number))
    form = PostedForm.of_request()
    if not form.validate() or form.posted_on.data is None:
        return render_template("desk/letter.html", form=form, **paper(found)), 422
    try:
        with writing() as session:
            printing.posted(session, bench(), visitor(), number, form.posted_on.data, datetime.now(UTC))
    except GuardFailed:
        _wrong_day(form)
        return render_template("desk/letter.html", form=form, **paper(found)), 422
    notice.say(_("Written down: the letter is on its way."))
    return redirect(url_for("desk.letters"), 303)


def _small(number: int) -> int:
    """A number that a database can hold; 0, which is nobody's, for one that it cannot."""
    return number if number < 2**63 else 0


def _wrong_day(form: PostedForm) -> None:
    form.posted_on.errors = [*form.posted_on.errors, _("Choose a day between the letter’s own and today.")]


def _today(found: Sheet) -> date:
    return local(datetime.now(UTC), found.zone).date()


def _pile(sheets: list[Sheet], form: PostedForm) -> str:
    return render_template("desk/pile.html", form=form, papers=[paper(one) for one in sheets])


def paper(found: Sheet) -> dict[str, Any]:
    """What stands on a sheet, in the language of its reader."""
    body, standing = printed(found.kind, found.language, found.data, house().name)
    spoken = found.language if found.language in LANGUAGES else LANGUAGES[0]
    with force_locale(spoken):
        return {
            "sheet": found,
            "subject": subject(found.kind, found.language, found.data, house().name),
            "body": body,
            "standing": standing,
            "onward": _onward(found),
            "back": _back(found),
            "written_on": day_in(local(found.created_at, found.zone).date(), found.language),
        }


def _back(found: Sheet) -> str:
    """How the person answers a letter on paper."""
    page = f"{current_app.config['DOLEANCE_URL']}/case/{found.reference}"
    if found.organisation_address:
        return _(
            "To answer: by post to the address above, or at %(page)s with your reference and your code.", page=page
        )
    return _("To answer: at %(page)s with your reference and your code.", page=page)


def _onward(found: Sheet) -> str:
    """What the next body is and where, for whoever has no page to look it up; empty where the letter is not about it."""
    named = str(found.data.get("next_body") or "")
    if found.kind not in ONWARD or named not in values_of(NextBody):
        return ""
    body = BODIES[NextBody(named)]
    return " ".join(part for part in (str(body.what), body.url) if part)
