"""Where a case stands, in one sentence, one date and one next step, as its customer reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cx.core import clock
from cx.core.acts import TO_PERFORM
from cx.core.dispute import resting
from cx.core.folding import REFUSING
from cx.core.words import OfferKind, Role, State
from cx.disputes import admissibility
from cx.disputes.calendars import days_off
from cx.disputes.seen import CaseFile
from cx.web.arithmetic import Arithmetic, arithmetic
from cx.web.formats import day, local
from cx.web.labels import NEXT_BODIES

MEDIATION = frozenset({State.IN_MEDIATION, State.MEDIATION_PROPOSED})
WORKING = frozenset({State.ACKNOWLEDGED, State.INVESTIGATING})
STAFF_ANSWERS = frozenset({"reply", "offer", "final_position", "performed"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The top of the page: the sentence, what comes next, the date with its arithmetic, whether it is late."""

    title: str
    onward: str
    date: str = ""
    late: bool = False
    why: Arithmetic | None = None
    resting: bool = False


def who_reads(case: CaseFile) -> str:
    """The named person, or the organisation where nobody is named yet."""
    return case.person.name if case.person else case.organisation


@dataclass(frozen=True, slots=True)
class NextBodySaid:
    """The body that comes next as the final answer names it, and until when: as the law says it, else the answer."""

    body: str
    deadline: date | None
    passed: bool
    free: bool


def final_said(case: CaseFile, now: datetime) -> NextBodySaid | None:
    """Who comes next, as the final answer named it; None in any other state."""
    last = next((one for one in reversed(case.happened) if one.kind == "final_position_given"), None)
    if last is None or case.state is not State.FINAL_POSITION:
        return None
    body = str(last.data.get("next_body") or "")
    runs = [(one.regime_id, one.due_on, one.done_on) for one in case.clocks if one.lawful]
    deadline = admissibility.until(str(last.data.get("next_body_deadline") or ""), body, runs)
    passed = deadline is not None and deadline < local(now, case.zone).date()
    return NextBodySaid(body, deadline, passed, last.data.get("next_body_free") is True)


# Where a dispute by letter stands, and what comes next, by what the answer says that the customer noted.
BY_LETTER: Mapping[str, tuple[LazyString, LazyString]] = {
    "": (_l("Sent by you. The time runs."), _l("Keep a copy and the proof that you sent it.")),
    "granted": (_l("They said yes."), _l("When they have done it, you can end it below.")),
    "partly": (_l("They said yes, in part."), _l("You may take the rest further now, or end it: both stand below.")),
    "refused": (_l("They said no."), _l("You may take it further now, or end it: both stand below.")),
}


def standing(case: CaseFile, now: datetime, target: str = "") -> Standing:
    """Say where the case stands now. `target`: the organisation that a case was passed on to."""
    sentence, late = _date(case, local(now, case.zone).date())
    rests = resting(case.dispute, now, _duty(case))
    timeless = rests and not _runs_out(case, now)
    onward = _("Take your time: this stays open for you, nothing ends by itself.") if timeless else _onward(case)
    title = _("Passed on to %(name)s.", name=target) if case.state is State.REDIRECTED and target else _title(case)
    return Standing(title, onward, sentence, late, _why(case), rests)


def _runs_out(case: CaseFile, now: datetime) -> bool:
    """Whether waiting could cost the person something: the offer ends, or the way to the next body does."""
    said = final_said(case, now)
    if said is not None and said.deadline is not None and not said.passed:
        return True
    return case.state is State.OFFER_MADE and case.offer is not None and case.offer.expires_on is not None


def _title(case: CaseFile) -> str:
    who = who_reads(case)
    match case.state:
        case State.NONE:
            said = _story_title(case, who)
        case State.RECEIVED:
            said = _("Sent. %(who)s reads it.", who=who) if case.claimed else _by_letter(case, 0)
        case State.ACKNOWLEDGED | State.INVESTIGATING:
            said = _("%(who)s is on it.", who=who)
        case State.AWAITING_CUSTOMER:
            said = _("Your turn: %(who)s asks you something.", who=who)
        case State.OFFER_MADE:
            said = _("An answer for you.") if _is_answer(case) else _("An offer for you.")
        case State.ACCEPTED:
            proposed = case.dispute.performed_proposed_at is not None
            said = _("They say it is done.") if proposed else _("Agreed. Now it has to be done.")
        case State.CONTESTED:
            said = _("Someone else is checking.")
        case State.FINAL_POSITION:
            said = _("Their final answer.")
        case State.IN_MEDIATION | State.MEDIATION_PROPOSED:
            said = _("With the mediator.")
        case State.CLOSED:
            said = _("Ended, by %(who)s.", who=_ender(case)) if _ender(case) else _("Ended, by you.")
        case State.WITHDRAWN:
            said = _("Withdrawn, by you.")
        case State.LAPSED:
            said = _("Lapsed.")
        case State.REDIRECTED:
            said = _("Passed on.")
    return str(said)


def _by_letter(case: CaseFile, which: int) -> str:
    return str(BY_LETTER[case.dispute.by_letter][which])


def _story_title(case: CaseFile, who: str) -> str:
    if not case.claimed:
        return str(_("Your letter is ready."))
    answered = any(one.role is not Role.CUSTOMER for one in case.said)
    return str(_("%(who)s has written to you.", who=who) if answered else _("Arrived. %(who)s reads you.", who=who))


def _ender(case: CaseFile) -> str:
    last = next((one for one in reversed(case.happened) if one.kind in {"closed", "performed"}), None)
    return last.name if last is not None and last.role is not Role.CUSTOMER else ""


def _is_answer(case: CaseFile) -> bool:
    return case.offer is not None and case.offer.kind in {OfferKind.EXPLANATION, OfferKind.APOLOGY}


def nothing_left_to_do(case: CaseFile) -> bool:
    """Whether accepting the open offer ends the case at once."""
    return case.offer is not None and case.offer.kind not in TO_PERFORM


def _onward(case: CaseFile) -> str:
    match case.state:
        case State.NONE if not case.claimed:
            said = _("Print it or copy it, send it, then tell us on which day. The time to answer runs from there.")
        case State.NONE:
            said = _("Nothing more is needed. You can add something below, or ask for an answer.")
        case State.RECEIVED if not case.claimed:
            said = _by_letter(case, 1)
        case State.RECEIVED | State.ACKNOWLEDGED | State.INVESTIGATING | State.CONTESTED:
            said = _("You have nothing to do now. If something changes, write it below.")
        case State.AWAITING_CUSTOMER:
            said = _("Please answer below. Their time goes on running meanwhile.")
        case State.OFFER_MADE:
            said = _("Read it, then say yes, no, or what you ask for instead.")
        case State.ACCEPTED:
            said = _("Was it done? One tap says so.")
        case State.FINAL_POSITION:
            said = _("You can end it here, or take it further: how is written below.")
        case State.IN_MEDIATION:
            said = _("The mediator writes to you. You can still write here.")
        case State.MEDIATION_PROPOSED:
            said = _("The mediator has given an opinion: it stands below. You can still write here.")
        case State.LAPSED:
            said = _("Every date to take it further has passed. If something new comes up, take it up again below.")
        case State.REDIRECTED:
            said = _("Your story went there with the day on which you first sent it.")
        case _:
            said = _("If it comes back, you can take it up again below.")
    return str(said)


def _date(case: CaseFile, today: date) -> tuple[str, bool]:
    """The one date as a sentence, and whether it has passed to the person's disadvantage."""
    past = case.due_kind == "right" and (case.state is State.FINAL_POSITION or case.state in MEDIATION)
    if past or (case.state is State.RECEIVED and case.dispute.by_letter in REFUSING):
        # Their final answer names the next body and its day itself, and a mediator is one already; after a no by letter
        # the way is open at once.
        return "", False
    if case.due_on is None or (case.due_kind == "target" and not case.claimed):
        unknown = not case.claimed and case.state is State.RECEIVED
        return (str(_("We know of no rule that sets a day for their answer.")) if unknown else ""), False
    on, passed = day(case.due_on), case.due_on < today
    if case.due_kind == "promise":
        return str(
            _("It was to be done by %(day)s.", day=on) if passed else _("To be done by %(day)s.", day=on)
        ), passed
    if case.due_kind == "right":
        return _right(case, on, passed), False
    if case.due_kind == "target":
        if passed:
            return str(_("Their own aim was %(day)s: they are late.", day=on)), True
        return str(_("Their own aim: an answer by %(day)s.", day=on)), False
    late = _("The answer was due by %(day)s: they are late.", day=on)
    return str(late if passed else _("Answer by %(day)s.", day=on)), passed


def _right(case: CaseFile, on: str, passed: bool) -> str:
    """The day from which the person may go to the next body."""
    if passed:
        return str(_("Since %(day)s you may go to %(body)s.", day=on, body=_body(case)))
    if case.state is State.CONTESTED:
        # Some bodies take a case as soon as an answer was refused; none of them makes it wait for longer than this.
        return str(_("You may go to %(body)s from %(day)s at the latest.", day=on, body=_body(case)))
    return str(_("From %(day)s you may go to %(body)s.", day=on, body=_body(case)))


def _body(case: CaseFile) -> str:
    regime = clock.load().get(case.due_rule)
    body = regime.on_expiry if regime is not None else None
    return str(NEXT_BODIES[body]) if body else str(_("the next body"))


def _why(case: CaseFile) -> Arithmetic | None:
    run = next((one for one in case.clocks if one.regime_id == case.due_rule and one.lawful), None)
    if run is None:
        return None
    return arithmetic(run.regime_id, run.started_on, run.due_on, days_off, case.jurisdiction, run.extended_from)


def _duty(case: CaseFile) -> date | None:
    owed = [
        one.due_on
        for one in case.clocks
        if one.done_on is None and one.lawful and one.duty_holder == "company" and one.purpose != "right_lost"
    ]
    return min(owed, default=None)
