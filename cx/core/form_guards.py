"""Form guards: conditions judged from the facts that an act brings, beside a field of its form.

Same contract as `cx.core.standing_guards`: None lets the act pass, a text names the field. Whatever a form may hold
(a wrong type, a huge number, nothing at all) is refused by a guard and never breaks one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from cx.core.acts import Act, Dispute, answers_of, ids_of, number_of, offer_of
from cx.core.money import CURRENCIES, MOST_MINOR
from cx.core.signatures import natural_name
from cx.core.standing_guards import MOST_POINTS, needs
from cx.core.words import NextBody, OfferKind, Outcome, PointAnswer, Role, Solved, Theme, Wish, values_of

REOPEN_DAYS, REOPEN_DAYS_LEAST, REOPEN_DAYS_MOST = 60, 30, 365
MEDIATION_ENDINGS: frozenset[str] = frozenset({"inadmissible", "abandoned", "refused"})
NO_DEADLINE = "none"


def text_given(_: Dispute, act: Act) -> str | None:
    """The story, or the message, is not empty."""
    return needs(act.text("text"), "text")


def remedy_sought(_: Dispute, act: Act) -> str | None:
    """A wish of the closed list, other than just telling."""
    return needs(act.text("wish") in values_of(Wish) - {Wish.TELL}, "wish")


def consent_given(_: Dispute, act: Act) -> str | None:
    """The customer agreed that the story is passed on to the organisation."""
    return needs(act.facts.get("consent") is True, "consent")


def sent_not_in_future(_: Dispute, act: Act) -> str | None:
    """`sent_at`, when the demand went out before it came here (a letter, a redirection), has come."""
    sent_at = act.facts.get("sent_at")
    if sent_at is None:
        return None
    return needs(isinstance(sent_at, datetime) and sent_at.tzinfo is not None and sent_at <= act.at, "sent_at")


def points_counted(_: Dispute, act: Act) -> str | None:
    """A demand has one point, or as many as it says, up to fifty."""
    points = act.facts.get("points")
    number = number_of(points)
    return needs(points is None or (number is not None and 1 <= number <= MOST_POINTS), "points")


def named_person(_: Dispute, act: Act) -> str | None:
    """Staff sign with the name of a natural person (`signatory`, else the actor's), or a registered pseudonym."""
    if act.actor.role is Role.CUSTOMER:
        return None
    name = act.text("signatory") or act.actor.name
    return needs(natural_name(name) or (name and act.facts.get("pseudonym_registered") is True), "signatory")


def function_named(_: Dispute, act: Act) -> str | None:
    """Who closes says in which function (invariant 2)."""
    return needs(act.text("function") or act.actor.function.strip(), "function")


def exact_text_approved(_: Dispute, act: Act) -> str | None:
    """A text drafted by software goes out only as the named person approved it, to the letter (invariant 7)."""
    drafted = act.facts.get("drafted_by_software") is True
    return needs(not drafted or (act.text("text") and act.facts.get("text") == act.facts.get("approved_text")), "text")


def owner_set(dispute: Dispute, act: Act) -> str | None:
    """Somebody owns the dispute: the fact `owner`, else the present owner, else who acts."""
    return needs(act.facts.get("owner", dispute.owner or act.actor.id), "owner")


def assignee_fit(dispute: Dispute, act: Act) -> str | None:
    """An assignment names an owner, and nobody gets a complaint about himself (invariant 11)."""
    owner = act.text("owner")
    return needs(owner and owner not in dispute.about, "owner")


def answer_date_given(_: Dispute, act: Act) -> str | None:
    """An acknowledgement says by when an answer comes."""
    return needs(act.day("answer_by"), "answer_by")


def question_needed(_: Dispute, act: Act) -> str | None:
    """A question is asked, and not one whose answer the organisation has."""
    return needs(act.text("question") and act.facts.get("already_answered") is not True, "question")


def points_answered(dispute: Dispute, act: Act) -> str | None:
    """Each point of the dispute has an answer, given now or before (invariant 5)."""
    now = answers_of(act.facts.get("points"))
    open_points = [no for no, answer in enumerate(dispute.points, start=1) if answer is None and no not in now]
    return needs(not open_points, "points")


def reasons_given(_: Dispute, act: Act) -> str | None:
    """Reasons: one text for the whole, or `{point number: text}` with one for each point not upheld."""
    reasons = act.facts.get("reasons")
    if not isinstance(reasons, Mapping):
        return needs(act.text("reasons"), "reasons")
    given = {str(no) for no, text in reasons.items() if str(text).strip()}
    refused = {str(no) for no, a in answers_of(act.facts.get("points")).items() if a is not PointAnswer.UPHELD}
    return needs(given and refused <= given, "reasons")


def reason_given(_: Dispute, act: Act) -> str | None:
    """A reason, in words."""
    return needs(act.text("reason"), "reason")


def next_body_named(_: Dispute, act: Act) -> str | None:
    """The last word names who comes next."""
    return needs(act.text("next_body") in values_of(NextBody), "next_body")


def next_body_known(_: Dispute, act: Act) -> str | None:
    """An escalation may say to whom it goes; if it does, to one of the bodies of the closed list."""
    return needs(not act.facts.get("next_body") or act.text("next_body") in values_of(NextBody), "next_body")


def next_deadline_named(_: Dispute, act: Act) -> str | None:
    """The last word names the deadline of the next body, or says that there is none."""
    named = act.day("next_body_deadline") or act.text("next_body_deadline") == NO_DEADLINE
    return needs(named, "next_body_deadline")


def next_cost_named(_: Dispute, act: Act) -> str | None:
    """The last word says whether the next body is free for the customer."""
    return needs(isinstance(act.facts.get("next_body_free"), bool), "next_body_free")


def offer_kind_known(_: Dispute, act: Act) -> str | None:
    """An offer or answer has a kind of the closed list."""
    return needs(act.text("kind") in values_of(OfferKind), "kind")


def offer_sound(_: Dispute, act: Act) -> str | None:
    """Money has amount (≥ 1 minor unit), currency and payment date; a voucher was chosen; the expiry lies ahead.

    Passes when the act holds no offer at all (invariant 10).
    """
    offer = offer_of(act.facts, act.actor.id, 0)
    if offer is None:
        return needs(not act.facts.get("kind"), "kind")
    if act.facts.get("expires_on") and (offer.expires_on is None or offer.expires_on <= act.today):
        return "expires_on"
    if not offer.kind.carries_money:
        return needs(not act.facts.get("amount_minor"), "amount_minor")
    if offer.amount_minor is None or not 1 <= offer.amount_minor <= MOST_MINOR:
        return "amount_minor"
    if offer.currency not in CURRENCIES:
        return "currency"
    if offer.pay_by is None or offer.pay_by < act.today:
        return "pay_by"
    return needs(offer.kind is not OfferKind.VOUCHER or act.facts.get("voucher_chosen") is True, "voucher_chosen")


def within_limit(_: Dispute, act: Act) -> str | None:
    """The amount is within the money limit of the person who offers it; nobody can tell for another currency."""
    amount, limit = number_of(act.facts.get("amount_minor")), act.actor.limit_minor
    if amount is None or limit is None:
        return None
    own = act.actor.limit_currency in (None, act.facts.get("currency"))
    return needs(own and amount <= limit, "amount_minor")


def reason_or_new_offer(_: Dispute, act: Act) -> str | None:
    """Taking an offer back needs a reason; replacing it in the same act (`kind`) does not."""
    return needs(act.text("reason") or act.text("kind") in values_of(OfferKind), "reason")


def version_named(dispute: Dispute, act: Act) -> str | None:
    """The acceptance names the version of the offer that is accepted."""
    version = number_of(act.facts.get("version"))
    return needs(dispute.offer is not None and version == dispute.offer.version, "version")


def voucher_chosen(dispute: Dispute, act: Act) -> str | None:
    """Whoever accepts a voucher says that they choose it: nobody gets one in place of money by a tap on "accept"."""
    voucher = dispute.offer is not None and dispute.offer.kind is OfferKind.VOUCHER
    return needs(not voucher or act.facts.get("voucher_chosen") is True, "voucher_chosen")


def target_named(_: Dispute, act: Act) -> str | None:
    """A redirection names the organisation to which it goes."""
    return needs(act.facts.get("target"), "target")


def target_agreed(dispute: Dispute, act: Act) -> str | None:
    """The customer agrees to the very target that was proposed."""
    return needs(str(act.facts.get("target")) == dispute.redirect_target, "target")


def document_attached(_: Dispute, act: Act) -> str | None:
    """The customer shows the document of the third party."""
    return needs(act.actor.role is Role.NEUTRAL or act.facts.get("document"), "document")


def opinion_attached(_: Dispute, act: Act) -> str | None:
    """The opinion itself is attached, whoever records it."""
    return needs(act.facts.get("document"), "document")


def ending_known(_: Dispute, act: Act) -> str | None:
    """The third party's reason is one of the closed list."""
    return needs(act.text("reason") in MEDIATION_ENDINGS, "reason")


def reason_from_organisation(_: Dispute, act: Act) -> str | None:
    """An organisation that refuses an opinion says why; a customer need not."""
    return needs(act.actor.role is Role.CUSTOMER or act.text("reason"), "reason")


def satisfied_or_not(_: Dispute, act: Act) -> str | None:
    """The customer says "I close it, satisfied" or "not satisfied"."""
    return needs(isinstance(act.facts.get("satisfied"), bool), "satisfied")


def outcome_known(_: Dispute, act: Act) -> str | None:
    """A closing may say its outcome; if it does, one of the closed list."""
    return needs(not act.facts.get("outcome") or act.text("outcome") in values_of(Outcome), "outcome")


def confirmed_twice(_: Dispute, act: Act) -> str | None:
    """A withdrawal is confirmed a second time."""
    return needs(act.facts.get("confirmed") is True, "confirmed")


def recourses_passed(_: Dispute, act: Act) -> str | None:
    """The last deadline of every recourse lies behind."""
    day = act.day("last_recourse_deadline")
    return needs(day and day < act.today, "last_recourse_deadline")


def reopen_window(dispute: Dispute, act: Act) -> str | None:
    """Within the days set (60, from 30 to 365); for ever with new facts, unpaid redress or an irregular closure."""
    unpaid = dispute.redress_unpaid or act.facts.get("redress_unpaid") is True
    if unpaid or act.facts.get("new_facts") or act.facts.get("closure_irregular") is True:
        return None
    days = number_of(act.facts.get("reopen_days"))
    days = REOPEN_DAYS if days is None else min(max(days, REOPEN_DAYS_LEAST), REOPEN_DAYS_MOST)
    in_time = dispute.ended_at is not None and act.at - dispute.ended_at <= timedelta(days=days)
    return needs(in_time, "new_facts")


def new_evidence(_: Dispute, act: Act) -> str | None:
    """The neutral reopens on new evidence."""
    return needs(act.facts.get("new_facts"), "new_facts")


def in_customers_favour(_: Dispute, act: Act) -> str | None:
    """The organisation reopens in the customer's favour only."""
    return needs(act.facts.get("in_customers_favour") is True, "in_customers_favour")


def back_later(_: Dispute, act: Act) -> str | None:
    """A shelved case comes back on a later day."""
    day = act.day("back_on")
    return needs(day and day > act.today, "back_on")


def themes_known(_: Dispute, act: Act) -> str | None:
    """Themes confirmed, refused and added are themes of the closed list."""
    named = [act.facts.get(key) for key in ("confirmed", "refused", "added")]
    given = [ids_of(themes) for themes in named if themes is not None]
    return needs(all(themes <= values_of(Theme) for themes in given), "themes")


def reading_judged(_: Dispute, act: Act) -> str | None:
    """Something is said of a reading: themes of the closed list that are right or wrong, never both, or one is missing."""
    right, wrong = ids_of(act.facts.get("right")), ids_of(act.facts.get("wrong"))
    said = bool(right or wrong) or act.facts.get("missing") is True
    return needs(said and not right & wrong and right | wrong <= values_of(Theme), "missing")


def solved_answered(_: Dispute, act: Act) -> str | None:
    """The answer to "is it solved?" is yes, partly or no."""
    return needs(act.text("solved") in values_of(Solved), "solved")
