"""What the desk says of rules and events: a sentence for each guard, each line of the journal, each kind of text."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.acts import day_of
from cx.disputes.queue import Tab
from cx.disputes.seen import CaseFile, Happened
from cx.web import journal_words
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
    "rules_here": _l("Another person has to rule on this one."),
}

OFFER_FIELDS: Mapping[str, LazyString] = {
    "amount_minor": _l("Only money has an amount. Write it like 12,50, or leave it out for this kind."),
    "currency": _l("Choose a currency from the list."),
    "pay_by": _l("Say by which day it is paid, today or later."),
    "expires_on": _l("Choose a day after today, or leave it empty."),
    "voucher_chosen": _l("A voucher counts only when the person chose it."),
}

# What only the team reads of itself stands beside what everybody may read.
EVENTS: Mapping[str, LazyString] = {
    **journal_words.EVENTS,
    "noted": _l("made a note"),
    "call_logged": _l("noted a call"),
    "shelved": _l("put it on the shelf"),
    "themes_ruled": _l("said which themes are told"),
    "themes_read": _l("the reader read the story"),
    "values_said": _l("answered the four questions"),
    "approval_asked": _l("asks a supervisor to send an offer"),
    "reminded": _l("a reminder went out"),
}

KINDS: Mapping[str, LazyString] = {
    **journal_words.TEXTS,
    "opinion": _l("Opinion"),
    "note": _l("Note. The customer won’t see this."),
    "call": _l("Call. The customer won’t see this."),
}

OFFER_STATUS: Mapping[str, LazyString] = {
    **journal_words.OFFER_STATUS,
    "refused": _l("contested by the customer"),
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
