"""Who hears of what: each row of the table of notices has its letters, in both languages, and each letter says it all."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cx.core.words import Action, MessageKind
from cx.disputes import correspondence, moves, neutrals, watching
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from cx.disputes.storing import table
from cx.post.wording import KINDS, LANGUAGES, TO_TEAM, subject, word
from models import Account, Case, Letter
from tests.house.tree import ROOT

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

BASE = "https://doleance.example.org"
# What happens → the letters to the customer, the letters to the team. The rows are those of the blueprint's table.
ROWS: dict[str, tuple[set[str], set[str]]] = {
    "received": ({"received"}, {"new_dispute"}),
    "acknowledged": ({"acknowledged"}, set()),
    "half and four fifths of a legal clock": (set(), {"clock_half", "clock_most"}),
    "due in two working days": (set(), {"due_soon"}),
    "overdue": ({"overdue"}, {"overdue_team"}),
    "question asked": ({"asked", "question_reminder"}, set()),
    "offer, improved offer": ({"offered", "improved", "offer_reminder", "offer_ends"}, set()),
    "final position": ({"final_position_given", "final_reminder"}, set()),
    "escalation right opens": ({"right_opens"}, set()),
    "escalation right ends": ({"right_ends"}, set()),
    "redress due, unpaid": ({"redress_due", "redress_unpaid"}, {"redress_soon", "redress_late", "not_paid"}),
    "closed, withdrawn, lapsed": ({"closed", "closed_by_neutral", "withdrawn", "lapsed"}, {"ended_team"}),
    "reopened": ({"reopened"}, {"reopened_team"}),
    "no news for 30 days": (set(), {"quiet_month"}),
    # Beside that table: people, the next body, promises, organisations that begin to read.
    "nobody took it": (set(), {"alone"}),
    "written": ({"written", "started", "performed_proposed", "redirect_proposed", "extended"}, {"neutral_wrote"}),
    "another person": ({"handed_over", "substitute", "neutral_named"}, {"neutral_team", "entrusted"}),
    "a person is asked for": ({"call_back_agreed"}, {"human_asked", "human_late"}),
    "mediation": (
        {"mediator_opened", "mediation_begun", "mediation_recorded", "mediation_ended", "opinion_accepted",
         "opinion_refused"},
        {"escalated_team", "opinion_team", "opinion_answered_team", "mediation_over_team"},
    ),
    "a promise is broken": ({"remedy_offered", "remedy_blocked"}, set()),
    "a reading is contested": ({"reading_ruled"}, {"reading_contested", "reading_late"}),
    "an organisation begins to read": ({"claimed"}, set()),
}  # fmt: skip
# Letters about no case.
ACCOUNTS = {"invitation", "password_reset", "test", "claim_refused"}
SAYS = {
    "fr": ("Référence : ", "Où en est le dossier : ", "Ensuite : "),
    "en": ("Reference: ", "Where it stands: ", "What comes next: "),
}
DUE = {"fr": "Date à retenir", "en": "A date to remember"}
WHO = {"fr": "Qui s’en occupe", "en": "Who looks after it"}
NEXT = {"fr": "Si cela ne suffit pas", "en": "If that is not enough"}


def test_each_row_has_its_letters_and_no_letter_is_left_over() -> None:
    to_customer = set().union(*(customer for customer, _ in ROWS.values()))
    to_team = set().union(*(team for _, team in ROWS.values()))
    assert to_team == TO_TEAM
    assert to_customer == KINDS - TO_TEAM - ACCOUNTS


def test_whatever_the_product_writes_has_words_and_whatever_has_words_is_written() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "cx").rglob("*.py"))
    planned = set(re.findall(r'Planned\("(\w+)"', sources))
    acted = set(moves.TOLD_CUSTOMER.values()) | set(correspondence.CONFIRMED.values())
    heard = {letter for letter, _ in correspondence._TEAM_HEARS.values()}
    assert planned | acted | heard <= KINDS
    assert {kind for kind in KINDS if f'"{kind}"' not in sources} == set()


def test_the_page_about_letters_names_every_one() -> None:
    page = (ROOT / "docs" / "letters.md").read_text(encoding="utf-8")
    assert {kind for kind in KINDS if f"`{kind}`" not in page} == set()


def letters(world: "World", *, team: bool = False) -> list[Any]:
    which = Letter.account_id.is_not(None) if team else Letter.account_id.is_(None)
    with world.database.reading() as session:
        return list(session.scalars(select(Letter).where(which).order_by(Letter.id)))


class Story:
    """A case that somebody leads through acts, each a minute after the one before."""

    def __init__(self, world: "World", language: str, **given: Any) -> None:
        self.world, self.at = world, datetime.now(UTC) - timedelta(days=3)
        self.filed: Filed = world.tell(at=self.at, language=language, detected_language=language, **given)

    def hand(self, who: str, capacity: As = As.STAFF) -> moves.Hand:
        self.at += timedelta(minutes=1)
        visitor = self.world.holder(self.filed) if who == "customer" else self.world.visitor(who)
        return moves.Hand(visitor, As.CUSTOMER if who == "customer" else capacity, self.filed.reference, self.at)

    def do(self, who: str, action: Action, **facts: Any) -> None:
        text = Text(facts["text"], MessageKind.REPLY) if facts.get("text") else None
        with self.world.database.writing() as session:
            moves.do(session, self.world.app.extensions["workbench"], self.hand(who), action, facts, text)

    def with_bench(self, what: Any, who: str, *more: Any, capacity: As = As.STAFF) -> None:
        with self.world.database.writing() as session:
            what(session, self.world.app.extensions["workbench"], self.hand(who, capacity), *more)

    def heard(self) -> list[tuple[str, str]]:
        """The letters to the team, with the person who got each."""
        people = {number: who for who, number in self.world.people.items()}
        return [(one.kind, people[one.account_id]) for one in letters(self.world, team=True)]


ANSWER = {"points": {"1": "refused"}, "reasons": "No.", "text": "Here is why.", "kind": "explanation"}


def final(story: Story) -> None:
    story.with_bench(moves.take, "agent@poste", Text("Good day.", MessageKind.ACKNOWLEDGEMENT))
    last = (story.at + timedelta(days=300)).date()
    whither = {"next_body": "fr_post_ombudsman", "next_body_deadline": last, "next_body_free": True}
    story.do("supervisor@poste", Action.FINAL, **ANSWER, **whither)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_says_reference_state_next_step_date_person_and_next_body(
    small_world: "World", language: str
) -> None:
    story = Story(small_world, language)
    story.with_bench(moves.take, "agent@poste", Text("Good day.", MessageKind.ACKNOWLEDGEMENT))
    story.do("agent@poste", Action.ASK, text="Which day?", question="Which day?")
    story.do("customer", Action.ANSWER, text="A Monday.")
    story.do("agent@poste", Action.OFFER, **ANSWER)
    story.do("customer", Action.CONTEST)
    story.with_bench(moves.second_look, "agent2@poste")
    late = Story(small_world, language)
    late.with_bench(moves.take, "agent@poste", Text("Good day.", MessageKind.ACKNOWLEDGEMENT))
    watching.sweep(small_world.database, small_world.app.extensions["workbench"], story.at + timedelta(days=200))
    final(again := Story(small_world, language))
    again.do("customer", Action.WITHDRAW, confirmed=True)
    found = letters(small_world)
    kinds = {one.kind for one in found}
    assert kinds >= {
        "received", "acknowledged", "asked", "offered", "handed_over", "overdue", "final_position_given", "withdrawn",
    }  # fmt: skip
    for one in found:
        said = word(one.kind, one.language, one.data, BASE)
        case = f"{one.kind}: {said.text}"
        assert one.language == language
        assert all(line in said.text.replace("\u00a0", " ") for line in SAYS[language]), case
        assert one.data["reference"] in said.subject + said.text
        assert WHO[language] in said.text, case
        if one.kind != "withdrawn":
            assert (DUE[language] in said.text) == bool(one.data["due"]), case
            assert NEXT[language] in said.text, case
        assert "Thirty-five minutes" not in said.text
        assert "Madeleine" not in said.text


@pytest.mark.parametrize(
    ("language", "until", "free"),
    [("fr", "Dernier jour pour le faire\u00a0: ", "C’est gratuit pour vous."), ("en", "The last day", "It is free for you.")],
)  # fmt: skip
def test_a_final_answer_names_the_next_body_its_last_day_and_that_it_is_free(
    small_world: "World", language: str, until: str, free: str
) -> None:
    final(story := Story(small_world, language))
    text = word("final_position_given", language, letters(small_world)[-1].data, BASE).text
    last = (story.at + timedelta(days=300)).date()
    assert until in text
    assert str(last.year) in text
    assert free in text


def test_the_team_hears_what_a_neutral_or_the_customer_does_and_the_neutral_that_a_case_is_theirs(
    world: "World",
) -> None:
    final(story := Story(world, "fr"))
    facts = {"next_body": "fr_post_ombudsman", "signatory": "x"}
    story.with_bench(neutrals.escalate, "customer", facts)
    heard = story.heard()
    assert ("escalated_team", "agent@poste") in heard
    assert ("escalated_team", "supervisor@poste") in heard
    assert ("entrusted", "neutral") in heard
    assert "neutral_team" not in {kind for kind, _ in heard}
    named = letters(world)[-1]
    assert (named.kind, named.data["person"]) == ("neutral_named", "Hélène Varga")
    opinion = "Half of it is owed."
    story.do("neutral", Action.WRITE, text="What was on the receipt?")
    story.do("neutral", Action.RECORD_OPINION, document=True, text=opinion)
    story.do("customer", Action.ACCEPT_OPINION)
    story.do("supervisor@poste", Action.REFUSE_OPINION, reason="We differ.", text="We differ.")
    told = [one.kind for one in letters(world)]
    assert told[-3:] == ["written", "mediation_recorded", "opinion_refused"]
    assert letters(world)[-2].data["person"] == "Hélène Varga"
    heard = story.heard()
    for kind in ("opinion_team", "opinion_answered_team"):
        assert {who for one, who in heard if one == kind} == {"agent@poste", "supervisor@poste"}
    assert ("neutral_wrote", "agent@poste") in heard
    assert opinion not in str([one.data for one in letters(world, team=True)])


def test_a_case_that_a_neutral_ends_is_told_to_both_sides_as_theirs(small_world: "World") -> None:
    story = Story(small_world, "en")
    story.with_bench(moves.take, "agent@poste", Text("Good day.", MessageKind.ACKNOWLEDGEMENT))
    refund = ANSWER | {"kind": "refund", "amount_minor": 895, "currency": "EUR", "points": {"1": "upheld"}}
    story.do("agent@poste", Action.OFFER, **refund, pay_by=(story.at + timedelta(days=1)).date())
    story.do("customer", Action.ACCEPT, version=1)
    story.do("agent@poste", Action.PROPOSE_PERFORMED, proof="Paid.", text="It is paid.")
    story.at += timedelta(days=40)
    with small_world.database.writing() as session:
        session.execute(table(Case).update().values(quiet_since=story.at - timedelta(days=39)))
    story.with_bench(neutrals.take, "neutral", capacity=As.TAKING)
    assert ("neutral_team", "agent@poste") in story.heard()
    assert letters(small_world)[-1].kind == "neutral_named"
    story.do("neutral", Action.CLOSE, outcome="refund", text="It was paid.", satisfied=None)
    told = letters(small_world)[-1]
    assert (told.kind, told.data["person"]) == ("closed_by_neutral", "Hélène Varga")
    assert "Hélène Varga" in word(told.kind, "en", told.data, BASE).text
    assert ("ended_team", "agent@poste") in story.heard()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_about_an_organisation_that_does_not_read_us_promises_nobody(
    small_world: "World", language: str
) -> None:
    small_world.tell("nobody", language=language)
    told = letters(small_world)[-1]
    text = word(told.kind, language, told.data, BASE).text
    assert {"fr": "pas encore envoyé", "en": "not sent yet"}[language] in text
    for promised in ("des personnes lisent", "people read your page", "On vous lit", "Your story is read"):
        assert promised not in text


def test_the_language_of_the_team_is_that_of_each_person(small_world: "World") -> None:
    with small_world.database.writing() as session:
        account = session.get(Account, small_world.people["agent@poste"])
        assert account is not None
        account.language = "fr"
    small_world.tell(language="en")
    told = letters(small_world, team=True)[-1]
    assert "réclamation" in subject(told.kind, told.language, told.data)
