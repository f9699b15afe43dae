"""Letters on paper: who may print them, what stands on the sheet, and what posting does; the customer sees it listed."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from cx.core.incident import Contact
from cx.core.words import Action, MessageKind
from cx.disputes import moves, watching
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from models import EventRow, Letter, Organisation

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.world import World

TOLD = datetime.now(UTC) - timedelta(days=10)
# Letters are posted on a day of the organisation, which near midnight is not the day of UTC.
TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()
PAPER = Contact(name="Madeleine Garnier", postal="3 rue des Lilas\n35000 Arvane")


def asked_on_paper(world: "World") -> "Filed":
    """Somebody with a postal address only was asked a question ten days ago."""
    filed = world.tell(at=TOLD, contact=PAPER)
    hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, TOLD)
    bench = world.app.extensions["workbench"]
    with world.database.writing() as session:
        moves.take(session, bench, hand, Text("Good day, I read your story.", MessageKind.ACKNOWLEDGEMENT))
    later = moves.Hand(hand.visitor, As.STAFF, filed.reference, TOLD + timedelta(hours=1))
    words = "On which day was it?"
    with world.database.writing() as session:
        facts = {"text": words, "question": words}
        moves.do(session, bench, later, Action.ASK, facts, Text(words, MessageKind.QUESTION))
    watching.sweep(world.database, bench, datetime.now(UTC))
    return filed


def number_of(world: "World", kind: str) -> int:
    with world.database.reading() as session:
        found = session.scalar(select(Letter.id).where(Letter.kind == kind, Letter.status == "kept"))
        assert found is not None
        return found


def reminders(world: "World", filed: "Filed") -> int:
    with world.database.reading() as session:
        query = select(EventRow.seq).where(EventRow.case_id == filed.case_id, EventRow.kind == "reminded")
        return len(session.scalars(query).all())


def test_the_queue_is_counted_at_the_head_of_the_desk_and_shows_its_own_only(world: "World") -> None:
    asked_on_paper(world)
    agent = world.staff("agent@poste")
    assert "4 letters wait to be printed and posted." in agent.get("/desk").main
    page = agent.get("/desk/letters")
    assert page.main.count("Madeleine Garnier") == 4
    other = world.staff("agent@banque")
    assert "wait to be printed" not in other.get("/desk").main
    assert "No letter waits to be printed" in other.get("/desk/letters").main
    other.get(f"/desk/letters/{number_of(world, 'asked')}", status=404)


def test_the_sheet_holds_address_reference_and_the_words_it_announces_but_no_key(world: "World") -> None:
    filed = asked_on_paper(world)
    page = world.staff("agent@poste", "fr").get(f"/desk/letters/{number_of(world, 'asked')}")
    for said in (
        "3 rue des Lilas",
        "35000 Arvane",
        filed.reference,
        "On which day was it?",
        "Poste Arvane",
        'lang="en"',
    ):
        assert said in page.text
    assert "/k/" not in page.main
    assert filed.secret not in page.main


def test_posting_takes_it_off_the_queue_and_lets_a_reminder_count(world: "World") -> None:
    filed = asked_on_paper(world)
    agent, number = world.staff("agent@poste"), number_of(world, "question_reminder")
    assert reminders(world, filed) == 0
    path, today = f"/desk/letters/{number}", TODAY
    for wrong in ("", "yesterday", (today + timedelta(days=3)).isoformat(), "1999-01-01"):
        agent.post(path, {"posted_on": wrong}, status=422)
    agent.post(path, {"posted_on": today.isoformat()})
    assert reminders(world, filed) == 1
    agent.get(path, status=404)
    agent.post(path, {"posted_on": today.isoformat()}, status=404)
    with world.database.reading() as session:
        letter = session.get(Letter, number)
        assert letter is not None
        assert (letter.status, letter.posted_on, letter.printed_by) == ("posted", today, world.people["agent@poste"])


def test_the_customer_has_an_inbox_with_every_letter_its_words_and_its_way(world: "World") -> None:
    filed = asked_on_paper(world)
    posted = {"posted_on": TODAY.isoformat()}
    world.staff("agent@poste").post(f"/desk/letters/{number_of(world, 'asked')}", posted)
    customer = world.customer(filed)
    assert f"/case/{filed.reference}/letters" in customer.get(f"/case/{filed.reference}").links()
    page = customer.get(f"/case/{filed.reference}/letters")
    assert page.heading == "What we wrote to you"
    for said in (
        "There is a question for you", "On which day was it?", "Nadia Ferrand", "Good day, I read your story.",
        "Thirty-five minutes in front of the machine", "on paper, posted on", "on paper, soon", "Where it stands:",
    ):  # fmt: skip
        assert said in page.main, said
    assert page.main.index("A question still awaits you") < page.main.index("We have received your story")
    # Whoever printed it is the team's own business; strangers get the page for the code.
    assert "by Nadia Ferrand" not in page.main
    assert "On which day was it?" not in world.browser().get(f"/case/{filed.reference}/letters", 401).text


def test_the_team_reads_the_letters_of_its_own_cases(world: "World") -> None:
    filed = asked_on_paper(world)
    agent, path = world.staff("agent@poste", "fr"), f"/desk/{filed.reference}/letters"
    agent.post(f"/desk/letters/{number_of(world, 'asked')}", {"posted_on": TODAY.isoformat()})
    page = agent.get(path)
    assert "par Nadia Ferrand" in page.main
    assert "On which day was it?" in page.main
    assert path in agent.get(f"/desk/{filed.reference}").links()
    world.staff("agent@banque").get(path, status=404)


def test_a_reminder_on_paper_repeats_what_it_reminds_of_and_a_receipt_holds_the_story(small_world: "World") -> None:
    asked_on_paper(small_world)
    agent = small_world.staff("agent@poste")
    assert "On which day was it?" in agent.get(f"/desk/letters/{number_of(small_world, 'question_reminder')}").main
    assert "Thirty-five minutes" in agent.get(f"/desk/letters/{number_of(small_world, 'received')}").main


def test_a_letter_on_paper_says_what_the_next_body_is_and_how_to_answer(small_world: "World") -> None:
    with small_world.database.writing() as session:
        session.execute(update(Organisation).values(address="1 quai des Lettres\n35000 Arvane"))
    small_world.tell(at=datetime.now(UTC) - timedelta(days=200), contact=PAPER, language="fr")
    watching.sweep(small_world.database, small_world.app.extensions["workbench"], datetime.now(UTC))
    page = small_world.staff("agent@poste").get(f"/desk/letters/{number_of(small_world, 'overdue')}")
    assert "1 quai des Lettres" in page.main
    assert "Pour répondre" in page.main
    assert "https://mediateur" in page.main or "La Poste" in page.main


def test_a_pile_is_printed_by_one_person_and_posted_in_one_go(world: "World") -> None:
    filed = asked_on_paper(world)
    first, second = world.staff("agent@poste"), world.staff("agent2@poste")
    page = first.get("/desk/letters")
    assert "I print these 4" in page.main
    page = first.post("/desk/letters/pile", {})
    assert page.heading == "4 letters to print"
    assert page.text.count('class="paper"') == 4
    waiting = second.get("/desk/letters")
    assert waiting.main.count("Nadia Ferrand prints it") == 4
    assert "I print" not in waiting.main
    assert second.get("/desk/letters/pile").heading == "Nothing to print"
    # One of them is posted by somebody else meanwhile: it is passed over.
    second.post(f"/desk/letters/{number_of(world, 'received')}", {"posted_on": TODAY.isoformat()})
    numbers = [number_of(world, kind) for kind in ("acknowledged", "asked", "question_reminder")]
    path, day = "/desk/letters/pile/posted", TODAY.isoformat()
    first.post(path, {"posted_on": "1999-01-01", "letter": [str(one) for one in numbers]}, status=422)
    first.post(path, {"posted_on": "", "letter": ["x", "9" * 30]}, status=422)
    page = first.post(path, {"posted_on": day, "letter": [str(one) for one in (*numbers, 999_999)]})
    assert "3 letters are on their way" in page.text
    assert reminders(world, filed) == 1
    assert "No letter waits to be printed" in page.main
    assert page.text.count("<td>Nadia Ferrand</td>") == 3
    assert page.text.count("<td>Karim Lemoine</td>") == 1


def test_whoever_does_not_print_within_a_day_leaves_it_to_others(small_world: "World") -> None:
    asked_on_paper(small_world)
    first, second = small_world.staff("agent@poste"), small_world.staff("agent2@poste")
    first.post("/desk/letters/pile", {})
    assert "I print" not in second.get("/desk/letters").main
    with small_world.database.writing() as session:
        session.execute(update(Letter).values(printed_at=datetime.now(UTC) - timedelta(days=2)))
    assert "I print these 4" in second.get("/desk/letters").main
    second.post("/desk/letters/pile", {})
    assert first.get("/desk/letters/pile").heading == "Nothing to print"


def test_a_pile_of_another_organisation_is_neither_seen_nor_posted(small_world: "World") -> None:
    asked_on_paper(small_world)
    other, number = small_world.staff("agent@banque"), number_of(small_world, "asked")
    assert other.post("/desk/letters/pile", {}).heading == "Nothing to print"
    other.post("/desk/letters/pile/posted", {"posted_on": TODAY.isoformat(), "letter": [str(number)]})
    with small_world.database.reading() as session:
        assert session.get_one(Letter, number).status == "kept"


def test_nobody_prints_for_an_organisation_that_does_not_read_us(small_world: "World") -> None:
    small_world.tell("nobody", contact=PAPER)
    with small_world.database.reading() as session:
        assert session.scalars(select(Letter.status)).all() == ["site"]
