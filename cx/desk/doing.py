"""How the desk does something to a case: the form is read, one transaction opened, and the page comes back or goes on.

Whatever a rule refuses, the typed text stays: 422 beside the field, or 409 on the fresh case when somebody was faster.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import Response, make_response, redirect, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.refusals import Conflict, GuardFailed, Refusal, WrongState
from cx.core.visitor import Visitor
from cx.core.words import MessageKind, MessageOrigin, Origin
from cx.desk.casepage import Desk, fresh_form, render
from cx.desk.facts import explain, letter, offer_mistakes
from cx.desk.forms import DeskForm, OfferForm
from cx.desk.listing import next_reference
from cx.desk.money import home_currency
from cx.desk.offering import form_class
from cx.desk.sentences import faster
from cx.disputes.casefile import colleagues, open_case
from cx.disputes.ledger import Text
from cx.disputes.moves import Hand
from cx.disputes.queue import Tab
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.sentence import _
from cx.web.visitors import visitor
from models import Organisation

# Within this time, the same words of the same person are the second of two clicks.
TWICE = timedelta(minutes=10)
# What an imported archive still allows: nobody can be answered there.
ON_ARCHIVES = frozenset({"note", "hand", "shelf"})


@dataclass(frozen=True, slots=True)
class Deed:
    """What is being done: in which transaction, by whom on which case, with which form."""

    session: Session
    hand: Hand
    case: CaseFile
    form: DeskForm

    @property
    def letter(self) -> str:
        """The text of the form as it is stored."""
        return letter(self.form)

    def text(self, kind: MessageKind, template: str = "") -> Text:
        """The text of the form as a message to the customer."""
        origin = MessageOrigin.TEMPLATE_ADAPTED if template else MessageOrigin.PERSON
        return Text(self.letter, kind, language=self.case.language, origin=origin, template=template)


def act(reference: str, mode: str, doing: Callable[[Deed], object], said: str, *, leaves: bool = False) -> Response:
    """Do what the form of `mode` asks for and say so. `leaves`: the writer may prefer to go on to the next case."""
    who, at = visitor(), datetime.now(UTC)
    case = open_case(reading(), who, As.STAFF, reference, at)
    people = colleagues(reading(), case.organisation_id) if mode == "hand" else ()
    form = form_class(mode, case).of_request()
    assert isinstance(form, DeskForm)
    seen = form.seen
    # The choices must stand before the form is judged.
    fresh_form(mode, Desk(case, who, at), people, form)
    sound = form.validate()
    if isinstance(form, OfferForm) and offer_mistakes(form):
        sound = False
    if not sound:
        return _again(case, who, at, mode, form)
    hand = Hand(_limited(who, case.organisation_id, mode), As.STAFF, case.reference, at, seen)
    if case.origin == Origin.IMPORT and mode not in ON_ARCHIVES:
        return beaten(reference, who, at, mode, form, WrongState(mode, case.state.value))
    try:
        with writing() as session:
            doing(Deed(session, hand, case, form))
    except GuardFailed as refusal:
        explain(form, refusal)
        return _again(open_case(reading(), who, As.STAFF, reference, at), who, at, mode, form)
    except (Conflict, WrongState) as refusal:
        if not _sent_already(open_case(reading(), who, As.STAFF, reference, at), who, at, form):
            return beaten(reference, who, at, mode, form, refusal)
    notice.say(said)
    return _onward(case, who, at, form, Tab.TAKE if mode == "take" else Tab.MINE, leaves=leaves)


def _sent_already(case: CaseFile, who: Visitor, at: datetime, form: DeskForm) -> bool:
    """Whether this person sent these very words a moment ago: the second of two clicks, or a page sent again."""
    if "text" not in form:
        return False
    mine = (one for one in case.said if one.account_id == who.account_id and not one.internal)
    return any(one.text == letter(form) and at - one.at < TWICE for one in mine)


def _limited(who: Visitor, organisation_id: int, mode: str) -> Visitor:
    """The visitor with the money limit that the organisation sets for its agents."""
    if mode not in {"offer", "final"}:
        return who
    query = select(Organisation.agent_limit_minor, Organisation.country).where(Organisation.id == organisation_id)
    limit, country = reading().execute(query).one()
    return replace(who, money_limit_minor=limit, money_limit_currency=home_currency(country))


def _again(case: CaseFile, who: Visitor, at: datetime, mode: str, form: DeskForm) -> Response:
    """The page with what was typed and what is wrong; above it when the form itself is gone."""
    shown = mode in Desk(case, who, at).modes()
    alert = "" if shown else " ".join(str(one) for one in form.form_errors)
    return make_response(render(reading(), case, who, at, mode=mode, form=form, alert=alert), 422)


def beaten(reference: str, who: Visitor, at: datetime, mode: str, form: DeskForm, refusal: Refusal) -> Response:
    """The case as it stands now, with the text in the composer and a sentence that says who was faster."""
    case = open_case(reading(), who, As.STAFF, reference, at)
    alert = _("This does not go from where the case stands now. Your text is kept below.")
    if not form.typed():
        alert = _("This does not go from where the case stands now.")
    if isinstance(refusal, Conflict) and refusal.expected < case.version:
        alert = faster(case, kept=bool(form.typed()))
    return make_response(render(reading(), case, who, at, mode=mode, form=form, alert=alert), 409)


def _onward(case: CaseFile, who: Visitor, at: datetime, form: DeskForm, tab: Tab, *, leaves: bool) -> Response:
    stays = form.stay if form.stay is not None else not (leaves and current_user.after_sending == "next")
    if stays:
        return to(url_for("desk.case", reference=case.reference))
    following = next_reference(reading(), who, tab, case.id, at)
    return to(url_for("desk.case", reference=following) if following else url_for("desk.cases"))


def to(address: str) -> Response:
    """Go on to an address after something was done."""
    return make_response(redirect(address, 303))
