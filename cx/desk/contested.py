"""Readings that their customers contradict: how many, which ones, and the ruling on one, with its outcome in words."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Response, make_response, render_template, request, url_for
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired

from cx.core.contesting import Ruler
from cx.core.refusals import Conflict, GuardFailed, NotVisible
from cx.core.visitor import Visitor
from cx.core.words import THEME_BY_ID, MessageKind, MessageOrigin, Role, Theme
from cx.desk.doing import to
from cx.desk.sentences import guard_sentence
from cx.desk.views import blueprint
from cx.disputes import contests, opinions, rulings
from cx.disputes.around import Around
from cx.disputes.ledger import Text
from cx.disputes.masking import mask
from cx.disputes.moves import Hand
from cx.disputes.opinions import OpinionSeen
from cx.disputes.rulings import ToRule
from cx.disputes.seen import CaseFile
from cx.disputes.sight import As, record_opening
from cx.web import labels, notice
from cx.web.bench import bench
from cx.web.database import reading, recording, writing
from cx.web.doors import door
from cx.web.forms import HouseForm, Story
from cx.web.language import language
from cx.web.sentence import _, ngettext
from cx.web.visitors import visitor

EVERYBODY = (Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL)
MAX_OUTCOME = 2_000
TEMPLATE = "reading-ruled-1"

# Who rules, as the team reads it.
RULERS: Mapping[str, LazyString] = {
    Ruler.NEUTRAL: _l("A neutral person rules"),
    Ruler.SUPERVISOR: _l("A supervisor rules who did not handle the case"),
    Ruler.COLLEAGUE: _l("A colleague rules who did not handle the case"),
    Ruler.ANYBODY: _l("Everybody here has handled the case: whoever is there rules"),
}


class RulingForm(HouseForm):
    """The outcome in words; which themes are told stands beside it as check boxes."""

    opinion = HiddenField()
    text = Story(
        _l("What you decided, and why"), [DataRequired(_l("Say in a sentence or two what you decided, and why."))],
        most=MAX_OUTCOME,
    )  # fmt: skip


def head(around: Around) -> str:
    """One sentence for the head of the desk; empty while nobody contradicts the reader."""
    if not around.contested:
        return ""
    return ngettext(
        "%(num)d person contradicts the reader", "%(num)d people contradict the reader", around.contested
    )  # fmt: skip


def of_case(case: CaseFile) -> OpinionSeen | None:
    """The opinion on the reading of a case that waits for a ruling."""
    found = opinions.on_case(case, datetime.now(UTC))
    return next((one for one in found if one.waits), None)


@blueprint.get("/desk/contested")
@door(*EVERYBODY)
def contested() -> str:
    """The readings that wait for a ruling, the first due first."""
    rows = rulings.waiting(reading(), visitor(), datetime.now(UTC))
    return render_template("desk/contested.html", rows=rows, rulers=RULERS)


@blueprint.get("/desk/<reference>/reading")
@door(*EVERYBODY)
def contested_reading(reference: str) -> str:
    """The story, how it was understood, what the customer says to that, and the ruling. The opening is recorded."""
    who, at = visitor(), datetime.now(UTC)
    found = rulings.to_rule(reading(), who, reference, at)
    with recording() as session:
        record_opening(session, who, found.case_id, at, "reading")
    form = RulingForm.filled({"opinion": str(found.opinion.id), "text": ready(found, who)})
    return _page(found, form, found.standing)


def _page(found: ToRule, form: RulingForm, on: frozenset[Theme], alert: str = "") -> str:
    known, said = found.understood, found.opinion
    first = [theme for theme in Theme if theme in {*on, *found.standing, *said.wrong, *said.right}]
    return render_template(
        "desk/contested_reading.html",
        one=found,
        form=form,
        alert=alert,
        inside=visitor().has(Role.AGENT, Role.SUPERVISOR),
        who=found.customer or _("Somebody who gave no name"),
        pieces=known.pieces(found.story) if found.story else (),
        lang=found.story_language if found.story_language != language() else "",
        first=[(theme.value, str(labels.THEMES[theme]), theme in on) for theme in first],
        rest=[(theme.value, str(labels.THEMES[theme])) for theme in Theme if theme not in first],
        labels=labels.THEMES,
        rulers=RULERS,
    )


def ready(found: ToRule, who: Visitor) -> str:
    """The beginning and the end of the answer, in the language of the person; the decision is the writer's to say."""
    with force_locale(found.language):
        hello = _("Hello %(name)s,", name=found.customer) if found.customer else _("Hello,")
        first = _("I have read your story again, and what you say of how it was understood.")
    side = "" if who.acting_role is Role.NEUTRAL else found.organisation
    signed = "\n".join(part for part in (", ".join(one for one in (who.name, who.function) if one), side) if part)
    return f"{hello}\n\n{first} \n\n{signed}"


@blueprint.post("/desk/<reference>/reading")
@door(*EVERYBODY, writes=True)
def rule_reading(reference: str) -> Response:
    """Rule: the full set of themes, and the outcome in words. What was typed stays whatever a rule refuses."""
    who, at, form = visitor(), datetime.now(UTC), RulingForm.of_request()
    try:
        found = rulings.to_rule(reading(), who, reference, at)
    except NotVisible:
        return _settled(who, form)
    named = request.form.getlist("theme")
    on = frozenset(THEME_BY_ID[name] for name in named if name in THEME_BY_ID)
    if not form.validate():
        return make_response(_page(found, form, on), 422)
    if str(form.text.data).strip() == ready(found, who).strip():
        form.text.errors = [_("Say in a sentence or two what you decided, and why.")]
        return make_response(_page(found, form, on), 422)
    if len(on) < len(set(named)):
        return make_response(_page(found, form, on, guard_sentence("themes_known", None)), 422)
    return _rule(found, who, at, form, on)


def _rule(found: ToRule, who: Visitor, at: datetime, form: RulingForm, on: frozenset[Theme]) -> Response:
    try:
        with writing() as session:
            hand = Hand(who, As.RULING, found.reference, at)
            contests.rule(session, bench(), hand, _number(form.opinion.data), on, _outcome(found, form))
    except GuardFailed as refusal:
        said = guard_sentence(refusal.guard, refusal.field)
        if refusal.field is not None:
            form.text.errors = [said]
        return make_response(_page(found, form, on, "" if refusal.field else said), 422)
    except Conflict:
        return _slower(found.reference, who, at, form, on)
    notice.say(_("Your ruling is written. The person reads it on their page."))
    return to(url_for("desk.contested"))


def _slower(reference: str, who: Visitor, at: datetime, form: RulingForm, on: frozenset[Theme]) -> Response:
    """The person said something newer, with what was typed kept below it; or somebody else ruled."""
    try:
        fresh = rulings.to_rule(reading(), who, reference, at)
    except NotVisible:
        return _settled(who, form)
    form.opinion.data = str(fresh.opinion.id)
    said = _("The person said something newer meanwhile. Please read it; what you wrote is kept below.")
    return make_response(_page(fresh, form, on, said), 409)


def _settled(who: Visitor, form: RulingForm) -> Response:
    """Nothing is left to rule: a second click, or somebody was faster. Raises NotVisible for whoever had no say in it."""
    by = rulings.ruled_by(reading(), who, _number(form.opinion.data))
    if by == who.account_id:
        notice.say(_("Your ruling is written. The person reads it on their page."))
    else:
        notice.say(_("Somebody else ruled on it meanwhile."))
    return to(url_for("desk.contested"))


def _number(typed: str | None) -> int:
    """The number of an opinion as the form carries it; 0 for anything else."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0


def _outcome(found: ToRule, form: RulingForm) -> Text:
    words = mask(str(form.text.data)).text
    return Text(
        words, MessageKind.READING_RULED, origin=MessageOrigin.TEMPLATE_ADAPTED, template=TEMPLATE, language=found.language
    )  # fmt: skip
