"""Who is away and who reads meanwhile: people enter their own absence, supervisors that of anybody in the team."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from cx.accounts import signin
from cx.accounts.hours_forms import AbsenceForm, WorkingDaysForm
from cx.accounts.hours_views import blueprint
from cx.core.refusals import GuardFailed, NotVisible
from cx.core.words import Role
from cx.disputes import absences
from cx.disputes.casefile import colleagues
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.visitors import visitor
from models import Account

TEAM = (Role.AGENT, Role.SUPERVISOR)
REFUSED: dict[str, LazyString] = {
    "days_in_order": _l("The last day comes after the first."),
    "not_over": _l("These days are over already."),
    "not_too_long": _l("This is longer than a year. Is the year right?"),
    "somebody_else": _l("Somebody else, please: nobody stands in for themselves."),
    "substitute_there": _l("This person is not there on these days either."),
    "not_twice_away": _l("An absence is entered for these days already."),
}


def _place() -> int:
    number = visitor().organisation_id
    if number is None:
        raise NotVisible
    return number


def _form() -> AbsenceForm:
    """The form, with the colleagues; an agent enters their own absence only."""
    form, me = AbsenceForm.of_request(), visitor()
    people = colleagues(reading(), _place())
    choices = [SelectChoice(str(one.account_id), one.name) for one in people]
    others = [one for one in choices if me.has(Role.SUPERVISOR) or one.value != str(me.account_id)]
    # Nobody is chosen by default: whoever stands first in the alphabet would stand in for everybody.
    form.substitute.choices = [SelectChoice("", _("Choose a colleague")), *others] if others else []
    if me.has(Role.SUPERVISOR):
        form.who.choices = choices
        form.who.data = form.who.data or str(me.account_id)
    else:
        del form.who
    return form


def _page(form: AbsenceForm, status: int = 200, days: WorkingDaysForm | None = None) -> AnyResponse:
    me, session = visitor(), reading()
    account = session.get_one(Account, me.account_id)
    today = absences.local_today(session, _place(), signin.now())
    page = render_template(
        "accounts/absences.html",
        form=form,
        days=days or WorkingDaysForm(data={"working_days": list(account.working_days)}),
        planned=absences.planned(session, _place(), today),
        today=today,
        me=me.account_id,
        supervisor=me.has(Role.SUPERVISOR),
    )
    return make_response(page, status)


@blueprint.get("/absences")
@door(*TEAM)
def away() -> AnyResponse:
    """One's own days, and the absences that are planned."""
    return _page(_form())


@blueprint.post("/absences")
@door(*TEAM, writes=True)
def plan_absence() -> AnyResponse:
    """Enter an absence; from its first day on, the customers concerned are told."""
    form, place, me = _form(), _place(), visitor()
    if not form.validate():
        return _page(form, 422)
    who = int(form.who.data) if "who" in form else me.account_id or 0
    days = form.first.data, form.last.data
    try:
        with writing() as session:
            absences.plan(session, place, who, int(form.substitute.data), days, signin.now())
    except GuardFailed as refusal:
        form[refusal.field or "first"].errors = [str(REFUSED[refusal.guard])]
        return _page(form, 422)
    notice.say(_("Saved. On the first day, everybody with a running case hears who reads them meanwhile."))
    return redirect(url_for("hours.away"), 303)


@blueprint.post("/absences/<int:number>/end")
@door(*TEAM, writes=True)
def end_absence(number: int) -> AnyResponse:
    """Back again, or not going."""
    me = visitor()
    with writing() as session:
        absences.end(session, _place(), number, signin.now(), None if me.has(Role.SUPERVISOR) else me.account_id)
    notice.say(_("Saved. Welcome back."))
    return redirect(url_for("hours.away"), 303)


@blueprint.post("/absences/days")
@door(*TEAM, writes=True)
def working_days() -> AnyResponse:
    """The days on which one works."""
    days = WorkingDaysForm.of_request()
    if not days.validate():
        return _page(_form_unposted(), 422, days)
    with writing() as session:
        session.get_one(Account, visitor().account_id).working_days = days.working_days.stored
    notice.say(_("Saved."))
    return redirect(url_for("hours.away"), 303)


def _form_unposted() -> AbsenceForm:
    """The other form of the page, as nobody touched it."""
    form = _form()
    form.process()
    return form
