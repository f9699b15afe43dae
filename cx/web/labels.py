"""How the vocabulary reads on screen: one place, both languages (French in `translations/words`)."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import (
    Channel,
    NextBody,
    OfferKind,
    Outcome,
    PointAnswer,
    Role,
    Sector,
    Severity,
    Solved,
    State,
    Theme,
    Value,
    Wish,
)

SECTORS: Mapping[str, LazyString] = {
    Sector.BANK: _l("Bank"),
    Sector.AIRLINE: _l("Airline"),
    Sector.POSTAL: _l("Post"),
    Sector.OTHER: _l("Other services"),
}

STATES_FOR_CUSTOMER: Mapping[str, LazyString] = {
    State.NONE: _l("Arrived"),
    State.RECEIVED: _l("Arrived"),
    State.ACKNOWLEDGED: _l("%(name)s is on it"),
    State.INVESTIGATING: _l("%(name)s is on it"),
    State.AWAITING_CUSTOMER: _l("Your turn"),
    State.OFFER_MADE: _l("An offer"),
    State.ACCEPTED: _l("Agreed, now to be done"),
    State.CONTESTED: _l("Someone else is checking"),
    State.FINAL_POSITION: _l("Their final answer"),
    State.IN_MEDIATION: _l("With the mediator"),
    State.MEDIATION_PROPOSED: _l("With the mediator"),
    State.CLOSED: _l("Ended, by you"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.LAPSED: _l("Lapsed"),
    State.REDIRECTED: _l("Passed on"),
}

STATES_FOR_STAFF: Mapping[str, LazyString] = {
    State.NONE: _l("Story, nothing asked"),
    State.RECEIVED: _l("To take"),
    State.ACKNOWLEDGED: _l("Taken"),
    State.INVESTIGATING: _l("Being looked into"),
    State.AWAITING_CUSTOMER: _l("With the customer"),
    State.OFFER_MADE: _l("Offer open"),
    State.ACCEPTED: _l("Agreed, to be done"),
    State.CONTESTED: _l("Second look"),
    State.FINAL_POSITION: _l("Final answer given"),
    State.IN_MEDIATION: _l("Mediation"),
    State.MEDIATION_PROPOSED: _l("Mediation, opinion given"),
    State.CLOSED: _l("Ended, by the customer"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.LAPSED: _l("Lapsed"),
    State.REDIRECTED: _l("Passed on"),
}

THEMES: Mapping[str, LazyString] = {
    Theme.FORCED_SELF_SERVICE: _l("Forced self-service"),
    Theme.NO_HUMAN_REACHABLE: _l("No human reachable"),
    Theme.LOST_RELATIONSHIP: _l("Lost relationship"),
    Theme.REDUCED_TO_DATA: _l("Reduced to data"),
    Theme.AUTOMATED_DECISION: _l("Automated decision"),
    Theme.SCRIPTED_RESPONSE: _l("Scripted response"),
    Theme.CONTEMPT: _l("Contempt told"),
    Theme.PAY_TO_BE_HELPED: _l("Pay to be helped"),
    Theme.NO_GUIDANCE: _l("No guidance"),
    Theme.BURDEN_SHIFTED: _l("Burden shifted to the customer"),
    Theme.NO_CHOICE: _l("No choice"),
    Theme.DISPUTE_IGNORED: _l("Dispute ignored"),
    Theme.MACHINE_DEAD_END: _l("Machine dead end"),
    Theme.DIGITAL_EXCLUSION: _l("Digital exclusion"),
}

WISHES: Mapping[str, LazyString] = {
    Wish.TELL: _l("Just tell"),
    Wish.ANSWER: _l("An answer"),
    Wish.MONEY: _l("My money"),
    Wish.REPAIR: _l("A repair"),
    Wish.HUMAN_DECISION: _l("A decision by a human"),
    Wish.OTHER: _l("Something else"),
}

ASKED_FOR: Mapping[str, LazyString] = {
    Wish.TELL: _l("Asks for nothing: wanted it to be known"),
    Wish.ANSWER: _l("Asks for an answer"),
    Wish.MONEY: _l("Asks for money back"),
    Wish.REPAIR: _l("Asks for a repair"),
    Wish.HUMAN_DECISION: _l("Asks for a decision by a human"),
    Wish.OTHER: _l("Asks for something else"),
}

CHANNELS: Mapping[str, LazyString] = {
    Channel.COUNTER: _l("At the counter"),
    Channel.PHONE_HUMAN: _l("On the phone, with a person"),
    Channel.PHONE_IVR: _l("On the phone, with a menu"),
    Channel.CHATBOT: _l("With a chatbot"),
    Channel.APP: _l("In the app"),
    Channel.WEBSITE: _l("On the website"),
    Channel.KIOSK: _l("At a self-service machine"),
    Channel.ATM: _l("At a cash machine"),
    Channel.LOCKER: _l("At a locker"),
    Channel.MAIL: _l("By letter"),
    Channel.EMAIL: _l("By e-mail"),
    Channel.SOCIAL: _l("On social media"),
    Channel.ONBOARD: _l("On board"),
}

SEVERITIES: Mapping[int, LazyString] = {
    Severity.ANNOYANCE: _l("Annoyance"),
    Severity.INCONVENIENCE: _l("Inconvenience"),
    Severity.SIGNIFICANT: _l("Significant"),
    Severity.SERIOUS: _l("Serious"),
    Severity.SEVERE: _l("Severe"),
}

VALUES: Mapping[str, LazyString] = {
    Value.PRICE: _l("Price"),
    Value.CHOICE: _l("Choice"),
    Value.LISTENING: _l("Listening"),
    Value.GUARANTEE: _l("Guarantee"),
}

VALUE_QUESTIONS: Mapping[str, LazyString] = {
    Value.PRICE: _l("Automating this service gave me a benefit in price or in time."),
    Value.CHOICE: _l("I could choose how to be served, by a machine or by a person."),
    Value.LISTENING: _l("When there was a problem, someone listened and understood."),
    Value.GUARANTEE: _l("I knew who was handling my dispute, by when, and what recourse came next."),
}

SOLVED: Mapping[str, LazyString] = {
    Solved.YES: _l("Yes"),
    Solved.PARTLY: _l("Partly"),
    Solved.NO: _l("No"),
}

OFFER_KINDS: Mapping[str, LazyString] = {
    OfferKind.REFUND: _l("Refund"),
    OfferKind.STATUTORY_COMPENSATION: _l("Compensation due by law"),
    OfferKind.CONTRACTUAL_COMPENSATION: _l("Compensation due by contract"),
    OfferKind.GOODWILL_GESTURE: _l("Goodwill gesture"),
    OfferKind.VOUCHER: _l("Voucher, chosen by the customer"),
    OfferKind.SERVICE_PERFORMED: _l("The service, done after all"),
    OfferKind.CORRECTIVE_ACTION: _l("Something changed so that it does not happen again"),
    OfferKind.DATA_CORRECTED: _l("Data corrected"),
    OfferKind.DECISION_REVIEWED_BY_HUMAN: _l("The decision taken again by a human"),
    OfferKind.APOLOGY: _l("A signed apology"),
    OfferKind.EXPLANATION: _l("An explanation"),
}

OUTCOMES: Mapping[str, LazyString] = {
    Outcome.REFUND: _l("Refund"),
    Outcome.STATUTORY_COMPENSATION: _l("Compensation due by law"),
    Outcome.CONTRACTUAL_COMPENSATION: _l("Compensation due by contract"),
    Outcome.GOODWILL_GESTURE: _l("Goodwill gesture"),
    Outcome.APOLOGY: _l("A signed apology"),
    Outcome.CORRECTIVE_ACTION: _l("Something changed"),
    Outcome.SERVICE_PERFORMED: _l("The service was done"),
    Outcome.DATA_CORRECTED: _l("Data corrected"),
    Outcome.DECISION_REVIEWED_BY_HUMAN: _l("Decision taken again by a human"),
    Outcome.EXPLANATION_ACCEPTED: _l("Explanation accepted"),
    Outcome.REJECTED_WITH_REASONS: _l("Refused with reasons"),
    Outcome.OUT_OF_SCOPE: _l("Outside what can be handled here"),
    Outcome.WITHDRAWN: _l("Withdrawn"),
    Outcome.LAPSED: _l("Lapsed"),
}

POINT_ANSWERS: Mapping[str, LazyString] = {
    PointAnswer.UPHELD: _l("Upheld"),
    PointAnswer.PARTLY: _l("Partly upheld"),
    PointAnswer.REFUSED: _l("Refused"),
}

ROLES: Mapping[str, LazyString] = {
    Role.CUSTOMER: _l("Customer"),
    Role.AGENT: _l("Agent"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.MANAGER: _l("Manager"),
    Role.NEUTRAL: _l("Neutral"),
    Role.ADMIN: _l("Administrator"),
    Role.TIMER: _l("Calendar"),
}

NEXT_BODIES: Mapping[str, LazyString] = {
    NextBody.FR_BANK_MEDIATOR: _l("the bank’s mediator"),
    NextBody.FR_MTV: _l("the travel mediator (MTV)"),
    NextBody.FR_MEDIATOR: _l("the mediator whom the company names to its customers"),
    NextBody.FR_POST_APPEAL: _l("La Poste’s appeal service"),
    NextBody.FR_POST_OMBUDSMAN: _l("the La Poste group ombudsman"),
    NextBody.FR_ARCEP: _l("the postal regulator (ARCEP)"),
    NextBody.FR_CNIL: _l("the data protection authority (CNIL)"),
    NextBody.FR_ACPR: _l("the banking supervisor (ACPR)"),
    NextBody.FR_DGAC: _l("the civil aviation authority (DGAC)"),
    NextBody.UK_FOS: _l("the Financial Ombudsman Service"),
    NextBody.UK_AIR_ADR: _l("the airline’s ADR body (AviationADR or CEDR), else the CAA"),
    NextBody.UK_CAA: _l("the Civil Aviation Authority"),
    NextBody.UK_POST_PANEL: _l("Royal Mail’s Postal Review Panel"),
    NextBody.UK_POSTRS: _l("POSTRS, the postal redress scheme"),
    NextBody.UK_ICO: _l("the Information Commissioner’s Office"),
    NextBody.US_CFPB: _l("the Consumer Financial Protection Bureau"),
    NextBody.US_STATE: _l("the regulator of the state"),
    NextBody.US_DOT: _l("the Department of Transportation"),
    NextBody.US_USPS_APPEAL: _l("the USPS appeal"),
    NextBody.US_USPS_APPEAL_2: _l("the second USPS appeal"),
    NextBody.ES_CONSUMER: _l("the Spanish consumer authority"),
    NextBody.ES_AEPD: _l("the Spanish data protection authority (AEPD)"),
    NextBody.COURT: _l("the court"),
}

# How a mediation ended without an opinion (`cx.core.form_guards.MEDIATION_ENDINGS`).
MEDIATION_ENDED: Mapping[str, LazyString] = {
    "inadmissible": _l("The mediator did not take it"),
    "abandoned": _l("It was given up"),
    "refused": _l("A side did not want it"),
}

ISSUES: Mapping[str, LazyString] = {
    "fees": _l("Fees"),
    "payment_or_transfer": _l("Payment or transfer"),
    "card_or_fraud": _l("Card or fraud"),
    "account_access": _l("Access to the account"),
    "account_opening_closing": _l("Opening or ending an account"),
    "credit": _l("Credit"),
    "savings_or_investment": _l("Savings or investment"),
    "documents_or_data": _l("Documents or data"),
    "branch_or_counter": _l("Branch or counter"),
    "cancellation": _l("Cancellation"),
    "delay": _l("Delay"),
    "denied_boarding": _l("Denied boarding"),
    "refund": _l("Refund"),
    "baggage": _l("Baggage"),
    "booking_ticketing": _l("Booking and tickets"),
    "check_in_boarding": _l("Check-in and boarding"),
    "fares_fees": _l("Fares and fees"),
    "accessibility": _l("Accessibility"),
    "on_board": _l("On board"),
    "loss": _l("Loss"),
    "damage_or_theft": _l("Damage or theft"),
    "delivery_contested": _l("Delivery contested"),
    "redirection": _l("Redirection"),
    "pricing_franking": _l("Price and franking"),
    "machine_or_kiosk": _l("Machine or kiosk"),
    "locker_or_pickup": _l("Locker or pick-up"),
    "counter": _l("Counter"),
    "other": _l("Something else"),
}

THEME_TOLD: Mapping[str, LazyString] = {
    Theme.FORCED_SELF_SERVICE: _l("the machine was the only way allowed"),
    Theme.NO_HUMAN_REACHABLE: _l("no human could be reached"),
    Theme.LOST_RELATIONSHIP: _l("nobody knew the person any more"),
    Theme.REDUCED_TO_DATA: _l("the person was treated as a number"),
    Theme.AUTOMATED_DECISION: _l("a system decided"),
    Theme.SCRIPTED_RESPONSE: _l("the answer was read from a script"),
    Theme.CONTEMPT: _l("contempt is told"),
    Theme.PAY_TO_BE_HELPED: _l("being helped cost money"),
    Theme.NO_GUIDANCE: _l("nobody and nothing explained the machine"),
    Theme.BURDEN_SHIFTED: _l("the work or the waiting fell on the person"),
    Theme.NO_CHOICE: _l("there was no choice"),
    Theme.DISPUTE_IGNORED: _l("a complaint was left without answer"),
    Theme.MACHINE_DEAD_END: _l("the machine left no way out"),
    Theme.DIGITAL_EXCLUSION: _l("the channel was not usable for the person"),
}
