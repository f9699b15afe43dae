"""The clocks of a case in plain words: what each is, how it stands, what follows, and the rule that it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core import clock
from cx.core.clock import Purpose, Trigger
from cx.core.limits import SENDING, DutyHolder, KeptBy, Regime
from cx.core.strand import Stand, Strand, leads_on
from cx.core.words import NextBody
from cx.web.arithmetic import amount, arithmetic
from cx.web.formats import day
from cx.web.labels import NEXT_BODIES
from cx.web.sentence import _, ngettext

# What a clock is, where its purpose alone does not say it.
NAMES: Mapping[str, LazyString] = {
    "FR-BK-PAY15": _l("Answer about a payment"),
    "FR-BK-PAY35": _l("Answer about a payment, in any case"),
    "EU-BK-PSD15": _l("Answer about a payment"),
    "EU-BK-PSD35": _l("Answer about a payment, in any case"),
    "UK-BK-15": _l("Answer about a payment"),
    "UK-BK-35": _l("Answer about a payment, in any case"),
    "FR-BK-D1": _l("Money back for a payment that nobody allowed"),
    "FR-BK-13M": _l("Time to report a payment that nobody allowed"),
    "UK-BK-3D": _l("Time in which a short letter is enough"),
    "EU-AIR-REF7": _l("Price of the ticket, paid back"),
    "US-AIR-RF7": _l("Refund to the card"),
    "US-AIR-RF20": _l("Refund by another way than a card"),
    "US-AIR-DIS30": _l("Answer about a disability"),
    "MC-BAG7": _l("Time to complain of damaged baggage"),
    "MC-BAG21": _l("Time to complain of late baggage"),
    "US-REGE-10": _l("Answer about an error in a transfer"),
    "US-REGE-20": _l("Answer about an error in a transfer"),
    "US-REGE-60": _l("Time to report an error in a transfer"),
    "US-REGZ-60": _l("Time to report an error on a bill"),
    "US-REGZ-90": _l("Answer about an error on a bill"),
    "US-CFPB-60": _l("Final answer to the Bureau"),
    "US-CFPB-FB": _l("Time to say what one thinks of the answer"),
    "US-PO-15": _l("First day to claim for an insured item"),
    "US-PO-7": _l("First day to claim for an insured item"),
    "US-PO-60": _l("Time to claim for an insured item"),
    "US-PO-APP": _l("Time to appeal"),
    "US-PO-APP2": _l("Time for the second appeal"),
    "UK-PO-CLAIM": _l("Time to claim for a loss"),
    "UK-PO-ADJ20": _l("Time to accept the decision"),
    "EU-GDPR-1M": _l("Answer about personal data"),
    "EU-GDPR-1M-ES": _l("Answer about personal data"),
    "EU-GDPR-22": _l("A person looks at what a machine decided"),
    "UK-GDPR-12A": _l("Answer about personal data"),
    "UK-DPC-30": _l("Word that the complaint about data arrived"),
    "FR-MED-3W": _l("The mediator says whether the file is taken"),
    "EU-ADR-20": _l("Reply of the organisation to the mediator"),
    "UK-AIR-ADR28": _l("Reply of the organisation to the next body"),
    "UK-PO-ADJ10": _l("Reply of the organisation to the next body"),
    "UK-AIR-ADR7": _l("Reply of the customer to the next body"),
    "UK-PO-ADJ5": _l("Reply of the customer to the next body"),
}
# From here on nobody counts in working days: the date alone says more.
FAR = 60
FROM: Mapping[Trigger, LazyString] = {
    Trigger.SENT: _l("%(amount)s from the day after it was sent"),
    Trigger.RECEIVED: _l("%(amount)s from the day after it was sent"),
    Trigger.EVENT: _l("%(amount)s from the day after it happened"),
    Trigger.FLIGHT: _l("%(amount)s from the day after the flight"),
    Trigger.POSTED: _l("%(amount)s from the day after posting"),
    Trigger.DELIVERED: _l("%(amount)s from the day after it was handed over"),
    Trigger.STATEMENT_SENT: _l("%(amount)s from the day after the statement was sent"),
    Trigger.FINAL_RESPONSE: _l("%(amount)s from the day after the final answer"),
    Trigger.DENIAL: _l("%(amount)s from the day after the refusal"),
    Trigger.REDRESS_DUE: _l("%(amount)s from the day after it was agreed"),
    Trigger.ESCALATED: _l("%(amount)s from the day after it was taken further"),
    Trigger.NOTIFICATION: _l("%(amount)s from the day after the mediator told both sides"),
    Trigger.BODY_ASKED: _l("%(amount)s from the day after it was taken further"),
    Trigger.BODY_ANSWERED: _l("%(amount)s from the day after their reply"),
    Trigger.OUTCOME: _l("%(amount)s from the day after the result"),
}


@dataclass(frozen=True, slots=True)
class ClockTold:
    """One clock in words. `tone` is late, open or empty; `steps` and `total` are its arithmetic, `moved` its extension.

    `next` says what the customer may do now, empty when nothing follows.
    """

    id: str
    name: str
    stand: str
    tone: str
    next: str
    rule: str
    source: str
    url: str
    version: str
    steps: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    moved: str
    letter: str


def body_name(body: NextBody) -> str:
    """A next body in the language of the page."""
    return str(NEXT_BODIES[body])


def name_of(regime: Regime) -> str:
    """What a clock is, in a few plain words."""
    if regime.id in NAMES:
        return str(NAMES[regime.id])
    body = regime.on_expiry
    if regime.purpose is Purpose.ACKNOWLEDGE:
        return _("Word that it arrived")
    if regime.purpose is Purpose.REDRESS:
        return _("What is due, paid or done")
    if regime.purpose is Purpose.RIGHT_OPENS:
        return _("Right to go to %(body)s", body=body_name(body)) if body else _("Right to go further")
    if regime.purpose is Purpose.RIGHT_LOST:
        further = regime.kept_by is KeptBy.ESCALATED
        return _("Time to go to the next body") if further else _("Time to go to court")
    mediator = regime.duty_holder is DutyHolder.MEDIATOR
    return _("Answer of the mediator") if mediator else _("Answer of the organisation")


def stand_of(strand: Strand) -> str:
    """How a clock stands, in one sentence with its date."""
    on = day(strand.due_on)
    match strand.stand:
        case Stand.DONE:
            return _done(strand)
        case Stand.OPENS:
            return _("Opens on %(date)s.", date=on)
        case Stand.OPEN:
            return _("Open since %(date)s.", date=on)
        case Stand.LOST:
            return _("Ran until %(date)s.", date=on)
        case Stand.OVER:
            return _("Counts no more: the case has ended.")
        case Stand.LATE:
            late = ngettext("%(num)d working day late.", "%(num)d working days late.", max(1, -strand.left))
            return f"{_('Due on %(date)s.', date=on)} {late}"
        case Stand.RUNNING:
            return f"{_('Until %(date)s.', date=on)} {_left(strand.left) if strand.left <= FAR else ''}".rstrip()


def _left(many: int) -> str:
    if many == 0:
        return _("It is the last day.")
    return ngettext("%(num)d working day left.", "%(num)d working days left.", many)


def _done(strand: Strand) -> str:
    on = day(strand.done_on)
    if strand.regime.purpose is Purpose.RIGHT_OPENS:
        return _("Used on %(date)s.", date=on)
    if strand.done_on is not None and strand.done_on > strand.due_on:
        return _("Done on %(date)s, after %(due)s.", date=on, due=day(strand.due_on))
    return _("Done on %(date)s, in time.", date=on)


def rule_of(regime: Regime) -> str:
    """The rule in plain words: how long, from when, and which day counts when counts differ."""
    counts = [amount(limit.amount, limit.unit) for limit in regime.limits]
    said = str(FROM[regime.trigger]) % {"amount": _(" or ").join(counts)}
    if len(counts) > 1:
        later = regime.purpose is Purpose.RIGHT_OPENS
        said = f"{said} ({_('the later day counts') if later else _('the earlier day counts')})"
    return f"{said[:1].upper()}{said[1:]}."


def may_now(strand: Strand) -> str:
    """What the customer may do because of the clock, as it stands."""
    body = strand.regime.on_expiry
    return _("You may go to %(body)s now.", body=body_name(body)) if body and leads_on(strand) else ""


def told(
    strand: Strand, holidays: clock.Holidays, jurisdiction: str, letters: Mapping[str, str], staff: bool = False
) -> ClockTold:
    """One clock in words; `letters` are the addresses of the letters that announced a later day, by clock."""
    regime = strand.regime
    counted = arithmetic(regime.id, strand.started_on, strand.due_on, holidays, jurisdiction, strand.extended_from)
    tones = {Stand.LATE: "late", Stand.OPEN: "open"}
    return ClockTold(
        id=regime.id,
        name=name_of(regime),
        stand=stand_of(strand),
        tone=tones.get(strand.stand, ""),
        next="" if staff else may_now(strand),
        rule=rule_of(regime),
        source=regime.source,
        url=regime.source_url or "",
        version=strand.version,
        steps=counted.steps if counted is not None else (),
        total=counted.total if counted is not None else (_("Date"), day(strand.due_on, year="always")),
        moved=_moved(strand.extended_from),
        letter=letters.get(regime.id, ""),
    )


def _moved(before: date | None) -> str:
    return _("It was %(date)s; a later date was announced, with reasons.", date=day(before)) if before else ""


def all_told(
    strands: Iterable[Strand],
    holidays: clock.Holidays,
    jurisdiction: str,
    letters: Mapping[str, str],
    *,
    staff: bool = False,
) -> tuple[ClockTold, ...]:
    """Every clock of a case in words, in the order given."""
    given = tuple(strands)
    sent_on = min((one.started_on for one in given if one.regime.trigger in SENDING), default=None)
    return tuple(_of_what_was_added(told(one, holidays, jurisdiction, letters, staff), one, sent_on) for one in given)


def _of_what_was_added(words: ClockTold, strand: Strand, sent_on: date | None) -> ClockTold:
    """A duty that began with a fact added after the sending counts from the day of the telling, and says so."""
    if strand.regime.trigger not in SENDING or strand.started_on == sent_on or not words.steps:
        return words
    limit = amount(strand.regime.amount, strand.regime.unit)
    return replace(
        words,
        rule=_("%(amount)s from the day after it was added.", amount=limit),
        steps=((_("Added on"), words.steps[0][1]), *words.steps[1:]),
    )


def opened(since: date, body: NextBody) -> str:
    """The sentence of a right that is open."""
    return _("Since %(day)s you may go to %(body)s.", day=day(since), body=body_name(body))
