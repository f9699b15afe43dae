"""Letters that could not be delivered: said on the case and at the head of the desk, and what to do about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy import func
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible
from cx.core.visitor import Visitor
from cx.core.words import Role
from cx.desk.views import blueprint
from cx.disputes.around import Around
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As, cases, locate
from cx.post import undelivered
from cx.post.undelivered import Undelivered
from cx.post.wording import summary
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.language import language
from cx.web.sentence import _, ngettext
from cx.web.visitors import visitor
from models import Case, Letter

MOST = 200


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter to a customer that was given up, with the case as a list shows it."""

    reference: str
    customer: str
    zone: str
    letter: Undelivered
    subject: str


def returned(session: Session, who: Visitor) -> list[Returned]:
    """The letters that were given up in the cases that this person reads, the case first told first."""
    query = (
        cases(who, As.STAFF, Case.reference, Case.customer_name, Case.zone)
        .add_columns(Letter.id, Letter.case_id, Letter.kind, Letter.created_at, Letter.error)
        .join(Letter, Letter.case_id == Case.id)
        .where(Letter.status == "failed", Letter.account_id.is_(None))
        .order_by(Case.id, Letter.id.desc())
        .limit(MOST)
    )
    return [
        Returned(one.reference, one.customer_name, one.zone, letter, subject(letter, one.reference))
        for one in session.execute(query)
        for letter in (Undelivered(one.id, one.case_id, one.kind, one.created_at, one.error),)
    ]


def subject(letter: Undelivered, reference: str) -> str:
    """The subject of a letter, in the language of the page."""
    return summary(letter.kind, language(), {"reference": reference})


def head(around: Around) -> str:
    """One sentence for the head of the desk; empty when every letter arrived."""
    if not around.returned:
        return ""
    own = cases(visitor(), As.STAFF, func.count(Case.id)).where(Case.id.in_(around.returned))
    many = reading().scalar(own)
    if not many:
        return ""
    return ngettext(
        "A letter to one person could not be delivered.", "Letters to %(num)d people could not be delivered.", many
    )


def of_case(case: CaseFile) -> Sequence[tuple[Undelivered, str]]:
    """The letters of one case that were given up, newest first, with their subjects."""
    rows = sorted(case.beside["returned"], key=lambda one: one.id, reverse=True)
    found = [Undelivered(one.id, one.case_id, one.kind, one.created_at, one.error) for one in rows]
    return [(one, subject(one, case.reference)) for one in found]


@blueprint.get("/desk/undelivered")
@door(Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)
def undelivered_letters() -> str:
    """Every letter that could not be delivered."""
    return render_template("desk/undelivered.html", letters=returned(reading(), visitor()))


@blueprint.post("/desk/<reference>/undelivered/<int:number>")
@door(Role.AGENT, Role.SUPERVISOR, writes=True)
def undelivered_again(reference: str, number: int) -> Response:
    """Send the letter again, or leave it to the print queue."""
    found = locate(reading(), visitor(), As.STAFF, reference)
    if number not in {one.id for one in undelivered.given_up(reading(), found.case_id)}:
        raise NotVisible
    printed = request.form.get("how") == "print"
    with writing() as session:
        if printed:
            undelivered.print_instead(session, number)
        else:
            undelivered.try_again(session, number, datetime.now(UTC))
    notice.say(_("The letter waits to be printed.") if printed else _("The letter will be tried again."))
    return redirect(url_for("desk.case", reference=reference), 303)
