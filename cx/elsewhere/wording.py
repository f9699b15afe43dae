"""How the file that travels and the mediator's room word events, texts, clocks and conditions. No view, no query."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import State
from cx.disputes.admissibility import Condition

# Where a case stands, for somebody outside: what the desk calls by the work that waits there.
STATES: Mapping[str, LazyString] = {
    State.RECEIVED: _l("Sent, nobody has taken it up yet"),
    State.CONTESTED: _l("Contested, somebody else looks at it"),
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
