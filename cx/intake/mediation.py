"""Taking it further by hand: to the next body, its opinion, its end, both answers; and asking a neutral to look."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cx.core.words import Action, MessageKind, OfferKind, Role, State
from cx.disputes import body_news, letters_kept, moves, neutrals
from cx.disputes.moves import Hand
from cx.disputes.seen import CaseFile
from cx.intake.answering import Step, open_step, said
from cx.intake.facts import currency_of
from cx.intake.forms import day_of, minor_of
from cx.intake.way_forms import (
    BodyNewsForm,
    EscalateForm,
    MediationOverForm,
    OpinionForm,
    OpinionNoForm,
    TheirOpinionForm,
)
from cx.web.bench import bench
from cx.web.forms import HouseForm


def _escalate(session: Session, hand: Hand, _case: CaseFile, form: HouseForm) -> object:
    return neutrals.escalate(session, bench(), hand, {"next_body": form["next_body"].data})


def _opinion(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    text = said(case, form["opinion"].data, MessageKind.OPINION)
    facts: dict[str, Any] = {"document": True, "text": text.text if text else ""}
    amount = minor_of(form["opinion_amount"].data)
    if amount:
        facts.update(
            kind=OfferKind.CONTRACTUAL_COMPENSATION.value,
            amount_minor=amount,
            currency=currency_of(case.jurisdiction[:2]),
            pay_by=form["opinion_pay_by"].data,
        )
    return moves.do(session, bench(), hand, Action.RECORD_OPINION, facts, text)


def _over(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    text = said(case, form["ending_words"].data, MessageKind.OPINION)
    facts = {"document": True, "reason": form["ending"].data}
    return moves.do(session, bench(), hand, Action.MEDIATION_ENDED, facts, text)


def _yes(session: Session, hand: Hand, case: CaseFile, _form: HouseForm) -> object:
    if case.state is State.MEDIATION_PROPOSED and Role.CUSTOMER in case.dispute.opinion_accepted_by:
        return None  # a second click
    return moves.do(session, bench(), hand, Action.ACCEPT_OPINION)


def _no(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    text = said(case, form["opinion_refusal"].data, MessageKind.CONTEST)
    return moves.do(session, bench(), hand, Action.REFUSE_OPINION, {"text": text.text if text else ""}, text)


def _neutral(session: Session, hand: Hand, _case: CaseFile, _form: HouseForm) -> object:
    return neutrals.ask(session, bench(), hand)


def _news(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    on = day_of(form["heard_on"].data)
    assert on is not None
    text = said(case, form["news_words"].data, MessageKind.ADDITION)
    return body_news.note(session, bench(), hand, on, form["news"].data, text)


def _their_opinion(session: Session, hand: Hand, case: CaseFile, form: HouseForm) -> object:
    text = said(case, form["their_reason"].data, MessageKind.CONTEST)
    return letters_kept.note_opinion_answer(session, bench(), hand, form["their_opinion"].data, text)


open_step("body-news", Step(
    _news, _l("Noted. The dates that count from it stand on this page."), BodyNewsForm, "news_words", decides=False,
))  # fmt: skip
open_step("their-opinion", Step(
    _their_opinion, _l("Their word is noted."), TheirOpinionForm, "their_reason",
))  # fmt: skip
open_step("escalate", Step(
    _escalate, _l("Noted: you take it further. Here you keep everything together."), EscalateForm,
    reached=frozenset({State.IN_MEDIATION}),
))  # fmt: skip
open_step("opinion", Step(
    _opinion, _l("The opinion is kept. Both sides say now whether they accept it."), OpinionForm, "opinion",
    reached=frozenset({State.MEDIATION_PROPOSED}),
))  # fmt: skip
open_step("mediation-over", Step(_over, _l("Noted. Your case goes on here."), MediationOverForm, "ending_words"))
open_step("opinion-yes", Step(
    _yes, _l("You accepted the opinion."), reached=frozenset({State.ACCEPTED, State.CLOSED}),
))  # fmt: skip
open_step("opinion-no", Step(
    _no, _l("Noted: you do not accept the opinion."), OpinionNoForm, "opinion_refusal",
    reached=frozenset({State.FINAL_POSITION}),
))  # fmt: skip
open_step("neutral", Step(_neutral, _l("A neutral person looks after it now; both sides see the name."), decides=False))
