"""How the file that travels and the mediator's room word events, texts, clocks and conditions. No view, no query."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import State
from cx.disputes.admissibility import Condition

# What was done, after the name of who did it.
EVENTS: Mapping[str, LazyString] = {
    "told": _l("told what happened"),
    "sent": _l("asked for an answer"),
    "acknowledged": _l("took the case and wrote who looks after it"),
    "redirect_proposed": _l("proposed to pass it on"),
    "redirect_declined": _l("did not agree to pass it on"),
    "redirected": _l("agreed to pass it on"),
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
    "written": _l("wrote"),
    "said_solved": _l("said whether it is solved"),
    "extended": _l("announced a later date"),
    "point_added": _l("added a point"),
    "redacted": _l("took a text out"),
    "mediator_link_made": _l("made a link for a mediator"),
    "mediator_link_revoked": _l("took a mediator’s link back"),
    "mediator_entered": _l("entered as the mediator"),
    "facts_agreed": _l("wrote down what nobody disputes"),
    "court_said": _l("said whether a court has it"),
    "reads_now": _l("the organisation reads here now"),
    "paid_said": _l("said whether it was paid"),
    "human_asked": _l("asked for a person"),
    "human_met": _l("answered whoever asked for a person"),
    "human_taken_back": _l("needs nobody any more"),
    "substitute_named": _l("told the customer who stands in"),
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
}

# Where a case stands, for somebody outside: what the desk calls by the work that waits there.
STATES: Mapping[str, LazyString] = {
    State.RECEIVED: _l("Sent, nobody has taken it up yet"),
    State.CONTESTED: _l("Contested, somebody else looks at it"),
}

TEXTS: Mapping[str, LazyString] = {
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
    "opinion": _l("The mediator’s word"),
    "performed": _l("Done"),
    "extension": _l("A later date"),
    "closing": _l("End"),
    "reopening": _l("Opened again"),
}

CLOCKS: Mapping[str, LazyString] = {
    "acknowledge": _l("Say who looks after it"),
    "answer": _l("Answer"),
    "right_opens": _l("From then on one may go to the next body"),
    "right_lost": _l("Until then one may go on"),
    "redress": _l("Do what was agreed"),
}

HOLDERS: Mapping[str, LazyString] = {
    "company": _l("the organisation"),
    "customer": _l("the customer"),
    "mediator": _l("the mediator"),
    "regulator": _l("the authority"),
}

BECAME: Mapping[str, LazyString] = {
    "kept": _l("kept"),
    "used": _l("used"),
    "missed": _l("missed"),
    "running": _l("running"),
    "open": _l("open"),
    "ahead": _l("not yet open"),
    "gone": _l("run out"),
}

OFFER_STATUS: Mapping[str, LazyString] = {
    "open": _l("still open"),
    "accepted": _l("accepted by the customer"),
    "refused": _l("refused by the customer"),
    "superseded": _l("replaced by a newer one"),
    "withdrawn": _l("taken back"),
    "expired": _l("ran out"),
}

CONDITIONS: Mapping[str, LazyString] = {
    Condition.COMPLAINED: _l("A written complaint was made to the organisation first"),
    Condition.WAITED: _l("The organisation had its time to answer, or gave its last word"),
    Condition.IN_TIME: _l("The time for going to this body has not run out"),
    Condition.NO_COURT: _l("No court has it"),
}

FACTS: Mapping[str, LazyString] = {
    "product": _l("Product or account"),
    "flight_number": _l("Flight number"),
    "from_airport": _l("From (airport)"),
    "to_airport": _l("To (airport)"),
    "tracking": _l("Tracking number"),
    "machine": _l("Number on the machine"),
    "their_reference": _l("The organisation’s own reference"),
    "tries": _l("Tries before reaching anyone"),
    "minutes": _l("Minutes of waiting"),
    "told_again": _l("Times it had to be told again"),
    "only_way": _l("The only way that was allowed"),
    "anybody_there": _l("Somebody was there to help"),
}

REASONS: Mapping[str, LazyString] = {
    "other_person": _l("It names another person"),
    "health": _l("It speaks of health"),
    "numbers": _l("It holds a number that nobody should read"),
    "insult": _l("It insults somebody"),
    "mistake": _l("It was written here by mistake"),
    "asked": _l("Its author asked for it"),
}
