"""Taking a case elsewhere, on the customer's side: who comes next, the file to take along, links for a mediator."""

import io
from datetime import UTC, datetime

from flask import current_app, make_response, redirect, render_template, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cx.core.refusals import Conflict, NotVisible
from cx.core.words import NextBody, Role, State
from cx.disputes import admissibility, casefile, dossier, mediating, mediators, sight
from cx.disputes.filing import secret_of_key
from cx.disputes.moves import Hand
from cx.disputes.reference import in_groups
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from cx.elsewhere import paper
from cx.elsewhere.blueprint import blueprint
from cx.elsewhere.forms import CourtForm, FileForm, LinkForm, bodies, body_of
from cx.elsewhere.sheet import sheet
from cx.elsewhere.wording import CONDITIONS
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import reading, recording, writing
from cx.web.doors import Who, door
from cx.web.formats import local
from cx.web.forms import HouseForm, sound_key
from cx.web.language import LANGUAGES, language
from cx.web.visitors import visitor


def opened(reference: str) -> CaseFile:
    """The case for the visitor who holds a key to it. Raises NotVisible otherwise."""
    return casefile.open_case(reading(), visitor(), As.CUSTOMER, reference, datetime.now(UTC))


def to_case(reference: str) -> Response:
    """Send whoever may not be here to the case's own page, which asks strangers for their code."""
    return redirect(url_for("intake.case", reference=reference), 303)


def checks(case: CaseFile) -> tuple[admissibility.Check, ...]:
    """The conditions of the next body, ticked as of today."""
    sent = local(case.sent_at, case.zone).date() if case.sent_at else None
    return admissibility.checklist(case, local(datetime.now(UTC), case.zone).date(), sent)


def page(
    case: CaseFile, status: int = 200, court: HouseForm | None = None, link: LinkForm | None = None, secret: str = ""
) -> Response:
    """The page, with forms that were refused in their place; `secret` is shown this once."""
    now = datetime.now(UTC)
    known = admissibility.bodies(case)
    link = link or LinkForm.filled({"days": "90"})
    file = FileForm.filled({})
    bodies(link.link_body, known)
    bodies(file.body, known)
    base = current_app.config["DOLEANCE_URL"]
    return make_response(
        render_template(
            "elsewhere/leaving.html",
            case=case,
            bodies=known,
            checks=checks(case),
            conditions=CONDITIONS,
            court=court or CourtForm.filled({}),
            court_said=admissibility.court_said(case),
            file=file,
            other=next(one for one in LANGUAGES if one != language()),
            form=link,
            links=mediators.links_of(reading(), case.id),
            now=now,
            address=f"{base}{url_for('elsewhere.token', token=secret)}" if secret else "",
            code=in_groups(secret),
            made=dossier.made(reading(), case.id),
        ),
        status,
    )


@blueprint.get("/case/<reference>/elsewhere")
@door(Who.CUSTOMER)
def leaving(reference: str) -> Response:
    """Take it elsewhere."""
    try:
        return page(opened(reference))
    except NotVisible:
        return to_case(reference)


@blueprint.post("/case/<reference>/elsewhere/court")
@door(Who.CUSTOMER, writes=True)
def court(reference: str) -> Response:
    """Whether a court has it: the one condition that no clock knows."""
    try:
        case = opened(reference)
    except NotVisible:
        return to_case(reference)
    form = CourtForm.of_request()
    if not form.validate():
        return page(case, 422, court=form)
    said = form.court.data == "yes"
    if admissibility.court_said(case) is not said:
        with writing() as session:
            mediating.say_court(session, bench(), _hand(reference), said)
    notice.say(_("Thank you, that is noted."))
    return redirect(url_for("elsewhere.leaving", reference=reference), 303)


def _hand(reference: str) -> Hand:
    return Hand(visitor(), As.CUSTOMER, reference, datetime.now(UTC))


@blueprint.post("/case/<reference>/elsewhere/file")
@door(Who.CUSTOMER, writes=True)
def file(reference: str) -> Response:
    """The file that travels, made now and for its owner."""
    try:
        return handed_out(reference, As.CUSTOMER)
    except NotVisible:
        return to_case(reference)


@blueprint.post("/desk/<reference>/file")
@door(Role.SUPERVISOR, Role.NEUTRAL, writes=True)
def desk_file(reference: str) -> Response:
    """The same file for the supervisor or the neutral of the case; that it was taken is kept in the access log."""
    found = sight.locate(reading(), visitor(), As.STAFF, reference)
    with recording() as session:
        sight.record_opening(session, visitor(), found.case_id, datetime.now(UTC), "dossier")
    return handed_out(reference, As.STAFF)


def handed_out(reference: str, capacity: As) -> Response:
    """Make the file outside the transaction, keep its fingerprints, give it. Raises NotVisible."""
    form = FileForm.of_request()
    wanted = body_of(form.body.data, tuple(NextBody))
    contents = dossier.collect(reading(), visitor(), capacity, reference, datetime.now(UTC), wanted)
    return given(contents, form.language.data or "")


def given(contents: dossier.Contents, wanted: str) -> Response:
    """The ZIP as a download, its fingerprints and those of what is in it kept in the view's one transaction."""
    with force_locale(wanted if wanted in LANGUAGES else language()):
        files = paper.made(sheet(contents))
    with writing() as session:
        dossier.record(session, contents, files)
    name = f"{contents.case.reference}.zip"
    return send_file(io.BytesIO(files["zip"]), mimetype="application/zip", as_attachment=True, download_name=name)


@blueprint.post("/case/<reference>/elsewhere/link")
@door(Who.CUSTOMER, writes=True)
def make_link(reference: str) -> Response:
    """A link for a mediator. It is shown on the very answer, and never again."""
    try:
        case = opened(reference)
    except NotVisible:
        return to_case(reference)
    form = LinkForm.of_request()
    form.key.data = sound_key(form.key.data)
    known = admissibility.bodies(case)
    bodies(form.link_body, known)
    if not form.validate() or case.state is State.NONE:
        return page(case, 422, link=form)
    secret = secret_of_key(current_app.config["SECRET_KEY"], f"mediator {case.reference} {form.key.data}")
    body = body_of(form.link_body.data, known)
    try:
        with writing() as session:
            mediating.make_link(session, bench(), _hand(reference), secret, body, int(form.days.data))
    except mediators.TooManyLinks:
        form.days.errors = [_("Five links are open already. Take one back first.")]
        return page(case, 422, link=form)
    except Conflict:
        return page(opened(reference), 409)
    return page(opened(reference), secret=secret)


@blueprint.post("/case/<reference>/elsewhere/link/<int:link_id>/revoke")
@door(Who.CUSTOMER, writes=True)
def revoke_link(reference: str, link_id: int) -> Response:
    """Take a link back."""
    try:
        case = opened(reference)
    except NotVisible:
        return to_case(reference)
    one = next((each for each in mediators.links_of(reading(), case.id) if each.id == link_id), None)
    if one is None:
        raise NotVisible
    if one.revoked_at is None:
        with writing() as session:
            mediating.revoke_link(session, bench(), _hand(reference), link_id)
    notice.say(_("The link was taken back. It opens nothing any more."))
    return redirect(url_for("elsewhere.leaving", reference=reference), 303)
