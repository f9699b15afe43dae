"""What the tracking page knows of the rarer ways: passing on, the next body, an opinion, a dispute by letter."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from wtforms.fields.choices import SelectChoice

from cx.core.acts import Offer, day_of
from cx.core.clock import next_body
from cx.core.words import Action, MessageKind, NextBody, Role, Sector, State
from cx.disputes import clock_strip, neutrals, redirecting
from cx.disputes.recipients import Recipient
from cx.disputes.seen import CaseFile, Said
from cx.web.database import reading
from cx.web.labels import NEXT_BODIES

LEFT = frozenset({State.NONE, State.REDIRECTED})


@dataclass(frozen=True, slots=True)
class NotedAnswer:
    """The answer that came by letter, as the customer noted it."""

    on: date
    says: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The rarer ways of one case.

    `proposed`, `reads_now`: an organisation to which the story may go; `onward` the case where it went. `bodies` are
    those that come next, in their order. `opinion` is the mediator's text and `solution` what it proposes;
    `agreed_alone`: an agreement without an offer of the organisation.
    """

    proposed: Recipient | None
    reads_now: Recipient | None
    onward: str
    neutral: str
    can_ask: bool
    bodies: tuple[NextBody, ...]
    opinion: Said | None
    solution: Offer | None
    accepted_by: frozenset[str]
    agreed_alone: bool
    noted: NotedAnswer | None
    by_letter: bool

    def choices(self) -> list[SelectChoice]:
        """The next bodies as the choices of a field."""
        return [SelectChoice(one.value, NEXT_BODIES[one]) for one in self.bodies]


def bodies_of(case: CaseFile) -> tuple[NextBody, ...]:
    """Who comes after the organisation: those who are open now first, then in their order; the court comes last."""
    found = next_body(Sector(case.sector), case.jurisdiction, case.facts)
    ready = [one.body for one in clock_strip.rights_open(case, datetime.now(UTC)) if one.body in found]
    ordered = (*ready, *(one for one in found if one not in ready))
    return ordered if NextBody.COURT in found else (*ordered, NextBody.COURT)


def ways(case: CaseFile) -> Ways:
    """The rarer ways of this case, for its customer."""
    session, dispute = reading(), case.dispute
    moved = redirecting.onward(session, case) if case.state in LEFT else None
    opinion = next((one for one in reversed(case.said) if one.kind == MessageKind.OPINION), None)
    asks = case.claimed and case.state.open
    return Ways(
        proposed=redirecting.proposed(session, case),
        reads_now=None if moved else redirecting.reader_now(session, case),
        onward=moved.reference if moved else "",
        neutral=case.neutral if asks else "",
        can_ask=asks and neutrals.can_ask(case),
        bodies=bodies_of(case) if Action.ESCALATE in case.actions else (),
        opinion=opinion if case.state is State.MEDIATION_PROPOSED else None,
        solution=dispute.opinion or (dispute.offer if case.state is State.ACCEPTED else None),
        accepted_by=frozenset(one.value for one in dispute.opinion_accepted_by if one is not Role.NEUTRAL),
        agreed_alone=case.state is State.ACCEPTED and case.offer is None,
        noted=_noted(case),
        by_letter=not case.claimed and case.state is State.RECEIVED,
    )


def _noted(case: CaseFile) -> NotedAnswer | None:
    last = next((one for one in reversed(case.happened) if one.kind == "answer_noted"), None)
    on = day_of(last.data.get("on")) if last is not None else None
    return NotedAnswer(on, str(last.data.get("says"))) if last is not None and on is not None else None
