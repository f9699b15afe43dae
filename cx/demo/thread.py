"""The thread of one dispute as it is spun: who acts, when (people work in office hours), with which words and facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from cx.core.words import Action, NextBody, OfferKind, PointAnswer, Role, Solved, Theme, Wish
from cx.demo import grounds
from cx.demo.letters import Pen
from cx.demo.people import NEUTRAL, DemoOrganisation, DemoPerson
from cx.demo.stories import WORST_MACHINE, DemoStory


class NotYet(Exception):
    """The next step lies after now: the story stands where it stands today."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `person` is the e-mail of a `DemoPerson`, empty for the customer and the timer.

    `action` None is a reminder by the timer (event `reminded`). `facts` bear the names that the guards of
    `cx.core.dispute` ask for (days as `date`); `follows` True marks the act which the step before brings with it.
    `text` goes to both sides, but for notes and calls, which stay inside.
    """

    at: datetime
    action: Action | None
    by: Role
    person: str = ""
    text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class Thread:
    """Spin one dispute: `steps` grows, `at` is the moment of the last step; `NotYet` ends it at the present."""

    def __init__(
        self,
        rng: Random,
        story: DemoStory,
        organisation: DemoOrganisation,
        told_at: datetime,
        now: datetime,
        *,
        guided: bool,
    ) -> None:
        self.rng = rng
        self.story = story
        self.organisation = organisation
        self.at = told_at
        self.told_at = told_at
        self.now = now
        self.guided = guided
        self.pen = Pen(rng, story)
        self.steps: list[Step] = []
        self.offers = 0
        self.points = 1
        # What is rare has a chance of its own, so that it does not change how every other dispute goes.
        self.rare = Random(story.text)
        self.kind: OfferKind | None = None
        self._asked: int | None = None
        agents = organisation.of_role(Role.AGENT)
        # Half of the work lies with the first named agent: the demo's pages should show one person at work.
        self.agent = agents[0] if rng.random() < 0.4 else rng.choice(agents)
        self.supervisor = organisation.of_role(Role.SUPERVISOR)[0]

    def last_day_to_go_on(self) -> date:
        """The day that a final answer names: a year from the demand in France, six months from about now at the FOS."""
        if self.organisation.country == "FR":
            return self.told_at.date() + timedelta(days=365)
        return self.at.date() + timedelta(days=180 if self.organisation.next_body is NextBody.UK_FOS else 360)

    # How time passes.

    def _later(self, low: float, high: float, *, office: bool) -> datetime:
        """Return a moment `low` to `high` days later: office hours on weekdays for staff, waking hours otherwise."""
        rng = self.rng
        at = self.at + timedelta(days=rng.uniform(low, high))
        hour = rng.randint(8, 16) if office else rng.randint(6, 21)
        at = at.replace(hour=hour, minute=rng.randint(0, 59), second=rng.randint(0, 59), microsecond=0)
        if office and at.weekday() > 4:
            at += timedelta(days=7 - at.weekday())
        return at if at > self.at else self.at + timedelta(minutes=rng.randint(4, 50))

    def _add(
        self, at: datetime, action: Action | None, by: Role, person: str, text: str, facts: dict[str, object]
    ) -> None:
        if at > self.now:
            raise NotYet
        if text:
            facts.setdefault("text", text)
        self.at = at
        self.steps.append(Step(at, action, by, person, text, facts))

    # Who acts.

    def customer(self, action: Action, days: tuple[float, float], text: str = "", **facts: object) -> None:
        """Let the customer act `days` (from, to) later."""
        self._add(self._later(*days, office=False), action, Role.CUSTOMER, "", text, facts)

    def staff(
        self, person: DemoPerson, action: Action, days: tuple[float, float], text: str = "", **facts: object
    ) -> None:
        """Let somebody of the staff, or the neutral, act `days` (from, to) later."""
        self._add(self._later(*days, office=True), action, person.role, person.email, text, facts)

    def neutral(self, action: Action, days: tuple[float, float], text: str = "", **facts: object) -> None:
        """Let the neutral act."""
        self.staff(NEUTRAL, action, days, text, **facts)

    def timer(self, action: Action | None, days: float) -> None:
        """Let the timer act after exactly `days`."""
        self._add(self.at + timedelta(days=days), action, Role.TIMER, "", "", {})

    # What everybody does in the same way.

    def send(self) -> None:
        """Send the demand at the moment of telling."""
        facts: dict[str, object] = {
            "text": self.story.text,
            "wish": self.story.wish.value,
            "consent": True,
            "points": 1,
        }
        self._add(self.told_at, Action.SEND, Role.CUSTOMER, "", "", facts)

    def acknowledge(self, days: tuple[float, float] = (0.1, 2.5)) -> None:
        """Take the dispute, rule its themes, start the work, now and then leave a note."""
        answer_by = (self._moved(days[0]) + timedelta(days=self.organisation.target_days)).date()
        text = self.pen.letter(self.agent, "ACK", answer_by=self.pen.day(answer_by))
        self.staff(self.agent, Action.ACKNOWLEDGE, days, text, answer_by=answer_by)
        self.rule()
        self.staff(self.agent, Action.START, (0, 1.5))
        if self.rng.random() < 0.3:
            self.staff(self.agent, Action.NOTE, (0, 1), self.pen.note("NOTE", self.agent))
        if self.rng.random() < 0.08:
            self.staff(self.agent, Action.LOG_CALL, (0, 1), self.pen.note("CALL", self.agent))
        if self.rng.random() < 0.08:
            self.customer(Action.WRITE, (0.3, 3), self.pen.note("ADD", self.agent))

    def rule(self) -> None:
        """Let the agent confirm the themes told; now and then one is overlooked, some are never ruled."""
        if self.rng.random() > 0.85:
            return
        seen = [theme.value for theme in self.story.themes]
        if len(seen) > 1 and self.rng.random() < 0.08:
            seen.pop(self.rng.randrange(len(seen)))
        self.staff(self.agent, Action.RULE_THEMES, (0, 0.1), confirmed=tuple(seen))

    def ask(self) -> None:
        """Ask the customer one question; a text too short to understand gets a question about what happened."""
        kinds = self.pen.count("ASK") - (0 if self.story.wish is Wish.MONEY else 1)
        self._asked = None if self.story.unclear else self.rng.randrange(kinds)
        text = self.pen.letter(self.agent, "CLEAR_ASK" if self.story.unclear else "ASK", which=self._asked)
        self.staff(self.agent, Action.ASK, (0.2, 3), text, question=text)

    def answer(self) -> None:
        """Let the customer answer the question that was asked."""
        section = "CLEAR_ANSWER" if self.story.unclear else "ANSWER"
        self.customer(Action.ANSWER, (0.1, 9), self.pen.note(section, self.agent, which=self._asked))

    def perform(self) -> None:
        """Say that what was promised is done, with proof."""
        money = self.kind is not None and self.kind.carries_money
        text = self.pen.letter(self.agent, "PROPOSE_PERFORMED_MONEY" if money else "PROPOSE_PERFORMED")
        # It is told two days after the agreement at the earliest, and was done the day after it.
        proof = grounds.proof(self._moved(1).date(), self.story.language, money=money)
        self.staff(self.agent, Action.PROPOSE_PERFORMED, (2, 9), text, proof=proof)

    def accept(self, days: tuple[float, float]) -> None:
        """Let the customer accept the offer in force; an apology or an explanation is performed by being said."""
        kind = self.kind
        section = "ACCEPT_MONEY" if kind is not None and kind.carries_money else "ACCEPT"
        chosen = {"voucher_chosen": True} if kind is OfferKind.VOUCHER else {}
        self.customer(Action.ACCEPT, days, self.pen.note(section, self.agent), version=self.offers, **chosen)
        if kind in (OfferKind.APOLOGY, OfferKind.EXPLANATION):
            self._add(self.at, Action.PERFORMED, Role.CUSTOMER, "", "", {"follows": True})

    def offer(
        self,
        person: DemoPerson,
        kind: OfferKind,
        days: tuple[float, float],
        *,
        minor: int | None = None,
        opening: str = "",
        expires_in: int | None = None,
        answer: PointAnswer = PointAnswer.UPHELD,
    ) -> None:
        """Make an offer with an apology that says what went wrong; `minor` for the kinds that carry money."""
        theme = self.rng.choice(self.story.themes).code if self.story.themes else "NON"
        pay_by = (self._moved(days[1]) + timedelta(days=self.rng.randint(8, 18))).date()
        names = ([opening] if opening else []) + [f"SORRY_{theme}", f"DO_{kind.value}"]
        text = self.pen.letter(person, *names, amount=self.pen.amount(minor or 0), pay_by=self.pen.day(pay_by))
        language = self.story.language
        facts: dict[str, object] = {
            "kind": kind.value,
            "points": self.answers(answer),
            "reasons": text if self.points == 1 else grounds.reasons(self.answers(answer), language),
            "basis": grounds.ground(kind, self.organisation, language),
            "conditions": grounds.conditions(kind, language, Random(f"{self.story.text} {self.offers}")),
        }
        if kind.carries_money:
            facts |= {"amount_minor": minor, "currency": self.story.currency, "pay_by": pay_by}
        if kind is OfferKind.VOUCHER:
            facts |= {"voucher_chosen": True, "voucher_expires_on": pay_by + timedelta(days=365)}
        if expires_in:
            facts["expires_on"] = (self._moved(days[1]) + timedelta(days=expires_in)).date()
        self.staff(person, Action.OFFER, days, text, **facts)
        self.offers += 1
        self.kind = kind

    def answers(self, answer: PointAnswer) -> dict[str, str]:
        """Give the first point this answer; what was added later is granted in part."""
        later = {str(number): PointAnswer.PARTLY.value for number in range(2, self.points + 1)}
        return {"1": answer.value, **later}

    def one_point_more(self) -> None:
        """Let some customers ask for one thing more, which gets an answer of its own."""
        if self.rare.random() < 0.06:
            self.customer(Action.ADD_POINT, (0.2, 3), self.pen.note("POINT", self.agent))
            self.points += 1

    def solved(self, chance: float) -> None:
        """Let the customer say whether it is solved, with the four values; most do not bother with all of them."""
        rng = self.rng
        if rng.random() > 0.62:
            return
        drawn = rng.random()
        answer = Solved.YES if drawn < chance else Solved.PARTLY if drawn < chance + 0.2 else Solved.NO
        facts: dict[str, object] = {"solved": answer.value}
        if rng.random() < 0.7:
            centre = {Solved.YES: 3.9, Solved.PARTLY: 2.8, Solved.NO: 1.9}[answer]
            tilts = {"price": 0.1, "choice": -0.5, "listening": 0.4, "guarantee": 0.3}
            for value, tilt in tilts.items():
                if rng.random() < 0.88:
                    facts[value] = max(1, min(5, round(rng.gauss(centre + tilt, 0.9))))
        self.customer(Action.SAY_SOLVED, (0.01, 4), "", **facts)

    def chance(self, base: float) -> float:
        """Return how likely the answer solved it: better with the months, worse at AF-07 before its guidance sheet."""
        months_ago = (self.now - self.told_at).days / 30.4
        chance = base + 0.10 - 0.009 * min(months_ago, 18)
        if self.story.touchpoint == WORST_MACHINE:
            chance += 0.08 if self.guided else -0.22
        if Theme.DISPUTE_IGNORED in self.story.themes or Theme.CONTEMPT in self.story.themes:
            chance -= 0.08
        return chance

    def _moved(self, days: float) -> datetime:
        return self.at + timedelta(days=days)

    @property
    def today(self) -> date:
        """The day of the last step, in UTC."""
        return self.at.date()
