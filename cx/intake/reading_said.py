"""Saying what one thinks of the reading of one's story: kept, and ruled on by a person unless everything is right."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask import redirect, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cx.core.refusals import GuardFailed, NotVisible
from cx.core.words import MessageKind
from cx.disputes import contests
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As
from cx.intake.blueprint import blueprint
from cx.intake.keys import code_page
from cx.intake.path import hidden_sentence
from cx.intake.reading_form import NOTHING_SAID, ReadingForm, who_rules
from cx.intake.tracking import case_page, opened
from cx.themes.language import detect_language
from cx.web import notice
from cx.web.bench import bench
from cx.web.database import writing
from cx.web.doors import Who, door
from cx.web.formats import day
from cx.web.sentence import _
from cx.web.throttle import failures, record_failure, subject_of
from cx.web.visitors import visitor

# From one address, whatever the cases: a person never says that much, a script would.
MOST_FROM_ONE, WITHIN = 40, timedelta(hours=1)
TOO_MANY = 429

REFUSED: Mapping[str, LazyString] = {
    "not_too_often": _l("You said this three times today, and it is all kept. You can say more from tomorrow on."),
}
NOTHING_TO_ASK: Mapping[str, LazyString] = {
    "somebody_rules": _l("Nobody is here who could rule on it, so nothing was sent."),
    "story_there": _l("Your story was taken out, so nothing is left to say of how it was read."),
}


@blueprint.post("/case/<reference>/reading")
@door(Who.CUSTOMER, writes=True)
def case_reading(reference: str) -> Response:
    """Say what one thinks of the reading of one's story."""
    try:
        case = opened(reference)
    except NotVisible:
        return code_page(reference)
    form = ReadingForm.of_request().fit(case)
    if not form.validate():
        return case_page(case, 422, {"reading": form})
    subject = subject_of("reading")
    if failures(subject, WITHIN) >= MOST_FROM_ONE:
        form.blame(_("Much was said from here within an hour. Please come back in an hour."))
        return case_page(case, TOO_MANY, {"reading": form})
    return _say(case, form, subject)


def _say(case: CaseFile, form: ReadingForm, subject: str) -> Response:
    at, typed = datetime.now(UTC), form.reading_why.data or ""
    hidden = mask(typed)
    try:
        with writing() as session:
            hand = Hand(visitor(), As.CUSTOMER, case.reference, at)
            taken = contests.say(session, bench(), hand, form.opinion, _text(case, hidden.text))
    except GuardFailed as refusal:
        if refusal.guard in NOTHING_TO_ASK:
            # The form is not on the page any more: said above, with the words kept where a person reads them.
            return case_page(opened(case.reference), 422, alert=str(NOTHING_TO_ASK[refusal.guard]), typed=typed)
        form.blame(REFUSED.get(refusal.guard, NOTHING_SAID))
        return case_page(opened(case.reference), 422, {"reading": form})
    record_failure(subject)
    notice.say(" ".join(one for one in (_done(taken), hidden_sentence(hidden.kinds)) if one))
    return redirect(url_for("intake.case", reference=case.reference, _anchor="reading-became"), 303)


def _text(case: CaseFile, words: str) -> Text | None:
    """The line that was written, with its own language; None without one."""
    if not words:
        return None
    language = detect_language(words, case.language) or case.language
    return Text(words, MessageKind.READING_SAID, language=language)


def _done(taken: contests.Taken) -> str:
    if taken.due_on is None or taken.by is None:
        return _("Thank you. It is noted that this is right.")
    who = who_rules(taken.by)
    return _("Thank you. %(who)s looks at it by %(day)s and writes to you.", who=who, day=day(taken.due_on))
