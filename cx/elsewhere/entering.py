"""The door of the mediator's room: the link puts a key into a cookie of that room alone; a first entry asks for a name.

Addresses are logged as rules, so no secret is; the cookie never leaves `/mediation`. Opening a link spends nothing.
"""

from datetime import UTC, datetime, timedelta

from flask import current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cx.core.refusals import NotVisible
from cx.core.visitor import Visitor
from cx.disputes import casefile, mediating, mediators, sight
from cx.disputes.mediators import LinkSeen
from cx.disputes.moves import Hand
from cx.disputes.reference import SECRET_LETTERS, hash_secret
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from cx.elsewhere.blueprint import blueprint
from cx.elsewhere.forms import EnterForm
from cx.web.bench import bench
from cx.web.database import reading, writing
from cx.web.doors import Who, door
from cx.web.throttle import failures, record_failure, subject_of
from cx.web.visitors import plain

COOKIE = "doleance_mediation"
MOST_KEYS = 6
TRIES, WITHIN = 10, timedelta(hours=1)
LONGEST = 60 * 60 * 24 * max(mediators.TERMS)


def secrets_held() -> tuple[str, ...]:
    """The secrets in this room's cookie, newest first."""
    return tuple(part for part in request.cookies.get(COOKIE, "").split(".") if part)[:MOST_KEYS]


def keys() -> tuple[str, ...]:
    """Their hashes."""
    return tuple(hash_secret(one) for one in secrets_held())


def shut(status: int = 404) -> Response:
    """The page for whoever has no live link: it says nothing about what exists."""
    return make_response(render_template("elsewhere/shut.html"), status)


def link_to(reference: str) -> LinkSeen:
    """The live link of this browser into the case. Raises NotVisible."""
    found = sight.locate(reading(), Visitor(keys=keys()), As.MEDIATOR, reference)
    return mediators.of_case(reading(), keys(), found.case_id, datetime.now(UTC))


def mediator(link: LinkSeen) -> Visitor:
    """Who looks: whoever holds this link, under the name given at the first entry."""
    return Visitor(keys=keys(), name=link.name, function=link.function)


def opened(link: LinkSeen, reference: str) -> CaseFile:
    """The case as a mediator reads it: what both parties read, nothing internal."""
    return casefile.open_case(reading(), mediator(link), As.MEDIATOR, reference, datetime.now(UTC))


def hand(link: LinkSeen, reference: str, version: int | None = None) -> Hand:
    """The mediator's hand on the case."""
    return Hand(mediator(link), As.MEDIATOR, reference, datetime.now(UTC), version)


@blueprint.get("/mediation/<token>")
@door(Who.EVERYONE)
def token(token: str) -> Response:
    """The link itself: gives this browser the key and leads into the room. A wrong one is counted, as codes are."""
    typed = plain(token)
    link = mediators.by_secret(reading(), hash_secret(typed)) if len(typed) == SECRET_LETTERS else None
    if link is None or not link.live(datetime.now(UTC)):
        tried = subject_of("mediation")
        if failures(tried, WITHIN) >= TRIES:
            page = shut(429)
            page.headers["Retry-After"] = str(int(WITHIN.total_seconds()))
            return page
        record_failure(tried)
        return shut()
    reference = sight.reference_of_case(reading(), link.case_id)
    answer = redirect(url_for("elsewhere.room", reference=reference), 303)
    kept = [typed, *(one for one in secrets_held() if one != typed)][:MOST_KEYS]
    answer.set_cookie(
        COOKIE,
        ".".join(kept),
        max_age=LONGEST,
        path="/mediation",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def name_page(reference: str, link: LinkSeen, form: EnterForm | None = None, status: int = 200) -> Response:
    """Who are you? Asked once, before a word of the case is shown."""
    shown = form or EnterForm.filled({})
    text = render_template("elsewhere/enter.html", form=shown, reference=reference, link=link)
    return make_response(text, status)


@blueprint.post("/mediation/case/<reference>/enter")
@door(Who.EVERYONE, writes=True)
def enter(reference: str) -> Response:
    """Say who enters; both parties read it."""
    try:
        link = link_to(reference)
    except NotVisible:
        return shut()
    form = EnterForm.of_request()
    if not form.validate():
        return name_page(reference, link, form, 422)
    with writing() as session:
        mediating.enter(session, bench(), hand(link, reference), link, form.name.data or "", form.function.data or "")
    return redirect(url_for("elsewhere.room", reference=reference), 303)
