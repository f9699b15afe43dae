"""Who gets which letter about a case: the customer where they can be reached, the people of the team by their accounts.

A letter to the customer says where the case stands, what comes next, by when, who looks after it and who comes next; a
letter to the team who, what and when. Neither says what anybody wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.form_guards import REOPEN_DAYS
from cx.core.reminders import To
from cx.core.words import Role, State
from cx.disputes import admissibility
from cx.disputes.clocking import facts_of, runs_shown
from cx.disputes.ledger import Ledger
from cx.disputes.reference import hash_secret, new_secret
from cx.disputes.workbench import Notice
from models import Account, Contact, Membership, Organisation

WAITS, PRINT, SITE = "waiting", "kept", "site"
"""A letter waits to be mailed, waits to be printed, or is read on the page of the case only."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team as letters know them."""

    id: int
    name: str
    function: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Crew:
    """An organisation and who answers for it now. `reads`: it reads us; `duty`: who reads what nobody took yet."""

    organisation: str
    reads: bool
    zone: str
    target_days: int
    duty: Member | None
    answering: Mapping[int, Member]
    supervisors: tuple[Member, ...]
    managers: tuple[Member, ...]

    def owner(self, account_id: int | None) -> Member | None:
        """Whoever has a case in hand, else the person on duty, else the first supervisor."""
        first = next(iter(self.supervisors), None)
        return self.answering.get(account_id or 0) or self.duty or first

    def members(self, to: To, owner_id: int | None) -> tuple[Member, ...]:
        """The people to whom a letter of the team goes."""
        if to is To.SUPERVISORS:
            return self.supervisors
        if to is To.MANAGERS:
            return self.managers
        owner = self.owner(owner_id)
        return (owner,) if owner is not None and to is To.OWNER else ()


@dataclass(frozen=True, slots=True)
class Address:
    """How the customer of a case is reached. `silent`: they want no reminders."""

    email: str = ""
    postal: str = ""
    silent: bool = False


def crew_of(session: Session, organisation_id: int) -> Crew:
    """The organisation and its people, in two queries."""
    place = session.execute(
        select(
            Organisation.name, Organisation.claimed, Organisation.zone, Organisation.target_days,
            Organisation.duty_account_id,
        ).where(Organisation.id == organisation_id)
    ).one()  # fmt: skip
    rows = session.execute(
        select(Account.id, Account.name, Account.function, Account.email, Account.language, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == organisation_id, Membership.until.is_(None), Account.active)
        .order_by(Account.id)
    ).all()
    by_role: dict[str, dict[int, Member]] = {}
    for one in rows:
        member = Member(one.id, one.name, one.function, one.email, one.language)
        by_role.setdefault(one.role, {})[member.id] = member
    supervisors = by_role.get(Role.SUPERVISOR.value, {})
    answering = by_role.get(Role.AGENT.value, {}) | supervisors
    managers = tuple(by_role.get(Role.MANAGER.value, {}).values())
    return Crew(
        organisation=place.name,
        reads=place.claimed,
        zone=place.zone,
        target_days=place.target_days or 10,
        duty=answering.get(place.duty_account_id or 0),
        answering=answering,
        supervisors=tuple(supervisors.values()),
        managers=managers,
    )


def addresses_of(session: Session, case_ids: Iterable[int]) -> dict[int, Address]:
    """How the customers of these cases are reached; cases without any address are absent."""
    columns = (Contact.case_id, Contact.email, Contact.postal, Contact.reminders_off_at)
    rows = session.execute(select(*columns).where(Contact.case_id.in_(list(case_ids))))
    return {one.case_id: Address(one.email, one.postal, one.reminders_off_at is not None) for one in rows}


def to_customer(
    ledger: Ledger, crew: Crew, address: Address, kind: str, at: datetime, *, day: date | None = None, **said: Any
) -> Notice:
    """Lay a letter to the customer in the ledger; it is written with it. `said` adds to, or replaces, what it names.

    `day`: it is said once only, as the letter of that local day. A person without e-mail finds it on the page and gets
    it printed by the organisation where a postal address is known; whoever stopped reminders, and whoever has nobody
    who would print it, finds it on the page alone.
    """
    case = ledger.case
    quietly = address.silent and kind in STOPPED
    # Nobody is mailed about an invented case.
    email = "" if quietly or case["demo"] else address.email
    on_paper = bool(address.postal) and crew.reads and not quietly and not address.email
    status = WAITS if email else PRINT if on_paper else SITE
    owner = crew.owner(case["owner_id"]) if crew.reads else None
    data = {
        "reference": case["reference"],
        "organisation": crew.organisation,
        "state": case["state"],
        "reads": crew.reads,
        "person": owner.name if owner is not None else "",
        "function": owner.function if owner is not None else "",
        "due": _iso(case["next_due_on"]),
        **_onward(ledger),
        **said,
    }
    if email:
        secret = new_secret()
        ledger.links.append(hash_secret(secret))
        data["secret"] = secret
    once = f"{case['reference']}:{kind}:{day.isoformat()}" if day is not None else None
    notice = Notice(kind, email, case["language"], at, data, status=status, once=once)
    ledger.notices.append(notice)
    return notice


# Reminders that a person may stop; letters about answers, dates and rights always go.
STOPPED = frozenset({"question_reminder", "offer_reminder", "offer_ends", "redress_unpaid"})


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _onward(ledger: Ledger) -> dict[str, str]:
    """Who comes after the organisation, from when, and until when an ended case may be taken up again."""
    case, dispute = ledger.case, ledger.dispute
    if not dispute.state.open:
        ended = dispute.ended_at
        return {"until": _iso(date.fromordinal(ledger.local_day(ended).toordinal() + REOPEN_DAYS))} if ended else {}
    body = next(iter(clock.next_body(case["sector"], case["jurisdiction"], facts_of(case))), None)
    if body is None:
        return {}
    return {"next_body": body.value, "next_on": "" if dispute.had_final else _iso(dispute.escalation_opens_on)}


def to_team(
    ledger: Ledger, crew: Crew, to: To, kind: str, at: datetime, *, day: date | None = None, **said: Any
) -> None:
    """Lay letters to people of the team in the ledger, one for each; what was told once is not told again that day."""
    case = ledger.case
    owner = crew.answering.get(case["owner_id"] or 0)
    for member in crew.members(to, case["owner_id"]):
        once = team_once(case["reference"], kind, day, member.id) if day is not None else None
        data = {
            "reference": case["reference"],
            "organisation": crew.organisation,
            "person": owner.name if owner is not None else "",
            "due": _iso(case["next_due_on"]),
            "page": f"/desk/{case['reference']}",
            **said,
        }
        notice = Notice(kind, member.email, member.language, at, data, once=once, account_id=member.id)
        if all(one.account_id != member.id or one.kind != kind for one in ledger.notices):
            ledger.notices.append(notice)


def team_once(reference: str, kind: str, day: date, account_id: int) -> str:
    """The name of a letter to one person of the team that is written once only."""
    return f"{reference}:{kind}:{day.isoformat()}:{account_id}"


_ANSWERING = (To.OWNER, To.SUPERVISORS)
# What the customer or a neutral does → the letter to the team, and to whom.
_TEAM_HEARS: Mapping[str, tuple[str, tuple[To, ...]]] = {
    "sent": ("new_dispute", (To.OWNER,)),
    **dict.fromkeys(("withdrawn", "closed", "lapsed", "redirected", "performed"), ("ended_team", (To.OWNER,))),
    "reopened": ("reopened_team", _ANSWERING),
    "not_performed": ("not_paid", _ANSWERING),
    "escalated": ("escalated_team", _ANSWERING),
    "neutral_named": ("neutral_team", (To.OWNER,)),
    "opinion_recorded": ("opinion_team", _ANSWERING),
    "mediation_ended": ("mediation_over_team", _ANSWERING),
    "opinion_accepted": ("opinion_answered_team", _ANSWERING),
    "opinion_refused": ("opinion_answered_team", _ANSWERING),
}
# What the customer does → the letter that confirms it to them.
CONFIRMED: Mapping[str, str] = {
    "withdrawn": "withdrawn", "closed": "closed", "performed": "closed", "reopened": "reopened",
    "neutral_named": "neutral_named",
}  # fmt: skip


def customer_acted(session: Session, ledger: Ledger, at: datetime) -> None:
    """The letters that an act of the customer brings: to the team that hears of it, to the customer who gets it in writing."""
    kinds = [line["kind"] for line in ledger.events]
    if ledger.case["demo"] or not any(kind in _TEAM_HEARS for kind in kinds):
        return
    crew = crew_of(session, ledger.case["organisation_id"])
    case_id = ledger.case.get("id")
    known = addresses_of(session, [case_id]) if case_id is not None else {}
    _tell_team(ledger, crew, at)
    confirmed = next((CONFIRMED[kind] for kind in reversed(kinds) if kind in CONFIRMED), "")
    neutral = _neutral(session, ledger) if "neutral_named" in kinds else None
    if neutral is not None:
        data = {"reference": ledger.case["reference"], "organisation": crew.organisation}
        page = {"page": f"/desk/{ledger.case['reference']}"}
        ledger.notices.append(
            Notice("entrusted", neutral.email, neutral.language, at, data | page, account_id=neutral.id)
        )
    if confirmed:
        who: dict[str, Any] = {} if neutral is None else {"person": neutral.name, "function": neutral.function}
        to_customer(ledger, crew, known.get(case_id or 0, Address()), confirmed, at, **who)


def team_acted(session: Session, ledger: Ledger, kind: str, at: datetime, name: str, function: str) -> None:
    """The letters that an act of the team, a neutral or a mediator brings: to the customer, signed with the name of
    whoever acted; to the team, where it was somebody from outside.
    """
    case_id = ledger.case["id"]
    crew = crew_of(session, ledger.case["organisation_id"])
    address = addresses_of(session, [case_id]).get(case_id, Address())
    ended = kind == "closed" and ledger.events[-1]["role"] == Role.NEUTRAL
    told = "closed_by_neutral" if ended else kind
    to_customer(ledger, crew, address, told, at, person=name, function=function, **_final_answer(ledger))
    if not ledger.case["demo"]:
        _tell_team(ledger, crew, at)


def _tell_team(ledger: Ledger, crew: Crew, at: datetime) -> None:
    """What somebody from outside did, to the team; that a case is open again, whoever said so."""
    kinds = {line["kind"] for line in ledger.events}
    for line in ledger.events if crew.reads else ():
        outside = line["role"] in {Role.CUSTOMER, Role.NEUTRAL}
        letter, hearing = _TEAM_HEARS.get(line["kind"], ("", ()))
        if line["role"] == Role.NEUTRAL and line["kind"] == "written":
            letter, hearing = "neutral_wrote", (To.OWNER,)
        if not outside and letter != "reopened_team":
            continue
        if letter == "neutral_team" and "escalated" in kinds:
            continue  # the letter about the next body says enough
        for to in hearing:
            to_team(ledger, crew, to, letter, at)


def _neutral(session: Session, ledger: Ledger) -> Member | None:
    """The neutral who looks after a case, as letters know them."""
    columns = (Account.id, Account.name, Account.function, Account.email, Account.language)
    row = session.execute(select(*columns).where(Account.id == ledger.case["neutral_id"])).first()
    return Member(*row) if row is not None else None


def _final_answer(ledger: Ledger) -> dict[str, Any]:
    """Where the customer may turn after a final answer, until when and whether it is free, as the answer says it."""
    if ledger.dispute.state is not State.FINAL_POSITION:
        return {}
    final = next((line["data"] for line in ledger.events if line["kind"] == "final_position_given"), None)
    if final is None:
        return {}
    body = str(final.get("next_body") or "")
    runs = [(run.regime_id, run.due_on, run.done_on) for run in runs_shown(ledger) if run.lawful]
    until = admissibility.until(str(final.get("next_body_deadline") or ""), body, runs)
    said = {"until": _iso(until), "free": bool(final.get("next_body_free"))}
    return said | ({"next_body": body, "next_on": ""} if body else {})
