"""The rarer moves of the desk: one view for each, each with its one transaction (`cx.desk.doing`)."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.refusals import GuardFailed
from cx.core.words import Action, MessageKind, OfferKind, Role
from cx.desk.doing import Deed, act
from cx.desk.money import minor_of
from cx.desk.more_forms import RedirectForm
from cx.desk.views import blueprint
from cx.disputes import moves, neutrals
from cx.web.bench import bench
from cx.web.doors import door

Facts = Callable[[Deed], Mapping[str, Any]]
TEAM = (Role.AGENT, Role.SUPERVISOR)


def _reason(deed: Deed) -> Mapping[str, Any]:
    return {"reason": deed.letter}


def _redirect(deed: Deed) -> Mapping[str, Any]:
    form = deed.form
    assert isinstance(form, RedirectForm)
    if form.found is None or form.found.id == deed.case.organisation_id:
        raise GuardFailed("target_named", "to")
    return {"target": form.found.slug, "reason": deed.letter}


def _reopen(deed: Deed) -> Mapping[str, Any]:
    if deed.hand.visitor.acting_role is Role.NEUTRAL:
        return {"new_facts": deed.letter}
    return {"in_customers_favour": True, "closure_irregular": bool(deed.form["irregular"].data)}


def _opinion(deed: Deed) -> Mapping[str, Any]:
    facts: dict[str, Any] = {"document": True}
    kind = str(deed.form["kind"].data or "")
    if kind:
        facts.update(kind=kind, pay_by=deed.form["pay_by"].data)
    if kind and OfferKind(kind).carries_money:
        currency = str(deed.form["currency"].data or "")
        facts.update(amount_minor=minor_of(str(deed.form["amount"].data or ""), currency), currency=currency)
    return facts


def _ended(deed: Deed) -> Mapping[str, Any]:
    return {"reason": str(deed.form["reason"].data)}


def _lapse(deed: Deed) -> Mapping[str, Any]:
    return {"last_recourse_deadline": neutrals.last_recourse(deed.case)}


def _nothing(_deed: Deed) -> Mapping[str, Any]:
    return {}


def _open(
    mode: str,
    action: Action,
    roles: tuple[Role, ...],
    said: LazyString,
    facts: Facts = _nothing,
    kind: MessageKind | None = MessageKind.REPLY,
) -> None:
    """Give a move its own address and door. `kind` is what its letter is; None for a move without one."""

    def doing(deed: Deed) -> None:
        text = deed.text(kind) if kind is not None else None
        given = {"text": text.text if text is not None else "", **facts(deed)}
        moves.do(deed.session, bench(), deed.hand, action, given, text)

    @door(*roles, writes=True)
    def view(reference: str) -> Response:
        return act(reference, mode, doing, str(said), leaves=True)

    name = mode.replace("-", "_")
    blueprint.add_url_rule(f"/desk/<reference>/{mode}", name, view, methods=["POST"])


_open("redirect", Action.PROPOSE_REDIRECT, (*TEAM, Role.NEUTRAL), _l("Proposed. The person decides."), _redirect)
_open("proceed", Action.PROCEED, TEAM, _l("You go on with what is known."), kind=None)
_open("takeback", Action.IMPROVE, TEAM, _l("The offer is taken back, and your letter is sent."), _reason)
_open("reopen", Action.REOPEN, (Role.SUPERVISOR, Role.NEUTRAL), _l("The case is open again."), _reopen,
      MessageKind.REOPENING)  # fmt: skip
_open("opinion", Action.RECORD_OPINION, (Role.NEUTRAL,), _l("The opinion is recorded. Both sides answer it now."),
      _opinion, MessageKind.OPINION)  # fmt: skip
_open("mediation-end", Action.MEDIATION_ENDED, (Role.NEUTRAL,), _l("Recorded: the mediation has ended."), _ended)
_open("opinion-yes", Action.ACCEPT_OPINION, (Role.SUPERVISOR,), _l("Your organisation accepts the opinion."))
_open("opinion-no", Action.REFUSE_OPINION, (Role.SUPERVISOR,), _l("Recorded, and your letter is sent."), _reason)
_open("end-proven", Action.CLOSE, (Role.NEUTRAL,), _l("The case has ended, in your name."), kind=MessageKind.CLOSING)
_open("lapse", Action.LAPSE, (Role.NEUTRAL,), _l("Recorded, in your name."), _lapse, MessageKind.CLOSING)


@blueprint.post("/desk/<reference>/escalate")
@door(Role.NEUTRAL, writes=True)
def escalate(reference: str) -> Response:
    """A neutral records that the customer went to the next body."""

    def doing(deed: Deed) -> None:
        text = deed.text(MessageKind.REPLY)
        facts = {"next_body": str(deed.form["next_body"].data), "text": text.text}
        neutrals.escalate(deed.session, bench(), deed.hand, facts, text)

    return act(reference, "escalate", doing, str(_l("Recorded: the case is with the next body.")))
