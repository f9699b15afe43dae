"""Somebody leaves a team: the page of a person, and the one transaction in which colleagues take over."""

from collections.abc import Callable

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from cx.accounts import people, signin
from cx.accounts.admin_forms import LeaveForm, RoleForm
from cx.accounts.hours_forms import NameForm
from cx.core.acts import Actor
from cx.core.refusals import GuardFailed
from cx.core.words import Role
from cx.disputes.casefile import colleagues
from cx.disputes.leaving import cases_in_hand, hand_over_all
from cx.disputes.ledger import actor_id
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.visitors import visitor
from models import Account, Organisation


def _place(account: Account) -> people.Member | None:
    """The membership in an organisation, if the person has one."""
    roles = people.memberships_of(reading(), account.id)
    return next((one for one in roles if one.organisation_id is not None), next(iter(roles), None))


def _leave_form(account: Account, organisation_id: int | None) -> LeaveForm:
    form = LeaveForm.of_request()
    if organisation_id is None:
        form.to.choices = []
        return form
    session = reading()
    others = [one for one in colleagues(session, organisation_id) if one.account_id != account.id]
    duty = session.get_one(Organisation, organisation_id).duty_account_id
    # The duty person comes first: that is who customers see until somebody else takes the case.
    others.sort(key=lambda one: (one.account_id != duty, one.name))
    form.to.choices = [SelectChoice(str(one.account_id), f"{one.name}, {one.function}") for one in others]
    return form


def person_page(
    account: Account, role_form: RoleForm, leave_form: LeaveForm | None = None, name_form: NameForm | None = None
) -> str:
    """One person, for an administrator (everything) or for the supervisor of the same team (seeing off)."""
    session, place = reading(), _place(account)
    organisation_id = place.organisation_id if place is not None else None
    if place is not None and not role_form.errors:
        role_form.role.data = place.role.value
    in_hand = cases_in_hand(session, account.id, organisation_id) if organisation_id is not None else 0
    return render_template(
        "accounts/person.html",
        who=account,
        place=place,
        roles=people.memberships_of(session, account.id),
        in_hand=in_hand,
        role_form=role_form,
        leave_form=leave_form if leave_form is not None else _leave_form(account, organisation_id),
        name_form=name_form or NameForm(obj=account),
        admin=visitor().has(Role.ADMIN),
        me=account.id == visitor().account_id,
        leave_url=url_for("admin.see_off" if visitor().has(Role.ADMIN) else "team.see_off", number=account.id),
    )


def _refused(account: Account, form: LeaveForm, message: str) -> AnyResponse:
    form.to.errors = [message]
    return make_response(person_page(account, RoleForm(), form), 422)


def leaves(account: Account, organisation_id: int | None) -> AnyResponse:
    """See a person off from an organisation (None: as neutral or administrator). All of it happens, or nothing."""
    session = reading()
    places = {one.organisation_id: one for one in people.memberships_of(session, account.id)}
    if organisation_id not in places:
        abort(404)
    form = _leave_form(account, organisation_id)
    choices = {choice.value for choice in form.to.choices}
    in_hand = cases_in_hand(session, account.id, organisation_id) if organisation_id is not None else 0
    if account.id == visitor().account_id:
        return _refused(account, form, _("You cannot see yourself off: somebody else has to do it."))
    if in_hand and form.to.data not in choices:
        return _refused(account, form, _("Choose who goes on: these people are waiting for an answer."))
    to = int(form.to.data) if form.to.data in choices else None
    try:
        given = _in_one_transaction(account, organisation_id, to)
    except GuardFailed:
        return _refused(account, form, _("One of these cases is about the person you chose. Choose somebody else."))
    done = _("%(name)s has left.", name=account.name)
    if given:
        done += " " + ngettext("%(num)d case was handed over.", "%(num)d cases were handed over.", given)
    notice.say(done)
    if not visitor().has(Role.ADMIN):
        return redirect(url_for("team.overview"), 303)
    if organisation_id is None:
        return redirect(url_for("admin.overview"), 303)
    return redirect(url_for("admin.organisation", number=organisation_id), 303)


def _in_one_transaction(account: Account, organisation_id: int | None, to: int | None) -> int:
    me, now, number = visitor(), signin.now(), account.id
    # An administrator does nothing to disputes: handing over is then the leaver's own last act.
    actor = (
        Actor(Role.SUPERVISOR, actor_id(me.account_id or 0), me.name, me.function)
        if me.has(Role.SUPERVISOR) and me.organisation_id == organisation_id
        else Actor(Role.AGENT, actor_id(number), account.name, account.function)
    )
    given = 0
    with writing() as session:
        if organisation_id is not None and to is not None:
            sentence = _sentence(account.name, session.get_one(Account, to))
            given = hand_over_all(session, bench(), (number, organisation_id), to, actor, now, sentence)
        elif organisation_id is not None and cases_in_hand(session, number, organisation_id):
            raise GuardFailed("somebody_goes_on", "to")  # a case came in since the page was shown
        people.end_membership(session, session.get_one(Account, number), organisation_id, to, now)
    return given


def _sentence(leaver: str, successor: Account) -> Callable[[str], str]:
    """What each customer reads of it, in their language."""
    name = ", ".join(part for part in (successor.name, successor.function) if part)

    def said(language: str) -> str:
        with force_locale(language):
            return str(
                _(
                    "%(leaver)s no longer works here. From now on %(name)s looks after your case: nothing needs to be told again.",
                    leaver=leaver,
                    name=name,
                )
            )

    return said
