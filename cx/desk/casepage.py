"""The case page: what stands on it, which forms it offers to whom, and how it looks after a refusal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from cx.core.acts import TO_PERFORM
from cx.core.clock import next_body
from cx.core.dispute import path
from cx.core.refusals import NotAllowed, WrongState
from cx.core.visitor import Visitor
from cx.core.words import MONEY_OFFERS, Action, NextBody, Origin, Role, Sector, State
from cx.desk import caseparts, later_form, letters, offering
from cx.desk.dates import date_shown, every_clock
from cx.desk.forms import FORMS, DeskForm, HandForm, OfferForm
from cx.desk.money import currency_choices, home_currency
from cx.desk.more_forms import MONEY, MORE_FORMS, OpinionForm, more_modes
from cx.desk.offering import form_class
from cx.disputes import admissibility, approvals
from cx.disputes.casefile import colleagues, similar
from cx.disputes.ledger import actor_id
from cx.disputes.moves import UNTAKEN
from cx.disputes.seen import CaseFile, Person
from cx.web import labels
from cx.web.formats import local
from cx.web.language import language
from cx.web.sentence import _
from models import ReadingRow

FORMS.update(MORE_FORMS)
MONEY_KINDS = ",".join(sorted(MONEY_OFFERS))
DONE_KINDS = ",".join(sorted(TO_PERFORM - MONEY_OFFERS))
SENDING = ("reply", "ask", "offer", "refuse", "final")


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person of staff may do on one case now: the modes of the page, by name."""

    case: CaseFile
    visitor: Visitor
    at: datetime

    @property
    def me(self) -> str:
        """The visitor as an actor."""
        return actor_id(self.visitor.account_id or 0)

    @property
    def neutral(self) -> bool:
        """Whether the visitor stands between the two sides."""
        return self.visitor.acting_role is Role.NEUTRAL

    @property
    def supervises(self) -> bool:
        """Whether the visitor may send what an agent may not offer alone."""
        return self.visitor.acting_role is Role.SUPERVISOR

    @property
    def archive(self) -> bool:
        """Whether the case came with an import: nobody can be answered there."""
        return self.case.origin == Origin.IMPORT

    @property
    def first_decider(self) -> bool:
        """Whether the visitor decided on this before it was contested, so that somebody else looks at it now."""
        return self.case.state is State.CONTESTED and self.me in self.case.dispute.deciders

    def reaches(self, action: Action) -> bool:
        """Whether the visitor can get to `action` from here, with the moves in between."""
        role = self.visitor.acting_role
        if role is None:
            return False
        try:
            first = path(self.case.dispute, action, role, self.at)[0]
        except (NotAllowed, WrongState):
            return False
        return first in self.case.actions

    def modes(self) -> tuple[str, ...]:
        """The names of the forms that the page offers."""
        case, actions = self.case, self.case.actions
        untaken = case.state is State.RECEIVED or (case.state in UNTAKEN and case.owner_id is None)
        take = untaken and not self.neutral and not self.archive and Action.ASSIGN in actions
        writes = not self.archive and not take
        judged = {
            "take": take,
            "reply": writes and Action.WRITE in actions,
            "ask": writes and self.reaches(Action.ASK) and not self.first_decider,
            "offer": writes and self.reaches(Action.OFFER),
            "refuse": writes and self.reaches(Action.OFFER),
            "final": writes and self.reaches(Action.FINAL),
            "look": writes and Action.REVIEW in actions,
            "done": writes and Action.PROPOSE_PERFORMED in actions and case.dispute.performed_proposed_at is None,
            "point": writes and Action.ADD_POINT in actions,
            "note": Action.NOTE in actions,
            "call": Action.LOG_CALL in actions and not self.archive,
            "shelf": Action.SHELVE in actions and case.owner_id is not None,
            "hand": Action.ASSIGN in actions and not take,
            "themes": Action.RULE_THEMES in actions,
        }
        if not self.archive:
            judged |= more_modes(case, self.visitor.acting_role, self.at)
        judged[later_form.MODE] = writes and later_form.offered(case, self.visitor.acting_role, self.at)
        return tuple(mode for mode, offered in judged.items() if offered)


def fresh_form(
    mode: str,
    desk: Desk,
    people: tuple[Person, ...],
    given: DeskForm | None = None,
    start: dict[str, Any] | None = None,
) -> DeskForm:
    """A form of the page, ready: with its letter, its choices and its usual values; or `given`, made ready again.

    `start`: values with which a fresh form begins rather than with the usual ones.
    """
    case = desk.case
    form = given or form_class(mode, case)(
        data=_starting_values(mode, desk) | (start or {}), meta={"locales": [language()]}
    )
    form.version.data = str(case.version)
    later_form.fit(form, case, desk.at)
    if "next_body" in form and len(_bodies(case)) > 1:
        form["next_body"].choices = [SelectChoice(one.value, labels.NEXT_BODIES[one]) for one in _bodies(case)]
    if isinstance(form, OfferForm | OpinionForm):
        codes = currency_choices(home_currency(case.jurisdiction), language())
        form.currency.choices = [SelectChoice(code, name) for code, name in codes]
        form.currency.data = form.currency.data or home_currency(case.jurisdiction)
    if isinstance(form, HandForm) and desk.archive and "text" in form:
        del form.text  # nobody reads there
    if isinstance(form, HandForm):
        form.to.choices = [
            SelectChoice(str(one.account_id), f"{one.name}, {one.function}" if one.function else one.name)
            for one in people
            if one.account_id != case.owner_id
        ]
    return form


def _starting_values(mode: str, desk: Desk) -> dict[str, Any]:
    case = desk.case
    if mode == "take":
        return {"text": letters.acknowledgement(case, desk.visitor)}
    if mode == "hand":
        return {"text": letters.handed_over(case, desk.visitor)}
    if mode == "done":
        return {"text": letters.performed(case, desk.visitor)}
    framed = mode in SENDING or mode in MORE_FORMS or mode == later_form.MODE
    values: dict[str, Any] = {"text": letters.frame(case, desk.visitor)} if framed else {}
    if mode in {"refuse", "final"}:
        values.update(offering.earlier(case))
    if mode == "final":
        last = admissibility.after_final(case, local(desk.at, case.zone).date())
        values.update(next_body=_bodies(case)[0].value, free="yes", deadline="date" if last else "none")
        values |= {"deadline_on": last} if last else {}
    return values


def _bodies(case: CaseFile) -> tuple[NextBody, ...]:
    """Who may come next here, the court last; those of other countries and trades would only be chosen by mistake."""
    found = next_body(Sector(case.sector), case.jurisdiction, case.facts)
    return found if NextBody.COURT in found else (*found, NextBody.COURT)


def render(
    session: Session,
    case: CaseFile,
    visitor: Visitor,
    at: datetime,
    *,
    mode: str = "",
    form: DeskForm | None = None,
    alert: str = "",
    use: str = "",
) -> str:
    """The page; `use` names what the form of an offer starts with. After a refusal, `form` in `mode` keeps what was typed; a mode that is gone leaves it to be copied."""
    desk = Desk(case, visitor, at)
    modes = desk.modes()
    people = colleagues(session, case.organisation_id) if "hand" in modes else ()
    kept: list[str] = []
    if form is not None and mode not in modes:
        kept, form = form.typed(), None
    start = offering.starting(case, visitor, at, use) if "offer" in modes else None
    forms = {
        name: fresh_form(name, desk, people, form if name == mode else None, start if name == "offer" else None)
        for name in modes
        if name in FORMS
    }
    mode = mode or ("offer" if use and "offer" in forms else "")
    if kept and "reply" in forms:
        forms["reply"]["text"].data, mode = kept.pop(0), "reply"
    return render_template(
        "desk/case.html",
        case=case,
        desk=desk,
        forms=forms,
        opened=mode or _opened(desk, modes),
        alert=alert,
        kept="\n\n".join(kept),
        money_kinds=MONEY_KINDS,
        more_money=MONEY,
        done_kinds=DONE_KINDS,
        date=date_shown(case, at),
        clocks=every_clock(case, at),
        **offering.on_page(case, "offer" in forms),
        **caseparts.in_words(case),
        similar=similar(session, visitor, case),
        first_button="next" if current_user.after_sending == "next" else "stay",
        wait=_wait(desk, modes),
    )


def _opened(desk: Desk, modes: tuple[str, ...]) -> str:
    """The way to write that stands open: what I am asked to send, or the reply when the customer waits for my word."""
    if "offer" in modes and desk.visitor.has(Role.SUPERVISOR) and approvals.waits(desk.case) is not None:
        return "offer"
    mine = desk.case.owner_id == desk.visitor.account_id and desk.case.customer_waits
    return "reply" if mine and "reply" in modes else ""


def _wait(desk: Desk, modes: tuple[str, ...]) -> str:
    """Why the answer cannot be given yet, when that is so."""
    if desk.case.dispute.redirect_target and desk.case.state.open:
        return _("It was proposed to pass this story on: the person decides. Until then the answer is yours.")
    if desk.first_decider:
        return _("You gave the first answer to this case: somebody else takes the second look.")
    if desk.case.state is State.CONTESTED and "look" in modes:
        return _("The answer was contested. Whoever takes the second look decides anew.")
    if desk.case.state is State.AWAITING_CUSTOMER and not desk.neutral and "offer" not in modes:
        return _("A question is open: the next word is the customer’s. You may write again at any time.")
    return ""


def reader_version(session: Session, case_id: int) -> str:
    """The version of the reader whose suggestion stands on the page; empty without a reading."""
    query = select(ReadingRow.version).where(ReadingRow.case_id == case_id).order_by(ReadingRow.id.desc()).limit(1)
    return session.scalar(query) or ""
