"""What the desk says of rules and events: a sentence for each guard, each line of the journal, each kind of text."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.acts import day_of
from cx.disputes.queue import Tab
from cx.disputes.seen import CaseFile, Happened
from cx.web.formats import day, money
from cx.web.sentence import _

GUARDS: Mapping[str, LazyString] = {
    "second_look": _l("You gave the first answer to this case: somebody else takes the second look."),
    "not_about_oneself": _l("This case is about you: a colleague must decide."),
    "named_person": _l("Your name must be a first and a last name. Change it on your own page."),
    "questions_left": _l("Three questions were asked already. Decide on what you know."),
    "question_needed": _l("Write your question."),
    "waited_for_answer": _l("The person still has time to answer: 14 days and two reminders."),
    "points_answered": _l("Say whether the person was right."),
    "reasons_given": _l("Give your reasons."),
    "offer_kind_known": _l("Choose what you offer."),
    "within_limit": _l("You may not offer this much, or this currency, alone. A supervisor may."),
    "next_body_named": _l("Say who the person may go to next."),
    "next_deadline_named": _l("Say until when, or that there is no deadline."),
    "next_cost_named": _l("Say whether it is free."),
    "answer_date_given": _l("Say by when an answer comes."),
    "target_named": _l("Choose another organisation than your own."),
    "function_named": _l("Your function must be written on your own page first."),
    "proven_and_unopposed": _l("Not yet: proof is needed, and thirty days without an objection."),
    "reminded_in_vain": _l("Not yet: two reminders, and thirty days since the last one."),
    "recourses_passed": _l("Not yet: a date to take it further still lies ahead."),
    "reopen_window": _l("More than sixty days have passed: only an end that was not right opens it now."),
    "assignee_fit": _l("This person cannot take the case."),
    "no_extension": _l("The law allows no later date here, or it is too late to announce one."),
    "later_day": _l("Choose a day after the date that stands now."),
    "within_extension": _l("The law does not go that far. Choose an earlier day."),
    "reason_given": _l("Say why it takes longer."),
    "told_to_customer": _l("Nobody is handed over in silence: write a sentence."),
    "back_later": _l("Choose a day after today."),
    "themes_known": _l("Choose themes from the list."),
}

OFFER_FIELDS: Mapping[str, LazyString] = {
    "amount_minor": _l("Only money has an amount. Write it like 12,50, or leave it out for this kind."),
    "currency": _l("Choose a currency from the list."),
    "pay_by": _l("Say by which day it is paid, today or later."),
    "expires_on": _l("Choose a day after today, or leave it empty."),
    "voucher_chosen": _l("A voucher counts only when the person chose it."),
}

EVENTS: Mapping[str, LazyString] = {
    "told": _l("told what happened"),
    "sent": _l("asked for an answer"),
    "acknowledged": _l("took the case and wrote who looks after it"),
    "redirect_proposed": _l("proposed to pass it on"),
    "redirected": _l("agreed to pass it on"),
    "redirect_declined": _l("did not agree to pass it on"),
    "reads_now": _l("the organisation reads here now"),
    "passed_on": _l("passed the story on"),
    "answer_noted": _l("noted the answer that came by letter"),
    "body_noted": _l("noted what came from the next body"),
    "opinion_answer_noted": _l("noted what the company says to the opinion"),
    "facts_told": _l("added facts"),
    "neutral_named": _l("a neutral person looks after it too"),
    "started": _l("looks into it"),
    "asked": _l("asked a question"),
    "answered": _l("answered the question"),
    "proceeded": _l("goes on without an answer"),
    "offered": _l("gave an answer"),
    "accepted": _l("accepted"),
    "contested": _l("contested the answer"),
    "improved": _l("took the offer back to make another one"),
    "offer_expired": _l("the offer ran out"),
    "reviewed": _l("took the second look"),
    "final_position_given": _l("gave the final answer"),
    "escalated": _l("went to the next body"),
    "opinion_recorded": _l("recorded the opinion of the mediator"),
    "mediation_ended": _l("mediation ended without an opinion"),
    "opinion_accepted": _l("accepted the opinion"),
    "opinion_refused": _l("refused the opinion"),
    "performed_proposed": _l("says that it is done"),
    "performed": _l("confirmed that it is done"),
    "not_performed": _l("says that it was not done"),
    "closed": _l("ended the case"),
    "withdrawn": _l("withdrew"),
    "lapsed": _l("recorded that every way has run out"),
    "reopened": _l("opened the case again"),
    "assigned": _l("has the case now"),
    "noted": _l("made a note"),
    "written": _l("wrote"),
    "call_logged": _l("noted a call"),
    "shelved": _l("put it on the shelf"),
    "themes_ruled": _l("said which themes are told"),
    "themes_read": _l("the reader read the story"),
    "said_solved": _l("said whether it is solved"),
    "values_said": _l("answered the four questions"),
    "point_added": _l("wrote down one point more"),
    "approval_asked": _l("asks a supervisor to send an offer"),
    "paid_said": _l("said whether it was paid"),
    "extended": _l("announced a later date"),
    "human_asked": _l("asked for a person"),
    "human_met": _l("answered whoever asked for a person"),
    "human_taken_back": _l("needs nobody any more"),
    "substitute_named": _l("told the customer who stands in"),
    "reminded": _l("a reminder went out"),
    "promise_broken": _l("a promise of the charter was broken"),
    "promise_waived": _l("does without a promise of the charter"),
    "promise_wanted": _l("wants a promise of the charter after all"),
    "remedy_held": _l("a remedy waits for one working day"),
    "remedy_raised": _l("raised the remedy"),
    "remedy_blocked": _l("blocked the remedy, with a reason"),
    "remedy_offered": _l("the remedy was offered"),
    "remedy_accepted": _l("accepted the remedy"),
    "remedy_refused": _l("refused the remedy"),
    "remedy_countered": _l("asks for another remedy"),
    "remedy_given": _l("the remedy was given"),
    "remedy_missing": _l("says that the remedy did not arrive"),
    "redacted": _l("took a text out"),
    "mediator_link_made": _l("made a link for a mediator"),
    "mediator_link_revoked": _l("took a mediator’s link back"),
    "mediator_entered": _l("entered as the mediator"),
    "facts_agreed": _l("wrote down what nobody disputes"),
    "court_said": _l("said whether a court has it"),
}

KINDS: Mapping[str, LazyString] = {
    "story": _l("The story"),
    "addition": _l("Addition"),
    "acknowledgement": _l("Acknowledgement"),
    "reply": _l("Letter"),
    "question": _l("Question"),
    "answer": _l("Answer to the question"),
    "offer": _l("Answer"),
    "acceptance": _l("Acceptance"),
    "contest": _l("Contest"),
    "final_position": _l("Final answer"),
    "opinion": _l("Opinion"),
    "performed": _l("Done"),
    "extension": _l("A later date"),
    "closing": _l("End"),
    "reopening": _l("Opened again"),
    "note": _l("Note. The customer won’t see this."),
    "call": _l("Call. The customer won’t see this."),
}

OFFER_STATUS: Mapping[str, LazyString] = {
    "open": _l("still open"),
    "accepted": _l("accepted by the customer"),
    "refused": _l("contested by the customer"),
    "superseded": _l("replaced by a newer one"),
    "withdrawn": _l("taken back"),
    "expired": _l("ran out"),
}

TABS: Mapping[Tab, LazyString] = {
    Tab.MINE: _l("Mine"),
    Tab.TAKE: _l("To take"),
    Tab.SECOND: _l("Second look"),
    Tab.CUSTOMER: _l("With the customer"),
    Tab.RESTING: _l("Resting"),
    Tab.ALL: _l("All"),
}

EMPTY: Mapping[Tab, tuple[LazyString, LazyString]] = {
    Tab.MINE: (_l("Nobody is waiting for you"), _l("See whether somebody waits to be taken.")),
    Tab.TAKE: (_l("Nobody is waiting"), _l("Every story has found a person. Look at your own cases.")),
    Tab.SECOND: (_l("Nothing to look at again"), _l("No answer is contested at the moment.")),
    Tab.CUSTOMER: (_l("Nothing lies with the customers"), _l("As soon as you answer or ask, the case waits here.")),
    Tab.RESTING: (_l("Nothing rests"), _l("Cases rest here after 14 days without a word, or when you put them aside.")),
    Tab.ALL: (_l("No case yet"), _l("Stories appear here as soon as somebody tells one.")),
}


def guard_sentence(guard: str, field: str | None) -> str:
    """Why a rule refused, for the field it belongs to."""
    if guard == "offer_sound" and field is not None and field in OFFER_FIELDS:
        return str(OFFER_FIELDS[field])
    return str(GUARDS.get(guard, _l("This does not go yet. Please look at what you entered.")))


def who_is(case: CaseFile, line: Happened) -> str:
    """Who stands behind a line of the journal."""
    if line.role == "customer":
        return case.customer or _("the customer")
    return line.name or (_("calendar") if line.role == "timer" else "")


def event_line(line: Happened) -> str:
    """A line of the journal in words, with its day or amount where it has one."""
    said = str(EVENTS.get(line.kind, line.kind.replace("_", " ")))
    extra = _extra(line.data)
    return f"{said} ({extra})" if extra else said


def _extra(data: Mapping[str, Any]) -> str:
    if data.get("back_on"):
        return _("until %(date)s", date=day(day_of(data["back_on"])))
    if data.get("amount_minor") and data.get("currency"):
        return money(int(data["amount_minor"]), str(data["currency"]))
    return ""


def faster(case: CaseFile, *, kept: bool) -> str:
    """Who acted since the writer opened the page, and what they did; `kept` says that the typed text is still there."""
    last = case.happened[-1]
    what = str(EVENTS.get(last.kind, last.kind))
    who = who_is(case, last) or _("Somebody")
    if not kept:
        return _("%(who)s was faster and %(what)s. This is the case as it stands now.", who=who, what=what)
    return _(
        "%(who)s was faster and %(what)s. This is the case as it stands now; your text is kept below.",
        who=who,
        what=what,
    )
