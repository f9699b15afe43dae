"""Files a story: one report becomes one case, once, however often the button is pressed."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.dispute import told
from cx.core.incident import Reading, Report
from cx.core.refusals import KeyReused
from cx.core.reminders import To
from cx.core.words import Action, MessageKind, Role, Wish
from cx.disputes import effects, switches
from cx.disputes.acting import act
from cx.disputes.analysis import first_words, fold
from cx.disputes.blank import blank_case
from cx.disputes.correspondence import Address, crew_of, to_customer, to_team
from cx.disputes.ledger import Ledger, Text, canonical
from cx.disputes.reference import SECRET_LETTERS, Draw, drawn, hash_secret, new_reference, spelled
from cx.disputes.storing import save, table
from cx.disputes.workbench import Workbench
from models import Case, Organisation

CUSTOMER = "customer"
SAME_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Filed:
    """What filing made: the reference, the secret that opens the case, and whether it is new."""

    case_id: int
    reference: str
    secret: str
    fresh: bool


def secret_of_key(server_secret: str, key: str) -> str:
    """The secret of the case that a form's key makes: the same for whoever sends the same form again."""
    digest = hmac.new(server_secret.encode(), key.encode(), hashlib.sha256).digest()
    return spelled(int.from_bytes(digest[:10], "big"), SECRET_LETTERS)


def story_digest(report: Report) -> str:
    """The same for two tellings of one story by one person about one organisation."""
    contact = report.contact
    who = fold(" ".join((contact.name, contact.email, contact.phone)))
    return hashlib.sha256(f"{report.organisation_id}\n{who}\n{fold(report.text)}".encode()).hexdigest()


def same_story(session: Session, report: Report) -> bool:
    """Whether this very story was told within a day, under another key."""
    columns = table(Case)
    query = select(columns.c.id).where(
        columns.c.story_digest == story_digest(report),
        columns.c.told_at > report.told_at - SAME_WITHIN,
        columns.c.key != report.key,
    )
    return session.execute(query.limit(1)).first() is not None


def _content_digest(report: Report) -> str:
    body = [report.text, report.organisation_id, report.wish.value, report.consent, report.contact.email]
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def compose(
    organisation: Organisation,
    report: Report,
    reading: Reading | None,
    links: tuple[str, ...] = (),
    draw: Draw = drawn,
    said: Mapping[str, bool] | None = None,
) -> Ledger:
    """The ledger of a new case, not stored yet: told, read, and sent when the customer asked and consented.

    A case about an organisation that does not read us stays a story until the customer says it was sent. `said`: what
    the administrator said of single legal clocks.
    """
    case = {"reference": new_reference(draw), **_columns(organisation, report)}
    ledger = Ledger(case, target_days=organisation.target_days, draw=draw, said=said or {})
    ledger.links.extend(links)
    contact = report.contact
    if contact.name or contact.email or contact.phone or contact.postal:
        ledger.contact = {
            "name": contact.name, "email": contact.email, "phone": contact.phone, "postal": contact.postal,
        }  # fmt: skip
    customer = Actor(Role.CUSTOMER, CUSTOMER, contact.name)
    story = Text(report.text, MessageKind.STORY, language=report.detected_language or report.language)
    ledger.record(told(customer, report.told_at, wish=report.wish.value, organisation=organisation.id), story, customer)
    ledger.wait(organisation.claimed)
    effects.told(ledger)
    if reading is not None:
        note_reading(ledger, reading, report)
    if report.consent and report.wish is not Wish.TELL and organisation.claimed:
        facts = {"text": report.text, "wish": report.wish.value, "consent": True}
        act(ledger, Action.SEND, customer, report.told_at, facts)
    return ledger


def note_reading(ledger: Ledger, reading: Reading, report: Report) -> None:
    """Keep what the reader saw, as a suggestion; it moves nothing."""
    ledger.readings.append((report.told_at, reading))
    ledger.case["reading_state"] = "to_read" if reading.abstained else "read"
    ledger.themes.update({theme.value: "maybe" for theme in reading.maybe})


def _columns(organisation: Organisation, report: Report) -> dict[str, Any]:
    return blank_case(organisation) | {
        "key": report.key,
        "key_digest": _content_digest(report),
        "story_digest": story_digest(report),
        "origin": report.origin.value,
        "issue": report.facts.get("issue"),
        "channel": report.channel.value if report.channel else None,
        "touchpoint_id": report.touchpoint_id,
        "place": report.place,
        "occurred_on": report.occurred_on,
        "occurred_about": report.occurred_about,
        "wish": report.wish.value,
        "wish_text": report.wish_text,
        "facts": {**report.facts, **({"masked": list(report.masked)} if report.masked else {})},
        "severity_told": report.severity,
        "first_words": first_words(report.text),
        "customer_name": report.contact.name,
        "interface_language": report.language,
        "language": report.language,
        "detected_language": report.detected_language or report.language,
        "told_at": report.told_at,
        "demo": organisation.demo,
    }


def file(
    session: Session, bench: Workbench, organisation: Organisation, report: Report, reading: Reading | None, secret: str
) -> Filed:
    """File a report in the present transaction. The same key again gives the same case; with other content, KeyReused."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": report.key})
    columns = table(Case)
    known = session.execute(
        select(columns.c.id, columns.c.reference, columns.c.key_digest).where(columns.c.key == report.key)
    ).first()
    if known is not None:
        if known.key_digest != _content_digest(report):
            raise KeyReused
        return Filed(known.id, known.reference, secret, fresh=False)
    ledger = compose(organisation, report, reading, (hash_secret(secret),), said=switches.said(session))
    announce(session, organisation, ledger, report, report.told_at)
    save(session, bench, [ledger])
    return Filed(ledger.case["id"], ledger.case["reference"], secret, fresh=True)


def announce(session: Session, organisation: Organisation, ledger: Ledger, report: Report, at: datetime) -> None:
    """The receipt for whoever left an address, and word to the person who reads a story that asks for an answer."""
    crew = crew_of(session, organisation.id)
    contact = report.contact
    if contact.email or contact.postal:
        # Its own secret, not the page's: whoever opens it has received this letter.
        to_customer(ledger, crew, Address(contact.email, contact.postal), "received", at)
    if crew.reads and ledger.dispute.sent_at is not None and not ledger.case["demo"]:
        to_team(ledger, crew, To.OWNER, "new_dispute", at)
