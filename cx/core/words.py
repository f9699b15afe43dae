"""The vocabulary of the product: every closed list of values, in one place.

Values are stable identifiers (they are stored and exported); how they read on screen, in French and in
English, is `cx.web.labels`. Sources: `docs/themes.md` for themes, `docs/dispute.md` for states and actions.
"""

from enum import IntEnum, StrEnum
from functools import cache


@cache
def values_of(closed_list: type[StrEnum]) -> frozenset[str]:
    """Return the values of a closed list, to ask whether a text is one of them."""
    return frozenset(closed_list)


class Sector(StrEnum):
    """What the organisation does. `OTHER` exists for imported archives only."""

    BANK = "bank"
    AIRLINE = "airline"
    POSTAL = "postal"
    OTHER = "other"


class Family(StrEnum):
    """The five families of themes, for reporting when a theme is too rare to stand alone."""

    CHANNEL = "channel"
    PERSON = "person"
    DATA = "data"
    MACHINE = "machine"
    REDRESS = "redress"


class Theme(StrEnum):
    """How automation or rationalisation treated the person; `none` is the absence of themes, not a theme.

    `code` is the three-letter code, `weight` the published weight `theme_weights_v1`.
    """

    code: str
    family: Family
    weight: float

    def __new__(cls, value: str, code: str, family: Family, weight: float) -> "Theme":
        """Carry the code, the family and the weight of the theme on its member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.code = code
        member.family = family
        member.weight = weight
        return member

    FORCED_SELF_SERVICE = "forced_self_service", "FSS", Family.CHANNEL, 0.40
    NO_HUMAN_REACHABLE = "no_human_reachable", "NHR", Family.PERSON, 0.60
    LOST_RELATIONSHIP = "lost_relationship", "LRE", Family.PERSON, 0.25
    REDUCED_TO_DATA = "reduced_to_data", "RTD", Family.DATA, 0.40
    AUTOMATED_DECISION = "automated_decision", "ADE", Family.DATA, 0.60
    SCRIPTED_RESPONSE = "scripted_response", "SCR", Family.PERSON, 0.40
    CONTEMPT = "contempt", "CON", Family.PERSON, 0.60
    PAY_TO_BE_HELPED = "pay_to_be_helped", "PAY", Family.CHANNEL, 0.40
    NO_GUIDANCE = "no_guidance", "NOG", Family.MACHINE, 0.40
    BURDEN_SHIFTED = "burden_shifted", "BUR", Family.REDRESS, 0.25
    NO_CHOICE = "no_choice", "NOC", Family.CHANNEL, 0.25
    DISPUTE_IGNORED = "dispute_ignored", "DIS", Family.REDRESS, 0.60
    MACHINE_DEAD_END = "machine_dead_end", "MDE", Family.MACHINE, 0.40
    DIGITAL_EXCLUSION = "digital_exclusion", "DEX", Family.MACHINE, 0.60


THEME_BY_CODE: dict[str, Theme] = {theme.code: theme for theme in Theme}
THEME_BY_ID: dict[str, Theme] = {theme.value: theme for theme in Theme}
NO_THEME_CODE = "NON"


class Value(StrEnum):
    """The four things automation can give back to a person; the survey asks for them, 1 to 5."""

    PRICE = "price"
    CHOICE = "choice"
    LISTENING = "listening"
    GUARANTEE = "guarantee"


class State(StrEnum):
    """Where a case stands. `NONE` is an incident told without a demand: no dispute, no clocks."""

    NONE = "none"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    AWAITING_CUSTOMER = "awaiting_customer"
    OFFER_MADE = "offer_made"
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    FINAL_POSITION = "final_position"
    IN_MEDIATION = "in_mediation"
    MEDIATION_PROPOSED = "mediation_proposed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REDIRECTED = "redirected"

    @property
    def open(self) -> bool:
        """Whether a dispute in this state still runs."""
        return self in OPEN_STATES


ENDED_STATES: frozenset[State] = frozenset({State.CLOSED, State.WITHDRAWN, State.LAPSED, State.REDIRECTED})
OPEN_STATES: frozenset[State] = frozenset(State) - ENDED_STATES - {State.NONE}


class Action(StrEnum):
    """What somebody does to a dispute; one action may stand in several rows of the table of moves."""

    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    PROPOSE_REDIRECT = "propose_redirect"
    REDIRECT = "redirect"
    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    PROCEED = "proceed"
    OFFER = "offer"
    ACCEPT = "accept"
    CONTEST = "contest"
    IMPROVE = "improve"
    EXPIRE_OFFER = "expire_offer"
    REVIEW = "review"
    FINAL = "final"
    ESCALATE = "escalate"
    RECORD_OPINION = "record_opinion"
    MEDIATION_ENDED = "mediation_ended"
    ACCEPT_OPINION = "accept_opinion"
    REFUSE_OPINION = "refuse_opinion"
    PROPOSE_PERFORMED = "propose_performed"
    PERFORMED = "performed"
    NOT_PERFORMED = "not_performed"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    REOPEN = "reopen"
    # Acts that are recorded in the journal and leave the state as it is.
    ASSIGN = "assign"
    NOTE = "note"
    WRITE = "write"
    LOG_CALL = "log_call"
    SHELVE = "shelve"
    RULE_THEMES = "rule_themes"
    SAY_SOLVED = "say_solved"
    ADD_POINT = "add_point"
    SAY_OF_READING = "say_of_reading"
    RULE_READING = "rule_reading"


class Role(StrEnum):
    """Who acts. `TIMER` is the clock process; it never ends a dispute."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    NEUTRAL = "neutral"
    ADMIN = "admin"
    TIMER = "timer"


STAFF_ROLES: frozenset[Role] = frozenset({Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.NEUTRAL, Role.ADMIN})


class Channel(StrEnum):
    """Where it happened."""

    COUNTER = "counter"
    PHONE_HUMAN = "phone_human"
    PHONE_IVR = "phone_ivr"
    CHATBOT = "chatbot"
    APP = "app"
    WEBSITE = "website"
    KIOSK = "kiosk"
    ATM = "atm"
    LOCKER = "locker"
    MAIL = "mail"
    EMAIL = "email"
    SOCIAL = "social"
    ONBOARD = "onboard"


class Severity(IntEnum):
    """How hard it hit the person, 1 to 5; told by the customer, agreed by staff, both kept."""

    ANNOYANCE = 1
    INCONVENIENCE = 2
    SIGNIFICANT = 3
    SERIOUS = 4
    SEVERE = 5


class Wish(StrEnum):
    """What the customer wants. `TELL` makes an incident; every other wish makes a dispute, with consent."""

    TELL = "tell"
    ANSWER = "answer"
    MONEY = "money"
    REPAIR = "repair"
    HUMAN_DECISION = "human_decision"
    OTHER = "other"


class Outcome(StrEnum):
    """How a dispute ended (one main outcome)."""

    REFUND = "refund"
    STATUTORY_COMPENSATION = "statutory_compensation"
    CONTRACTUAL_COMPENSATION = "contractual_compensation"
    GOODWILL_GESTURE = "goodwill_gesture"
    APOLOGY = "apology"
    CORRECTIVE_ACTION = "corrective_action"
    SERVICE_PERFORMED = "service_performed"
    DATA_CORRECTED = "data_corrected"
    DECISION_REVIEWED_BY_HUMAN = "decision_reviewed_by_human"
    EXPLANATION_ACCEPTED = "explanation_accepted"
    REJECTED_WITH_REASONS = "rejected_with_reasons"
    OUT_OF_SCOPE = "out_of_scope"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class OfferKind(StrEnum):
    """What an offer holds; the four last ones pay or give nothing, so performing them is saying them."""

    REFUND = "refund"
    STATUTORY_COMPENSATION = "statutory_compensation"
    CONTRACTUAL_COMPENSATION = "contractual_compensation"
    GOODWILL_GESTURE = "goodwill_gesture"
    VOUCHER = "voucher"
    SERVICE_PERFORMED = "service_performed"
    CORRECTIVE_ACTION = "corrective_action"
    DATA_CORRECTED = "data_corrected"
    DECISION_REVIEWED_BY_HUMAN = "decision_reviewed_by_human"
    APOLOGY = "apology"
    EXPLANATION = "explanation"

    @property
    def carries_money(self) -> bool:
        """Whether an amount, a currency and a payment date belong to it."""
        return self in MONEY_OFFERS


MONEY_OFFERS: frozenset[OfferKind] = frozenset(
    {
        OfferKind.REFUND,
        OfferKind.STATUTORY_COMPENSATION,
        OfferKind.CONTRACTUAL_COMPENSATION,
        OfferKind.GOODWILL_GESTURE,
        OfferKind.VOUCHER,
    }
)


class PointAnswer(StrEnum):
    """How the organisation answers one point of a dispute."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REFUSED = "refused"


class Solved(StrEnum):
    """The customer's answer to "is it solved?". It moves nothing by itself."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Origin(StrEnum):
    """How a case reached the product."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    IMPORT = "import"


class MessageKind(StrEnum):
    """What a text in a conversation is."""

    STORY = "story"
    ADDITION = "addition"
    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    QUESTION = "question"
    ANSWER = "answer"
    OFFER = "offer"
    ACCEPTANCE = "acceptance"
    CONTEST = "contest"
    FINAL_POSITION = "final_position"
    OPINION = "opinion"
    PERFORMED = "performed"
    EXTENSION = "extension"
    CLOSING = "closing"
    REOPENING = "reopening"
    READING_SAID = "reading_said"
    READING_RULED = "reading_ruled"
    NOTE = "note"
    CALL = "call"


class MessageOrigin(StrEnum):
    """Who worded a message: a person, a person adapting a template, or the product."""

    PERSON = "person"
    TEMPLATE_ADAPTED = "template_adapted"
    AUTOMATIC = "automatic"


class Audience(StrEnum):
    """Who may read a message or a search row."""

    BOTH = "both"
    INTERNAL = "internal"


class NextBody(StrEnum):
    """Who comes after the organisation, by sector and country (`docs/clocks.md`)."""

    FR_BANK_MEDIATOR = "fr_bank_mediator"
    FR_MTV = "fr_mtv"
    FR_MEDIATOR = "fr_mediator"
    FR_POST_APPEAL = "fr_post_appeal"
    FR_POST_OMBUDSMAN = "fr_post_ombudsman"
    FR_ARCEP = "fr_arcep"
    FR_CNIL = "fr_cnil"
    FR_ACPR = "fr_acpr"
    FR_DGAC = "fr_dgac"
    UK_FOS = "uk_fos"
    UK_AIR_ADR = "uk_air_adr"
    UK_CAA = "uk_caa"
    UK_POST_PANEL = "uk_post_panel"
    UK_POSTRS = "uk_postrs"
    UK_ICO = "uk_ico"
    US_CFPB = "us_cfpb"
    US_STATE = "us_state"
    US_DOT = "us_dot"
    US_USPS_APPEAL = "us_usps_appeal"
    US_USPS_APPEAL_2 = "us_usps_appeal_2"
    ES_CONSUMER = "es_consumer"
    ES_AEPD = "es_aepd"
    COURT = "court"
