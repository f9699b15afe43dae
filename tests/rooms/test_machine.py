"""A random walk over HTTP against the model: everybody tries everything from every state, and time passes.

Before each act the journal is folded by `cx.core.dispute`, which also says what must come of the act; after it the
journal is read again. A page that does what the model refuses, refuses what it allows, or breaks, is a divergence.
The seed is printed with a failure; 300 steps come with every run, 10,000 with `--long`.
"""

import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cx.core.acts import Act, Actor, Dispute
from cx.core.dispute import decide, evolve, follows, happened, path
from cx.core.refusals import GuardFailed, NotAllowed, Refusal, WrongState
from cx.core.words import ENDED_STATES, Action, Role, State, Wish
from cx.disputes.filing import Filed
from cx.disputes.storing import load, save
from tests.pages import Browser
from tests.world import PEOPLE, World

# Who acts, as the journal names them; the others must never get through.
STAFF = {
    "agent@poste": Role.AGENT,
    "agent2@poste": Role.AGENT,
    "supervisor@poste": Role.SUPERVISOR,
    "neutral": Role.NEUTRAL,
}
OUTSIDE = ("agent@banque", "manager@poste", "admin", "stranger")
POINTS = {"points": {"1": "upheld"}, "reasons": "You were right."}
NEXT = {"next_body": "court", "next_body_deadline": "none", "next_body_free": True}
TIMER = Actor(Role.TIMER, "timer")
REFUSED = {403, 404, 409, 422}


@dataclass(frozen=True)
class Way:
    """One form: its address, the act it stands for, what is typed, and what the model is told of it."""

    what: str
    action: Action
    roles: frozenset[Role]
    typed: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    reached: frozenset[State] = frozenset()


def _money(today: date) -> tuple[dict[str, str], dict[str, object]]:
    pay_by = today + timedelta(days=9)
    typed = {"kind": "refund", "amount": "8,95", "currency": "EUR", "pay_by": pay_by.isoformat(), "expires_on": ""}
    return typed, {"kind": "refund", "amount_minor": 895, "currency": "EUR", "pay_by": pay_by}


def ways(today: date, no: int) -> list[Way]:
    """Every form of both rooms that moves a dispute, with sound content for this day; `no` makes its words new."""
    money, offer = _money(today)
    text = {"text": f"Letter number {no}."}
    answered = {"answer": "upheld", "reasons": "You were right.", **text}
    team, super_, neutral = (
        frozenset({Role.AGENT, Role.SUPERVISOR}),
        frozenset({Role.SUPERVISOR}),
        frozenset({Role.NEUTRAL}),
    )
    mine, shut = frozenset({Role.CUSTOMER}), frozenset({State.CLOSED})
    words = {"text": "x", "reason": "x"}
    return [
        Way("ask", Action.ASK, team, text, {"question": "x"}),
        Way("offer", Action.OFFER, team, {**money, **answered}, {**POINTS, **offer}),
        Way("refuse", Action.OFFER, team, {"reasons": "Too late.", **text}, {**POINTS, "kind": "explanation"}),
        Way("final", Action.FINAL, super_, {"kind": "", "deadline": "none", "free": "yes", "next_body": "court", **answered},
            {**POINTS, **NEXT}),
        Way("look", Action.REVIEW, team),
        Way("done", Action.PROPOSE_PERFORMED, team, {"proof": "4711", **text}, {"proof": "4711"}),
        Way("redirect", Action.PROPOSE_REDIRECT, team | neutral, {"to": "Banque Tessaure", **text}, {"target": "banque", **words}),
        Way("proceed", Action.PROCEED, team),
        Way("takeback", Action.IMPROVE, team, text, words),
        Way("reopen", Action.REOPEN, super_, text, {"in_customers_favour": True}),
        Way("reopen", Action.REOPEN, neutral, text, {"new_facts": "x"}),
        Way("escalate", Action.ESCALATE, neutral, {"next_body": "court", **text}, {"next_body": "court"}),
        Way("opinion", Action.RECORD_OPINION, neutral, {"kind": "", **text}, {"document": True}),
        Way("mediation-end", Action.MEDIATION_ENDED, neutral, {"reason": "abandoned", **text}, {"reason": "abandoned"}),
        Way("opinion-yes", Action.ACCEPT_OPINION, super_, text),
        Way("opinion-no", Action.REFUSE_OPINION, super_, text, words),
        Way("end-proven", Action.CLOSE, neutral, text),
        Way("answer", Action.ANSWER, mine, {"answer": f"The blue one {no}."}),
        Way("accept", Action.ACCEPT, mine, {}, {}, shut | {State.ACCEPTED}),
        Way("refuse", Action.CONTEST, mine, {"refusal": ""}, {}, frozenset({State.CONTESTED})),
        Way("other", Action.CONTEST, mine, {"wanted": f"A person who looks at it {no}."}, {}, frozenset({State.CONTESTED})),
        Way("done", Action.PERFORMED, mine, {}, {}, shut),
        Way("not-done", Action.NOT_PERFORMED, mine, {}, {}, frozenset({State.ACCEPTED})),
        Way("end", Action.CLOSE, mine, {"satisfied": "yes"}, {"satisfied": True}, shut),
        Way("withdraw", Action.WITHDRAW, mine, {"sure": "y", "reason": ""}, {"confirmed": True}, frozenset({State.WITHDRAWN})),
        Way("reopen", Action.REOPEN, mine, {"news": f"It came back {no}."}, {"new_facts": "x"}),
        Way("escalate", Action.ESCALATE, mine, {"next_body": "court"}, {"next_body": "court"}, frozenset({State.IN_MEDIATION})),
        Way("opinion", Action.RECORD_OPINION, mine, {"opinion": f"Pay half of it {no}."}, {"document": True}),
        Way("mediation-over", Action.MEDIATION_ENDED, mine, {"ending": "refused", "ending_words": f"They said no {no}."},
            {"document": True, "reason": "refused"}),
        Way("opinion-yes", Action.ACCEPT_OPINION, mine, {}, {}, shut | {State.ACCEPTED, State.MEDIATION_PROPOSED}),
        Way("opinion-no", Action.REFUSE_OPINION, mine, {"opinion_refusal": ""}, {}, frozenset({State.FINAL_POSITION})),
    ]  # fmt: skip


class Clock:
    """Moves the hour of the two rooms. Their modules say `datetime.now`; nothing else asks for it there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        self._patch(monkeypatch)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def _patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = self

        class Kind(type):
            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, datetime)

        class Shifted(datetime, metaclass=Kind):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.now(tz) + clock.ahead

        for name, module in list(sys.modules.items()):
            if name.startswith(("cx.desk", "cx.intake")) and getattr(module, "datetime", None) is datetime:
                monkeypatch.setattr(module, "datetime", Shifted)


class Walk:
    """One walk: a case, its browsers, and what was seen on the way."""

    def __init__(self, world: World, clock: Clock, seed: int) -> None:
        self.world, self.clock, self.random = world, clock, random.Random(seed)
        self.browsers: dict[str, Browser] = {who: world.staff(who) for who in PEOPLE}
        self.browsers["stranger"] = world.browser()
        self.seen: Counter[str] = Counter()
        self.divergences: list[str] = []
        self.anew()

    def anew(self) -> None:
        self.filed: Filed = self.world.tell("poste", Wish.MONEY, at=self.clock.now())
        self.browsers["customer"] = self.world.customer(self.filed)

    def standing(self) -> tuple[Dispute, int | None]:
        with self.world.database.reading() as session:
            ledger = load(session, self.filed.case_id)
            return ledger.dispute, ledger.case["neutral_id"]

    def actor(self, who: str) -> Actor:
        if who == "customer":
            return Actor(Role.CUSTOMER, "customer", "Madeleine Garnier")
        name, role, _ = PEOPLE[who]
        return Actor(role, f"account:{self.world.people[who]}", name, role.value.title())

    def predicted(self, dispute: Dispute, actor: Actor, way: Way) -> Dispute:
        """Where the model comes by this act. Raises its refusal."""
        at, today = self.clock.now(), self.clock.now().date()
        facts: dict[str, object] = {"today": today, "text": "x", "answer_by": today, **way.facts}
        if way.action is Action.ACCEPT:
            facts["version"] = dispute.offer.version if dispute.offer else 0
        for step in path(dispute, way.action, actor.role, at):
            event = decide(dispute, Act(step, actor, at, facts))
            dispute = evolve(dispute, event)
        for step in follows(event, dispute):
            dispute = evolve(dispute, decide(dispute, Act(step, actor, at, facts)))
        return dispute

    def step(self) -> None:
        """Let somebody try something, or let time pass."""
        dice = self.random.random()
        if dice < 0.08:
            self.clock.ahead += timedelta(days=self.random.choice((1, 8, 16, 31, 62)))
        elif dice < 0.14:
            self.remind()
        else:
            self.somebody()

    def somebody(self) -> None:
        before, neutral = self.standing()
        way = self.chosen(before)
        if before.state in ENDED_STATES and self.random.random() < 0.1:
            self.anew()
        elif self.random.random() < 0.12:
            self.outside(way, before)
        else:
            self.tries(way, before, neutral)

    def chosen(self, before: Dispute) -> Way:
        """Mostly something that the model allows to somebody, so that stories get far; else anything."""
        known = ways(self.clock.now().date(), self.random.getrandbits(40))
        if self.random.random() < 0.5:
            return self.random.choice(known)
        doable = [way for way in known if any(self.allows(before, who, way) for who in ("customer", *STAFF))]
        return self.random.choice(doable or known)

    def allows(self, before: Dispute, who: str, way: Way) -> bool:
        if self.actor(who).role not in way.roles:
            return False
        try:
            self.predicted(before, self.actor(who), way)
        except Refusal:
            return False
        return True

    def remind(self) -> None:
        with self.world.database.writing() as session:
            ledger = load(session, self.filed.case_id)
            if ledger.dispute.state.open:
                ledger.record(happened("reminded", TIMER, self.clock.now()))
                save(session, self.world.app.extensions["workbench"], [ledger])

    def outside(self, way: Way, before: Dispute) -> None:
        """Whoever has no part in the case gets nothing done and breaks nothing."""
        who = self.random.choice(OUTSIDE)
        room = "case" if Role.CUSTOMER in way.roles else "desk"
        answer = self.browsers[who].raw("POST", f"/{room}/{self.filed.reference}/{way.what}", data=dict(way.typed))
        self.judged(way, who, answer.status_code, before, None, f"{answer.status_code} for an outsider")

    def tries(self, way: Way, before: Dispute, neutral: int | None) -> None:
        who = self.random.choice([one for one in ("customer", *STAFF) if self.actor(one).role in way.roles])
        actor, expected, why = self.actor(who), None, "allowed"
        try:
            if who == "neutral" and neutral is None:
                raise NotAllowed(way.action.value, "not entrusted")
            expected = self.predicted(before, actor, way)
        except (GuardFailed, WrongState, NotAllowed) as refusal:
            why = repr(refusal)
        typed = {**way.typed, "version": str(before.version), "sure_of_it": "yes"}
        offer = before.offer.version if before.offer and self.has_row(before) else 0
        typed["seen"] = f"{before.state.value}.{offer}"
        room = "case" if who == "customer" else "desk"
        answer = self.browsers[who].raw("POST", f"/{room}/{self.filed.reference}/{way.what}", data=typed)
        self.judged(way, who, answer.status_code, before, expected, why)

    def has_row(self, before: Dispute) -> bool:
        """Whether the offer in force is written beside the journal (a mediator's solution has its own card)."""
        with self.world.database.reading() as session:
            ledger = load(session, self.filed.case_id)
            return any(before.offer is not None and row["version"] == before.offer.version for row in ledger.offers)

    def judged(self, way: Way, who: str, status: int, before: Dispute, expected: Dispute | None, why: str) -> None:
        after, _ = self.standing()
        where = (
            f"{who} {way.action.value} by {way.what} from {before.state.value}: {status}, {after.state.value}; {why}"
        )
        moved = after.version != before.version
        if status >= 500:
            self.divergences.append(f"broke: {where}")
        elif expected is None:
            # A second click changes nothing, and "not yet" before its day is only noted.
            quiet = status == 303 and before.state in way.reached and after.state is before.state
            # A stranger to the case gets the page that asks for the code, or is asked to sign in.
            if not quiet and (moved or status not in REFUSED | {401}):
                self.divergences.append(f"the model refuses: {where}")
        elif (status != 303 or after.state is not expected.state or not moved) and before.state not in way.reached:
            self.divergences.append(f"the model wants {expected.state.value}: {where}")
        self.seen[f"{way.action.value}:{status}"] += 1


def _walk(world: World, monkeypatch: pytest.MonkeyPatch, steps: int, seed: int) -> Walk:
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    walk = Walk(world, Clock(monkeypatch), seed)
    for _ in range(steps):
        walk.step()
    assert walk.divergences == [], f"seed {seed}: {len(walk.divergences)}\n" + "\n".join(walk.divergences[:20])
    return walk


def test_three_hundred_steps_against_the_model(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = _walk(small_world, monkeypatch, 300, 4)
    moved = {name.partition(":")[0] for name in walk.seen if name.endswith(":303")}
    assert len(moved) >= 10, walk.seen


@pytest.mark.long
def test_ten_thousand_steps_against_the_model(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = _walk(small_world, monkeypatch, 10_000, 11)
    moved = {name.partition(":")[0] for name in walk.seen if name.endswith(":303")}
    assert len(moved) >= 20, walk.seen
