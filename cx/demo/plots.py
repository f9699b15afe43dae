"""The ways a dispute can go, each a function that spins a thread, with how often it happens."""

from collections.abc import Callable
from datetime import timedelta

from cx.core.words import Action, OfferKind, Outcome, PointAnswer, Role, Theme, Wish
from cx.demo.people import ORGANISATIONS
from cx.demo.thread import Thread

Plot = Callable[[Thread], None]
SOON, WEEK, SLOW = (0.2, 3.0), (2.0, 9.0), (5.0, 24.0)
_DEEDS = (OfferKind.SERVICE_PERFORMED, OfferKind.CORRECTIVE_ACTION, OfferKind.DATA_CORRECTED)


def incident(t: Thread) -> None:
    """Somebody just told: read, ruled, thanked; nothing is owed and no clock runs."""
    if t.rng.random() < 0.82:
        t.staff(t.agent, Action.RULE_THEMES, (0.2, 6), confirmed=tuple(theme.value for theme in t.story.themes))
    # Nobody who told something is left without a word for long; the latest still wait.
    if t.rng.random() < 0.97:
        text = t.pen.letter(t.agent, "THANKS_REPLY" if t.story.praise else "INCIDENT_REPLY")
        t.staff(t.agent, Action.WRITE, (0.1, 5), text)
    if t.rng.random() < 0.15:
        t.staff(t.agent, Action.NOTE, (0.1, 2), t.pen.note("NOTE", t.agent))


def _money(t: Thread) -> int:
    return t.story.money_minor or t.rng.choice((500, 895, 1000, 1500, 2000, 3000, 5000))


def _kind(t: Thread) -> OfferKind:
    """Choose what is offered after what was asked for."""
    rng, wish = t.rng, t.story.wish
    if wish is Wish.MONEY:
        kinds = (OfferKind.REFUND, OfferKind.REFUND, OfferKind.GOODWILL_GESTURE, OfferKind.CONTRACTUAL_COMPENSATION)
        return OfferKind.STATUTORY_COMPENSATION if t.organisation.prefix and rng.random() < 0.5 else rng.choice(kinds)
    if wish is Wish.REPAIR:
        return rng.choice(_DEEDS)
    if wish is Wish.HUMAN_DECISION or Theme.AUTOMATED_DECISION in t.story.themes:
        return OfferKind.DECISION_REVIEWED_BY_HUMAN
    return rng.choice((OfferKind.APOLOGY, OfferKind.APOLOGY, OfferKind.EXPLANATION, OfferKind.GOODWILL_GESTURE))


def _first_offer(t: Thread, *, share: float = 1.0, expires_in: int | None = None, mean: bool = False) -> OfferKind:
    """Make the first offer; sums above the agent's limit are the supervisor's, unless a share keeps below it."""
    kind = _kind(t)
    if mean and kind.carries_money:
        kind = OfferKind.GOODWILL_GESTURE
    minor = max(100, int(_money(t) * share)) if kind.carries_money else None
    if mean and minor:
        minor = min(minor, t.organisation.agent_limit_minor)
    person = t.supervisor if (minor or 0) > t.organisation.agent_limit_minor else t.agent
    answer = PointAnswer.PARTLY if mean else PointAnswer.UPHELD
    t.offer(person, kind, WEEK, minor=minor, expires_in=expires_in, answer=answer)
    return kind


def _agree(t: Thread, *, chance: float) -> None:
    """Accept, perform, confirm, and say whether it is solved."""
    t.accept((0.1, 8))
    if t.kind not in (OfferKind.APOLOGY, OfferKind.EXPLANATION):
        t.perform()
        t.customer(Action.PERFORMED, (0.2, 9), t.pen.note("PERFORMED", t.agent))
    t.solved(t.chance(chance))


def _begin(t: Thread) -> None:
    """Take it, and sometimes ask before deciding; a text too short to understand is always asked about."""
    t.acknowledge()
    if t.story.unclear or t.rng.random() < 0.16:
        t.ask()
        t.answer()
    t.one_point_more()


def settled(t: Thread) -> None:
    """The common good end: an offer, accepted, performed, ended by the customer."""
    _begin(t)
    _first_offer(t)
    _agree(t, chance=0.66)


def resting(t: Thread) -> None:
    """An offer is out and the customer says nothing: it rests."""
    _begin(t)
    _first_offer(t)
    if t.rng.random() < 0.3:
        t.timer(None, 7)
    if t.rng.random() < 0.25:
        t.solved(t.chance(0.35))


def unconfirmed(t: Thread) -> None:
    """Accepted and performed, but the customer never says so; now and then the neutral ends it, in her name."""
    t.acknowledge()
    person, kind = t.agent, OfferKind.GOODWILL_GESTURE
    t.offer(person, kind, WEEK, minor=min(_money(t), t.organisation.agent_limit_minor))
    t.accept((0.1, 6))
    t.perform()
    if t.rng.random() < 0.5:
        t.neutral(Action.CLOSE, (33, 60), t.pen.note("CLOSE_neutral", t.agent), function="neutral")


def _refuse(t: Thread) -> None:
    """Refuse what was offered; whoever said how much it was asks for that instead."""
    text, asked = t.pen.note("CONTEST", t.agent), t.story.money_minor
    if asked and t.kind is not None and t.kind.carries_money:
        t.customer(Action.CONTEST, (0.1, 7), text, counter=text, asked_minor=asked, asked_currency=t.story.currency)
    else:
        t.customer(Action.CONTEST, (0.1, 7), text)


def _contested(t: Thread) -> None:
    """A mean first offer, refused; the supervisor, who is somebody else, looks again."""
    _begin(t)
    _first_offer(t, share=0.4, mean=True)
    _refuse(t)
    t.staff(t.supervisor, Action.REVIEW, WEEK)
    t.staff(t.supervisor, Action.NOTE, (0, 0.2), t.pen.note("REVIEW", t.supervisor))


def second_look(t: Thread) -> None:
    """Contested once, looked at by another person, a better offer, accepted."""
    _contested(t)
    kind = _kind(t)
    if kind is OfferKind.GOODWILL_GESTURE and t.rare.random() < 0.25:
        kind = OfferKind.VOUCHER  # asked for by the customer, who chooses it once more by accepting
    t.offer(t.supervisor, kind, SOON, minor=_money(t) if kind.carries_money else None, opening="SECOND")
    _agree(t, chance=0.6)


def _final(t: Thread) -> None:
    deadline = t.last_day_to_go_on()
    body = t.organisation.next_body
    text = t.pen.letter(t.supervisor, "FINAL", next=t.pen.body(body), deadline=t.pen.deadline(deadline))
    t.staff(
        t.supervisor, Action.FINAL, WEEK, text, points=t.answers(PointAnswer.PARTLY), reasons=text,
        next_body=body.value, next_body_deadline=deadline, next_body_free=True,
    )  # fmt: skip


def last_word(t: Thread) -> None:
    """Contested, final answer, and the customer takes note, satisfied or not; some never answer."""
    _contested(t)
    _final(t)
    if t.rng.random() < 0.35:
        return
    satisfied = t.rng.random() < 0.4
    text = t.pen.note("CLOSE_yes" if satisfied else "CLOSE_no", t.agent)
    t.customer(Action.CLOSE, (1, 30), text, satisfied=satisfied, outcome=Outcome.REJECTED_WITH_REASONS.value)
    t.solved(0.45 if satisfied else 0.03)


def mediated(t: Thread) -> None:
    """Contested to the end: the mediator is seized; some wait there, some get an opinion, accepted or not."""
    _contested(t)
    _final(t)
    body = t.organisation.next_body.value
    t.customer(Action.ESCALATE, (3, 40), t.pen.note("ESCALATE", t.agent), next_body=body)
    drawn = t.rng.random()
    if drawn < 0.12:
        t.neutral(Action.MEDIATION_ENDED, (15, 50), t.pen.note("MEDIATION_over", t.agent), reason="inadmissible")
        return
    if drawn < 0.32:
        return
    minor = _money(t)
    pay_by = (t.at + timedelta(days=130)).date()
    text = t.pen.note("OPINION", t.agent, amount=t.pen.amount(minor))
    t.neutral(
        Action.RECORD_OPINION, (30, 90), text, document="avis.pdf", kind=OfferKind.GOODWILL_GESTURE.value,
        amount_minor=minor, currency=t.story.currency, pay_by=pay_by,
    )  # fmt: skip
    t.offers += 1
    t.kind = OfferKind.GOODWILL_GESTURE
    if t.rng.random() < 0.25:
        return
    t.customer(Action.ACCEPT_OPINION, (1, 12), t.pen.note("OPINION_yes", t.agent))
    if t.rng.random() < 0.2:
        text = t.pen.letter(t.supervisor, "OPINION_no_staff")
        t.staff(t.supervisor, Action.REFUSE_OPINION, WEEK, text, reason=text)
        return
    text = t.pen.letter(t.supervisor, "OPINION_yes_staff")
    t.staff(t.supervisor, Action.ACCEPT_OPINION, WEEK, text)
    t.perform()
    t.customer(Action.PERFORMED, SOON, t.pen.note("PERFORMED", t.agent))
    t.solved(0.6)


def lapsed(t: Thread) -> None:
    """A final answer, two reminders, every recourse gone by: the neutral records it, by name."""
    _contested(t)
    _final(t)
    deadline = t.last_day_to_go_on()
    t.timer(None, 300)
    t.timer(None, 40)
    text = t.pen.note("LAPSE", t.agent)
    t.neutral(Action.LAPSE, (45, 70), text, last_recourse_deadline=deadline, function="neutral")


def silent_question(t: Thread) -> None:
    """A question nobody answers; after two reminders the organisation decides on what it has."""
    t.acknowledge()
    t.ask()
    t.timer(None, 7)
    t.timer(None, 7)
    text = t.pen.letter(t.agent, "PROCEED")
    t.staff(t.agent, Action.PROCEED, (1, 4), text)
    _first_offer(t)


def withdrawn(t: Thread) -> None:
    """The customer takes it back."""
    if t.rng.random() < 0.6:
        t.acknowledge()
    t.customer(Action.WITHDRAW, (1, 14), t.pen.note("WITHDRAW", t.agent), confirmed=True)


def redirected(t: Thread) -> None:
    """The wrong house: passed on with the customer's agreement."""
    others = [o for o in ORGANISATIONS if o.sector is t.organisation.sector and o is not t.organisation]
    target = (others or [o for o in ORGANISATIONS if o is not t.organisation])[0].slug
    text = t.pen.letter(t.agent, "PROPOSE_REDIRECT")
    t.staff(t.agent, Action.PROPOSE_REDIRECT, SOON, text, target=target, reason=text)
    t.customer(Action.REDIRECT, SOON, t.pen.note("REDIRECT", t.agent), target=target)


def unpaid(t: Thread) -> None:
    """Accepted, not paid in time: back to work, then done."""
    t.acknowledge()
    minor = min(_money(t), t.organisation.agent_limit_minor)
    t.offer(t.agent, OfferKind.REFUND, WEEK, minor=minor)
    t.accept(SOON)
    t.customer(Action.NOT_PERFORMED, (31, 40), t.pen.note("NOT_PERFORMED", t.agent))
    t.offer(t.supervisor, OfferKind.REFUND, SOON, minor=minor, opening="SECOND")
    _agree(t, chance=0.4)


def again(t: Thread) -> None:
    """Ended, and it happens again: reopened, some are still being looked at."""
    settled(t)
    t.customer(Action.REOPEN, (4, 45), t.pen.note("REOPEN", t.agent), new_facts=True)
    if t.rng.random() < 0.6:
        t.offer(t.supervisor, OfferKind.CORRECTIVE_ACTION, WEEK, opening="SECOND")
        _agree(t, chance=0.5)


def expired(t: Thread) -> None:
    """An offer that ran out: the timer gives it back to the organisation, which makes it again."""
    _begin(t)
    kind = _first_offer(t, expires_in=30)
    t.timer(Action.EXPIRE_OFFER, 45)
    person = t.agent if kind.carries_money is False else t.supervisor
    t.offer(person, kind, SOON, minor=_money(t) if kind.carries_money else None)


def neglected(t: Thread) -> None:
    """Taken late or never: overdue; in the end the customer goes elsewhere without waiting for a last word."""
    if t.rng.random() < 0.7:
        t.acknowledge(SLOW)
        if t.rng.random() < 0.5:
            t.offer(t.agent, OfferKind.APOLOGY, (25, 60))
            _agree(t, chance=0.2)
            return
    t.customer(Action.ESCALATE, (75, 130), t.pen.note("ESCALATE", t.agent), next_body=t.organisation.next_body.value)


def put_aside(t: Thread) -> None:
    """Waits for maintenance: the agent puts it on the shelf for a week, a colleague takes over, then answers."""
    t.acknowledge()
    t.staff(t.agent, Action.SHELVE, SOON, back_on=t.at.date() + timedelta(days=12))
    colleague = t.organisation.of_role(Role.AGENT)[1]
    if t.rng.random() < 0.4 and colleague is not t.agent:
        text = t.pen.letter(t.supervisor, "HAND_OVER", colleague=colleague.name)
        t.staff(t.supervisor, Action.ASSIGN, SOON, text, owner=colleague.email)
        t.agent = colleague
    _first_offer(t)
    _agree(t, chance=0.55)


PLOTS: tuple[tuple[int, Plot], ...] = (
    (440, settled),
    (130, resting),
    (40, unconfirmed),
    (110, second_look),
    (50, last_word),
    (45, mediated),
    (18, lapsed),
    (25, silent_question),
    (40, withdrawn),
    (10, redirected),
    (20, unpaid),
    (20, again),
    (12, expired),
    (30, neglected),
    (20, put_aside),
)
