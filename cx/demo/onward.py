"""Ways beyond the first answer, in the demo: letters to a bank that nobody claimed yet, its claim, a mediator's room.

Like everything of the demo it follows from the seed and the moment; nothing is ever mailed.
"""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.dispute import happened
from cx.core.incident import Contact, Report
from cx.core.words import Action, Channel, MessageKind, NextBody, OfferKind, Origin, Role, Sector, State, Wish
from cx.demo.accounts import Cast
from cx.demo.fragments import spaced
from cx.demo.people import BY_SLUG
from cx.disputes import clocking, filing, mediators
from cx.disputes.acting import act
from cx.disputes.analysis import fold
from cx.disputes.ledger import Ledger, Text
from cx.disputes.reference import Draw, hash_secret, new_secret
from cx.disputes.storing import load, save, table
from cx.disputes.workbench import Workbench
from models import Case, EventRow, Organisation, OrganisationClaim
from models.engine import Database

NAME, SLUG = "Banque Orvelle", "banque-orvelle"
HOUSE = "poste-arvane"
CUSTOMER = filing.CUSTOMER
FIRST_NUMBER = 9
# Told so many days ago: what it says, who says it, what is wanted.
STORIES = (
    (96, ("On m’a retiré deux fois 64 € au distributeur de la place des Halles. L’agence me renvoie à l’appli, l’appli à "
         "l’agence, et personne ne regarde le ticket que j’ai gardé."), "Simone Aubrac", "Rendez-moi les 64 €."),
    (24, "Mon virement de loyer est parti trois jours trop tard. Le conseiller automatique me répond que tout va bien.",
     "Yanis Belkacem", "Je veux qu’une personne m’explique."),
    (2, ("Depuis la nouvelle appli, je ne peux plus consulter mon compte sans téléphone récent. Au guichet on me dit que "
        "le guichet ne fait plus cela."), "Odette Marchal", "Un accès au guichet, comme avant."),
)  # fmt: skip
MEDIATOR = ("Irène Castaing", "médiatrice, médiation du groupe postal")
OPINION = {
    "fr": "Les deux récits s’accordent sur ce qui s’est passé. Je propose que 35 € soient versés, avec une lettre signée qui "
          "dit ce qui n’a pas marché.",
    "en": "Both accounts agree on what happened. I propose that 35 euros be paid, with a signed letter that says what went "
          "wrong.",
}  # fmt: skip
QUESTION = {
    "fr": "Bonjour à tous deux. En quelques lignes : de quoi auriez-vous besoin pour que cette affaire soit terminée ?",
    "en": "Good morning to you both. In a few lines: what would you need for this to be over?",
}
AGREED = {
    "fr": "Personne ne conteste les faits racontés ; la suite à leur donner reste ouverte.",
    "en": "Nobody disputes what was told; what follows from it is open.",
}


def unclaimed(
    database: Database, bench: Workbench, cast: Cast, now: datetime, address: str
) -> list[dict[str, str | int]]:
    """Write the bank that nobody claimed, three cases about it and its claim; the rows of the three private links."""
    draw = Random(f"onward {now.isoformat()}").getrandbits
    with database.writing() as session:
        like = cast.organisations["banque-tessaure"]
        bank = Organisation(
            slug=SLUG, name=NAME, name_folded=fold(NAME), sector=Sector.BANK.value, country="FR", zone=like.zone,
            jurisdiction="FR", calendar=like.calendar, language="fr", claimed=False, demo=True,
            created_at=now - timedelta(days=STORIES[0][0]),
        )  # fmt: skip
        session.add(bank)
        session.flush()
        secrets = [new_secret(draw) for _ in STORIES]
        ledgers = [_told(bank, number, secret, now, draw) for number, secret in enumerate(secrets)]
        _to_its_end(ledgers[0], now)
        _sent(ledgers[1], now - timedelta(days=23))
        save(session, bench, ledgers)
        session.add(
            OrganisationClaim(
                organisation_id=bank.id,
                name="Maud Castellan",
                function="responsable des réclamations",
                email="m.castellan@banque-orvelle.example.org",
                language="fr",
                status="waiting",
                reason="",
                proof="Notre page « Réclamations » donne mon nom et cette adresse ; le standard vous passera mon poste.",
                created_at=now - timedelta(days=1),
            )
        )
        return [
            {
                "number": FIRST_NUMBER + number, "reference": ledger.case["reference"], "organisation": NAME,
                "customer": ledger.case["customer_name"], "code": secret, "link": f"{address}/k/{secret}",
            }
            for number, (ledger, secret) in enumerate(zip(ledgers, secrets, strict=True))
        ]  # fmt: skip


def _told(bank: Organisation, number: int, secret: str, now: datetime, draw: Draw) -> Ledger:
    days, text, name, wanted = STORIES[number]
    at = (now - timedelta(days=days)).replace(hour=9, minute=20 + number)
    report = Report(
        text=spaced(text), organisation_id=bank.id, sector=Sector.BANK, wish=Wish.MONEY if number == 0 else Wish.OTHER,
        key=f"demo-onward-{number}", told_at=at, wish_text=wanted, channel=Channel.ATM if number == 0 else None,
        facts={"issue": ("card_or_fraud", "payment_or_transfer", "account_access")[number]}, origin=Origin.WEB,
        contact=Contact(name=name, email=f"{name.split()[0].lower()}@example.org"), language="fr",
        detected_language="fr",
    )  # fmt: skip
    return filing.compose(bank, report, None, (hash_secret(secret),), draw)


def _customer(ledger: Ledger) -> Actor:
    return Actor(Role.CUSTOMER, CUSTOMER, ledger.case["customer_name"])


def _sent(ledger: Ledger, at: datetime) -> None:
    facts = {"text": "–", "wish": ledger.case["wish"], "consent": True, "sent_at": at}
    act(ledger, Action.SEND, _customer(ledger), at, facts)


def _heard(ledger: Ledger, kind: str, at: datetime, text: str, **data: object) -> None:
    """What came by letter, noted by the customer; the limits that count from it start."""
    who = _customer(ledger)
    if text:
        act(ledger, Action.WRITE, who, at, {"text": text}, Text(text, MessageKind.ADDITION, language="fr"))
    event = happened(kind, who, at, **data)
    ledger.record(event, None, who)
    clocking.follow(ledger, event)


def _to_its_end(ledger: Ledger, now: datetime) -> None:
    """By letter to the bank, a refusal, the mediator, an opinion that both accept, the money, the end."""

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    who = _customer(ledger)
    _sent(ledger, ago(95))
    said = "Ils écrivent que le journal du distributeur ne montre aucune anomalie."
    _heard(ledger, clocking.LETTER_NEWS, ago(70), said, on=ago(71).date(), says="refused")
    act(ledger, Action.ESCALATE, who, ago(66), {"next_body": NextBody.FR_BANK_MEDIATOR.value})
    _heard(ledger, clocking.BODY_NEWS, ago(58), "", on=ago(58).date(), says="complete")
    _heard(ledger, clocking.BODY_NEWS, ago(40), "La banque leur a répondu.", on=ago(41).date(), says="answered")
    text = "Le médiateur estime que le second retrait n’a pas eu lieu et propose le remboursement de 64 €."
    opinion = {
        "document": True, "text": text, "kind": OfferKind.REFUND.value, "amount_minor": 6_400, "currency": "EUR",
        "pay_by": ago(2).date(),
    }  # fmt: skip
    act(ledger, Action.RECORD_OPINION, who, ago(16), opinion, Text(text, MessageKind.OPINION, language="fr"))
    _heard(ledger, "opinion_answer_noted", ago(12), "", says="accepted")
    act(ledger, Action.ACCEPT_OPINION, who, ago(11))
    act(ledger, Action.PERFORMED, who, ago(3))


def mediation(database: Database, bench: Workbench, cast: Cast, now: datetime, address: str) -> list[dict[str, str]]:
    """Let a mediator into two cases: in one she has asked both sides, in the other her opinion waits for the customer.

    The rows of her links and of the customer's of the second one, for whoever looks at the demo.
    """
    draw = Random(f"mediation {now.isoformat()}").getrandbits
    house = cast.organisations[HOUSE]
    case, event = table(Case).c, table(EventRow).c
    with database.writing() as session:
        query = select(case.id, case.reference).where(
            case.organisation_id == house.id,
            case.state == State.IN_MEDIATION.value,
            ~select(event.seq).where(event.case_id == case.id, event.at >= now - timedelta(days=9)).exists(),
        )
        found = session.execute(query.order_by(case.id.desc()).limit(2)).all()
        rows = []
        for place, one in enumerate(found):
            secret = new_secret(draw)
            ledger = _entered(session, one.id, secret, now, draw)
            if place == 1:
                _opinion(ledger, cast, now)
            save(session, bench, [ledger])
            rows.append({"reference": one.reference, "mediator": f"{address}/mediation/{secret}"})
        return rows


def _entered(session: Session, case_id: int, secret: str, now: datetime, draw: Draw) -> Ledger:
    """Her link, its first openings, her question to both and what nobody disputes."""
    made, entered = now - timedelta(days=8), now - timedelta(days=7)
    mediators.make(session, case_id, secret, NextBody.FR_POST_OMBUDSMAN, max(mediators.TERMS), made)
    link = mediators.by_secret(session, hash_secret(secret))
    assert link is not None
    mediators.introduce(session, link.id, *MEDIATOR)
    for days in (7, 6, 2):
        mediators.record_opening(session, link.id, now - timedelta(days=days))
    ledger = load(session, case_id)
    ledger.draw = draw
    customer, mediator = _customer(ledger), Actor(Role.NEUTRAL, mediators.actor_of_link(link.id), *MEDIATOR)
    body = NextBody.FR_POST_OMBUDSMAN.value
    ledger.record(happened("mediator_link_made", customer, made, body=body, days=max(mediators.TERMS)), None, customer)
    event = happened("mediator_entered", mediator, entered, body=body)
    ledger.record(event, None, mediator)
    clocking.follow(ledger, event)
    language = ledger.case["language"]
    words = QUESTION[language]
    at = now - timedelta(days=6)
    act(ledger, Action.WRITE, mediator, at, {"text": words}, _said(words, MessageKind.QUESTION, language))
    if ledger.points:
        ledger.points[0].change(agreed=AGREED[language])
        ledger.record(happened("facts_agreed", mediator, at, point=1), None, mediator)
    return ledger


def _opinion(ledger: Ledger, cast: Cast, now: datetime) -> None:
    """Her opinion; the organisation has accepted it, the customer is asked."""
    mediator = Actor(Role.NEUTRAL, _mediator_of(ledger), *MEDIATOR)
    language, words = ledger.case["language"], OPINION[ledger.case["language"]]
    pay_by: date = (now + timedelta(days=21)).date()
    facts = {
        "document": True, "text": words, "kind": OfferKind.CONTRACTUAL_COMPENSATION.value, "amount_minor": 3_500,
        "currency": "EUR", "pay_by": pay_by,
    }  # fmt: skip
    act(ledger, Action.RECORD_OPINION, mediator, now - timedelta(days=3), facts,
        _said(words, MessageKind.OPINION, language))  # fmt: skip
    supervisor = cast.actors[BY_SLUG[HOUSE].of_role(Role.SUPERVISOR)[0].email]
    act(ledger, Action.ACCEPT_OPINION, supervisor, now - timedelta(days=1))


def _mediator_of(ledger: Ledger) -> str:
    return next(str(one["actor"]) for one in ledger.events if one["kind"] == "mediator_entered")


def _said(text: str, kind: MessageKind, language: str) -> Text:
    return Text(text, kind, language=language)
