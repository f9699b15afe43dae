"""The few facts on which dates of the law depend, as the customer says them: for the forms, and quoted on the desk."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

TICKS: Mapping[str, LazyString] = {
    "unauthorised_payment": _l("I did not make this payment, nor agree to it."),
    "transfer_error": _l("An electronic transfer or a withdrawal is wrong, or is missing."),
    "new_account": _l("The account was less than 30 days old."),
    "billing_error": _l("The bill of my credit card is wrong."),
    "wrong_charge": _l("They charged me for something that I do not owe."),
    "refund_chosen": _l("I chose my money back rather than another flight."),
    "paid_by_card": _l("I paid by card."),
    "international_flight": _l("The flight went from one country to another."),
    "baggage_damaged": _l("My baggage came back damaged."),
    "baggage_delayed": _l("My baggage came late."),
    "private_carrier": _l("A private carrier had it, not the national post."),
    "insured": _l("It was insured."),
    "express": _l("It was sent by Express mail."),
    "data_request": _l("I asked to see, correct or erase what they keep about me."),
    "data_complaint": _l("I complain about how they use what they know about me."),
    "automated_decision": _l("A machine alone decided about me, without a person."),
}
DAYS: Mapping[str, LazyString] = {
    "statement_on": _l("On which day was the statement sent to you?"),
    "delivered_on": _l("On which day did you get your baggage?"),
    "posted_on": _l("On which day was it posted?"),
}
