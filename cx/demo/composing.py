"""Makes of a demo case what the product makes of a real one: a ledger, act by act, by the rules of the heart."""

from collections.abc import Mapping
from datetime import datetime
from random import Random

from cx.core.acts import Actor
from cx.core.contesting import opinion_of
from cx.core.dispute import happened
from cx.core.incident import Reading, Report
from cx.core.refusals import Refusal
from cx.core.words import THEME_BY_ID, Action, Audience, Channel, MessageKind, Role, State, Value
from cx.demo.accounts import Cast
from cx.demo.by_hand import marked
from cx.demo.cases import DemoCase
from cx.demo.thread import Step
from cx.disputes import contests, judging, redress
from cx.disputes.acting import act, act_through
from cx.disputes.effects import show_date
from cx.disputes.filing import CUSTOMER, compose
from cx.disputes.ledger import Ledger, Text, account_of
from cx.disputes.reference import drawn, hash_secret, new_secret
from cx.disputes.workbench import ReadsThemes

TIMER = Actor(Role.TIMER, "timer")
# Machines are known by the code that stands on them, everything else by its name.
MACHINES = frozenset({Channel.KIOSK, Channel.ATM, Channel.LOCKER})

_KINDS: Mapping[Action, MessageKind] = {
    Action.ACKNOWLEDGE: MessageKind.ACKNOWLEDGEMENT,
    Action.ASK: MessageKind.QUESTION,
    Action.ANSWER: MessageKind.ANSWER,
    Action.OFFER: MessageKind.OFFER,
    Action.ACCEPT: MessageKind.ACCEPTANCE,
    Action.ACCEPT_OPINION: MessageKind.ACCEPTANCE,
    Action.CONTEST: MessageKind.CONTEST,
    Action.REFUSE_OPINION: MessageKind.CONTEST,
    Action.FINAL: MessageKind.FINAL_POSITION,
    Action.PROPOSE_PERFORMED: MessageKind.PERFORMED,
    Action.PERFORMED: MessageKind.PERFORMED,
    Action.CLOSE: MessageKind.CLOSING,
    Action.WITHDRAW: MessageKind.CLOSING,
    Action.LAPSE: MessageKind.CLOSING,
    Action.REOPEN: MessageKind.REOPENING,
    Action.SAY_OF_READING: MessageKind.READING_SAID,
    Action.RULE_READING: MessageKind.READING_RULED,
    Action.NOTE: MessageKind.NOTE,
    Action.LOG_CALL: MessageKind.CALL,
}


def ledger_of(told: DemoCase, cast: Cast, now: datetime, reader: ReadsThemes | None = None) -> tuple[Ledger, str]:
    """The ledger of a demo case with everything that happened until `now`, and the secret of its private link.

    Everything random follows from the case's key. Only the eight cases of the demo story get a link; the secret of
    the others is empty. A life that the rules refuse ends before that step.
    """
    rng = Random(told.key)
    secret = new_secret(rng.getrandbits) if told.number else ""
    report = report_of(told, cast)
    reading = reader.read(report.text, report.detected_language) if reader is not None else None
    if reading is not None and told.story.words:
        reading = marked(reading, report.text, told.story.words)
    organisation = cast.organisations[told.story.organisation]
    links = (hash_secret(secret),) if secret else ()
    ledger = compose(organisation, report, reading, links, rng.getrandbits)
    ledger.points.extend(redress.point(number, words) for number, words in enumerate(told.points, start=1))
    try:
        play(ledger, told, cast, reading)
    except Refusal:
        # A case that stands where it stood before the refused step is a sound case.
        pass
    _entrust(ledger, cast)
    show_date(ledger, now)
    ledger.draw = drawn
    return ledger, secret


def _entrust(ledger: Ledger, cast: Cast) -> None:
    """A case in which the neutral acted, or that lies with a third party, is on the neutral's desk."""
    neutral = next((one for one in cast.actors.values() if one.role is Role.NEUTRAL), None)
    acted = any(
        line["role"] == Role.NEUTRAL.value and line["kind"] not in {"themes_ruled", "reading_ruled"}
        for line in ledger.events
    )
    if neutral is not None and (acted or ledger.dispute.state in {State.IN_MEDIATION, State.MEDIATION_PROPOSED}):
        ledger.case["neutral_id"] = account_of(neutral.id)


def report_of(told: DemoCase, cast: Cast) -> Report:
    """The story as the form would have filed it."""
    story, organisation = told.story, told.organisation
    point = next((one for one in organisation.touchpoints if one.code == story.touchpoint), None)
    place = story.place
    if point is not None:
        place = point.code if point.channel in MACHINES else point.name
    return Report(
        text=story.text,
        organisation_id=cast.organisations[organisation.slug].id,
        sector=story.sector,
        wish=story.wish,
        key=told.key,
        told_at=told.told_at,
        # A demand in several points is sent by its own step, which counts them.
        consent=not told.points,
        wish_text=story.wish_text,
        occurred_on=story.occurred_on,
        channel=story.channel,
        touchpoint_id=cast.touchpoints[organisation.slug, point.code] if point is not None else None,
        place=place,
        severity=story.severity,
        facts={"issue": story.issue, **story.facts},
        contact=story.contact,
        language=story.language,
        detected_language=story.language,
        origin=told.origin,
    )


def play(ledger: Ledger, told: DemoCase, cast: Cast, reading: Reading | None = None) -> None:
    """Do every step of the case, in order. Raises the heart's refusals; the ledger stands before the refused step."""
    customer = Actor(Role.CUSTOMER, CUSTOMER, told.story.contact.name)
    for step in told.steps:
        if step.by is Role.CUSTOMER:
            _step(ledger, step, customer, cast, told, reading)
        elif step.by is Role.TIMER:
            _step(ledger, step, TIMER, cast, told, reading)
        else:
            _step(ledger, step, cast.actors[step.person], cast, told, reading)


def _step(ledger: Ledger, step: Step, actor: Actor, cast: Cast, told: DemoCase, reading: Reading | None) -> None:
    facts = dict(step.facts)
    match step.action:
        case None:
            ledger.record(happened("reminded", actor, step.at))
        case Action.SEND if ledger.dispute.state is not State.NONE:
            return  # filing sent it
        case Action.RULE_THEMES:
            _rule(ledger, step, actor, reading)
        case Action.SAY_OF_READING:
            _opine(ledger, step, actor, told, reading)
        case Action.RULE_READING:
            _settle(ledger, step, actor, told, reading)
        case Action.SAY_SOLVED:
            act(ledger, Action.SAY_SOLVED, actor, step.at, facts)
            values = {value: int(str(facts[value])) for value in Value if value in facts}
            if values:
                judging.say_values(ledger, actor, step.at, values)
        case Action.ASSIGN:
            # Nobody is handed over in silence, and a new name answers nobody who waits.
            waits, owner = ledger.case["customer_waits"], cast.actors[str(facts["owner"])].id
            act(ledger, Action.ASSIGN, actor, step.at, facts | {"owner": owner}, _text(step, told))
            ledger.wait(waits)
        case _ if facts.get("follows"):
            return  # the step before brought it with it
        case Action.WRITE if actor.role in {Role.AGENT, Role.SUPERVISOR} and ledger.dispute.owner is None:
            # Who answers a case that nobody took takes it.
            act(ledger, Action.ASSIGN, actor, step.at, {"owner": actor.id})
            act(ledger, Action.WRITE, actor, step.at, facts, _text(step, told))
        case _:
            act_through(ledger, step.action, actor, step.at, facts, _text(step, told))


def _rule(ledger: Ledger, step: Step, actor: Actor, reading: Reading | None, source: str = judging.DESK) -> None:
    confirmed = step.facts.get("confirmed")
    themes = (
        frozenset(THEME_BY_ID[str(theme)] for theme in confirmed)
        if isinstance(confirmed, list | tuple)
        else frozenset()
    )
    first = all(line["kind"] != "themes_ruled" for line in ledger.events)
    version = reading.version if reading is not None else ""
    judging.rule_themes(ledger, actor, step.at, themes, version, dict(ledger.themes), first=first, source=source)


def _opine(ledger: Ledger, step: Step, actor: Actor, told: DemoCase, reading: Reading | None) -> None:
    said = opinion_of(step.facts)
    due_at = contests.due_at(ledger, ledger.local_day(step.at)) if said.contests else None
    version = reading.version if reading is not None else ""
    contests.lay_opinion(ledger, actor, step.at, said, _text(step, told), version, due_at)


def _settle(ledger: Ledger, step: Step, actor: Actor, told: DemoCase, reading: Reading | None) -> None:
    """Rule on what the customer said of the reading: the themes that are told, and the outcome in words."""
    text, standing = _text(step, told), dict(ledger.themes)
    if text is None:
        return
    _rule(ledger, step, actor, reading, contests.SOURCE)
    themes = [THEME_BY_ID[name] for name in ledger.themes]
    opinion = ledger.opinions[-1]
    opinion.update(contests.lay_outcome(ledger, actor, step.at, opinion, standing, themes, text))


def _text(step: Step, told: DemoCase) -> Text | None:
    if not step.text or step.action is None:
        return None
    usual = MessageKind.ADDITION if step.by is Role.CUSTOMER else MessageKind.REPLY
    inside = step.action in {Action.NOTE, Action.LOG_CALL}
    return Text(
        step.text,
        _KINDS.get(step.action, usual),
        audience=Audience.INTERNAL if inside else Audience.BOTH,
        language=told.story.language,
    )
